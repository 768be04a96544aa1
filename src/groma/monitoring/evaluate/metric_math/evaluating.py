"""The tree of an expression and the points of its metrics → one time series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from groma.monitoring.evaluate.metric_math import arrays
from groma.monitoring.evaluate.metric_math.conditions import chosen
from groma.monitoring.evaluate.metric_math.functions import FUNCTIONS, Axis
from groma.monitoring.evaluate.metric_math.parsing import (
    Array,
    Call,
    MathError,
    Name,
    Node,
    Number,
    Operation,
    Text,
    parsed,
)
from groma.monitoring.evaluate.metric_math.values import Point, Series, Value, combined, series

WORDS = ("REPEAT", "LINEAR", *arrays.WORDS)


def result(expression: str, axis: Axis, metrics: Mapping[str, Series]) -> Sequence[Point]:
    """The points of an expression, one for each period.

    Args:
        expression: in CloudWatch's syntax.
        axis: when each period begins.
        metrics: their points, by id.

    Raises:
        MathError: it cannot be read, names a metric that is not there, uses a function that is not here, or
            gives anything but one time series.
    """
    found = _value(parsed(expression), axis, metrics)
    if not isinstance(found, Series):
        raise MathError(f"{expression!r} gives {_kind(found)}; an alarm needs one time series")
    return found.points


def _value(node: Node, axis: Axis, metrics: Mapping[str, Series]) -> Value:
    match node:
        case Number(value):
            return value
        case Text(text):
            return text
        case Name(name):
            return _named(name, metrics)
        case Array(items):
            return tuple(each for item in items for each in _flat(_value(item, axis, metrics)))
        case Operation(operator, left, right):
            return combined(operator, _value(left, axis, metrics), _value(right, axis, metrics))
        case Call("METRICS", arguments):
            return _metrics([_value(each, axis, metrics) for each in arguments], metrics)
        case Call(function, arguments):
            if function != "IF" and function not in FUNCTIONS:
                known = ", ".join(sorted((*FUNCTIONS, "IF", "METRICS")))
                raise MathError(f"the function {function} cannot be evaluated here, only {known}")
            return _called(function, axis, [_value(each, axis, metrics) for each in arguments])


def _named(name: str, metrics: Mapping[str, Series]) -> Value:
    if name in metrics:
        return metrics[name]
    if name in WORDS:
        return name
    raise MathError(f"there is no metric {name!r}, only {', '.join(metrics)}")


def _called(function: str, axis: Axis, arguments: Sequence[Value]) -> Value:
    if function == "IF":
        return chosen(len(axis), arguments)
    try:
        return FUNCTIONS[function](axis, arguments)
    except MathError as error:
        raise MathError(f"{function}: {error}") from None


def _metrics(arguments: Sequence[Value], metrics: Mapping[str, Series]) -> Value:
    """All metrics, or those whose ids contain a text."""
    part = arguments[0] if arguments else ""
    if not isinstance(part, str) or len(arguments) > 1:
        raise MathError('METRICS needs nothing, or one text such as "errors"')
    return tuple(points for name, points in metrics.items() if part in name)


def _flat(value: Value) -> tuple[Series, ...]:
    return value if isinstance(value, tuple) else (series(value),)


def _kind(value: Value) -> str:
    return "several time series" if isinstance(value, tuple) else f"only {value!r}"
