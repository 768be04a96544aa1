"""The cheapest sizes of all tiers together that keep the p99 goal when a zone is lost at peak.

Branch and bound over (choice, machines per zone) of every tier. Two bounds prune, and both are exact for
the model: the cost, for the tiers not yet decided, of the cheapest machines that keep the goal if no request
ever waited in any other tier, and the p99 that the tiers not yet decided, or machines as fast as the one
looked at, would give if no request ever waited in them.
Nothing is decided by an approximation of p99. What a group costs that must not shrink in the night is known
only when all tiers are decided, and is never less than what it would cost if it did.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache, reduce

from groma.errors import Infeasible
from groma.sizing.candidates import (
    Candidate,
    candidate_of,
    end_to_end,
    grid_for,
    shares,
    without_waiting,
    work_s,
)
from groma.sizing.pools import MOST_CONNECTIONS, joint_limit, least_kept
from groma.sizing.queueing import Distribution, Grid, Spectrum, at_zero
from groma.sizing.ranked import MOST_PER_ZONE, Ranked, crowded
from groma.sizing.reasons import Reasons
from groma.sizing.scaling import Targets, counted, cumulated, kept, size_of
from groma.sizing.values import Plan, Rejected, Size, Tier

LONGEST_GRID_S = 24 * 3600


def size(tiers: Sequence[Tier], p99_ms: float, *, reasons: bool = True, timed: bool = True) -> Plan:
    """Size all tiers together for the least money.

    Args:
        tiers: the tiers that a request passes one after the other.
        p99_ms: the goal for the 99th percentile of their summed time.
        reasons: whether to list what was rejected, which takes about as long as the search.
        timed: whether the times of a request are wanted beside the sizes.

    Raises:
        Infeasible: no sizes meet the goal; the message says how close the fastest machines come.
    """
    if not tiers:
        return Plan((), {}, {}, ())
    if timed:
        return _planned_for(tuple(tiers), p99_ms, reasons)
    taken, goal_s = cheapest(tuple(tiers), p99_ms), p99_ms / 1000
    chosen = Targets([c.tier for c in taken], taken[0].grid, goal_s).settled(taken)
    return Plan(tuple(size_of(chosen, position, goal_s) for position in range(len(chosen))))


@lru_cache(maxsize=64)
def _planned_for(tiers: tuple[Tier, ...], p99_ms: float, reasons: bool) -> Plan:
    return planned(cheapest(tiers, p99_ms), p99_ms / 1000, reasons=reasons)


def counts(tiers: Sequence[Tier], p99_ms: float) -> Plan:
    """The plan of `size` as far as a bill can tell: types and numbers of machines, without times and targets.

    Raises:
        Infeasible: as `size`.
    """
    taken = cheapest(tuple(tiers), p99_ms)
    chosen = Targets([c.tier for c in taken], taken[0].grid, p99_ms / 1000).settled(taken)
    return Plan(tuple(counted(chosen, position) for position in range(len(chosen))))


@lru_cache(maxsize=64)
def cheapest(tiers: tuple[Tier, ...], p99_ms: float) -> tuple[Candidate, ...]:
    """The cheapest machines of all tiers together, one candidate a tier, as `size` makes a plan of.

    Raises:
        Infeasible: no machines meet the goal; the message says how close the fastest come.
    """
    goal_s = p99_ms / 1000
    grid = grid_for(tiers, p99_ms)
    fastest = [without_waiting(grid, tier, _top_speed(tier)) for tier in tiers]
    floor_s = grid.quantile(end_to_end(grid, fastest, shares(tiers)), 0.99)
    if floor_s > goal_s:
        raise _out_of_reach(tiers, p99_ms)
    search = _Search(tiers, grid.up_to(goal_s), fastest, goal_s)
    chosen = search.best()
    if chosen is None and search.unserved:
        raise Infeasible(
            search.unserved,
            hint="state a narrower range of the load, or share the users out among several stacks",
        )
    if chosen is None:
        raise Infeasible(
            f"no machines in the catalog keep the p99 at {p99_ms:g} ms at peak with a zone lost",
            hint="raise slo.p99_ms; `groma plan` then shows what limits the design",
        )
    return tuple(replace(candidate, grid=grid) for candidate in chosen)


def why(tiers: Sequence[Tier], plan: Plan, p99_ms: float, tier: str) -> tuple[Rejected, ...]:
    """The rejected neighbours of one tier of a plan, by kind: other counts, sizes, families, cheaper ones.

    Raises:
        KeyError: there is no tier of that name.
    """
    grid = grid_for(tiers, p99_ms)
    position = {each.name: i for i, each in enumerate(tiers)}[tier]
    chosen = [candidate_of(each, plan.of(each.name), grid) for each in tiers]
    return Reasons(chosen, position, p99_ms / 1000, Targets(tiers, grid, p99_ms / 1000)).long_list()


def at_load(tiers: Sequence[Tier], plan: Plan, p99_ms: float) -> Plan:
    """The sizes of a plan that was made for another load, with what they come to at the load of `tiers`."""
    grid = grid_for(tiers, p99_ms)
    chosen = [candidate_of(each, plan.of(each.name), grid) for each in tiers]
    made = planned(chosen, p99_ms / 1000, reasons=False)
    return replace(made, rejected=plan.rejected)


def eased(tiers: Sequence[Tier], plan: Plan, p99_ms: float, factor: float) -> Plan:
    """A plan that was made for so many times the load of `tiers`, with what it comes to at that load.

    Bounds, targets and pools stay those of the load that it was made for.
    """
    grid = grid_for(tiers, p99_ms)
    chosen = [candidate_of(each, plan.of(each.name), grid) for each in tiers]
    sizes = (_less_busy(size, each, factor) for size, each in zip(plan.sizes, tiers, strict=True))
    return replace(_told(chosen), sizes=tuple(sizes), rejected=plan.rejected)


def _less_busy(size: Size, tier: Tier, factor: float) -> Size:
    at_peak, lost = size.utilisation_at_peak / factor, size.utilisation_zone_lost / factor
    target = size.cpu_target_percent if tier.scales else int(min(100 * at_peak, 100))
    return replace(size, cpu_target_percent=target, utilisation_at_peak=at_peak, utilisation_zone_lost=lost)


class _Search:
    """Depth-first branch and bound over the tiers in order, candidates of each in order of cost.

    The grid ends at the goal: a design keeps it when 99 % of the time of a request lies on the grid.
    """

    def __init__(
        self, tiers: Sequence[Tier], grid: Grid, fastest: Sequence[Distribution], goal_s: float
    ) -> None:
        self.tiers, self.grid, self.shares = tiers, grid, shares(tiers)
        self.targets = Targets(tiers, grid, goal_s)
        self._bounds: dict[tuple[int, float], Distribution] = {}
        near = [bound[:, : grid.steps] for bound in fastest]
        depths = range(len(tiers))
        self.rest = [_in_a_row(grid, near[depth + 1 :]) for depth in depths]
        self._rest_spectra = [grid.spectrum(rest) for rest in self.rest]
        self._spectra: dict[int, Spectrum] = {}
        self.ranked = [self._ranked(tiers, depth, near) for depth in depths]
        self.least = [sum(r.least_usd for r in self.ranked[depth + 1 :]) for depth in depths]
        self.best_usd = math.inf
        self.chosen: tuple[Candidate, ...] | None = None
        self.unserved = ""
        self._is_hopeless = False  # of a tier every candidate is a client that nobody serves
        self._served: dict[tuple[int, str, int], bool] = {}
        self._most: dict[int, tuple[Candidate, float]] = {}

    def _ranked(self, tiers: Sequence[Tier], depth: int, fastest: Sequence[Distribution]) -> Ranked:
        """The candidates of a tier that keep the goal beside the fastest of all others.

        A group that must not shrink even beside these is priced so.
        """
        rest = _in_a_row(self.grid, (*fastest[:depth], *fastest[depth + 1 :]))
        others = cumulated(rest)
        return Ranked(
            tiers[depth],
            self.grid,
            price=lambda candidate: self.targets.priced(candidate, lambda: rest),
            could=cache(lambda speed: self._in_time(self._alone(depth, speed), others)),
            fits=lambda candidate: self._in_time(candidate.times, others),
        )

    def best(self) -> tuple[Candidate, ...] | None:
        """The cheapest feasible candidates, one per tier; None when there are none."""
        self.unserved = crowded(self.tiers, self.grid)
        if not self.unserved:
            self._descend((), 0.0, None)
        return self.chosen

    def _descend(self, taken: tuple[Candidate, ...], usd: float, so_far: Distribution | None) -> None:
        depth = len(taken)
        before = None if so_far is None else self.grid.spectrum(so_far)
        others = cumulated(
            self.rest[depth] if before is None else self.grid.inverse(before * self._rest_spectra[depth])
        )
        could = cache(lambda speed: self._in_time(self._alone(depth, speed), others))
        is_any_served = False
        for candidate in self.ranked[depth]:
            total = usd + candidate.usd_per_month
            if total + self.least[depth] >= self.best_usd or self._is_hopeless:
                return
            if not self._is_served(depth, candidate):
                continue
            is_any_served = True
            if not could(candidate.choice.speed):
                continue
            if joint_limit((*taken, candidate)) or not self._in_time(candidate.times, others):
                continue
            if depth + 1 == len(self.ranked):
                self._consider(self.targets.settled((*taken, candidate)))
                continue
            times = candidate.times
            if before is not None:
                times = self.grid.inverse(before * self._spectrum(candidate))
            self._descend((*taken, candidate), total, times)
        self._is_hopeless = self._is_hopeless or not is_any_served

    def _spectrum(self, candidate: Candidate) -> Spectrum:
        """The transform of a candidate's times; `ranked` keeps all candidates."""
        if id(candidate) not in self._spectra:
            self._spectra[id(candidate)] = self.grid.spectrum(candidate.times)
        return self._spectra[id(candidate)]

    def _is_served(self, depth: int, clients: Candidate) -> bool:
        """Whether every tier that these are clients of has machines that accept their connections.

        Else each would be tried with all machines of all tiers in between.
        """
        key = (depth, clients.choice.name, clients.per_zone)
        if key not in self._served:
            self._served[key] = all(
                self._accepts(later, clients)
                for later in range(depth + 1, len(self.tiers))
                if self.tiers[later].clients == clients.tier.name
            )
        return self._served[key]

    def _accepts(self, depth: int, clients: Candidate) -> bool:
        quickest, accepted = self._most_of(depth)
        if least_kept(quickest, clients) > MOST_CONNECTIONS * accepted:
            self.unserved = self.unserved or self._no_server(depth, clients)
            return False
        miss = None
        for server in self.ranked[depth]:
            miss = joint_limit((clients, server))
            if miss is None:
                return True
        if miss is not None:
            self.unserved = f"{self._no_server(depth, clients)}: {miss[0]}, {miss[1]}"
        return False

    def _no_server(self, depth: int, clients: Candidate) -> str:
        return f"no {self.tiers[depth].name} in the catalog accepts what the {clients.tier.name} tier keeps"

    def _most_of(self, depth: int) -> tuple[Candidate, float]:
        """The machines of a tier on which a visit is shortest, and the most connections that one accepts."""
        if depth not in self._most:
            tier = self.tiers[depth]
            number = MOST_PER_ZONE if tier.scales else 1
            each = [Candidate(tier, choice, number, self.grid) for choice in tier.choices]
            accepted = (math.inf if c.max_connections is None else c.max_connections for c in tier.choices)
            self._most[depth] = min(each, key=lambda some: some.mean_visit_s), max(accepted)
        return self._most[depth]

    def _in_time(self, times: Distribution, others: Distribution) -> bool:
        """Whether the goal is kept, with the other tiers cumulated, backwards: Σ P(X = i)·P(Y <= t - i)."""
        return kept(self.shares, others, times)

    def _alone(self, depth: int, speed: float) -> Distribution:
        """The times in a tier on machines of a speed when nothing waits: what none of them can beat."""
        if (depth, speed) not in self._bounds:
            self._bounds[depth, speed] = without_waiting(self.grid, self.tiers[depth], speed)
        return self._bounds[depth, speed]

    def _consider(self, taken: tuple[Candidate, ...]) -> None:
        usd = sum(candidate.usd_per_month for candidate in taken)
        if usd < self.best_usd:
            self.best_usd, self.chosen = usd, taken


