"""How a design does when every request is simulated, in two trials of replications.

One at its peak with a zone lost and nothing in its place; one through the burst of a likely day under target
tracking, where servers boot while users wait. Replications follow until the 99 % interval of the p99 is
within 2 %, or so many were made as are worth while.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import NormalDist, stdev
from typing import TypeVar

import numpy as np

from groma.bill import bill
from groma.design import Design
from groma.simulation.answer import BUSIEST_MINUTES, busiest
from groma.simulation.day import Setting, simulate
from groma.simulation.functions import functions_of, simulate_functions
from groma.simulation.histogram import quantile_s
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
CONFIDENCE = 0.99


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
Found = TypeVar("Found")
"""What is seen of one replication."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 99 % interval, half as wide as `half`."""

    value: float
    half: float

    @property
    def high(self) -> float:
        """Its upper end."""
        return self.value + self.half

    @property
    def narrow(self) -> bool:
        """Whether it is within 2 %."""
        return self.half <= WITHIN * self.value


@dataclass(frozen=True, eq=False)
class Trial:
    """How one design does.

    Attributes:
        design: it.
        p99_s: of all requests at the peak; by_class_s: of each class.
        burst_s: the p99 of the five busiest minutes when all scale as they do.
        unkept: share of the requests about the burst that took longer than the goal, or failed.
        replications: of the first trial and of the second.
    """

    design: Design
    p99_s: Interval
    by_class_s: tuple[Interval, ...]
    burst_s: Interval
    unkept: float
    replications: tuple[int, int]

    @property
    def goal_s(self) -> float:
        """What 99 % of all requests are to keep."""
        return self.design.workload.slo.p99_ms / 1000

    @property
    def keeps(self) -> bool:
        """Whether both trials keep the goal, at the peak all requests together or each class, as is asked.

        There with the whole interval, so that it is kept under another seed, too. Five minutes of a day are
        few requests: of the burst the p99 of all replications is taken.
        """
        return max(self.burst_s.value, self.held_s.high) <= self.goal_s

    @property
    def held_s(self) -> Interval:
        """The p99 at the peak that the goal is for: of all requests, or of the slowest class."""
        if self.design.workload.slo.p99_of == "all":
            return self.p99_s
        return max(self.by_class_s, key=lambda interval: interval.value)

    @cached_property
    def usd(self) -> float:
        """The likely bill of a month."""
        return bill(self.design.architecture).monthly_usd.likely


@dataclass(frozen=True, slots=True)
class _Arena:
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


def try_out(made: Design, seed: int, assumed: Assumed, effort: Effort = USUAL) -> Trial:
    """Both trials of a design.

    Raises:
        Infeasible: it has nothing that answers requests.
    """
    functions = functions_of(made) if not made.plan.sizes else ()
    arena = _of_calls(made, assumed) if functions else _of_servers(made, assumed, effort)
    at_peak = _at_peak(arena, seed, effort)
    bursts = _through_bursts(made, arena, seed, effort)
    own = [[each[kind] for each in at_peak] for kind in range(arena.kinds)]
    return Trial(
        made,
        _p99_of([each.sum(axis=0) for each in at_peak]),
        tuple(_p99_of(each) for each in own),
        burst_s=_p99_of([_in_burst(seen) for seen in bursts]),
        unkept=float(np.mean([seen.unkept for seen in bursts])),
        replications=(len(at_peak), len(bursts)),
    )


def _of_servers(made: Design, assumed: Assumed, effort: Effort) -> _Arena:
    """The region that carries the most; at its peak a zone is lost, and nothing comes in its place."""
    scene = max(scenes_of(made, assumed), key=lambda each: each.share)

    def at_peak(traffic: Traffic, seed: int) -> Seen:
        setting = Setting(held=True, without_zone=True, seed=seed)
        return simulate(scene, 0, traffic, setting, _on)

    def usual(traffic: Traffic, seed: int) -> Seen:
        every = max(1, math.ceil(LEAST_TRIALS * traffic.requests / effort.most_requests))
        setting = Setting(standby=made.wish.multi_az, seed=seed, every=every)
        return simulate(scene, 0, traffic, setting, _on)

    bursts, rate_per_s = bursts_of(made.workload), scene.peak_per_s * scene.share
    return _Arena(scene.share, rate_per_s, bursts, len(scene.kinds), at_peak, usual)


def _of_calls(made: Design, assumed: Assumed) -> _Arena:
    """Functions, which stand in all zones."""

    def run(traffic: Traffic, seed: int) -> Seen:
        return simulate_functions(made, traffic, assumed, seed, _on)

    bursts, kinds = bursts_of(made.workload), len(functions_of(made)[0].tier.work)
    return _Arena(1.0, made.demand.peak_per_s.likely, bursts, kinds, run, run)


