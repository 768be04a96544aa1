"""A quantity that is not known exactly: low, likely and high."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MemberDescriptorType
from typing import cast


@dataclass(frozen=True, slots=True)
class Range:
    """Three values of one quantity, `low <= likely <= high`, in the unit its holder names.

    Sums and products are taken case by case (low with low, likely with likely, high with high), which
    is right for quantities that move together, such as everything that grows with the number of users.
    What arithmetic makes is in order by construction: the ends are the least and the greatest of the three
    cases, so that neither rounding nor a negative factor puts them out of order.

    Raises:
        ValueError: when three values that are stated are not in order, or one of them is not a number.
    """

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            raise ValueError(f"not in order low <= likely <= high: {self.low}, {self.likely}, {self.high}")

    @classmethod
    def exactly(cls, value: float) -> Range:
        """A quantity that is known."""
        return cls(value, value, value)

    @classmethod
    def around(cls, low: float, likely: float, high: float) -> Range:
        """A likely value between the least and the greatest of three that were computed one by one."""
        if low <= likely <= high:
            return _in_order(low, likely, high)
        return cls(min(low, likely, high), likely, max(low, likely, high))

    @property
    def is_exact(self) -> bool:
        """Whether the three values are one."""
        return self.low == self.high

    def map(self, function: Callable[[float], float]) -> Range:
        """Apply a monotone function to each of the three values."""
        return Range.around(function(self.low), function(self.likely), function(self.high))

    def __add__(self, other: Range | float) -> Range:
        if isinstance(other, Range):
            return Range.around(self.low + other.low, self.likely + other.likely, self.high + other.high)
        return Range.around(self.low + other, self.likely + other, self.high + other)

    __radd__ = __add__

    def __mul__(self, other: Range | float) -> Range:
        if isinstance(other, Range):
            return Range.around(self.low * other.low, self.likely * other.likely, self.high * other.high)
        return Range.around(self.low * other, self.likely * other, self.high * other)

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Range:
        return Range.around(self.low / divisor, self.likely / divisor, self.high / divisor)


_low, _likely, _high = (
    cast("MemberDescriptorType", vars(Range)[name]).__set__ for name in ("low", "likely", "high")
)


def _in_order(low: float, likely: float, high: float) -> Range:
    """A range of three values that are known to be in order: a design makes some hundred thousand of them."""
    made = object.__new__(Range)
    _low(made, low)
    _likely(made, likely)
    _high(made, high)
    return made


ZERO = Range.exactly(0.0)