def _in_a_row(grid: Grid, times: Sequence[Distribution]) -> Distribution:
    """The time in some tiers one after the other, which may be none."""
    return reduce(grid.convolve, times) if times else at_zero(grid)


def _top_speed(tier: Tier) -> float:
    return max(choice.speed for choice in tier.choices)


def planned(taken: Sequence[Candidate], goal_s: float, *, reasons: bool) -> Plan:
    """The plan of these candidates, one per tier, which keep the goal, with what they come to."""
    targets = Targets([c.tier for c in taken], taken[0].grid, goal_s)
    chosen = targets.settled(taken)
    sizes = tuple(size_of(chosen, position, goal_s) for position in range(len(chosen)))
    rejected: list[Rejected] = []
    if reasons:
        for position in range(len(chosen)):
            rejected += Reasons(chosen, position, goal_s, targets).short_list()
    return replace(_told(chosen), sizes=sizes, rejected=tuple(rejected))


def _told(chosen: Sequence[Candidate]) -> Plan:
    """The times of these candidates, one per tier: a plan without its sizes."""
    return Plan(
        latency_ms=_percentiles(chosen, [c.times for c in chosen]),
        latency_all_zones_ms=_percentiles(chosen, [c.times_at(_busiest_rate(c)) for c in chosen]),
        latency_by_class_ms=_by_class(chosen),
        each=chosen[0].tier.each,
    )


