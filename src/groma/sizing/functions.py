"""Memory, processor and concurrency of Lambda functions: the cheapest that keep their goals.

A function gets CPU in proportion to its memory, a whole vCPU at 1,769 MB. What it computes gets faster with
more of it, what it waits for does not, and both are paid by memory × time. So the cost falls or stays with
the memory as long as it computes, and rises with it as soon as it only waits; the goal decides how much is
bought. All memories and processors are tried; nothing is decided by an approximation of p99.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from heapq import heapify, heappop, heappush

import numpy as np

from groma.errors import Infeasible
from groma.sizing.calls import COLD_SCV, before_spectrum, time_left, warm_and_cold
from groma.sizing.cold_starts import cold_share, cold_share_at_peak, concurrency
from groma.sizing.queueing import (
    Distribution,
    Grid,
    Service,
    service_time,
    sojourn,
)
from groma.sizing.values import FunctionChoice, FunctionSize, FunctionTier, FunctionWork, Rejected
from groma.terms import CALCULATOR_HOURS

HINTS = {
    "fan-out": "raise slo.freshness_s, or lower load.followers, load.entry_cpu_ms or load.delivery_ms",
    "pictures": "lower load.picture_cpu_ms or load.upload_mb: pictures are to be there within this time",
    "housekeeping": "lower load.table_read_ms or load.table_write_ms",
}
"""What helps a function that keeps no goal of a response time."""
LEAST_SCV = 0.01
LEAST_LIMIT = 2
"""The least that Lambda takes as the limit of a queue's calls."""
MOST_LIMIT = 1000
STEPS = 8192
LONGEST_WORK = 60
LONG_MS = 60_000.0
"""The longest goal that a workload may state."""
REMEMBERED_SIZES = 256
"""Functions whose size is kept: most of what differs between two designs changes one function or none."""
QUANTILES = (50, 95, 99)
UNTIMED = {f"p{p}": math.inf for p in QUANTILES}
CLOSE_S = 1e-9
"""A goal that is missed by less is kept."""
IN_TIME = 0.99 - 1e-12
"""The share of the calls that a goal is for."""
ROUNDING_MS = 0.5
"""Time is billed in whole milliseconds, half of one more on average."""


