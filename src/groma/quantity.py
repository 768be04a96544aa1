"""A quantity that is not known exactly: low, likely and high."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


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
        return cls(min(low, likely, high), likely, max(low, likely, high))

    @property
    def is_exact(self) -> bool:
        """Whether the three values are one."""
        return self.low == self.high

    def map(self, function: Callable[[float], float]) -> Range:
        """Apply a monotone function to each of the three values."""
        return Range.around(function(self.low), function(self.likely), function(self.high))

    def __add__(self, other: Range | float) -> Range:
        other = other if isinstance(other, Range) else Range.exactly(other)
        return Range.around(self.low + other.low, self.likely + other.likely, self.high + other.high)

    __radd__ = __add__

    def __mul__(self, other: Range | float) -> Range:
        other = other if isinstance(other, Range) else Range.exactly(other)
        return Range.around(self.low * other.low, self.likely * other.likely, self.high * other.high)

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Range:
        return Range.around(self.low / divisor, self.likely / divisor, self.high / divisor)


ZERO = Range.exactly(0.0)
