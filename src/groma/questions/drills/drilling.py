"""A drill: a fault in a simulated evening, and what the alarms make of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from groma.errors import InputError
from groma.monitoring.evaluate.windows import DAY_S, MINUTE_S
from groma.questions.drills.answer import Drill
from groma.questions.drills.fault import (
    ALL,
    SPOT,
    Break,
    Cold,
    Crowd,
    Fault,
    Impatient,
    LoseZone,
    Roll,
    Slow,
)
from groma.questions.drills.published import AGAIN_MIN, Scenes, Usual, When, usual
from groma.questions.drills.redrawn import redrawn
from groma.questions.drills.stage import Stage, applies, deepest, gone, resolved
from groma.questions.drills.watching import courses_of, turned
from groma.simulation.day import Loss, Setting
from groma.simulation.disturbed import Broken, Colder, Disturbance, Heavier, Rolled
from groma.simulation.functions import simulate_functions
from groma.simulation.network import Behaviour
from groma.simulation.regions import RegionLoss, simulate_all
from groma.simulation.scene import Assumed
from groma.simulation.seen import Seen
from groma.simulation.traffic import SLAB_S, Traffic, of_days

LEAD_MIN, TAIL_MIN = 15, 25
"""Simulated before a fault begins, and after it is over."""
CALM_MIN = AGAIN_MIN
"""Simulated of an evening in which only metrics change: the rest is as that."""
HISTORY_MIN = 7 * 60
"""Before that: the longest window of an alarm is six hours; older ones change nothing."""
CALM_AFTER_MIN = 10 * 60
"""How long an evening lasts in which only metrics change; no fault of them is longer."""
WARM_MIN = 30
"""Before a fault, from when alarms are evaluated."""
MOST_REQUESTS = 4e6
"""Of one drill: of more, one of several minutes is simulated, and all that differ."""
LONGEST_MIN = 60
"""Of a fault that lasts longer the rest is as its last minute."""


def drill(stage: Stage, fault: Fault, calm: Usual | None = None) -> Drill:
    """Inject a fault and let the alarms see it.

    Args:
        calm: an evening without a fault, for one of which nothing is simulated; made when left out.

    Raises:
        InputError: the fault cannot happen to the design.
    """
    why = applies(fault, stage)
    if why:
        raise InputError(
            f"{fault.name} cannot happen to {stage.design.workload.name}: {why}",
            where="--fault",
            hint="groma drill --list names what can",
        )
    first = HISTORY_MIN + LEAD_MIN
    when = When(resolved(stage, fault), first, first + round(fault.lasts_s / MINUTE_S))
    last = max(when.last + TAIL_MIN, first + math.ceil(fault.within_s / MINUTE_S) + 1)
    if fault.is_simulated or fault.at_s is not None:
        scenes = _simulated(stage, fault)
        after = max(last - scenes.before - len(scenes.regions[0].minutes), 0)
        there = usual(stage.design, replace(scenes, after=after), when)
    else:
        there = calm or calm_evening(stage)
    scenes, series = there.scenes, there.changed(when)
    away = gone(stage, fault)
    guards = tuple(each for each in stage.guards if not away or each.region != away)
    begin_s = scenes.at_s(first - WARM_MIN)
    courses = courses_of(guards, series, begin_s, scenes.at_s(last), there)
    shown = replace(scenes, after=max(last - scenes.before - len(scenes.regions[0].minutes), 0))
    return Drill(stage.design, fault, shown, when, turned(guards, courses), series, guards, courses)


def calm_evening(stage: Stage) -> Usual:
    """A few minutes in which nothing is wrong, before and after which all is alike."""
    traffic, begins_s = _traffic(stage, None, CALM_MIN, [])
    seen = _seen(stage, traffic, Setting(seed=stage.seed), None, ())
    scenes = Scenes(seen, stage.rows, deepest(stage, None), begins_s, HISTORY_MIN, CALM_AFTER_MIN, stage.seed)
    return usual(stage.design, scenes)


def _simulated(stage: Stage, fault: Fault) -> Scenes:
    lasts_min = round(fault.lasts_s / MINUTE_S)
    shown_min = lasts_min if fault.at_s is not None else min(lasts_min, LONGEST_MIN)
    begin_s, end_s = LEAD_MIN * 60.0, (LEAD_MIN + shown_min) * 60.0
    crowds = [each.times for each in fault.effects if isinstance(each, Crowd)]
    traffic, begins_s = _traffic(stage, fault, LEAD_MIN + shown_min + TAIL_MIN, crowds)
    behaviour = next(
        (Behaviour(each.timeout_s, each.retries) for each in fault.effects if isinstance(each, Impatient)),
        Behaviour(),
    )
    setting = Setting(
        behaviour,
        standby=stage.design.wish.multi_az,
        seed=stage.seed,
        disturbances=tuple(_disturbances(stage, fault, begin_s, end_s)),
        losses=tuple(
            Loss(each.zone, begin_s, stage.scenes[0].region)
            for each in fault.effects
            if isinstance(each, LoseZone)
        ),
    )
    away = gone(stage, fault)
    lost = RegionLoss(away, begin_s) if away else None
    seen = _seen(stage, traffic, setting, lost, setting.disturbances)
    return Scenes(seen, stage.rows, deepest(stage, fault), begins_s, HISTORY_MIN, seed=stage.seed)


def _traffic(stage: Stage, fault: Fault | None, minutes: int, crowds: Sequence[float]) -> tuple[Traffic, int]:
    """Of so many minutes, from a quarter of an hour before a fault; and the time of day at its beginning."""
    at_s = stage.peak_s if fault is None or fault.at_s is None else fault.at_s
    begins_s = int(at_s) - LEAD_MIN * MINUTE_S
    days = of_days(stage.design.workload, stage.design.demand, stage.seed, days=2)
    first = (begins_s % DAY_S) // SLAB_S
    rates = days.rates[first : first + minutes * MINUTE_S // SLAB_S].copy()
    if fault is not None:
        begin, end = LEAD_MIN * 6, LEAD_MIN * 6 + round(fault.lasts_s / SLAB_S)
        for times in crowds:
            rates[begin:end] *= times
    return Traffic(rates, stage.seed, float(begins_s)), begins_s


def _seen(
    stage: Stage,
    traffic: Traffic,
    setting: Setting,
    lost: RegionLoss | None,
    disturbances: tuple[Disturbance, ...],
) -> tuple[Seen, ...]:
    if not stage.scenes:
        heavier = tuple(each for each in disturbances if isinstance(each, Heavier))
        return (
            simulate_functions(
                stage.design, traffic, Assumed(), stage.seed, lambda *_: True, heavier=heavier
            ),
        )
    every = max(1, math.ceil(traffic.requests / MOST_REQUESTS))
    setting, scenes = replace(setting, every=every), stage.scenes
    if lost is not None and stage.standby is not None:
        scenes += (stage.standby,)
    found = simulate_all(scenes, traffic, setting, lambda *_: True, lost=lost)
    return tuple(redrawn(each, stage.seed, place) for place, each in enumerate(found))


def _where(stage: Stage, row: str) -> str:
    """The region in which a tier is slow: a database in the first, all others everywhere, as a release is."""
    return stage.scenes[0].region if stage.scenes and row == stage.rows[-1] else ""


def _disturbances(stage: Stage, fault: Fault, begin_s: float, end_s: float) -> list[Disturbance]:
    found: list[Disturbance] = []
    for each in fault.effects:
        if isinstance(each, Break):
            name = stage.row(each.row)
            after_s = _back_s(stage, each)
            back_s = None if after_s is None else begin_s + after_s
            scene = stage.scenes[0]
            row = scene.rows[stage.rows.index(name)]
            first = row.size.min if each.places == SPOT else 0
            places = tuple(range(first, row.room)) if each.places in (ALL, SPOT) else each.places
            found.append(Broken(name, places, begin_s, back_s, scene.region))
        elif isinstance(each, Roll):
            found.append(Rolled(stage.row(each.row), begin_s, each.servers))
        elif isinstance(each, Slow):
            name = stage.row(each.row)
            found.append(Heavier(name, each.times, begin_s, end_s, _where(stage, name)))
        elif isinstance(each, Cold):
            found.append(Colder(stage.row(each.row), begin_s, end_s))
    return found


def _back_s(stage: Stage, each: Break) -> float | None:
    """After what time what breaks is back: where a standby decides that, it is a database's writer, which a
    cluster replaces by itself; None where it stays away.
    """
    if each.back_without_standby_s is None:
        return each.back_s
    fails_over_s = stage.design.plan.of(stage.row(each.row)).choice.fails_over_s
    if fails_over_s is not None:
        return fails_over_s
    return each.back_s if stage.design.wish.multi_az else each.back_without_standby_s


WEEK = Fault(
    name="normal-week",
    what="seven days in which nothing is wrong",
    effects=(),
    lasts_s=7 * DAY_S - 3600.0,
    told=None,
    because="an alarm that fires in a normal week is muted before the first fault",
    at_s=3600.0,
)
FUNCTIONS_WEEK_S = DAY_S - 3600.0
"""Of a design of functions a day is simulated, since all of their calls are."""
WEEK_REQUESTS = 2e6


def normal_week(stage: Stage) -> Drill:
    """Seven days with their nights and weekend, in which no alarm may tell anything; see `WEEK`."""
    days = 7 if stage.scenes else 1
    fault = WEEK if stage.scenes else replace(WEEK, lasts_s=FUNCTIONS_WEEK_S, what="a day without a fault")
    traffic = of_days(stage.design.workload, stage.design.demand, stage.seed, days=days)
    if stage.scenes:
        every = max(1, math.ceil(traffic.requests / WEEK_REQUESTS))
        setting = Setting(standby=stage.design.wish.multi_az, seed=stage.seed, every=every)
        found = simulate_all(stage.scenes, traffic, setting, lambda *_: True)
        seen = tuple(redrawn(each, stage.seed, place) for place, each in enumerate(found))
    else:
        seen = _seen(stage, traffic, Setting(seed=stage.seed), None, ())
    scenes = Scenes(seen, stage.rows, deepest(stage, None), 0, seed=stage.seed)
    when = When(fault, 60, scenes.minutes)
    series = usual(stage.design, scenes).series
    courses = courses_of(stage.guards, series, 0, scenes.at_s(scenes.minutes))
    return Drill(
        stage.design, fault, scenes, when, turned(stage.guards, courses), series, stage.guards, courses
    )
