"""A metric alarm through many minutes: the states that `evaluated` gives minute by minute, for less work.

Neighbouring minutes look at the same periods again and again. Here each period is looked at once, and the
rules of CloudWatch are asked only where the answer is not plain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import accumulate

import numpy as np

from groma.answers import Expression, Metric
from groma.monitoring.evaluate import Limit, Rule, Sample, Sliding, Standing, evaluated, newborn
from groma.monitoring.evaluate.metric_math import result
from groma.monitoring.evaluate.metric_math.parsing import Call, Name, Node, Number, Operation, parsed
from groma.monitoring.evaluate.metric_math.values import Point, Series
from groma.monitoring.evaluate.points import aggregated, counted_between, percentile
from groma.monitoring.evaluate.verdict import evaluation_range, verdict
from groma.monitoring.evaluate.windows import MINUTE_S
from groma.questions.drills.samples import NOTHING, Published
from groma.questions.drills.sight import Points

EXACT = 2.0**53
"""Whole numbers up to here are added without rounding, in whatever order."""
FEW = 4
"""Minutes of fewer values are alike if these are, of more if they are the same object."""


Data = Mapping[str, Published]
"""What was published, by the id of the metric."""


def course(rule: Rule, data: Data, begin_s: int, end_s: int) -> Iterator[Standing]:
    """Every state that an alarm comes into, which is newborn at the beginning and looked at each minute.

    Args:
        begin_s, end_s: full minutes.
    """
    quick = _breaching(rule, data, begin_s, end_s) if _is_plain(rule) else None
    standing, back_s = newborn(begin_s), evaluation_range(rule.evaluation_periods) * rule.period_s
    for now_s in range(begin_s + MINUTE_S, end_s + 1, MINUTE_S):
        if quick is not None and quick.stays(now_s, standing):
            continue
        near = {name: each.between(now_s - back_s, now_s) for name, each in data.items()}
        after = evaluated(rule, near, now_s, standing)
        if after is not standing:
            standing = after
            yield standing


def _is_plain(rule: Rule) -> bool:
    """Whether each period can be looked at by itself, wherever it begins."""
    watches = rule.watches
    pointwise = not isinstance(watches, Expression) or _is_pointwise(parsed(watches.expression))
    return (
        pointwise
        and isinstance(rule.limit, Limit)
        and isinstance(rule.window, Sliding)
        and not rule.waits_for_samples
        and rule.period_s % MINUTE_S == 0
    )


def _is_pointwise(node: Node) -> bool:
    """Whether each point of an expression depends on the points of its metrics in the same period alone."""
    match node:
        case Number() | Name():
            return True
        case Operation(_, left, right):
            return _is_pointwise(left) and _is_pointwise(right)
        case Call("IF", arguments):
            return all(map(_is_pointwise, arguments))
        case Call("FILL", (filled, Number())):
            return _is_pointwise(filled)
        case _:
            return False


class _Breaching:
    """Whether the period that begins in each minute breaches; None where it is missing.

    Attributes:
        periods: by minute, from `first_s` on.
        breached: how many of those before each minute breach.
        missing: how many of those before it are missing.
    """

    def __init__(self, rule: Rule, first_s: int, periods: Sequence[bool | None]) -> None:
        self.rule, self.first_s, self.periods = rule, first_s, periods
        self.back = evaluation_range(rule.evaluation_periods) * rule.period_s // MINUTE_S
        self.step = rule.period_s // MINUTE_S
        self.breached = [0, *accumulate(each is True for each in periods)]
        self.missing = [0, *accumulate(each is None for each in periods)]

    def stays(self, now_s: int, standing: Standing) -> bool:
        """Whether an alarm surely stays as it is."""
        rule, end = self.rule, (now_s - self.first_s) // MINUTE_S - self.step + 1
        first = (now_s - self.first_s) // MINUTE_S - self.back
        whole = rule.treatment == "notBreaching" or self.missing[end] == self.missing[first]
        if standing.state == "OK" and whole and self.breached[end] == self.breached[first]:
            return True
        seen = self.periods[first : end : self.step]
        found = verdict(seen, rule.datapoints, rule.evaluation_periods, rule.treatment)
        return found.state is None or found.state == standing.state


def _breaching(rule: Rule, data: Data, begin_s: int, end_s: int) -> _Breaching:
    first_s = begin_s + MINUTE_S - evaluation_range(rule.evaluation_periods) * rule.period_s
    starts = range(first_s, end_s - rule.period_s + 1, MINUTE_S)
    points = {name: _points(each, data.get(name, NOTHING), starts) for name, each in rule.metrics.items()}
    watches, limit = rule.watches, rule.limit
    assert isinstance(limit, Limit)
    if isinstance(watches, Expression):
        series = {name: Series(tuple(each), rule.period_s) for name, each in points.items()}
        values = result(watches.expression, starts, series)
    else:
        (values,) = points.values()
    return _Breaching(rule, first_s, [None if each is None else limit.breaches(each) for each in values])


def _points(metric: Metric, published: Published, starts: range) -> Sequence[Point]:
    """What the period that begins in each of some minutes reads."""
    minutes = metric.period_s // MINUTE_S
    inside = [published.minute(starts.start + MINUTE_S * n) for n in range(len(starts) + minutes - 1)]
    weigh = _weight(metric.statistic)
    counted = _counted(weigh, inside, minutes) if weigh else None
    return _aggregated(metric.statistic, inside, minutes) if counted is None else counted


def _weight(statistic: str) -> Callable[[float, float], float] | None:
    """What a value that was seen so often adds to a statistic that is a sum; None for others."""
    bounds = counted_between(statistic)
    if bounds is not None:
        low, high = bounds
        return lambda value, often: often if low < value <= high else 0.0
    sums = {"Sum": lambda value, often: value * often, "SampleCount": lambda value, often: often}
    return sums.get(statistic)


def _counted(
    weigh: Callable[[float, float], float], inside: Sequence[Points], minutes: int
) -> Sequence[Point] | None:
    """Sums of whole numbers; None where they are no such."""
    distinct = {id(minute): minute for minute in inside}
    weighed = {id_: [weigh(*each) for each in minute] for id_, minute in distinct.items()}
    every = [weighed[id(minute)] for minute in inside]
    by_minute = list(map(sum, every))
    if sum(map(abs, by_minute)) > EXACT or any(each % 1 for minute in every for each in minute):
        return None
    upto, there = [0.0, *accumulate(by_minute)], [0, *accumulate(map(len, inside))]
    return [
        upto[place + minutes] - upto[place] if there[place + minutes] > there[place] else None
        for place in range(len(inside) - minutes + 1)
    ]


def _aggregated(statistic: str, inside: Sequence[Points], minutes: int) -> Sequence[Point]:
    """Any statistic; periods whose minutes are alike are looked at once."""
    kinds: dict[Hashable, int] = {}
    kind = [kinds.setdefault(tuple(each) if len(each) < FEW else id(each), len(kinds)) for each in inside]
    known: dict[tuple[int, ...], Point] = {}
    read = _ranks(statistic, inside, kind)
    found = []
    for place in range(len(inside) - minutes + 1):
        alike = tuple(kind[place : place + minutes])
        if alike not in known:
            known[alike] = read(alike) if read else _read(statistic, inside[place : place + minutes])
        found.append(known[alike])
    return found


def _read(statistic: str, minutes: Sequence[Points]) -> Point:
    return aggregated([Sample(0, *each) for minute in minutes for each in minute], statistic)


def _ranks(
    statistic: str, inside: Sequence[Points], kind: Sequence[int]
) -> Callable[[tuple[int, ...]], Point] | None:
    """A percentile of minutes by their kinds, as `aggregated` has it; None for others, and broken counts."""
    rank = percentile(statistic)
    if rank is None:
        return None
    distinct = dict(zip(kind, inside, strict=True))
    columns = {number: np.array(each, float).reshape(-1, 2) for number, each in distinct.items()}
    if any((each[:, 1] % 1).any() for each in columns.values()):
        return None

    def read(kinds: tuple[int, ...]) -> Point:
        both = np.concatenate([columns[each] for each in kinds])
        if not both.size:
            return None
        both = both[np.argsort(both[:, 0], kind="stable")]
        passed = np.cumsum(both[:, 1])
        wanted = max(1, math.ceil(rank * int(passed[-1]) / 100))
        return float(both[min(int(np.searchsorted(passed, wanted)), len(both) - 1), 0])

    return read
