"""How a design does when every request is simulated, in two trials of replications.

One at its peak with a zone lost and nothing in its place; one through the burst of a likely day under target
tracking, where servers boot while users wait. Replications follow until the 99 % interval of the p99 is
within 2 %, or so many were made as are worth while.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist, stdev

import numpy as np

from groma.bill import bill
from groma.design import Design
from groma.simulation.crews import HERE, Crew, Found
from groma.simulation.histogram import quantile_s
from groma.simulation.kernels.state import Ints
from groma.simulation.replications import LEAST_TRIALS, USUAL, WITHIN, AtPeak, Effort, ThroughBurst
from groma.simulation.scene import Assumed

CONFIDENCE = 0.99


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


def try_out(made: Design, seed: int, assumed: Assumed, effort: Effort = USUAL, crew: Crew = HERE) -> Trial:
    """Both trials of a design.

    Args:
        crew: who makes the replications; whoever it is, they are the same.

    Raises:
        Infeasible: it has nothing that answers requests.
        CloudError: the crew is gone.
    """
    peak = AtPeak(made, seed, assumed, effort.most_requests)
    burst = ThroughBurst(made, seed, assumed, effort.most_requests)
    at_peak = _replicated(crew, peak, lambda each: each.sum(axis=0), peak.most(effort), effort)
    bursts = _replicated(crew, burst, lambda each: each.times, burst.most(effort), effort)
    own = [[each[kind] for each in at_peak] for kind in range(peak.arena.kinds)]
    return Trial(
        made,
        _p99_of([each.sum(axis=0) for each in at_peak]),
        tuple(_p99_of(each) for each in own),
        burst_s=_p99_of([each.times for each in bursts]),
        unkept=float(np.mean([each.unkept for each in bursts])),
        replications=(len(at_peak), len(bursts)),
    )


def _replicated(
    crew: Crew,
    once: Callable[[int], Found],
    times_of: Callable[[Found], Ints],
    most: int,
    effort: Effort,
) -> list[Found]:
    """Replications, as many at a time as a crew can make, until the interval of the p99 is narrow.

    It is looked at after every `LEAST_TRIALS`, so that a larger crew comes to the same.
    """
    found: list[Found] = []
    most = max(most, LEAST_TRIALS)
    at_once = LEAST_TRIALS * math.ceil(crew.width / LEAST_TRIALS)
    while len(found) < most:
        fresh = crew.made(once, range(len(found), min(most, len(found) + at_once)))
        for first in range(0, len(fresh), LEAST_TRIALS):
            found += fresh[first : first + LEAST_TRIALS]
            reached = _p99_of([times_of(each) for each in found])
            if reached.half <= effort.within * reached.value:
                return found
    return found


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