@dataclass(frozen=True)
class Candidate:
    """A function with one choice of memory and processor."""

    tier: FunctionTier
    choice: FunctionChoice
    grid: Grid

    def computing_s(self, work: FunctionWork) -> float:
        """Time in which a call computes: CPU time over the choice's power."""
        return work.cpu_s / self.choice.power

    @cached_property
    def warm_s(self) -> float:
        """Mean time of a call in an environment that stands."""
        return sum(w.share * (self.computing_s(w) + waiting_s(w)) for w in self.tier.work)

    @cached_property
    def scv(self) -> float:
        """Squared coefficient of variation of a call's time: E[T²] / E[T]² - 1 over all kinds of calls."""
        second = 0.0
        for work in self.tier.work:
            busy = self.computing_s(work)
            mean = busy + waiting_s(work)
            variance = work.scv * busy**2 + sum(n * each * each * scv for n, each, scv in work.waits)
            second += work.share * (mean**2 + variance)
        return second / self.warm_s**2 - 1

    @cached_property
    def cold(self) -> float:
        """Share of cold starts at peak."""
        return cold_share_at_peak(self.tier, self.warm_s)

    @cached_property
    def billed_s(self) -> float:
        """Time of a call that is paid, on average over the day; the start of an environment is paid, too.

        Source: AWS announced on 2025-04-29 that the initialisation of all functions is billed from August.
        """
        mean_per_s = self.tier.per_month.likely / (CALCULATOR_HOURS * 3600)
        by_chance = not self.tier.by_the_clock
        cold = cold_share(mean_per_s, self.warm_s, self.tier.idle_s) if by_chance else self.cold
        return self.warm_s + cold * self.tier.cold_start_s + ROUNDING_MS / 1000

    @cached_property
    def usd_per_month(self) -> float:
        """Calls and time of a likely month, without the allowance, which is all functions'; infinity when a
        price is unknown.
        """
        return self.usd(self.billed_s)

    def usd(self, billed_s: float) -> float:
        """The same when a call is billed for so long."""
        choice, calls = self.choice, self.tier.per_month.likely
        if choice.request is None or choice.gb_second is None:
            return math.inf
        time = choice.gb_second.cost(calls * billed_s * choice.memory_mib / 1024, free=False)
        return choice.request.cost(calls, free=False) + time

    @property
    def order(self) -> tuple[int, str]:
        """Among those that cost as much."""
        return self.choice.memory_mib, self.choice.processor

    @cached_property
    def limit(self) -> int:
        """Calls at once that the high peak needs; of a queue the fewest that keep the goal."""
        if not self.tier.waits_in_queue:
            return concurrency(self.tier.high_per_s, self.warm_s)
        least = max(LEAST_LIMIT, int(self._busiest_per_s * self.warm_s) + 1)
        alone = service_time(self._near, self.warm_s, self._scv)
        if self._in_time(alone) < IN_TIME or least >= MOST_LIMIT:
            return min(least, MOST_LIMIT)
        most, further = least, 1
        while most < MOST_LIMIT and not self._is_in_time(most):
            least, most, further = most + 1, min(most + further, MOST_LIMIT), 2 * further
        return bisect_left(range(most), True, lo=least, key=self._is_in_time)

    @property
    def _busiest_per_s(self) -> float:
        return max(self.tier.high_per_s, self.tier.rate_per_s)

    @property
    def _scv(self) -> float:
        return max(self.scv, LEAST_SCV)

    @cached_property
    def _near(self) -> Grid:
        """The grid as far as the goal: enough to know whether it is kept."""
        return self.grid.up_to(self.tier.goal_ms / 1000 + CLOSE_S)

    @cached_property
    def _found(self) -> dict[int, float]:
        """By number of calls at once the share of messages that is in time."""
        return {}

    def _is_in_time(self, most: int) -> bool:
        """Whether messages are, with so many calls at once at the high peak."""
        if most not in self._found:
            inside = sojourn(self._near, most, self._busiest_per_s, self.warm_s, self._scv)
            self._found[most] = self._in_time(inside)
        return self._found[most] >= IN_TIME

    def _starts_in_time(self) -> bool:
        """Whether messages of the likely peak are, some of which meet an environment that has to start.

        They are even if all of those are late where (1 - c)·s is enough, of a share c of cold starts and a
        share s that is in time at the high peak.
        """
        surely = (1 - self.cold) * self._found[self.limit] >= IN_TIME
        return surely or self.held[0] <= self.tier.goal_ms / 1000 + CLOSE_S

    def _in_time(self, inside: Distribution) -> float:
        """The share of these times that keeps the goal after what passes before a function is called."""
        return float(inside @ time_left(self._near, self.tier.before_s))

    def _after(self, inside: Distribution) -> Distribution:
        """What passes before a function is called, and the call."""
        return self.grid.inverse(before_spectrum(self.grid, self.tier.before_s) * self.grid.spectrum(inside))

    @cached_property
    def times(self) -> Distribution:
        """The time of each kind of call, from its sender to its answer."""
        grid, tier = self.grid, self.tier
        if not tier.waits_in_queue:
            return np.array([self._mixed(work) for work in tier.work])
        start = self.cold * service_time(grid, tier.cold_start_s, COLD_SCV)
        start[0] += 1 - self.cold
        fixed = self._after(start)
        own = [Service(self.computing_s(w) + waiting_s(w), self._scv) for w in tier.work]
        inside = [sojourn(grid, self.limit, tier.rate_per_s, self.warm_s, self._scv, each) for each in own]
        return np.array([grid.convolve(fixed, each) for each in inside])

    def _mixed(self, work: FunctionWork) -> Distribution:
        """The time of one kind of call: the load decides alone how many of them are cold."""
        alone = (self.grid, self.tier.before_s, work.waits, self.computing_s(work), work.scv)
        warm, cold = warm_and_cold(*alone, self.tier.cold_start_s)
        return (1 - self.cold) * warm + self.cold * cold

    @cached_property
    def worst(self) -> tuple[float, str]:
        """The 99th percentile of the slowest kind of call, in seconds, and its name: no kind is left out."""
        named = zip(self.times, self.tier.work, strict=True)
        return max((self.grid.quantile(own, 0.99), work.name) for own, work in named)

    @property
    def held(self) -> tuple[float, str]:
        """The 99th percentile that the goal is for, in seconds, and whose: of all calls or of a kind."""
        if self.tier.each or len(self.tier.work) == 1:
            return self.worst
        shares = np.array([work.share for work in self.tier.work])
        return self.grid.quantile(shares @ self.times, 0.99), "all requests"

    @cached_property
    def keeps(self) -> bool:
        """Whether it keeps all goals; no time beyond them is worked out for that."""
        if self.choice.memory_mib < self.tier.working_mib:
            return False
        if self.tier.waits_in_queue:
            return self._is_in_time(self.limit) and self._starts_in_time()
        early = [self._share_in_time(work) for work in self.tier.work]
        if self.tier.each:
            return min(early) >= IN_TIME
        return sum(each * work.share for each, work in zip(early, self.tier.work, strict=True)) >= IN_TIME

    def _share_in_time(self, work: FunctionWork) -> float:
        """The share of the calls of a kind that keep the goal."""
        tier, computing = self.tier, service_time(self._near, self.computing_s(work), work.scv)
        warm, cold = (
            float(computing @ time_left(self._near, tier.before_s, work.waits, starting_s))
            for starting_s in (0.0, tier.cold_start_s)
        )
        return (1 - self.cold) * warm + self.cold * cold

    @property
    def miss(self) -> tuple[str, str] | None:
        """The goal that it misses and by how much; None when it keeps all."""
        choice, tier = self.choice, self.tier
        if self.keeps:
            return None
        if choice.memory_mib < tier.working_mib:
            return "memory", f"{choice.memory_mib:,} of {tier.working_mib:,.0f} MB"
        is_late = tier.waits_in_queue and not self._is_in_time(self.limit)
        reached, kind = (self._p99_of_queue_s(self.limit), tier.work[0].name) if is_late else self.held
        shown = "beyond measure" if math.isinf(reached) else f"{reached * 1000:,.0f} ms"
        return f"p99 of {kind}", f"{shown} for {tier.goal_ms:,g} ms"

    def _p99_of_queue_s(self, most: int) -> float:
        inside = sojourn(self.grid, most, self._busiest_per_s, self.warm_s, self._scv)
        return self.grid.quantile(self._after(inside), 0.99)


