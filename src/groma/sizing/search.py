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
from dataclasses import dataclass
from functools import cached_property, reduce

from groma.errors import Infeasible
from groma.sizing.queueing import Distribution, Grid, erlang_c, in_series, service_time, sojourn
from groma.tiers import Choice, Rejected, Size, Tier, TierLoad

MONTH_HOURS = 730
MOST_BUSY = 0.95
MOST_PER_ZONE = 400
LEAST_BASELINE = 0.2
"""Below this the system and its agents alone would use up a burstable type's credits."""
TARGET_PERCENT = (10, 70)
NEIGHBOURS = 4


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


@dataclass(frozen=True)
class Candidate:
    """A choice and a number of machines per zone for one tier, with its time at the loss of a zone."""

    tier: Tier
    choice: Choice
    per_zone: int
    grid: Grid

    @property
    def survivors(self) -> int:
        """Machines left after the loss of one zone."""
        return self.per_zone * max(self.tier.zones - 1, 1)

    @property
    def utilisation(self) -> float:
        """Share of CPU busy at peak after the loss of a zone: a / (machines · vCPU · speed)."""
        return self.tier.load.busy / (self.survivors * self.choice.vcpu * self.choice.speed)

    @property
    def sustained(self) -> float:
        """Share of CPU busy through the busiest hour, which a burstable type must stand without credits.

        Bursts of minutes are paid from credits, and so is the loss of a zone where auto scaling soon
        replaces its machines; a fixed tier may have to do without the lost zone for long.
        """
        zones = self.tier.zones
        return self.utilisation / self.tier.burst * (max(zones - 1, 1) / zones if self.tier.scales else 1)

    @cached_property
    def mean_machines(self) -> float:
        """Machines running on average over the day: each hour as many per zone as its load needs."""
        if not self.tier.scales:
            return float(self.tier.zones * self.per_zone)
        needed = [max(1, math.ceil(self.per_zone * share - 1e-9)) for share in self.tier.hourly]
        return self.tier.zones * sum(needed) / len(needed)

    @cached_property
    def usd_per_month(self) -> float:
        """The machines of a month of 730 hours; infinity when the price is unknown."""
        price = self.choice.usd_per_hour
        return math.inf if price is None else self.mean_machines * price * MONTH_HOURS

    @cached_property
    def time(self) -> Distribution:
        """What a request spends in this tier, all its visits together."""
        return self.time_at(self.tier.load.rate_per_s / self.survivors)

    def time_at(self, rate_per_s: float) -> Distribution:
        """The same when each machine gets `rate_per_s` visits per second."""
        load, choice = self.tier.load, self.choice
        visit = sojourn(self.grid, choice.vcpu, rate_per_s, load.service_s / choice.speed, load.scv)
        return in_series(self.grid, visit, self.tier.visits)

    @property
    def option(self) -> str:
        """For people: `4 × m7g.large`."""
        return f"{self.per_zone * self.tier.zones} × {self.choice.name}"


