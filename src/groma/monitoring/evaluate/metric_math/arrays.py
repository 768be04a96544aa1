"""Functions of arrays of time series: how many, which of them, and in which order."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from groma.monitoring.evaluate.metric_math.parsing import MathError
from groma.monitoring.evaluate.metric_math.values import Many, Series, Value

ORDERS = ("ASC", "DESC")
SORTED_BY: Mapping[str, Callable[[Sequence[float]], float]] = {
    "AVG": lambda values: math.fsum(values) / len(values),
    "MIN": min,
    "MAX": max,
    "SUM": math.fsum,
}
WORDS = (*SORTED_BY, *ORDERS)
"""What stands for itself among the arguments of SORT."""


def array(value: Value) -> Many:
    """A value that must be an array of at least one time series. Raises MathError."""
    if not isinstance(value, tuple) or not value:
        raise MathError("an array of at least one time series is needed")
    return value


def not_empty(arguments: Sequence[Value]) -> Value:
    """REMOVE_EMPTY: those that have at least one point."""
    return tuple(one for one in array(arguments[0]) if any(point is not None for point in one.points))


def sliced(arguments: Sequence[Value]) -> Value:
    """SLICE(array, first[, end]): those from a place, counted from 0, to before another."""
    if len(arguments) not in (2, 3):
        raise MathError("SLICE needs an array and one or two places in it")
    end = _place(arguments[2]) if len(arguments) == 3 else None
    return array(arguments[0])[_place(arguments[1]) : end]


def ordered(arguments: Sequence[Value]) -> Value:
    """SORT(array, AVG | MIN | MAX | SUM, ASC | DESC[, most]): by a statistic of each; empty ones are last."""
    if len(arguments) not in (3, 4) or arguments[1] not in SORTED_BY or arguments[2] not in ORDERS:
        raise MathError(f"SORT needs an array, one of {', '.join(SORTED_BY)}, and ASC or DESC")
    by, sign = SORTED_BY[str(arguments[1])], -1 if arguments[2] == "DESC" else 1

    def height(one: Series) -> float:
        real = [point for point in one.points if point is not None]
        return sign * by(real) if real else math.inf

    found = tuple(sorted(array(arguments[0]), key=height))
    return found[: _place(arguments[3])] if len(arguments) == 4 else found


def _place(value: Value) -> int:
    if not isinstance(value, int | float) or value < 0:
        raise MathError("a place in an array is a number from 0")
    return int(value)