def waiting_s(work: FunctionWork) -> float:
    """Mean time that a call waits for others, in seconds."""
    return sum(count * each for count, each, _ in work.waits)


def with_choice(tier: FunctionTier, choice: FunctionChoice) -> tuple[FunctionSize, tuple[str, str] | None]:
    """A function with what was chosen for another load, and the goal that it misses."""
    there = Candidate(tier, choice, _grid(tier))
    return _size(there), there.miss


@lru_cache(maxsize=REMEMBERED_SIZES)
def keeps_with(tier: FunctionTier, choice: FunctionChoice) -> bool:
    """Whether a function keeps its goals with what was chosen for another load."""
    return Candidate(tier, choice, _grid(tier)).keeps


def _grid(tier: FunctionTier) -> Grid:
    """The times in which a call of any choice ends, or has long missed the goal."""
    slowest = min(c.speed for c in tier.choices)
    longest = max(w.cpu_s / slowest + waiting_s(w) for w in tier.work) + tier.before_s + tier.cold_start_s
    return Grid.covering(min(4 * tier.goal_ms / 1000, max(LONGEST_WORK * longest, 1.0)), STEPS)


def candidates(tier: FunctionTier) -> list[Candidate]:
    """Every choice of a function that has a price, cheapest first."""
    grid = _grid(tier)
    found = [Candidate(tier, choice, grid) for choice in tier.choices]
    priced = [c for c in found if math.isfinite(c.usd_per_month)]
    return sorted(priced or found, key=lambda c: (c.usd_per_month, *c.order))


@lru_cache(maxsize=REMEMBERED_SIZES)
def fitting(tier: FunctionTier) -> Candidate | None:
    """The cheapest memory and processor that keep a function's goal; None where none does."""
    return next((each for each in _cheapest_first(tier) if each.keeps), None)


def _cheapest_first(tier: FunctionTier) -> Iterator[Candidate]:
    """What `candidates` has that has the memory, each priced only once none that is left could cost less."""
    grid, priced = _grid(tier), any(choice.priced for choice in tier.choices)
    found = [Candidate(tier, choice, grid) for choice in tier.choices if choice.priced == priced]
    queue = [
        (each.usd(each.warm_s), 0, *each.order, each)
        for each in found
        if each.choice.memory_mib >= tier.working_mib
    ]
    heapify(queue)
    while queue:
        _, is_exact, mib, processor, candidate = heappop(queue)
        if is_exact:
            yield candidate
        else:
            heappush(queue, (candidate.usd_per_month, 1, mib, processor, candidate))


