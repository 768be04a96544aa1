"""A design that is drilled: its tiers by their roles, and which faults can happen to it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from groma.answers import Metric
from groma.architecture import Part
from groma.components.server_group import ServerGroup
from groma.design import Design
from groma.monitoring.idle import Watched
from groma.questions.drills.fault import (
    SPOT,
    Break,
    Cold,
    Effect,
    Fail,
    Fault,
    Impatient,
    LoseHome,
    LoseRegion,
    LoseZone,
    Reads,
    Roll,
    Slow,
)
from groma.questions.drills.published import Key, metrics_of
from groma.questions.drills.watching import Guard
from groma.questions.fault import written
from groma.simulation.functions import functions_of
from groma.simulation.scene import Assumed, Scene, scenes_of, standby_of
from groma.simulation.traffic import of_days
from groma.sizing.values import Size

INTO_PEAK_S = 1200.0
"""From the busiest hour's beginning until a fault: ten minutes before the burst in its middle."""


@dataclass(frozen=True, eq=False)
class Stage:
    """A design that is drilled, with what does not change from fault to fault.

    Attributes:
        design: itself; guards: its alarms.
        scenes: its regions as the simulation sees them; none for functions.
        standby: what users are led to once home is lost; None for nothing.
        rows: the names of its tiers, or of its functions.
        peak_s: the time of day at which faults begin, where they do not say another.
        seed: of everything that is drawn.
    """

    design: Design
    guards: tuple[Guard, ...]
    scenes: tuple[Scene, ...]
    rows: tuple[str, ...]
    peak_s: float
    seed: int
    standby: Scene | None = None

    @cached_property
    def metrics(self) -> Mapping[Key, tuple[Part, Metric]]:
        """All that its alarms read."""
        return metrics_of(self.design.architecture)

    def row(self, role: str) -> str:
        """The name of a tier. Raises KeyError: there is none of that role."""
        before = self.scenes[0].rows[:-1] if self.scenes else ()
        scaling = [row.name for row in before if row.scales] or [self.rows[0]]
        known = {"front": self.rows[0], "app": scaling[-1], "data": self.rows[-1]}
        name = known.get(role, role)
        if name not in self.rows:
            raise KeyError(role)
        return name


def stage_of(design: Design, guards: Sequence[Guard], seed: int) -> Stage:
    """A design with its alarms, ready for drills.

    Raises:
        Infeasible: it has no traffic that could be simulated.
    """
    functions = functions_of(design) if not design.plan.sizes else ()
    scenes = () if functions else scenes_of(design, Assumed())
    rows = (
        tuple(each.tier.name for each in functions)
        if functions
        else tuple(row.name for row in scenes[0].rows)
    )
    rates = of_days(design.workload, design.demand, seed).rates
    hourly = rates.reshape(24, -1).mean(axis=1)
    peak_s = float(np.argmax(hourly)) * 3600 + INTO_PEAK_S
    standby = standby_of(design, Assumed())
    return Stage(design, tuple(guards), scenes, rows, peak_s, seed, standby)


def suited(fault: Fault, stage: Stage) -> Fault:
    """A fault as it is for a design: another where its database is an Aurora cluster of one region."""
    if fault.of_cluster is None or not stage.scenes:
        return fault
    database = stage.scenes[0].rows[-1].size
    return fault if database.choice.fails_over_s is None else fault.of_cluster


def applies(fault: Fault, stage: Stage) -> str:
    """Why a fault cannot happen to a design; empty where it can."""
    for each in fault.effects:
        if isinstance(each, Break | Roll | Slow | Cold | Fail):
            try:
                name = stage.row(each.row)
            except KeyError:
                return f"it has no tier {each.row}"
            if isinstance(each, Break | Roll | Cold) and not stage.scenes:
                return "it has no servers"
            if isinstance(each, Break) and not stage.scenes[0].rows[stage.rows.index(name)].scales:
                servers = stage.scenes[0].rows[stage.rows.index(name)].size.desired
                if max(each.places, default=0) >= servers:
                    return f"its {name} tier has {servers} servers"
            if isinstance(each, Break) and each.places == SPOT and not _buys_spot(stage, name):
                return f"its {name} tier buys no Spot"
            if isinstance(each, Cold) and not _has_cache(stage, name):
                return "its database is sized without a cache"
        if isinstance(each, LoseZone) and not stage.scenes:
            return "its functions stand in every zone"
        if isinstance(each, LoseZone) and (why := _stays(each, stage.scenes[0].rows[-1].size)):
            return why
        if isinstance(each, LoseRegion) and len(stage.scenes) < 2:
            return "it stands in one region"
        if isinstance(each, LoseHome) and stage.standby is None:
            return "it has no standby"
        if isinstance(each, Impatient) and not stage.scenes:
            return "retries of functions are not simulated"
        if isinstance(each, Reads) and not any(
            each.is_of(k.component, k.namespace, k.name) for k in stage.metrics
        ):
            return f"no alarm of it reads {each.metric}" + (
                "" if each.component == "*" else f" of {each.component}"
            )
    return ""


