"""What a simulated design publishes: a series of samples for each metric that its alarms read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from groma.answers import Alarm, Metric, Ref
from groma.architecture import Architecture, Part
from groma.components.standby_database import StandbyDatabase
from groma.design import Design
from groma.monitoring.alarms import alarms
from groma.monitoring.evaluate import Rule, Standing
from groma.monitoring.evaluate.windows import MINUTE_S
from groma.monitoring.idle import IDLE
from groma.questions.drills.fault import Fail, Fault, Reads
from groma.questions.drills.models import MODELS, UNASKED, Model, group_of
from groma.questions.drills.samples import Published
from groma.questions.drills.sight import Points, Sight
from groma.simulation.kernels.state import Floats
from groma.simulation.seen import Seen
from groma.sizing.pools import LEAST_POOL

SETTLED_S = 10 * 86_400
"""How old a stack is, where a metric depends on it."""
AGAIN_MIN = 10
"""So many simulated minutes stand for those before them, and for those after: two periods of most alarms."""


class Key(NamedTuple):
    """A metric of a design: the id of the component in the whole, its names, and its dimensions as text."""

    component: str
    namespace: str
    name: str
    dimensions: str


Series = Mapping[Key, Published]


@dataclass(frozen=True, slots=True)
class Course:
    """The states that an alarm came into by a rule, newborn at a beginning, until an end."""

    rule: Rule
    begin_s: int
    end_s: int
    standings: tuple[Standing, ...]


@dataclass(frozen=True, eq=False)
class Scenes:
    """What was simulated, and how the time before and after is filled.

    Attributes:
        regions: what was seen of each; all for as long.
        rows: names of the tiers, in order; deepest: the one that fails when requests do.
        begins_s: the time of day of the first simulated minute.
        before, after: minutes that are taken to be as the first and the last ones; one alone would make of
            what is rare in it what happens every minute.
        seed: of the requests that fail, where a share of them does.
    """

    regions: tuple[Seen, ...]
    rows: tuple[str, ...]
    deepest: int
    begins_s: int
    before: int = 0
    after: int = 0
    seed: int = 1

    @property
    def names(self) -> frozenset[str]:
        """Of its regions."""
        return frozenset(each.cast.region for each in self.regions)

    @property
    def minutes(self) -> int:
        """All of them."""
        return self.before + len(self.regions[0].minutes) + self.after

    def place(self, number: int) -> int:
        """The simulated minute that stands for a minute, counted from the earliest one."""
        shown = len(self.regions[0].minutes)
        again, place = min(AGAIN_MIN, shown), number - self.before
        if place < 0:
            return place % again
        return place if place < shown else shown - again + (place - shown) % again

    def at_s(self, number: int) -> int:
        """When a minute begins."""
        return self.begins_s + (number - self.before) * MINUTE_S


@dataclass(frozen=True, slots=True)
class When:
    """A fault and the minutes, from the earliest one, in which it is there."""

    fault: Fault
    first: int
    last: int

    def part(self, number: int) -> float | None:
        """How much of it has passed, from 0 to 1; None when it is not there."""
        return (
            (number - self.first + 1) / (self.last - self.first) if self.first <= number < self.last else None
        )


def key_of(component: str, metric: Metric) -> Key:
    """The key of a metric that a component publishes."""
    pairs = sorted(metric.dimensions.items())
    shown = ",".join(f"{name}={each.expression if isinstance(each, Ref) else each}" for name, each in pairs)
    return Key(component, metric.namespace, metric.name, shown)


def metrics_of(architecture: Architecture) -> Mapping[Key, tuple[Part, Metric]]:
    """All metrics that the alarms of a design read, each with the part of the design that publishes it."""
    found: dict[Key, tuple[Part, Metric]] = {}
    for part in architecture.parts:
        for alarm in alarms(part.architecture):
            for metric in _metrics(alarm):
                found.setdefault(key_of(part.whole(alarm.component), metric), (part, metric))
    return found


def _metrics(alarm: Alarm) -> Iterator[Metric]:
    yield from Rule.of(alarm).metrics.values()


@dataclass(frozen=True, eq=False)
class Usual:
    """What a design publishes as far as requests and servers make it, and what a fault changes of that.

    Attributes:
        scenes: what was simulated; points: of each metric, minute by minute; series: the same as samples.
        courses: by id what alarms come to if nothing is changed, as far as somebody has asked.
    """

    scenes: Scenes
    points: Mapping[Key, list[Points]]
    series: Series
    courses: dict[str, Course] = field(default_factory=dict)

    @property
    def end_s(self) -> int:
        """When its last minute is over."""
        return self.scenes.at_s(self.scenes.minutes)

    def changed(self, when: When) -> Series:
        """The samples while a fault makes metrics read something else."""
        found = dict(self.series)
        for key, points in self.points.items():
            changed = _changed(key, points, when)
            if changed is not points:
                found[key] = Published(self.scenes.at_s(0), changed)
        return found


def usual(design: Design, scenes: Scenes, when: When | None = None) -> Usual:
    """The samples of every metric, minute by minute, each at the beginning of its minute.

    Args:
        when: a fault of which answers fail; all else of it is in what was simulated, or changes metrics.
    """
    failing = _failing(scenes, when)
    sights: dict[str, Sight] = {}
    points: dict[Key, list[Points]] = {}
    for key, (part, metric) in metrics_of(design.architecture).items():
        if key.component not in sights:
            sights[key.component] = _sight(design, scenes, part, part.short(key.component), failing)
        is_asked = part in design.architecture.serving or part.scope in scenes.names
        points[key] = _usual(_of_named(sights[key.component], scenes, key), scenes, metric, is_asked)
    return Usual(scenes, points, {key: Published(scenes.at_s(0), each) for key, each in points.items()})


def _of_named(sight: Sight, scenes: Scenes, key: Key) -> Sight:
    """Of the region that the dimensions of a metric name, as those of a health check do, or of the instance
    of a cluster; else as it is.
    """
    instance = re.search(r'instance_ids\["(\d+)"\]', key.dimensions)
    if instance is not None:
        return replace(sight, instance=int(instance[1]) - 1)
    named = (each for each in scenes.regions if f'["{each.cast.region}"]' in key.dimensions)
    return next((replace(sight, region=each) for each in named), sight)


def _sight(
    design: Design, scenes: Scenes, part: Part, component: str, failing: Mapping[int, Floats]
) -> Sight:
    here = part.architecture.component(component)
    own = next((each for each in scenes.regions if each.cast.region == part.scope), scenes.regions[0])
    row = _row(scenes.rows, here)
    demand = design.demand
    edge = 1 + demand.edge_requests_per_month.likely / max(demand.requests_per_month.likely, 1.0)
    clients = getattr(here, "clients", ())
    pools = {
        number: max(_pool(design, scenes, here), LEAST_POOL)
        for number, name in enumerate(scenes.rows)
        if name in clients
    }
    return Sight(
        component=here,
        architecture=part.architecture,
        region=own,
        every=scenes.regions,
        row=row,
        place=scenes.place,
        deepest=scenes.deepest,
        failing=failing,
        seed=scenes.seed,
        pools=pools,
        edge=edge,
        instance=0 if isinstance(here, StandbyDatabase) else None,
    )


def _pool(design: Design, scenes: Scenes, component: object) -> int:
    """Connections that a server keeps: of a standby's own size, which may be another than the plan's."""
    own = getattr(getattr(component, "size", None), "pool", 0)
    return int(own or design.plan.of(scenes.rows[-1]).pool)


def _row(rows: tuple[str, ...], component: object) -> int | None:
    name = group_of(component)
    if name in rows:
        return rows.index(name)
    kind = str(getattr(component, "kind", ""))
    return len(rows) - 1 if "database" in kind and rows[-1] == "database" else None


def _failing(scenes: Scenes, when: When | None) -> Mapping[int, Floats]:
    """By tier the share of its answers that are errors, by minute."""
    if when is None:
        return {}
    found: dict[int, Floats] = {}
    for each in when.fault.effects:
        if isinstance(each, Fail):
            own = found.setdefault(scenes.rows.index(each.row), np.zeros(scenes.minutes))
            inside = slice(when.first, None if each.for_good else when.last)
            own[inside] = np.maximum(own[inside], each.share)
    return found


def _usual(sight: Sight, scenes: Scenes, metric: Metric, is_asked: bool) -> list[Points]:
    """What it reads in each minute if no fault changes it by itself: of a standby to which nobody is led as
    of what nobody asks.
    """
    name = (metric.namespace, metric.name)
    model = MODELS.get(name) if is_asked or name in UNASKED else None
    if model is None or sight.row is None:
        return [(model or _idle(metric))(sight, number) for number in range(scenes.minutes)]
    known: dict[tuple[float, ...], Points] = {}
    found = []
    for number in range(scenes.minutes):
        like = sight.like(number)
        if like not in known:
            known[like] = model(sight, number)
        found.append(known[like])
    return found


def _idle(metric: Metric) -> Model:
    """As it reads where nobody asks for anything."""
    reading = IDLE[metric.namespace, metric.name]

    def read(of: Sight, number: int) -> Points:
        value = reading(of.watched, SETTLED_S + number * MINUTE_S)
        return () if value is None else ((float(value), 1.0),)

    return read


def _changed(key: Key, points: list[Points], when: When) -> list[Points]:
    """What it reads while a fault says otherwise."""
    changes = [
        each
        for each in when.fault.effects
        if isinstance(each, Reads) and each.is_of(key.component, key.namespace, key.name)
    ]
    if not changes:
        return points
    found, change = list(points), changes[-1]
    for number in range(when.first, min(when.last, len(points))):
        part = when.part(number)
        if change.to is None:
            found[number] = ()
        elif part is not None:
            before = points[when.first][0][0] if change.ramps and points[when.first] else change.to
            found[number] = ((before + (change.to - before) * part, _samples(change, points[number])),)
    return found


def _samples(change: Reads, usual: Points) -> float:
    """Of how many samples it consists: what is read of many at once is changed in all of them."""
    if change.samples is not None:
        return float(change.samples)
    return sum(count for _, count in usual) or 1.0
