"""One replication of a trial, as a value that depends on its number alone and can be sent to another machine.

At the peak a zone is lost and nothing comes in its place; through the burst of a likely day all scale as they
do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from groma.design import Design
from groma.simulation.answer import BUSIEST_MINUTES, busiest
from groma.simulation.day import Setting, simulate
from groma.simulation.functions import functions_of, simulate_functions
from groma.simulation.kernels.state import GOOD, Ints
from groma.simulation.scene import Assumed, scenes_of
from groma.simulation.seen import Minute, Seen, added
from groma.simulation.traffic import MINUTE_S, SLAB_S, Traffic, bursts_of, of_days, steady
from groma.sizing.cold_starts import BURST_S
from groma.sizing.values import Bursts

WARM_UP_S = 60
BEFORE_S, AFTER_S = 900, 120
"""What is simulated before a burst, in which groups find their size, and after it."""
WITHIN = 0.02
LEAST_TRIALS = 6
BURSTS_FROM = 1_000
"""The number of the first replication of a burst, by which its seed differs from all others."""
ENOUGH_REQUESTS, LONGEST_MINUTES = 20_000, 120
"""Of a replication at the peak: where few requests come it is longer than five minutes, up to two hours."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What a trial may cost.

    Attributes:
        most_requests: of all its replications together, which are shorter or fewer where it has more.
        within: how narrow their interval is to be.
        most_trials, most_bursts: replications at the peak and of bursts; of these there are more, since five
            minutes of a small design are few requests.
    """

    most_requests: float = 12e6
    within: float = WITHIN
    most_trials: int = 48
    most_bursts: int = 96


USUAL = Effort()


@dataclass(frozen=True, slots=True)
class Arena:
    """Where a design is tried.

    Attributes:
        share: of all requests that come to it; rate_per_s: of these at its peak.
        bursts: how they come within ten seconds; kinds: how many classes of them there are.
        at_peak: what is seen of a traffic of its own in the state in which the goal is to be kept, by a seed.
        usual: what is seen of a traffic of its own when all scale as they do.
    """

    share: float
    rate_per_s: float
    bursts: Bursts
    kinds: int
    at_peak: Callable[[Traffic, int], Seen]
    usual: Callable[[Traffic, int], Seen]


@dataclass(frozen=True, eq=False)
class Replication:
    """What a replication hangs on, beside its number.

    Attributes:
        design: what is tried; assumed: what neither it nor its workload says.
        seed: of all replications; most_requests: of all of them together.
    """

    design: Design
    seed: int
    assumed: Assumed
    most_requests: float

    @cached_property
    def arena(self) -> Arena:
        """Where it is tried; made where it is asked for."""
        is_of_functions = not self.design.plan.sizes and bool(functions_of(self.design))
        return self._of_calls() if is_of_functions else self._of_servers()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "arena"}

    def _of_servers(self) -> Arena:
        """The region that carries the most; at its peak a zone is lost, and nothing comes in its place."""
        made = self.design
        scene = max(scenes_of(made, self.assumed), key=lambda each: each.share)

        def at_peak(traffic: Traffic, seed: int) -> Seen:
            setting = Setting(held=True, without_zone=True, seed=seed)
            return simulate(scene, 0, traffic, setting, _on)

        def usual(traffic: Traffic, seed: int) -> Seen:
            every = max(1, math.ceil(LEAST_TRIALS * traffic.requests / self.most_requests))
            setting = Setting(standby=made.wish.multi_az, seed=seed, every=every)
            return simulate(scene, 0, traffic, setting, _on)

        bursts, rate_per_s = bursts_of(made.workload), scene.peak_per_s * scene.share
        return Arena(scene.share, rate_per_s, bursts, len(scene.kinds), at_peak, usual)

    def _of_calls(self) -> Arena:
        """Functions, which stand in all zones."""
        made = self.design

        def run(traffic: Traffic, seed: int) -> Seen:
            return simulate_functions(made, traffic, self.assumed, seed, _on)

        bursts, kinds = bursts_of(made.workload), len(functions_of(made)[0].tier.work)
        return Arena(1.0, made.demand.peak_per_s.likely, bursts, kinds, run, run)


@dataclass(frozen=True, eq=False)
class AtPeak(Replication):
    """Times at the peak by class, after a warm-up."""

    @property
    def minutes(self) -> int:
        """How long it is: five minutes, or longer where few requests come, or shorter where very many do."""
        per_minute = self.arena.rate_per_s * MINUTE_S
        wanted = min(max(math.ceil(ENOUGH_REQUESTS / per_minute), BURST_S // MINUTE_S), LONGEST_MINUTES)
        return max(1, min(wanted, int(self.most_requests / LEAST_TRIALS / per_minute)))

    def most(self, effort: Effort) -> int:
        """How many of them are worth while."""
        requests = self.minutes * self.arena.rate_per_s * MINUTE_S
        return min(int(effort.most_requests / requests), effort.most_trials)

    def __call__(self, number: int) -> Ints:
        """Make the replication of a number."""
        arena, own = self.arena, seed_of(self.seed, number)
        length_s = WARM_UP_S + self.minutes * MINUTE_S
        seen = arena.at_peak(steady(arena.rate_per_s, length_s, own, arena.bursts), own)
        return _felt(seen.minutes[WARM_UP_S // MINUTE_S :], arena.kinds)


@dataclass(frozen=True, slots=True)
class Burst:
    """What is seen about a burst.

    Attributes:
        times: of all requests of the five busiest minutes.
        unkept: share of all requests that took longer than the goal, or failed.
    """

    times: Ints
    unkept: float


@dataclass(frozen=True, eq=False)
class ThroughBurst(Replication):
    """What is seen about the burst of a likely day, after some time in which groups find their size."""

    def most(self, effort: Effort) -> int:
        """How many of them are worth while."""
        return min(int(effort.most_requests / max(self._traffic(0).requests, 1)), effort.most_bursts)

    def __call__(self, number: int) -> Burst:
        """Make the replication of a number."""
        seen = self.arena.usual(self._traffic(number), seed_of(self.seed, BURSTS_FROM + number))
        first, _ = busiest(seen)
        times = _felt(seen.minutes[first:][:BUSIEST_MINUTES], len(seen.cast.kinds)).sum(axis=0)
        return Burst(np.asarray(times), seen.unkept)

    def _traffic(self, number: int) -> Traffic:
        made = self.design
        day = of_days(made.workload, made.demand, seed_of(self.seed, BURSTS_FROM + number))
        begins_s = int(np.argmax(np.convolve(day.rates, np.ones(BURST_S // SLAB_S), "valid"))) * SLAB_S
        first = max(0, begins_s - BEFORE_S) // MINUTE_S * MINUTE_S // SLAB_S
        last = (begins_s + BURST_S + AFTER_S) // SLAB_S
        about = replace(day, rates=day.rates[first:last], begins_s=first * SLAB_S)
        return about.of_region(np.array(self.arena.share))


def seed_of(seed: int, number: int) -> int:
    """The seed of a replication."""
    return (seed * 1_000_003 + number) % 2**32


def _on(at_s: float, requests: int) -> bool:
    return True


def _felt(minutes: Sequence[Minute], kinds: int) -> Ints:
    """Times by class; of what failed, longer than any."""
    felt = added([minute.felt for minute in minutes], kinds)
    felt[:, -1] += sum(minute.outcomes[:, GOOD + 1 :].sum(axis=1) for minute in minutes)
    return felt