def _stays(lost: LoseZone, database: Size) -> str:
    """Why a zone cannot be lost so, by what the database is: of one that exists nobody knows where."""
    if database.choice.stands:
        return "" if lost.zone else "nobody knows in which zone the database that exists stands"
    return "its database stands in one zone" if lost.zone and database.desired == 1 else ""


def _buys_spot(stage: Stage, row: str) -> bool:
    parts = (part.architecture for part in stage.design.architecture.parts)
    groups = (group for part in parts for group in part.of_type(ServerGroup))
    return any(group.spot is not None for group in groups if group.id == row)


def _has_cache(stage: Stage, row: str) -> bool:
    place = stage.rows.index(row)
    return any(kind.visits[place].hits > 0 for kind in stage.scenes[0].kinds)


def gone(stage: Stage, fault: Fault) -> str:
    """The region that is lost: its alarms are evaluated there, and so are gone with it; empty for none."""
    lost = [
        0 if isinstance(each, LoseHome) else each.region
        for each in fault.effects
        if isinstance(each, LoseRegion | LoseHome)
    ]
    return stage.scenes[lost[0]].region if lost else ""


def resolved(stage: Stage, fault: Fault) -> Fault:
    """With the names of tiers instead of their roles, and of a component of home where a standby has one that
    is called so; a standby answers what writes with an error.
    """
    effects = tuple(_resolved(stage, each) for each in fault.effects)
    if any(isinstance(each, LoseHome) for each in effects):
        effects += (Fail(stage.row("app"), share=written(stage.design), for_good=True),)
    return replace(fault, effects=effects)


def _resolved(stage: Stage, each: Effect) -> Effect:
    if isinstance(each, Fail):
        return _fails(stage, each)
    if isinstance(each, Reads) and stage.standby is not None and "*" not in each.component:
        return replace(each, alone=True)
    return each


def _fails(stage: Stage, each: Fail) -> Fail:
    budget = 1 - stage.design.workload.slo.availability
    share = each.share or min(each.burns * budget, 1.0)
    return replace(each, row=stage.row(each.row), share=share)


def expanded(fault: Fault, stage: Stage) -> tuple[Fault, ...]:
    """A fault of one component for each that can have it, of alike regions in the first; else itself.

    A standby is unlike home: what is named without its region does not stand there.
    """
    if not fault.is_of_one:
        return (fault,)
    home = stage.design.workload.regions[0]
    every = stage.metrics
    effects = [each for each in resolved(stage, fault).effects if isinstance(each, Reads)]
    alike = {part.scope for part in stage.design.architecture.serving} - {"", home}
    keys = [key for key, (part, _) in every.items() if part.scope not in alike]
    able = [
        {key.component for key in keys if each.is_of(key.component, key.namespace, key.name)}
        for each in effects
    ]
    both = [
        name for name in dict.fromkeys(key.component for key in keys) if all(name in some for some in able)
    ]
    if not both:
        return (fault,)
    of_each = (
        replace(
            fault,
            what=f"{name}: {fault.what}",
            effects=tuple(_of_one(every, each, name) for each in effects),
        )
        for name in both
    )
    if len(both) == 1:
        return (replace(next(of_each), what=fault.what),)
    return tuple(
        replace(each, name=f"{fault.name}@{name.removeprefix(f'{home}/')}")
        for name, each in zip(both, of_each, strict=True)
    )


def _of_one(every: Mapping[Key, tuple[Part, Metric]], effect: Reads, component: str) -> Reads:
    """An effect on a component that publishes some of the metrics, by its id in the whole architecture."""
    if effect.to is None or not effect.per_server:
        return replace(effect, component=component, alone=True)
    part = next(part for key, (part, _) in every.items() if key.component == component)
    group = Watched(part.architecture.component(part.short(component)), part.architecture).group
    more = math.floor(effect.per_server * getattr(getattr(group, "size", None), "max", 0))
    return replace(effect, component=component, alone=True, to=effect.to + more, per_server=0.0)


def deepest(stage: Stage, fault: Fault | None) -> int:
    """The tier that fails when requests do: the last that a fault touches, else the last that scales."""
    rows = [
        stage.rows.index(stage.row(each.row))
        for each in (fault.effects if fault else ())
        if isinstance(each, Break | Slow | Cold | Fail)
    ]
    if any(isinstance(each, LoseZone) for each in (fault.effects if fault else ())):
        rows.append(len(stage.rows) - 1)
    return max(rows, default=stage.rows.index(stage.row("app")))
