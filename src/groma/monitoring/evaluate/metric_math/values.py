"""Numbers, time series and arrays of them, and what an operator makes of two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import add, eq, ge, gt, le, lt, mul, ne, sub

from groma.monitoring.evaluate.metric_math.parsing import MathError

Point = float | None
"""A value, or None where there is none."""
Operator = Callable[[float, float], Point]


@dataclass(frozen=True, slots=True)
class Series:
    """One value for each period of the evaluation range, the oldest first; its period if it is a metric."""

    points: tuple[Point, ...]
    period_s: int | None = None


Many = tuple[Series, ...]
Value = float | str | Series | Many


def _divided(left: float, right: float) -> Point:
    return left / right if right else None


def _power(left: float, right: float) -> Point:
    try:
        found = left**right
    except (ZeroDivisionError, OverflowError):
        return None
    return found if isinstance(found, float) else None


OPERATORS: Mapping[str, Operator] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": _divided,
    "^": _power,
    "==": lambda left, right: float(eq(left, right)),
    "!=": lambda left, right: float(ne(left, right)),
    "<": lambda left, right: float(lt(left, right)),
    "<=": lambda left, right: float(le(left, right)),
    ">": lambda left, right: float(gt(left, right)),
    ">=": lambda left, right: float(ge(left, right)),
    "&&": lambda left, right: float(bool(left) and bool(right)),
    "||": lambda left, right: float(bool(left) or bool(right)),
}
"""What each makes of two values; None where a point is dropped, as after a division by 0."""


def combined(operator: str, left: Value, right: Value) -> Value:
    """Two values with an operator between them.

    Where of two series only one has a point, the other counts as 0; where a series meets a number, a missing
    point stays missing. An array is combined series by series.

    Raises:
        MathError: one of them is no number and no series, or numbers are divided by 0.
    """
    function = OPERATORS[operator]
    if isinstance(left, tuple):
        return tuple(_series(combined(operator, each, right)) for each in left)
    if isinstance(right, tuple):
        return tuple(_series(combined(operator, left, each)) for each in right)
    if isinstance(left, str) or isinstance(right, str):
        raise MathError(f"{left if isinstance(left, str) else right!r} cannot stand beside {operator}")
    if isinstance(left, Series) and isinstance(right, Series):
        pairs = zip(left.points, right.points, strict=True)
        return Series(tuple(_both(function, a, b) for a, b in pairs))
    if isinstance(left, Series):
        number = float(right)  # type: ignore[arg-type]
        return Series(tuple(None if a is None else function(a, number) for a in left.points))
    if isinstance(right, Series):
        return Series(tuple(None if b is None else function(left, b) for b in right.points))
    found = function(left, right)
    if found is None:
        raise MathError(f"{left:g} {operator} {right:g} is no number")
    return found


def _both(function: Operator, left: Point, right: Point) -> Point:
    return None if left is None and right is None else function(left or 0.0, right or 0.0)


def mapped(function: Callable[[Series], Series], value: Value) -> Value:
    """A function of one series, or of each of an array. Raises MathError: it is neither."""
    if isinstance(value, tuple):
        return tuple(function(each) for each in value)
    return function(_series(value))


def _series(value: Value) -> Series:
    if isinstance(value, Series):
        return value
    raise MathError(f"a time series is needed, not {'an array' if isinstance(value, tuple) else repr(value)}")


def series(value: Value) -> Series:
    """A value that must be one series. Raises MathError."""
    return _series(value)
