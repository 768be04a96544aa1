"""IF: one value or another, for each period by itself. A condition is false when it is 0."""

from __future__ import annotations

from collections.abc import Sequence

from groma.monitoring.evaluate.metric_math.parsing import MathError
from groma.monitoring.evaluate.metric_math.values import Point, Series, Value


def chosen(length: int, arguments: Sequence[Value]) -> Series:
    """IF(condition, value, other value), as a series of so many periods.

    Where the condition is true and the value has no point, it is 0; where it is false and the other value has
    none, or is left out, there is none; where the condition has none, neither. With a number as the condition
    a series is taken as it is.

    Raises:
        MathError: there are not two or three arguments, or one is no number and no series.
    """
    if len(arguments) not in (2, 3):
        raise MathError(f"IF needs two or three arguments, not {len(arguments)}")
    condition, value, other = (_points(each, length) for each in (*arguments, Series((None,) * length))[:3])
    if not isinstance(arguments[0], Series):
        return Series(value if condition[0] else other)
    chosen_points = (
        None if c is None else (v if v is not None else 0.0) if c else o
        for c, v, o in zip(condition, value, other, strict=True)
    )
    return Series(tuple(chosen_points))


def _points(value: Value, length: int) -> tuple[Point, ...]:
    if isinstance(value, Series):
        return value.points
    if isinstance(value, int | float):
        return (float(value),) * length
    raise MathError("IF needs numbers and time series")