def _busiest_rate(candidate: Candidate) -> float:
    """Visits per second at the busiest machine when all zones are up: a replica reads, a master writes."""
    tier, machines = candidate.tier, candidate.machines
    if tier.scales or machines == 1:
        return tier.load.rate_per_s / machines
    writes = tier.writes_share
    return tier.load.rate_per_s * max(writes, (1 - writes) / (machines - 1))


def _percentiles(chosen: Sequence[Candidate], times: Sequence[Distribution]) -> dict[str, float]:
    grid = chosen[0].grid
    return _quantiles(grid, end_to_end(grid, times, shares([c.tier for c in chosen])))


def _by_class(chosen: Sequence[Candidate]) -> dict[str, dict[str, float]]:
    """The percentiles of each class, on a grid that reaches further where a rare class takes longer."""
    grid = chosen[0].grid
    names = [work.name for work in chosen[0].tier.work]
    rows = reduce(grid.convolve, [c.times for c in chosen])
    found = {name: _quantiles(grid, row) for name, row in zip(names, rows, strict=True)}
    longer = Grid(4 * grid.step_s, grid.steps)
    if longer.step_s * longer.steps > LONGEST_GRID_S or math.isfinite(max(p["p99"] for p in found.values())):
        return found
    further = _by_class([replace(c, grid=longer) for c in chosen])
    return {name: further[name] if math.isinf(each["p99"]) else each for name, each in found.items()}