def size(tiers: Sequence[Tier], p99_ms: float) -> Plan:
    """Size all tiers together for the least money.

    Args:
        tiers: the tiers that a request passes one after the other.
        p99_ms: the goal for the 99th percentile of their summed time.

    Raises:
        Infeasible: no sizes meet the goal; the message says how close the fastest machines come.
    """
    goal_s = p99_ms / 1000
    grid = Grid.covering(4 * goal_s)
    fastest = [_without_waiting(grid, tier) for tier in tiers]
    floor_s = grid.quantile(reduce(grid.convolve, fastest), 0.99)
    if floor_s > goal_s:
        raise Infeasible(
            _out_of_reach(tiers, p99_ms), hint="raise slo.p99_ms, or lower the work of a request"
        )
    ranked = [_Ranked(tier, grid) for tier in tiers]
    chosen = _Search(grid, goal_s, ranked, fastest).best()
    if chosen is None:
        raise Infeasible(
            f"no machines in the catalog keep the p99 at {p99_ms:g} ms at peak with a zone lost",
            hint="raise slo.p99_ms; `groma plan` then shows what limits the design",
        )
    return _plan(chosen, ranked, goal_s)


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
                f"no machine in the catalog is large enough for the {tier.name} tier",
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
    """Depth-first branch and bound over the tiers in order, candidates of each in order of cost."""

    def __init__(self, grid: Grid, goal_s: float, ranked: list[_Ranked], fastest: list[Distribution]) -> None:
        self.grid, self.goal_s, self.ranked = grid, goal_s, ranked
        one = grid.convolve(_at_zero(grid), _at_zero(grid))
        self.rest = [reduce(grid.convolve, fastest[depth + 1 :], one) for depth in range(len(ranked))]
        self.least = [sum(r.least_usd for r in ranked[depth + 1 :]) for depth in range(len(ranked))]
        self.best_usd = math.inf
        self.chosen: tuple[Candidate, ...] | None = None

    def best(self) -> tuple[Candidate, ...] | None:
        """The cheapest feasible candidates, one per tier; None when there are none."""
        self._descend((), 0.0, _at_zero(self.grid))
        return self.chosen

    def _descend(self, taken: tuple[Candidate, ...], usd: float, so_far: Distribution) -> None:
        depth = len(taken)
        if depth == len(self.ranked):
            self.best_usd, self.chosen = usd, taken
            return
        for candidate in self.ranked[depth]:
            total = usd + candidate.usd_per_month
            if total + self.least[depth] >= self.best_usd:
                return
            time = self.grid.convolve(so_far, candidate.time)
            if self.grid.quantile(self.grid.convolve(time, self.rest[depth]), 0.99) <= self.goal_s:
                self._descend((*taken, candidate), total, time)


def _at_zero(grid: Grid) -> Distribution:
    return in_series(grid, service_time(grid, 1e-9, 1.0), ((1.0, 0),))


def _without_waiting(grid: Grid, tier: Tier) -> Distribution:
    """The time in a tier on its fastest machines when nothing waits: a bound that no size can beat."""
    speed = max(choice.speed for choice in tier.choices)
    return in_series(grid, service_time(grid, tier.load.service_s / speed, tier.load.scv), tier.visits)


def _counts(tier: Tier, choice: Choice, grid: Grid) -> Iterator[Candidate]:
    """Every count per zone of one choice that could matter: from stable to hardly ever waiting."""
    least = math.ceil(Candidate(tier, choice, 1, grid).utilisation / MOST_BUSY) if tier.scales else 1
    for per_zone in range(max(least, 1), MOST_PER_ZONE + 1 if tier.scales else 2):
        candidate = Candidate(tier, choice, per_zone, grid)
        if _hard_limit(candidate) is None:
            yield candidate
            if erlang_c(choice.vcpu, candidate.utilisation * choice.vcpu) < 1e-4:
                return


def _hard_limit(candidate: Candidate) -> tuple[str, str] | None:
    """The limit other than latency that a candidate breaks, and by how much; None when it keeps them all."""
    tier, choice = candidate.tier, candidate.choice
    if choice.mem_gib < tier.working_gib:
        return "memory", f"{choice.mem_gib:g} of {tier.working_gib:.1f} GiB"
    if candidate.utilisation > MOST_BUSY:
        return "CPU", f"{candidate.utilisation:.0%} busy with a zone lost, {MOST_BUSY:.0%} allowed"
    if choice.baseline is not None and choice.baseline < LEAST_BASELINE:
        return "CPU credits", f"{choice.baseline:.0%} of a vCPU for ever, {LEAST_BASELINE:.0%} wanted"
    if choice.baseline is not None and candidate.sustained > choice.baseline:
        return "CPU credits", f"{candidate.sustained:.0%} busy for an hour, {choice.baseline:.0%} allowed"
    if not tier.scales:
        busy = tier.high.busy / (candidate.survivors * choice.vcpu * choice.speed)
        if busy > MOST_BUSY:
            return "CPU at high demand", f"{busy:.0%} busy with a zone lost, {MOST_BUSY:.0%} allowed"
    if tier.gbps / candidate.survivors > choice.network_gbps:
        return "network", f"{tier.gbps / candidate.survivors:.2f} of {choice.network_gbps:g} Gbit/s"
    return None


