"""A serverless design under its traffic: every call of every function, with its environments.

Requests reach the first function through the gateway; calls of the others come in proportion to requests, as
at peak, at random times. A call that finds all environments busy at its function's limit is refused, or waits
where it is a message.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from groma.blueprints import BLUEPRINTS
from groma.catalog import fact, quota
from groma.design import Design
from groma.simulation.day import Tell
from groma.simulation.disturbed import Heavier
from groma.simulation.histogram import sum_s
from groma.simulation.kernels import calls
from groma.simulation.kernels.calls import Environments, Kinds, Limits, call_all
from groma.simulation.kernels.state import BINS, OUTCOMES
from groma.simulation.scene import Assumed, shape_of
from groma.simulation.seen import Cast, Minute, Seen, trimmed
from groma.simulation.shapes import Shape, table_of
from groma.simulation.traffic import MINUTE_S, SLAB_S, Traffic
from groma.sizing.calls import BEFORE_SCV, COLD_SCV
from groma.sizing.units import FunctionUnit
from groma.sizing.values import FunctionSize, FunctionTier


@dataclass(frozen=True, slots=True)
class Called:
    """A function: what is asked of it, what it was given, and the calls of it that each request makes."""

    tier: FunctionTier
    size: FunctionSize
    per_request: float


def functions_of(design: Design) -> tuple[Called, ...]:
    """The functions of a design that requests call, the one that answers them first."""
    units = BLUEPRINTS[design.workload.blueprint].units(design.workload, design.demand, design.wish)
    tiers = [unit.tier for unit in units if isinstance(unit, FunctionUnit) and not unit.tier.by_the_clock]
    peak = tiers[0].rate_per_s if tiers else 1.0
    return tuple(Called(tier, design.plan.function(tier.name), tier.rate_per_s / peak) for tier in tiers)


def simulate_functions(
    design: Design,
    traffic: Traffic,
    assumed: Assumed,
    seed: int,
    tell: Tell,
    *,
    heavier: tuple[Heavier, ...] = (),
) -> Seen:
    """Simulate the functions minute by minute; latencies of requests are those of the first of them.

    Args:
        heavier: functions that compute and wait so many times as long, and when.
    """
    functions = functions_of(design)
    shape = shape_of(design, assumed)
    first = functions[0]
    cast = Cast(
        region=design.workload.regions[0],
        goal_s=design.workload.slo.p99_ms / 1000,
        kinds=tuple(work.name for work in first.tier.work),
        rows=tuple((each.tier.name, each.size.choice.name) for each in functions),
        members="environments",
        use="in use",
        beyond="p99 of a call",
    )
    running = [_Running(each, shape, seed + (number << 32)) for number, each in enumerate(functions)]
    minutes: list[Minute] = []
    per_minute, count = MINUTE_S // SLAB_S, 0
    for minute in range(math.ceil(traffic.rates.size / per_minute)):
        begin, end = minute * per_minute, min((minute + 1) * per_minute, traffic.rates.size)
        seen = [each.call(traffic, number, begin, end, heavier) for number, each in enumerate(running)]
        minutes.append(_together(seen))
        count += int(minutes[-1].asked.sum())
        if not tell((minute + 1) * MINUTE_S, count):
            break
    return Seen(cast, tuple(minutes), (), traffic.begins_s)


class _Running:
    """A function with its environments as they stand."""

    def __init__(self, called: Called, shape: Shape, seed: int) -> None:
        tier, size = called.tier, called.size
        self.called, self.seed, self.serial = called, seed, 0
        self.kinds = _kinds(tier, size, shape)
        most = size.concurrency_high if tier.waits_in_queue else int(quota("lambda-concurrency").grown)
        self.limits = Limits(
            most=most,
            queues=tier.waits_in_queue,
            added=int(fact("lambda.scaling_environments_per_10s").value),
            cold_s=tier.cold_start_s,
            idle_s=tier.idle_s,
            life_s=tier.life_s,
        )
        self.there = Environments(
            done_s=np.zeros(most + 1),
            busy_born_s=np.zeros(most + 1),
            used_s=np.zeros(most + 1),
            idle_born_s=np.zeros(most + 1),
            counts=np.zeros(calls.COUNTS, np.int64),
            last_s=np.zeros(1),
        )

    def call(
        self, traffic: Traffic, number: int, begin: int, end: int, heavier: tuple[Heavier, ...]
    ) -> Minute:
        """All calls of some slabs."""
        kinds, counts = len(self.called.tier.work), self.there.counts
        felt, inside = np.zeros((kinds, BINS), np.int64), np.zeros((1, BINS), np.int64)
        outcomes = np.zeros((kinds, len(OUTCOMES)), np.int64)
        own = traffic.of_region(np.array(self.called.per_request))
        arrivals = own.arrivals(number, begin, end)
        counts[calls.MOST] = counts[calls.COLD] = 0
        now = _slowed(self.kinds, self.called.tier.name, begin * SLAB_S, heavier)
        call_all(arrivals, self.serial, self.seed, now, self.limits, self.there, felt, outcomes, inside[0])
        self.serial += arrivals.size
        standing = int(counts[calls.BUSY] + counts[calls.IDLE])
        return Minute(
            asked=outcomes.sum(axis=1),
            outcomes=outcomes,
            retried=0,
            felt=trimmed(felt),
            stayed=trimmed(inside),
            cpu=(min(1.0, sum_s(inside[0]) / (MINUTE_S * max(standing, 1))),),
            serving=(standing,),
            standing=(standing,),
            inside=int(counts[calls.BUSY]),
            cold=(int(counts[calls.COLD]),),
        )


def _slowed(kinds: Kinds, name: str, now_s: float, heavier: tuple[Heavier, ...]) -> Kinds:
    """What calls ask of a function now, where it takes longer than it was planned to."""
    times = math.prod(
        each.times for each in heavier if each.row == name and each.begin_s <= now_s < each.end_s
    )
    if times == 1.0:
        return kinds
    return kinds._replace(cpu_s=kinds.cpu_s * times, wait_s=kinds.wait_s * times)


def _kinds(tier: FunctionTier, size: FunctionSize, shape: Shape) -> Kinds:
    """What each kind of call asks of a function of a size.

    Waits differ in number and length, not in shape.
    ."""
    shares = np.array([work.share for work in tier.work])
    width = max(len(work.waits) for work in tier.work)
    waits = [[*work.waits, *[(0.0, 0.0, 1.0)] * (width - len(work.waits))] for work in tier.work]
    shapes: list[tuple[Shape, float]] = [
        ("hyperexponential", BEFORE_SCV),
        (shape, tier.work[0].scv),
        ("hyperexponential", COLD_SCV),
    ]
    shapes += [("hyperexponential", waits[0][column][2]) for column in range(width)]
    return Kinds(
        upto=np.cumsum(shares / shares.sum()),
        before_s=np.full(shares.size, tier.before_s),
        cpu_s=np.array([work.cpu_s / size.choice.power for work in tier.work]),
        waits=np.array([[often for often, _, _ in row] for row in waits]).reshape(shares.size, width),
        wait_s=np.array([[each for _, each, _ in row] for row in waits]).reshape(shares.size, width),
        tables=np.array([table_of(*each) for each in shapes]),
    )


def _together(seen: list[Minute]) -> Minute:
    """A minute of all functions: of requests what the first has seen, and the environments of each."""
    first = seen[0]
    stayed = np.zeros((len(seen), BINS), np.int64)
    for row, minute in enumerate(seen):
        begin, counts = minute.stayed
        stayed[row, begin : begin + counts.shape[1]] = counts[0]
    return Minute(
        asked=first.asked,
        outcomes=first.outcomes,
        retried=0,
        felt=first.felt,
        stayed=trimmed(stayed),
        cpu=tuple(minute.cpu[0] for minute in seen),
        serving=tuple(minute.serving[0] for minute in seen),
        standing=tuple(minute.standing[0] for minute in seen),
        inside=first.inside,
        cold=tuple(minute.cold[0] for minute in seen),
    )
