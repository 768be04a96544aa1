"""The cheapest sizes of all tiers together that keep the p99 goal when a zone is lost at peak.

What is searched, and what is passed over, is in `branches.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, reduce

from groma.errors import Infeasible
from groma.sizing.branches import Branches
from groma.sizing.candidates import (
    Candidate,
    candidate_of,
    end_to_end,
    grid_for,
    shares,
    top_speed,
    without_waiting,
    work_s,
)
from groma.sizing.queueing import Distribution, Grid
from groma.sizing.reasons import Reasons
from groma.sizing.scaling import Targets, counted, size_of
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
    fastest = [without_waiting(grid, tier, top_speed(tier)) for tier in tiers]
    floor_s = grid.quantile(end_to_end(grid, fastest, shares(tiers)), 0.99)
    if floor_s > goal_s:
        raise _out_of_reach(tiers, p99_ms)
    search = Branches(tiers, grid.up_to(goal_s), goal_s)
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
    return replace(_told(chosen), sizes=less_busy(tiers, plan, factor).sizes, rejected=plan.rejected)


def less_busy(tiers: Sequence[Tier], plan: Plan, factor: float) -> Plan:
    """The same as far as a bill can tell: nothing is said of times."""
    sizes = (_less_busy(size, each, factor) for size, each in zip(plan.sizes, tiers, strict=True))
    return replace(plan, sizes=tuple(sizes))


def p99_of(tiers: Sequence[Tier], plan: Plan, goal_ms: float) -> float:
    """The p99 at the load of `tiers` on the machines of a plan, with a zone lost, in ms."""
    grid = grid_for(tiers, goal_ms)
    chosen = [candidate_of(each, plan.of(each.name), grid) for each in tiers]
    return _percentiles(chosen, [c.times for c in chosen])["p99"]


def _less_busy(size: Size, tier: Tier, factor: float) -> Size:
    at_peak, lost = size.utilisation_at_peak / factor, size.utilisation_zone_lost / factor
    target = size.cpu_target_percent if tier.scales else int(min(100 * at_peak, 100))
    return replace(size, cpu_target_percent=target, utilisation_at_peak=at_peak, utilisation_zone_lost=lost)


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
    bounds = [without_waiting(grid, tier, top_speed(tier)) for tier in tiers]
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