def _on(at_s: float, requests: int) -> bool:
    return True


def _at_peak(arena: _Arena, seed: int, effort: Effort) -> list[Ints]:
    """Times at the peak by class, of each replication."""
    per_minute = arena.rate_per_s * MINUTE_S
    wanted = min(max(math.ceil(ENOUGH_REQUESTS / per_minute), BURST_S // MINUTE_S), LONGEST_MINUTES)
    minutes = max(1, min(wanted, int(effort.most_requests / LEAST_TRIALS / per_minute)))
    most = int(effort.most_requests / (minutes * per_minute))

    def once(number: int) -> Ints:
        own = seed_of(seed, number)
        length_s = WARM_UP_S + minutes * MINUTE_S
        seen = arena.at_peak(steady(arena.rate_per_s, length_s, own, arena.bursts), own)
        return _felt(seen.minutes[WARM_UP_S // MINUTE_S :], arena.kinds)

    return _replicated(once, lambda each: each.sum(axis=0), min(most, effort.most_trials), effort)


def _through_bursts(made: Design, arena: _Arena, seed: int, effort: Effort) -> list[Seen]:
    """What is seen about the bursts of likely days, of each replication."""

    def traffic_of(number: int) -> Traffic:
        return _about_the_burst(made, seed_of(seed, BURSTS_FROM + number)).of_region(np.array(arena.share))

    def once(number: int) -> Seen:
        return arena.usual(traffic_of(number), seed_of(seed, BURSTS_FROM + number))

    most = int(effort.most_requests / max(traffic_of(0).requests, 1))
    return _replicated(once, _in_burst, min(most, effort.most_bursts), effort)


def _in_burst(seen: Seen) -> Ints:
    """Times of all requests of the five busiest minutes."""
    first, _ = busiest(seen)
    return np.asarray(_felt(seen.minutes[first:][:BUSIEST_MINUTES], len(seen.cast.kinds)).sum(axis=0))


def _felt(minutes: Sequence[Minute], kinds: int) -> Ints:
    """Times by class; of what failed, longer than any."""
    felt = added([minute.felt for minute in minutes], kinds)
    felt[:, -1] += sum(minute.outcomes[:, GOOD + 1 :].sum(axis=1) for minute in minutes)
    return felt


def _replicated(
    once: Callable[[int], Found], times_of: Callable[[Found], Ints], most: int, effort: Effort
) -> list[Found]:
    """Replications, two at a time, until the interval of the p99 of their times is narrow."""
    found: list[Found] = []
    most = max(most, LEAST_TRIALS)
    with ThreadPoolExecutor(2) as pool:
        while len(found) < most:
            wanted = min(most, len(found) + LEAST_TRIALS)
            found += pool.map(once, range(len(found), wanted))
            reached = _p99_of([times_of(each) for each in found])
            if reached.half <= effort.within * reached.value:
                break
    return found


def seed_of(seed: int, number: int) -> int:
    """The seed of a replication."""
    return (seed * 1_000_003 + number) % 2**32


def _p99_of(replications: Sequence[Ints]) -> Interval:
    """The p99 of all replications together, and its 99 % interval by Student's t over those of each.

    The quantile of t with n degrees of freedom is taken as z + (z³ + z)/(4·n) + (5·z⁵ + 16·z³ + 3·z)/(96·n²).
    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5. Where a
    replication had no request of a kind, nothing is known of it: both are infinite.
    """
    values = [quantile_s(each, 0.99) for each in replications]
    if any(math.isnan(value) for value in values):
        return Interval(math.inf, math.inf)
    freedom = len(values) - 1
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    t = z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    whole = quantile_s(np.sum(replications, axis=0), 0.99)
    return Interval(whole, t * stdev(values) / math.sqrt(len(values)))


def _about_the_burst(made: Design, seed: int) -> Traffic:
    """The burst of a likely day, with the time before it in which groups find their size."""
    day = of_days(made.workload, made.demand, seed)
    begins_s = int(np.argmax(np.convolve(day.rates, np.ones(BURST_S // SLAB_S), "valid"))) * SLAB_S
    first = max(0, begins_s - BEFORE_S) // MINUTE_S * MINUTE_S // SLAB_S
    last = (begins_s + BURST_S + AFTER_S) // SLAB_S
    return replace(day, rates=day.rates[first:last], begins_s=first * SLAB_S)
