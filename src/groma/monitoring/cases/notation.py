"""Points, states and durations in one line.

0 5 _ 90        four points; the third is missing
0x10 _x5 90x3   ten, five and three of them
0..90x10        ten, evenly from 0 to 90
0.2*500         0.2, seen 500 times in one period
0.2*990&3*10    0.2 seen 990 times and 3 seen 10 times, in one period
OKx3 ALARM      four states
2h30m           a duration: d, h, m and s
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeVar

from groma.monitoring.evaluate import State
from groma.words import abridged

NUMBER = r"[-+]?\d+(?:_\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?"
VALUE = rf"{NUMBER}(?:\*\d+)?"
POINT = re.compile(rf"(?:(?P<missing>_)|(?P<values>{VALUE}(?:&{VALUE})*))(?:x(?P<times>[1-9]\d*))?")
RAMP = re.compile(rf"(?P<first>{NUMBER})\.\.(?P<last>{NUMBER})x(?P<times>[2-9]|[1-9]\d+)")
STATE = re.compile(r"(?P<state>OK|ALARM|INSUFFICIENT_DATA)(?:x(?P<times>[1-9]\d*))?")
DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
UNITS_S = (86_400, 3600, 60, 1)
MOST_VALUE = 2.0**360
"""CloudWatch takes no value beyond (PutMetricData, API reference)."""
MOST_ITEMS = 100_000
"""Points or states in one line; with more somebody mistyped a number of repetitions."""

T = TypeVar("T")
Item = tuple[tuple[float, float], ...]
"""The values that are published in one step, each with how often it is seen; none when it is missing."""


class NotationError(ValueError):
    """A line that cannot be read: what is wrong, and what would be right."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.hint = hint


def points(text: str) -> tuple[Item, ...]:
    """The points of a line, one for each step. Raises NotationError."""
    return _several(text, _points, "write 5, _ (missing), 0x10 (ten times), 0..90x10 or 0.2*500&3*10")


def states(text: str) -> tuple[State, ...]:
    """The states of a line, one for each step. Raises NotationError."""
    return _several(text, _states, "write OK, ALARM or INSUFFICIENT_DATA, with x3 for three times")


def seconds(text: str) -> int:
    """A duration in seconds. Raises NotationError."""
    found = DURATION.fullmatch(text)
    if not text or found is None:
        raise NotationError(f"{text!r} is no duration", "write 30s, 5m, 1h or 2h30m")
    return sum(int(part or 0) * unit for part, unit in zip(found.groups(), UNITS_S, strict=True))


def duration(seconds: float) -> str:
    """Seconds as a duration: `2h30m`."""
    left, parts = round(seconds), []
    for unit, letter in zip(UNITS_S, "dhms", strict=True):
        count, left = divmod(left, unit)
        parts += [f"{count}{letter}"] if count else []
    return "".join(parts) or "0s"


def shown(items: Iterable[str]) -> str:
    """Points or states as a line, with repetitions."""
    runs = ((item, len(list(same))) for item, same in groupby(items))
    return " ".join(item if times == 1 else f"{item}x{times}" for item, times in runs)


def shown_value(value: float | None) -> str:
    """A point as a line has it."""
    return "_" if value is None else f"{value:.6g}"


def _several(text: str, read: Callable[[str], Iterator[T]], hint: str) -> tuple[T, ...]:
    found: list[T] = []
    for token in text.split():
        before = len(found)
        found += read(token)
        if len(found) == before:
            raise NotationError(f"{token!r} cannot be read", hint)
    if not found:
        raise NotationError("is empty", hint)
    return tuple(found)


def _points(token: str) -> Iterator[Item]:
    if ramp := RAMP.fullmatch(token):
        first, last, times = _number(ramp["first"]), _number(ramp["last"]), _times(ramp)
        for step in range(times):
            yield ((first + (last - first) * step / (times - 1), 1.0),)
    elif point := POINT.fullmatch(token):
        values = point["values"].split("&") if point["values"] else ()
        yield from (tuple(map(_value, values)),) * _times(point)


def _value(text: str) -> tuple[float, float]:
    value, _, count = text.partition("*")
    return _number(value), _number(count or "1")


def _number(text: str) -> float:
    value = float(text.replace("_", ""))
    if not abs(value) <= MOST_VALUE:
        raise NotationError(f"{abridged(text)} is no value", "CloudWatch takes -2^360 to 2^360")
    return value


def _states(token: str) -> Iterator[State]:
    if found := STATE.fullmatch(token):
        name: State = found["state"]  # type: ignore[assignment]
        yield from (name,) * _times(found)


def _times(found: re.Match[str]) -> int:
    times = int(found["times"] or 1)
    if times > MOST_ITEMS:
        raise NotationError(f"{found[0]!r} is too often", f"at most {MOST_ITEMS:,} times")
    return times
