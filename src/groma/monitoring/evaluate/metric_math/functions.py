"""The functions of metric math, each by its name in CloudWatch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from statistics import pstdev

from groma.monitoring.evaluate.metric_math.arrays import array, not_empty, ordered, sliced
from groma.monitoring.evaluate.metric_math.parsing import MathError
from groma.monitoring.evaluate.metric_math.values import Point, Series, Value, mapped, series

Axis = Sequence[int]
"""When each period begins, in seconds since 1970, UTC."""
Function = Callable[[Axis, Sequence[Value]], Value]


def _pointwise(function: Callable[[float], float]) -> Function:
    """A function of each value; a point of which there is none, such as the logarithm of 0, is dropped."""

    def point(value: Point) -> Point:
        try:
            return None if value is None else float(function(value))
        except (ValueError, OverflowError):
            return None

    def apply(axis: Axis, arguments: Sequence[Value]) -> Value:
        return mapped(lambda one: Series(tuple(map(point, one.points))), _only(arguments))

    return apply


def _reduced(function: Callable[[Sequence[float]], float], *, zeros: bool = False) -> Function:
    """A function of many values: over time for one series, which gives a number, across for an array.

    With `zeros` a missing value counts as 0, unless all are missing; of none at all there is no value.
    """

    def values(points: Sequence[Point]) -> list[float]:
        real = [point for point in points if point is not None]
        return [point or 0.0 for point in points] if zeros and real else real

    def apply(axis: Axis, arguments: Sequence[Value]) -> Value:
        value = _only(arguments)
        if isinstance(value, tuple):
            across = [values(points) for points in zip(*(one.points for one in value), strict=True)]
            return Series(tuple(function(found) if found else None for found in across))
        found = values(series(value).points)
        return function(found) if found else Series((None,) * len(axis))

    return apply


def _steps(change: Callable[[float, float], float]) -> Function:
    """A function of each value and the one before it: their difference, and the seconds between them."""

    def stepped(axis: Axis, one: Series) -> Iterator[Point]:
        before: tuple[int, float] | None = None
        for at_s, point in zip(axis, one.points, strict=True):
            yield None if before is None or point is None else change(point - before[1], at_s - before[0])
            before = before if point is None else (at_s, point)

    def apply(axis: Axis, arguments: Sequence[Value]) -> Value:
        return mapped(lambda one: Series(tuple(stepped(axis, one))), _only(arguments))

    return apply


def _clock(part: Callable[[datetime], float]) -> Function:
    """A value for each period, from when it begins."""

    def apply(axis: Axis, arguments: Sequence[Value]) -> Value:
        series(_only(arguments))
        return Series(tuple(float(part(datetime.fromtimestamp(at_s, UTC))) for at_s in axis))

    return apply


def fill(axis: Axis, arguments: Sequence[Value]) -> Value:
    """Missing points by a number, a series, the last value (REPEAT) or a line between neighbours (LINEAR)."""
    if len(arguments) != 2:
        raise MathError("FILL needs a time series and what to fill it with")
    filler = arguments[1]
    if filler == "REPEAT":
        return mapped(lambda one: Series(tuple(_repeated(one.points))), arguments[0])
    if filler == "LINEAR":
        return mapped(lambda one: Series(tuple(_linear(axis, one.points))), arguments[0])
    if isinstance(filler, str | tuple):
        raise MathError("FILL fills with a number, a time series, REPEAT or LINEAR")
    with_what = filler.points if isinstance(filler, Series) else (float(filler),) * len(axis)
    return mapped(
        lambda one: Series(
            tuple(a if a is not None else b for a, b in zip(one.points, with_what, strict=True))
        ),
        arguments[0],
    )


def _repeated(points: Sequence[Point]) -> Iterator[Point]:
    last: Point = None
    for point in points:
        last = point if point is not None else last
        yield last


def _linear(axis: Axis, points: Sequence[Point]) -> Iterator[Point]:
    """What lies before the first real point or after the last stays missing."""
    known = [(at_s, point) for at_s, point in zip(axis, points, strict=True) if point is not None]
    for at_s, point in zip(axis, points, strict=True):
        before = [each for each in known if each[0] < at_s][-1:]
        after = [each for each in known if each[0] > at_s][:1]
        if point is None and before and after:
            (start, low), (end, high) = before[0], after[0]
            yield low + (high - low) * (at_s - start) / (end - start)
        else:
            yield point


def _running_sum(axis: Axis, arguments: Sequence[Value]) -> Value:
    return mapped(lambda one: Series(tuple(accumulate(p or 0.0 for p in one.points))), _only(arguments))


def _period(axis: Axis, arguments: Sequence[Value]) -> Value:
    period_s = series(_only(arguments)).period_s
    if period_s is None:
        raise MathError("PERIOD needs a metric, not the result of an expression")
    return float(period_s)


def _time_series(axis: Axis, arguments: Sequence[Value]) -> Value:
    number = _only(arguments)
    if not isinstance(number, int | float):
        raise MathError("TIME_SERIES needs a number")
    return Series((float(number),) * len(axis))


def _only(arguments: Sequence[Value]) -> Value:
    if len(arguments) != 1:
        raise MathError(f"one argument is needed, not {len(arguments)}")
    return arguments[0]


FUNCTIONS: Mapping[str, Function] = {
    "ABS": _pointwise(abs),
    "CEIL": _pointwise(math.ceil),
    "FLOOR": _pointwise(math.floor),
    "LOG": _pointwise(math.log),
    "LOG10": _pointwise(math.log10),
    "AVG": _reduced(lambda values: math.fsum(values) / len(values), zeros=True),
    "SUM": _reduced(math.fsum),
    "MIN": _reduced(min),
    "MAX": _reduced(max),
    "STDDEV": _reduced(pstdev),
    "DATAPOINT_COUNT": _reduced(len),
    "DIFF": _steps(lambda value, seconds: value),
    "DIFF_TIME": _steps(lambda value, seconds: seconds),
    "RATE": _steps(lambda value, seconds: value / seconds),
    "MINUTE": _clock(lambda at: at.minute),
    "HOUR": _clock(lambda at: at.hour),
    "DAY": _clock(lambda at: at.isoweekday()),
    "DATE": _clock(lambda at: at.day),
    "MONTH": _clock(lambda at: at.month),
    "YEAR": _clock(lambda at: at.year),
    "EPOCH": _clock(lambda at: at.timestamp()),
    "FILL": fill,
    "FIRST": lambda axis, arguments: array(_only(arguments))[0],
    "LAST": lambda axis, arguments: array(_only(arguments))[-1],
    "METRIC_COUNT": lambda axis, arguments: float(len(array(_only(arguments)))),
    "PERIOD": _period,
    "REMOVE_EMPTY": lambda axis, arguments: not_empty([_only(arguments)]),
    "RUNNING_SUM": _running_sum,
    "SLICE": lambda axis, arguments: sliced(arguments),
    "SORT": lambda axis, arguments: ordered(arguments),
    "TIME_SERIES": _time_series,
}
