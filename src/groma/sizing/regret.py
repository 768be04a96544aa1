"""The plan of least regret over loads drawn from the ranges of a workload.

Each plan is put under every load, as auto scaling would let it grow. Under a load it regrets what it costs
beyond the cheapest of these plans that keeps the goals there. Where it does not keep them it regrets `MISSED`
times the cost of one that would: an outage that is repaired in haste is taken to cost a month of the design
that was missing, on top of that design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from groma.errors import Infeasible
from groma.sizing.search import size
from groma.sizing.standing import grown, outcome
from groma.sizing.values import Plan, Tier

DRAWS = 60
MISSED = 2.0
QUANTILES = {
    0.1: "low end (p10)",
    0.25: "p25",
    0.5: "middle (p50)",
    0.75: "p75",
    0.9: "high end (p90)",
    1.0: "worst draw",
}
Outcome = tuple[float, bool]
"""What the machines cost a month, and whether every goal is kept."""


@dataclass(frozen=True)
class Case:
    """One load out of the ranges: the tiers under it, and its peak in requests per second."""

    tiers: tuple[Tier, ...]
    peak_per_s: float


@dataclass(frozen=True)
class Row:
    """One plan, what it was sized for, and how it does over all draws.

    `usd_per_month`, `mean_usd` and the regrets are those of the machines alone: the rest of the bill is the
    same for every plan. `kept` is the share of draws in which every goal is kept, and `keeps_likely` whether
    they are kept at the likely values.
    """

    name: str
    peak_per_s: float
    machines: str
    usd_per_month: float
    kept: float
    mean_usd: float
    mean_regret_usd: float
    worst_regret_usd: float
    keeps_likely: bool


@dataclass(frozen=True)
class Regrets:
    """The plans for the likely load and for some of the draws, and how each does over all of them.

    `least` is the row of least regret among those that keep the goals at the likely values; `plan` is its
    plan at the likely load.
    """

    rows: tuple[Row, ...]
    least: Row
    plan: Plan


@dataclass(frozen=True)
class _Entry:
    name: str
    case: Case
    plan: Plan


def compare(likely: Case, plan: Plan, draws: Sequence[Case], p99_ms: float) -> Regrets:
    """Compare the plan of the likely load with those sized for single draws.

    Args:
        likely: the likely load.
        plan: the cheapest plan for it.
        draws: loads from the ranges, in rising order of work.
        p99_ms: the goal.
    """
    entries = [_Entry("likely values", likely, plan), *_sized_for(draws, p99_ms)]
    outcomes = [[_outcome(entry, case.tiers, p99_ms) for entry in entries] for case in draws]
    rows = tuple(
        _row(entry, i, outcomes, _outcome(entry, likely.tiers, p99_ms)[1]) for i, entry in enumerate(entries)
    )
    least = min((r for r in rows if r.keeps_likely), key=lambda r: (r.mean_regret_usd, r.usd_per_month))
    best = entries[rows.index(least)]
    return Regrets(rows, least, grown(best.case.tiers, likely.tiers, best.plan, p99_ms))


def on_average(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """What the machines cost a month, and the share in which every goal is kept."""
    count = len(outcomes)
    return sum(usd for usd, _ in outcomes) / count, sum(kept for _, kept in outcomes) / count


def regret(mine: Outcome, others: Sequence[Outcome]) -> float:
    """What one plan regrets under one load, in USD a month, beside all plans under that load."""
    usd, kept = mine
    keepers = [cost for cost, keeps in others if keeps]
    least = min(keepers, default=max(cost for cost, _ in others))
    return usd - least if kept else MISSED * least


def _sized_for(draws: Sequence[Case], p99_ms: float) -> list[_Entry]:
    entries = []
    for quantile, name in QUANTILES.items():
        case = draws[min(int(quantile * len(draws)), len(draws) - 1)]
        try:
            entries.append(_Entry(name, case, size(case.tiers, p99_ms, reasons=False)))
        except Infeasible:
            continue
    return entries


def _outcome(entry: _Entry, now: tuple[Tier, ...], p99_ms: float) -> Outcome:
    return outcome(entry.case.tiers, now, entry.plan, p99_ms)


def _row(entry: _Entry, index: int, outcomes: Sequence[Sequence[Outcome]], keeps_likely: bool) -> Row:
    mine = [under[index] for under in outcomes]
    mean_usd, kept = on_average(mine)
    regrets = [regret(own, under) for own, under in zip(mine, outcomes, strict=True)]
    return Row(
        name=entry.name,
        peak_per_s=entry.case.peak_per_s,
        machines=", ".join(f"{s.desired} × {s.choice.name}" for s in entry.plan.sizes),
        usd_per_month=sum(s.usd_per_month for s in entry.plan.sizes),
        kept=kept,
        mean_usd=mean_usd,
        mean_regret_usd=sum(regrets) / len(regrets),
        worst_regret_usd=max(regrets),
        keeps_likely=keeps_likely,
    )


def explained(plan: Plan) -> Plan:
    """A plan of least regret: what is cheaper and keeps the goals at the likely load regrets more."""
    rejected = tuple(
        replace(row, misses="least regret", by=f"{row.by} at the likely load")
        if row.misses == "nothing"
        else row
        for row in plan.rejected
    )
    return replace(plan, rejected=rejected)
