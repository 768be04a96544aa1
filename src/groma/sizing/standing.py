"""How the sizes made for one load stand at another: what auto scaling does, and what breaks first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from groma.sizing.candidates import Candidate, candidate_of, end_to_end, grid_for, hard_limit, shares
from groma.sizing.pools import joint_limit
from groma.sizing.queueing import Grid
from groma.sizing.quick import all_in_time
from groma.sizing.search import planned
from groma.sizing.values import Plan, Size, Tier

MOST_MENDED = 4
"""Times that `mended` tries a larger type."""


@dataclass(frozen=True)
class Break:
    """The first limit that is broken: where, which, and by how much."""

    tier: str
    limit: str
    by: str


@dataclass(frozen=True)
class Standing:
    """What a plan comes to at a load.

    `sizes` have the counts that auto scaling reaches at this load; `p99_ms` is infinite when a tier cannot
    keep up; `breaks` is None when every goal is kept.
    """

    sizes: tuple[Size, ...]
    p99_ms: float
    breaks: Break | None


def standing(made_for: Sequence[Tier], now: Sequence[Tier], plan: Plan, p99_ms: float) -> Standing:
    """Put a plan that was made for one load under another.

    Auto-scaled tiers grow in proportion to their work, in whole machines per zone, up to their maximum;
    the others stay as they are.

    Args:
        made_for: the tiers at the load that the plan was made for.
        now: the same tiers at the other load.
        plan: the sizes.
        p99_ms: the goal.
    """
    grid = grid_for(now, p99_ms)
    chosen = _all_grown(made_for, now, plan, grid)
    reached = grid.quantile(end_to_end(grid, [c.times for c in chosen], shares(now)), 0.99)
    sizes = tuple(_sized(plan.of(c.tier.name), c) for c in chosen)
    return Standing(sizes, round(reached * 1000, 1), _first_break(chosen, reached, p99_ms))


def first_break(made_for: Sequence[Tier], now: Sequence[Tier], plan: Plan, p99_ms: float) -> Break | None:
    """What `standing` says that breaks first, with no more of the times worked out than that takes."""
    chosen = _within(made_for, now, plan, p99_ms)
    broken = _broken_limit(chosen)
    if broken is not None or all_in_time(chosen):
        return broken
    return standing(made_for, now, plan, p99_ms).breaks


def carried(
    made_for: Sequence[Tier], now: Sequence[Tier], plan: Plan, p99_ms: float
) -> tuple[tuple[Size, ...], bool]:
    """The sizes of `standing`, and whether nothing breaks; it takes no p99."""
    chosen = _within(made_for, now, plan, p99_ms)
    return tuple(_sized(plan.of(c.tier.name), c) for c in chosen), _is_kept(chosen)


def outcome(made_for: Sequence[Tier], now: Sequence[Tier], plan: Plan, p99_ms: float) -> tuple[float, bool]:
    """What the machines of `standing` cost a month, and whether nothing breaks; it takes no p99."""
    chosen = _within(made_for, now, plan, p99_ms)
    return sum(candidate.usd_per_month for candidate in chosen), _is_kept(chosen)


def mended(
    made_for: Sequence[Tier], now: Sequence[Tier], plan: Plan, p99_ms: float
) -> tuple[Size, ...] | None:
    """Some sizes that keep the goal at a load: those of a plan, with larger types in the tiers that break.

    Groups never shrink in the night, since they might have to stay. None where the first few types that come
    to mind do not do.
    """
    chosen = [replace(each, least=each.per_zone) for each in _within(made_for, now, plan, p99_ms)]
    for _ in range(MOST_MENDED):
        broken = _broken_limit(chosen)
        if broken is None and all_in_time(chosen):
            return tuple(_sized(plan.of(c.tier.name), c) for c in chosen)
        busiest = max(chosen, key=lambda c: c.utilisation).tier.name
        position = [c.tier.name for c in chosen].index(busiest if broken is None else broken.tier)
        larger = _larger(chosen[position])
        if larger is None:
            break
        chosen[position] = larger
    return None


def _larger(candidate: Candidate) -> Candidate | None:
    """As many machines of the cheapest type that is twice as fast and keeps every limit but the goal."""
    twice = 2 * candidate.choice.vcpu * candidate.choice.speed
    fast = (other for other in candidate.tier.choices if other.priced and other.vcpu * other.speed >= twice)
    others = sorted((replace(candidate, choice=other) for other in fast), key=lambda each: each.usd_per_month)
    return next((each for each in others if hard_limit(each) is None), None)


def grown(made_for: Sequence[Tier], now: Sequence[Tier], plan: Plan, p99_ms: float) -> Plan:
    """The plan that keeps the types of another and has as many of them as it would have at this load.

    Groups may still grow as far as that other plan lets them.
    """
    chosen = _all_grown(made_for, now, plan, grid_for(now, p99_ms))
    made = planned(chosen, p99_ms / 1000, reasons=True)
    sizes = tuple(replace(size, max=max(size.max, plan.of(size.tier).max)) for size in made.sizes)
    return replace(made, sizes=sizes)


def _within(made_for: Sequence[Tier], now: Sequence[Tier], plan: Plan, p99_ms: float) -> list[Candidate]:
    """The machines of `standing`, on a grid that ends at the goal."""
    return _all_grown(made_for, now, plan, grid_for(now, p99_ms).up_to(p99_ms / 1000))


def _is_kept(chosen: Sequence[Candidate]) -> bool:
    """Whether every limit is kept, and the goal."""
    return _broken_limit(chosen) is None and all_in_time(chosen)


def _all_grown(made_for: Sequence[Tier], now: Sequence[Tier], plan: Plan, grid: Grid) -> list[Candidate]:
    pairs = zip(made_for, now, strict=True)
    return [_grown(then, tier, plan.of(tier.name), grid) for then, tier in pairs]


def _grown(then: Tier, now: Tier, size: Size, grid: Grid) -> Candidate:
    before = candidate_of(then, size, grid)
    if not now.scales:
        return replace(before, tier=now)
    wanted = math.ceil(before.per_zone * now.load.busy / then.load.busy - 1e-9)
    most = size.max // now.zones
    least = size.min // now.zones
    return Candidate(now, size.choice, min(max(wanted, least), most), grid, least)


def _sized(size: Size, candidate: Candidate) -> Size:
    return replace(
        size,
        choice=candidate.choice,
        desired=candidate.machines,
        mean=candidate.mean_machines,
        usd_per_month=candidate.usd_per_month,
        utilisation_zone_lost=candidate.utilisation,
    )


def _broken_limit(chosen: Sequence[Candidate]) -> Break | None:
    """The first limit other than latency that is broken."""
    for candidate in chosen:
        miss = hard_limit(candidate)
        if miss is not None:
            return Break(candidate.tier.name, *miss)
    together = joint_limit(chosen)
    return None if together is None else Break("database", *together)


def _first_break(chosen: Sequence[Candidate], reached_s: float, p99_ms: float) -> Break | None:
    broken = _broken_limit(chosen)
    if broken is not None:
        return broken
    if reached_s * 1000 <= p99_ms + 1e-6:
        return None
    busiest = max(chosen, key=lambda c: c.utilisation)
    by = "beyond measure" if math.isinf(reached_s) else f"{reached_s * 1000:.0f} ms for {p99_ms:g} ms"
    return Break(busiest.tier.name, "p99", f"{by}, {busiest.utilisation:.0%} busy with a zone lost")
