"""The cheapest sizes of all tiers together that keep the p99 goal when a zone is lost at peak.

Branch and bound over (choice, machines per zone) of every tier. Two bounds prune, and both are exact for
the model: the cost of the cheapest machines for the tiers not yet decided, and the p99 that the tiers not
yet decided would give if no request ever waited in them. Nothing is decided by an approximation of p99.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from groma.errors import Infeasible
from groma.sizing.candidates import (
    MOST_BUSY,
    Candidate,
    candidate_of,
    grid_for,
    hard_limit,
    joint_limit,
    pool,
    work_s,
)
from groma.sizing.queueing import Distribution, Grid, at_zero, erlang_c, in_series, service_time
from groma.sizing.reasons import Reasons
from groma.tiers import Choice, Rejected, Size, Tier

MOST_PER_ZONE = 400
TARGET_PERCENT = (10, 70)
ROUNDING = 1e-12


@dataclass(frozen=True)
class Plan:
    """The sizes of all tiers, and what they come to.

    `latency_ms` holds p50, p95 and p99 at the likely peak after the loss of a zone, which is the state
    in which the goal is kept; `latency_all_zones_ms` is the same peak with every zone up.
    """

    sizes: tuple[Size, ...]
    latency_ms: dict[str, float]
    latency_all_zones_ms: dict[str, float]
    rejected: tuple[Rejected, ...]

    def of(self, tier: str) -> Size:
        """The size of one tier; StopIteration-free: KeyError when there is no such tier."""
        return {size.tier: size for size in self.sizes}[tier]


def size(tiers: Sequence[Tier], p99_ms: float, *, reasons: bool = True) -> Plan:
    """Size all tiers together for the least money.

    Args:
        tiers: the tiers that a request passes one after the other.
        p99_ms: the goal for the 99th percentile of their summed time.
        reasons: whether to list what was rejected, which takes about as long as the search.

    Raises:
        Infeasible: no sizes meet the goal; the message says how close the fastest machines come.
    """
    goal_s = p99_ms / 1000
    grid = grid_for(tiers, p99_ms)
    fastest = [_without_waiting(grid, tier) for tier in tiers]
    floor_s = grid.quantile(reduce(grid.convolve, fastest), 0.99)
    if floor_s > goal_s:
        raise Infeasible(
            _out_of_reach(tiers, p99_ms), hint="raise slo.p99_ms, or lower the work of a request"
        )
    near = grid.up_to(goal_s)
    ranked = [_Ranked(tier, near) for tier in tiers]
    chosen = _Search(near, ranked, [bound[: near.steps] for bound in fastest]).best()
    if chosen is None:
        raise Infeasible(
            f"no machines in the catalog keep the p99 at {p99_ms:g} ms at peak with a zone lost",
            hint="raise slo.p99_ms; `groma plan` then shows what limits the design",
        )
    return _plan([replace(candidate, grid=grid) for candidate in chosen], goal_s, reasons=reasons)


def why(tiers: Sequence[Tier], plan: Plan, p99_ms: float, tier: str) -> tuple[Rejected, ...]:
    """The rejected neighbours of one tier of a plan, by kind: other counts, sizes, families, cheaper ones.

    Raises:
        KeyError: there is no tier of that name.
    """
    grid = grid_for(tiers, p99_ms)
    position = {each.name: i for i, each in enumerate(tiers)}[tier]
    chosen = [candidate_of(each, plan.of(each.name), grid) for each in tiers]
    return Reasons(chosen, position, p99_ms / 1000).long_list()


def at_load(tiers: Sequence[Tier], plan: Plan, p99_ms: float) -> Plan:
    """The sizes of a plan that was made for another load, with what they come to at the load of `tiers`."""
    grid = grid_for(tiers, p99_ms)
    chosen = [candidate_of(each, plan.of(each.name), grid) for each in tiers]
    made = _plan(chosen, p99_ms / 1000, reasons=False)
    return replace(made, rejected=plan.rejected)


class _Ranked:
    """The candidates of a tier, cheapest first, made only as far as anyone looks.

    Raises:
        Infeasible: there are none.
    """

    def __init__(self, tier: Tier, grid: Grid) -> None:
        by_choice = [
            _counts(tier, choice, grid) for choice in tier.choices if choice.usd_per_hour is not None
        ]
        self._rest = heapq.merge(*by_choice, key=lambda c: (c.usd_per_month, c.choice.name, c.per_zone))
        self._made: list[Candidate] = []
        cheapest = next(iter(self), None)
        if cheapest is None:
            raise Infeasible(
                f"no machine in the catalog is large enough for the {tier.name} tier{_largest(tier, grid)}",
                hint="split the load over more regions, or lower the work of a request",
            )
        self.least_usd = cheapest.usd_per_month

    def __iter__(self) -> Iterator[Candidate]:
        for position in itertools.count():
            if position == len(self._made):
                candidate = next(self._rest, None)
                if candidate is None:
                    return
                self._made.append(candidate)
            yield self._made[position]


class _Search:
    """Depth-first branch and bound over the tiers in order, candidates of each in order of cost.

    The grid ends at the goal: a design keeps it when 99 % of the time of a request lies on the grid.
    """

    def __init__(self, grid: Grid, ranked: list[_Ranked], fastest: list[Distribution]) -> None:
        self.grid, self.ranked = grid, ranked
        depths = range(len(ranked))
        self.rest = [reduce(grid.convolve, fastest[depth + 1 :], at_zero(grid)) for depth in depths]
        self.least = [sum(r.least_usd for r in ranked[depth + 1 :]) for depth in range(len(ranked))]
        self.best_usd = math.inf
        self.chosen: tuple[Candidate, ...] | None = None

    def best(self) -> tuple[Candidate, ...] | None:
        """The cheapest feasible candidates, one per tier; None when there are none."""
        self._descend((), 0.0, at_zero(self.grid))
        return self.chosen

    def _descend(self, taken: tuple[Candidate, ...], usd: float, so_far: Distribution) -> None:
        depth = len(taken)
        if depth == len(self.ranked):
            self.best_usd, self.chosen = usd, taken
            return
        others = np.cumsum(self.grid.convolve(so_far, self.rest[depth]))[::-1]
        for candidate in self.ranked[depth]:
            total = usd + candidate.usd_per_month
            if total + self.least[depth] >= self.best_usd:
                return
            in_time = float(candidate.time @ others)
            if in_time < 0.99 - ROUNDING or joint_limit((*taken, candidate)):
                continue
            self._descend((*taken, candidate), total, self.grid.convolve(so_far, candidate.time))


def _largest(tier: Tier, grid: Grid) -> str:
    """What even the largest choice misses, for the message; empty when none has a price."""
    priced = [choice for choice in tier.choices if choice.usd_per_hour is not None]
    if not priced:
        return ": none has a price"
    most = max(priced, key=lambda c: (c.vcpu * c.speed, c.mem_gib, c.name))
    miss = hard_limit(Candidate(tier, most, MOST_PER_ZONE if tier.scales else 1, grid))
    return "" if miss is None else f": {most.name} misses {miss[0]}, {miss[1]}"


def _without_waiting(grid: Grid, tier: Tier) -> Distribution:
    """The time in a tier on its fastest machines when nothing waits: a bound that no size can beat."""
    speed = max(choice.speed for choice in tier.choices)
    return in_series(grid, service_time(grid, tier.load.service_s / speed, tier.load.scv), tier.visits)


def _counts(tier: Tier, choice: Choice, grid: Grid) -> Iterator[Candidate]:
    """Every count per zone of one choice that could matter: from stable to hardly ever waiting."""
    least = math.ceil(Candidate(tier, choice, 1, grid).utilisation / MOST_BUSY) if tier.scales else 1
    for per_zone in range(max(least, 1), MOST_PER_ZONE + 1 if tier.scales else 2):
        candidate = Candidate(tier, choice, per_zone, grid)
        if hard_limit(candidate) is None:
            yield candidate
            if erlang_c(choice.vcpu, candidate.utilisation * choice.vcpu) < 1e-4:
                return


def _plan(chosen: Sequence[Candidate], goal_s: float, *, reasons: bool) -> Plan:
    grid = chosen[0].grid
    sizes: list[Size] = []
    rejected: list[Rejected] = []
    by_name = {candidate.tier.name: candidate for candidate in chosen}
    for position, candidate in enumerate(chosen):
        neighbours = Reasons(chosen, position, goal_s)
        clients = by_name.get(candidate.tier.clients)
        sizes.append(_size_of(candidate, _most_busy(candidate, neighbours.rest, goal_s), clients))
        if reasons:
            rejected += neighbours.short_list()
    lost = reduce(grid.convolve, [c.time for c in chosen])
    whole = reduce(grid.convolve, [c.time_at(_busiest_rate(c)) for c in chosen])
    return Plan(tuple(sizes), _percentiles(grid, lost), _percentiles(grid, whole), tuple(rejected))


def _busiest_rate(candidate: Candidate) -> float:
    """Visits per second at one machine when all zones are up."""
    return candidate.tier.load.rate_per_s / candidate.machines


def _percentiles(grid: Grid, distribution: Distribution) -> dict[str, float]:
    return {f"p{p}": round(grid.quantile(distribution, p / 100) * 1000, 1) for p in (50, 95, 99)}


def _most_busy(candidate: Candidate, rest: Distribution, goal_s: float) -> float:
    """The utilisation of the survivors up to which the goal is kept, by bisection: p99 rises with load."""
    grid, rate = candidate.grid, candidate.tier.load.rate_per_s / candidate.survivors
    low, high = 1.0, MOST_BUSY / candidate.utilisation
    for _ in range(12):
        middle = (low + high) / 2
        kept = grid.quantile(grid.convolve(rest, candidate.time_at(rate * middle)), 0.99) <= goal_s
        low, high = (middle, high) if kept else (low, middle)
    return candidate.utilisation * low


def _size_of(candidate: Candidate, most_busy: float, clients: Candidate | None) -> Size:
    """Round a candidate up to what an auto-scaling group is told.

    Target tracking keeps the mean CPU at `most busy · (zones - 1) / zones`, so that the machines left by
    the loss of a zone stay below what the goal allows, over the ratio of the peak to the busiest hour, so
    that a burst finds them ready; and a burstable type at its baseline, so that its credits last.
    """
    tier, zones = candidate.tier, candidate.tier.zones
    at_peak = tier.load.busy / (candidate.machines * candidate.choice.vcpu * candidate.choice.speed)
    if tier.scales:
        target = 100 * most_busy * max(zones - 1, 1) / zones / tier.burst
        if candidate.choice.baseline is not None:
            target = min(target, 100 * candidate.choice.baseline)
        least = max(1, math.ceil(candidate.per_zone * min(tier.hourly) - 1e-9))
        high = tier.high.busy / (
            candidate.choice.vcpu * candidate.choice.speed * max(zones - 1, 1) * most_busy
        )
        most = max(math.ceil(high), candidate.per_zone + 1)
    else:
        target, least, most = 100 * at_peak, 1, 1
    low, top = TARGET_PERCENT if tier.scales else (0, 100)
    return Size(
        tier=tier.name,
        choice=candidate.choice,
        min=least * zones,
        desired=candidate.machines,
        max=most * zones,
        mean=candidate.mean_machines,
        cpu_target_percent=int(min(max(target, low), top)),
        utilisation_at_peak=at_peak,
        utilisation_zone_lost=candidate.utilisation,
        usd_per_month=candidate.usd_per_month,
        pool=0 if clients is None else pool(candidate, clients),
    )


def _out_of_reach(tiers: Sequence[Tier], p99_ms: float) -> str:
    """How close the fastest machines come to a goal that they miss, on a grid that reaches far enough."""
    grid = Grid.covering(50 * work_s(tiers), 32_768)
    floor = grid.quantile(reduce(grid.convolve, [_without_waiting(grid, t) for t in tiers]), 0.99)
    return (
        f"a p99 of {p99_ms:g} ms is out of reach: on the fastest machines, without any waiting, "
        f"the work of a request alone takes {floor * 1000:.0f} ms at p99"
    )