def _plan(chosen: tuple[Candidate, ...], ranked: list[_Ranked], goal_s: float) -> Plan:
    grid = chosen[0].grid
    sizes: list[Size] = []
    rejected: list[Rejected] = []
    for position, candidate in enumerate(chosen):
        others = [c.time for i, c in enumerate(chosen) if i != position]
        rest = reduce(grid.convolve, others, _at_zero(grid))
        sizes.append(_size_of(candidate, _most_busy(candidate, rest, goal_s)))
        rejected += _neighbours(candidate, ranked[position], rest, goal_s)
    lost = reduce(grid.convolve, [c.time for c in chosen])
    whole = reduce(grid.convolve, [c.time_at(_busiest_rate(c)) for c in chosen])
    return Plan(tuple(sizes), _percentiles(grid, lost), _percentiles(grid, whole), tuple(rejected))


def _busiest_rate(candidate: Candidate) -> float:
    """Visits per second at one machine when all zones are up."""
    return candidate.tier.load.rate_per_s / (candidate.per_zone * candidate.tier.zones)


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


def _size_of(candidate: Candidate, most_busy: float) -> Size:
    """Round a candidate up to what an auto-scaling group is told.

    Target tracking keeps the mean CPU at `most busy · (zones - 1) / zones`, so that the machines left by
    the loss of a zone stay below what the goal allows, over the ratio of the peak to the busiest hour, so
    that a burst finds them ready; and a burstable type at its baseline, so that its credits last.
    """
    tier, zones = candidate.tier, candidate.tier.zones
    at_peak = tier.load.busy / (candidate.per_zone * zones * candidate.choice.vcpu * candidate.choice.speed)
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
        desired=candidate.per_zone * zones,
        max=most * zones,
        mean=candidate.mean_machines,
        cpu_target_percent=int(min(max(target, low), top)),
        utilisation_at_peak=at_peak,
        utilisation_zone_lost=candidate.utilisation,
        usd_per_month=candidate.usd_per_month,
    )


def _neighbours(chosen: Candidate, ranked: _Ranked, rest: Distribution, goal_s: float) -> Iterator[Rejected]:
    """Why not another: the few next cheaper, which miss a goal, and the next dearer, which only cost more."""
    grid, tier = chosen.grid, chosen.tier
    cheaper = [c for c in _all_smaller(tier, grid) if c.usd_per_month < chosen.usd_per_month]
    for candidate in sorted(cheaper, key=lambda c: (-c.usd_per_month, c.choice.name))[:NEIGHBOURS]:
        limit = _hard_limit(candidate) or _late(grid, rest, candidate, goal_s)
        yield Rejected(tier.name, candidate.option, *limit, candidate.usd_per_month)
    dearer: dict[str, Candidate] = {}
    for candidate in ranked:
        if candidate.usd_per_month >= chosen.usd_per_month and candidate.choice != chosen.choice:
            dearer.setdefault(candidate.choice.name, candidate)
        if len(dearer) == NEIGHBOURS:
            break
    for candidate in dearer.values():
        more = candidate.usd_per_month - chosen.usd_per_month
        yield Rejected(tier.name, candidate.option, "price", f"${more:,.2f} more", candidate.usd_per_month)


def _all_smaller(tier: Tier, grid: Grid) -> Iterator[Candidate]:
    """One machine per zone of every choice with a price, whatever limit it breaks."""
    for choice in tier.choices:
        if choice.usd_per_hour is not None:
            yield Candidate(tier, choice, 1, grid)


def _late(grid: Grid, rest: Distribution, candidate: Candidate, goal_s: float) -> tuple[str, str]:
    reached = grid.quantile(grid.convolve(rest, candidate.time), 0.99)
    text = "beyond measure" if math.isinf(reached) else f"{reached * 1000:.0f} ms"
    return "p99", f"{text} for {goal_s * 1000:g} ms"


def _out_of_reach(tiers: Sequence[Tier], p99_ms: float) -> str:
    """How close the fastest machines come to a goal that they miss, on a grid that reaches far enough."""
    grid = Grid.covering(50 * sum(t.load.service_s * max(n for _, n in t.visits) for t in tiers))
    floor = grid.quantile(reduce(grid.convolve, [_without_waiting(grid, t) for t in tiers]), 0.99)
    return (
        f"a p99 of {p99_ms:g} ms is out of reach: on the fastest machines, without any waiting, "
        f"the work of a request alone takes {floor * 1000:.0f} ms at p99"
    )


__all__ = ["Plan", "TierLoad", "size"]
