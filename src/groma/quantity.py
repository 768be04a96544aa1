"""A quantity that is not known exactly: low, likely and high."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """Three values of one quantity, `low <= likely <= high`, in the unit its holder names.

    Sums and products are taken case by case (low with low, likely with likely, high with high), which
    is right for quantities that move together, such as everything that grows with the number of users.

    Raises:
        ValueError: when the three are not in order.
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

    @property
    def is_exact(self) -> bool:
        """Whether the three values are one."""
        return self.low == self.high

    def map(self, function: Callable[[float], float]) -> Range:
        """Apply a never-decreasing function to each of the three values."""
        return Range(function(self.low), function(self.likely), function(self.high))

    def __add__(self, other: Range | float) -> Range:
        other = other if isinstance(other, Range) else Range.exactly(other)
        return Range(self.low + other.low, self.likely + other.likely, self.high + other.high)

    __radd__ = __add__

    def __mul__(self, other: Range | float) -> Range:
        other = other if isinstance(other, Range) else Range.exactly(other)
        return Range(self.low * other.low, self.likely * other.likely, self.high * other.high)

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Range:
        return Range(self.low / divisor, self.likely / divisor, self.high / divisor)


ZERO = Range.exactly(0.0)
