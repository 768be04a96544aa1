"""`groma metrics`: what the alarms of a stack watch, over the last hours, as small charts in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from groma.answers import Alarm
from groma.architecture import Architecture
from groma.errors import InputError
from groma.live.alarm_states import AlarmNow, alarms_now
from groma.live.series import IN_SECONDS, Point, Span, Watched, beside, metrics_of, points, reckoned
from groma.live.target import Clients
from groma.monitoring.evaluate import COMPARISONS
from groma.monitoring.evaluate.points import counted_between
from groma.monitoring.wording import unit_of
from groma.words import Table, Words

BARS = "▁▂▃▄▅▆▇█"
NONE = "·"
COLUMNS = 20
"""How many characters a chart has."""
NUMBERS = ("now", "most", "alarm")


@dataclass(frozen=True)
class Curve:
    """What one alarm watches, or what stands beside that: the p99 of what it counts the slow of.

    Attributes:
        component: the id of what it is about.
        alarm: the alarm's id; with `-p99` of what stands beside.
        title: what the alarm says when it fires.
        unit: of the points.
        comparison, threshold: from where it fires.
        state: of the alarm.
        period_s: of one point.
        points: the oldest first; None where there are no data.
    """

    component: str
    alarm: str
    title: str
    unit: str
    comparison: str
    threshold: float
    state: str
    period_s: int
    points: tuple[Point, ...]

    @property
    def name(self) -> str:
        """The alarm's id without the component's: `throttles` of `api-function-throttles`."""
        return self.alarm.removeprefix(f"{self.component.rpartition('/')[2]}-")

    @property
    def last(self) -> Point:
        """The newest point that there is."""
        return next((each for each in reversed(self.points) if each is not None), None)

    @property
    def most(self) -> Point:
        """The point that came nearest to the alarm, or went farthest beyond it."""
        return _worst(self.points, self.comparison)

    def cells(self) -> tuple[str, ...]:
        """For people: which, its chart, its numbers."""
        numbers = ("no data" if each is None else shown(each, self.unit) for each in (self.last, self.most))
        limit = f"{self.comparison} {shown(self.threshold, self.unit)}"
        scale = 0.0 if self.comparison.startswith("<") else self.threshold
        return (self.name, chart(self.points, self.comparison, scale=scale), *numbers, limit)


@dataclass(frozen=True)
class Curves:
    """The curves of a stack, or of one component of it, over so many hours."""

    stack: str
    target: str
    hours: float
    curves: tuple[Curve, ...]
    note: str = ""

    def words(self) -> Words:
        """A table for each component, a row with a chart for each of its alarms."""
        by_component: dict[str, list[Curve]] = {}
        for curve in self.curves:
            by_component.setdefault(curve.component, []).append(curve)
        seen = {name: found for name, found in by_component.items() if any(c.last is not None for c in found)}
        tables = tuple(self._table(name, found) for name, found in seen.items())
        silent, every = sum(curve.last is None for curve in self.curves), len(self.curves)
        lines = [f"no data of {silent} of {every}"] if silent else []
        nothing = ", ".join(name for name in by_component if name not in seen)
        lines += [f"nothing at all of {nothing}"] if nothing else []
        heading = f"{self.stack} in the {self.target} cloud, the last {self.hours:g} h"
        return Words(heading, tables, (*lines, *([self.note] if self.note else [])))

    def _table(self, name: str, found: Sequence[Curve]) -> Table:
        with_data = [curve for curve in found if curve.last is not None]
        rows = tuple(curve.cells() for curve in with_data)
        silent = [curve.name for curve in found if curve.last is None]
        notes = (f"no data: {', '.join(silent)}",) if silent else ()
        return Table(name, ("", "", *NUMBERS), rows, right=NUMBERS, notes=notes)

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def curves(
    architecture: Architecture, clients: Clients, span: Span, component: str = ""
) -> tuple[Curve, ...]:
    """What the alarms of an architecture watch, or those of one component.

    Raises:
        InputError: no alarm watches such a component.
        CloudError: CloudWatch does not answer.
    """
    every = [each for each in alarms_now(architecture, clients) if isinstance(each.designed, Alarm)]
    chosen = [each for each in every if component in ("", each.component, each.designed.component)]
    if not chosen:
        known = ", ".join(dict.fromkeys(each.designed.component for each in every))
        raise InputError(f"nothing is measured of {component!r}", hint=f"choose one of: {known}")
    return tuple(_curves(chosen, clients, span))


def _curves(chosen: Sequence[AlarmNow], clients: Clients, span: Span) -> Iterator[Curve]:
    values: dict[str, Mapping[Watched, tuple[Point, ...]]] = {}
    for region in dict.fromkeys(each.region for each in chosen):
        here = [w for each in chosen if each.region == region for w in metrics_of(each)[0].values()]
        also = [each for each in map(beside, here) if each is not None]
        values[region] = points([*here, *also], region, clients, span)
    for each in chosen:
        designed = each.designed
        assert isinstance(designed, Alarm), "composite alarms watch no metric"
        watched = metrics_of(each)[0]
        period_s = next((w.period_s for w in watched.values()), 0)
        found = reckoned(each, values[each.region], span)
        comparison, threshold = _limit(each.row, designed)
        yield Curve(
            each.component,
            designed.id,
            designed.title,
            _unit(each.row, designed),
            comparison,
            threshold,
            each.state,
            period_s,
            found,
        )
        for each_watched in watched.values():
            yield from _beside(each, each_watched, values[each.region])


def _limit(row: Mapping[str, Any], designed: Alarm) -> tuple[str, float]:
    """From where it fires as it is deployed: points are of that, too."""
    comparison = COMPARISONS.get(str(row.get("ComparisonOperator")), designed.comparison)
    return comparison, float(row.get("Threshold", designed.threshold))


def _unit(row: Mapping[str, Any], designed: Alarm) -> str:
    """Of metric math what its deployed label ends with; else as designed."""
    labels = [each.get("Label", "") for each in row.get("Metrics") or () if each.get("ReturnData", True)]
    return labels[0].rpartition(", ")[2] if labels and ", " in labels[0] else unit_of(designed)


def _beside(
    alarm: AlarmNow, watched: Watched, values: Mapping[Watched, tuple[Point, ...]]
) -> Iterator[Curve]:
    """How long the slowest of a hundred took, beside the time from which on the alarm counts."""
    also, bounds = beside(watched), counted_between(watched.statistic)
    if also is not None and bounds is not None:
        yield Curve(
            alarm.component,
            f"{alarm.designed.id}-p99",
            "the slowest of a hundred take so long",
            "s" if watched.namespace == IN_SECONDS else "ms",
            ">",
            bounds[0],
            "",
            watched.period_s,
            values.get(also, ()),
        )


def _worst(some: Sequence[Point], comparison: str) -> Point:
    known = [each for each in some if each is not None]
    if not known:
        return None
    return min(known) if comparison.startswith("<") else max(known)


def chart(some: Sequence[Point], comparison: str = ">", columns: int = COLUMNS, scale: float = 0.0) -> str:
    """Points as bars, a character for each, of several of one column the one that is nearest to an alarm.

    A full bar is the largest of them, or `scale` where that is more: a bar shows how far an alarm is.

    >>> chart([0, 1, 2, None, 7, 3.5]), chart([1, 7], scale=14)
    ('▁▂▃·█▅', '▂▅')
    """
    number = min(len(some), columns)
    bounds = [round(len(some) * n / number) for n in range(number + 1)] if number else []
    bins = [_worst(some[first:last], comparison) for first, last in pairwise(bounds)]
    top = max((each for each in bins if each is not None), default=0.0)
    top = max(top, scale)
    return "".join(_bar(each, top) for each in bins)


def _bar(value: Point, top: float) -> str:
    if value is None:
        return NONE
    share = value / top if top > 0 else 0.0
    return BARS[max(0, min(len(BARS) - 1, int(share * (len(BARS) - 1) + 0.5)))]


def shown(value: float, unit: str) -> str:
    """A value for people: `1.2 s`, `83%`, `1.5 G` of bytes."""
    if unit.lower() in ("bytes", "byte"):
        for factor, name in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
            if abs(value) >= factor:
                return f"{value / factor:.3g} {name}"
    number = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{number}{'' if unit == '%' else ' '}{unit}".rstrip()