@lru_cache(maxsize=REMEMBERED_SIZES)
def size_function(tier: FunctionTier, *, timed: bool = True) -> FunctionSize:
    """What is `fitting`.

    Args:
        timed: whether its latencies are worked out; else they are infinite, as far as a bill can tell.

    Raises:
        Infeasible: nothing is; the message says how close the fastest comes.
    """
    found = fitting(tier)
    if found is not None:
        return _size(found, timed=timed)
    every = candidates(tier)
    enough = [c for c in every if c.choice.memory_mib >= tier.working_mib] or every
    best = min(enough, key=lambda c: (c.held[0], c.warm_s, c.usd_per_month))
    missed = "" if best.miss is None else f"; {best.choice.name} misses {best.miss[0]}: {best.miss[1]}"
    raise Infeasible(
        f"no memory of the {tier.name} function keeps {tier.goal_ms:,g} ms{missed}",
        hint=HINTS.get(tier.name) or _what_helps(best),
    )


def _what_helps(best: Candidate) -> str:
    """The goal that the fastest choice keeps, and the work of what it answers slowest."""
    far = _with_goal(best, LONG_MS)
    (reached_s, _), (_, kind) = far.held, far.worst
    least_ms = math.ceil(1000 * reached_s) if math.isfinite(reached_s) else 0
    near = range(least_ms, 2 + least_ms * 21 // 20, 1 + least_ms // 1000)  # known to a step of its grid
    goal_ms = next((each for each in near if each and _with_goal(best, each).keeps), 0)
    goal = f" to {goal_ms} or more" if goal_ms else ""
    return f"raise slo.p99_ms{goal}, or lower requests.{kind}.app_ms"


def _with_goal(candidate: Candidate, goal_ms: float) -> Candidate:
    tier = replace(candidate.tier, goal_ms=goal_ms)
    return replace(candidate, tier=tier, grid=_grid(tier))


def _size(chosen: Candidate, *, timed: bool = True) -> FunctionSize:
    tier, grid = chosen.tier, chosen.grid
    whole, by_class = dict(UNTIMED), {work.name: UNTIMED for work in tier.work}
    if timed:
        whole = _percentiles(grid, np.array([w.share for w in tier.work]) @ chosen.times)
        by_class = {w.name: _percentiles(grid, own) for w, own in zip(tier.work, chosen.times, strict=True)}
    most = concurrency(tier.rate_per_s, chosen.warm_s)
    return FunctionSize(
        name=tier.name,
        choice=chosen.choice,
        goal_ms=tier.goal_ms,
        billed_ms=round(chosen.billed_s * 1000, 2),
        cold_share=chosen.cold,
        concurrency=min(most, chosen.limit) if tier.waits_in_queue else most,
        concurrency_high=chosen.limit,
        latency_ms=whole,
        latency_by_class_ms=by_class,
        usd_per_month=chosen.usd_per_month,
        each=tier.each,
    )


def _percentiles(grid: Grid, distribution: Distribution) -> dict[str, float]:
    return {f"p{p}": round(grid.quantile(distribution, p / 100) * 1000, 1) for p in QUANTILES}


def why_function(tier: FunctionTier, size: FunctionSize) -> tuple[Rejected, ...]:
    """Every other memory of the same processor, and the cheapest of the other one, with what each misses."""
    same, other = _others(tier, size)
    return (*(_rejected(each, "size") for each in same), *(_rejected(each, "family") for each in other))


def short_list(tier: FunctionTier, size: FunctionSize) -> tuple[Rejected, ...]:
    """The next smaller and larger memory, and the other processor."""
    same, other = _others(tier, size)
    below = [each for each in same if each.choice.memory_mib < size.choice.memory_mib][-1:]
    above = [each for each in same if each.choice.memory_mib > size.choice.memory_mib][:1]
    return tuple(_rejected(each, "") for each in (*below, *above, *other))


def _others(tier: FunctionTier, size: FunctionSize) -> tuple[list[Candidate], list[Candidate]]:
    """Other memories of a size's processor, smallest first; and the cheapest of another that is enough."""
    every = candidates(tier)
    own = size.choice.processor
    same = [each for each in every if each.choice.processor == own and each.choice != size.choice]
    other = next((c for c in every if c.choice.processor != own and c.keeps), None)
    return sorted(same, key=lambda each: each.choice.memory_mib), [other] if other else []


def _rejected(each: Candidate, differs: str) -> Rejected:
    """A choice that was not taken; one that keeps the goal says what it reaches."""
    reached = f"{each.held[0] * 1000:,.0f} ms" if differs else "costs more"
    missed = each.miss or ("price", reached)
    return Rejected(each.tier.name, each.choice.name, *missed, round(each.usd_per_month, 2), differs)