def _quantiles(grid: Grid, distribution: Distribution) -> dict[str, float]:
    return {f"p{p}": round(grid.quantile(distribution, p / 100) * 1000, 1) for p in (50, 95, 99)}


def _out_of_reach(tiers: Sequence[Tier], p99_ms: float) -> Infeasible:
    """How close the fastest machines come to a goal that they miss, on a grid that reaches far enough."""
    grid = Grid.covering(50 * work_s(tiers), 32_768)
    bounds = [without_waiting(grid, tier, _top_speed(tier)) for tier in tiers]
    floor_ms = grid.quantile(end_to_end(grid, bounds, shares(tiers)), 0.99) * 1000
    takes = f"{floor_ms:.0f} ms" if math.isfinite(floor_ms) else f"over {grid.step_s * grid.steps:,.0f} s"
    more = f"to {math.ceil(floor_ms * ROOM) + 1} or more" if math.isfinite(floor_ms) else "by far"
    return Infeasible(
        f"a p99 of {p99_ms:g} ms is out of reach: on the fastest machines, without any waiting, "
        f"the work of a request alone takes {takes} at p99",
        hint=f"raise slo.p99_ms {more}, or lower {_heaviest(tiers)}",
    )


ROOM = 1.03
"""What machines that hardly wait may take longer than those that never do."""
KEYS = {"web": "web_ms", "app": "app_ms", "database": "query_ms"}
"""The key of a class of requests that states its work in a tier."""


def _heaviest(tiers: Sequence[Tier]) -> str:
    """The key of the work that takes longest: `requests.compose.app_ms`."""
    found = [
        (work.service_s * max(work.visits, 1.0), tier.name, work.name) for tier in tiers for work in tier.work
    ]
    _, tier_name, class_name = max(found)
    return f"requests.{class_name}.{KEYS[tier_name]}" if tier_name in KEYS else "the work of a request"
