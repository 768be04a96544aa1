"""How the answer changes over the ranges of the workload, and the design of least regret.

Each design is put under loads drawn from the ranges, as auto scaling would let it grow. Under a draw it
regrets what it costs beyond the cheapest of these designs that keeps the goals there. Where it does not keep
them it regrets `MISSED` times the cost of one that would: an outage that is repaired in haste is taken to
cost a month of the design that was missing, on top of that design.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from groma.blueprints import BLUEPRINTS
from groma.demand import Demand, draws
from groma.design import Design, design
from groma.errors import Infeasible
from groma.sizing import Plan, size
from groma.sizing.standing import standing
from groma.tiers import Tier
from groma.workload import Workload

DRAWS = 60
MISSED = 2.0
Outcome = tuple[float, bool]
"""What the machines cost a month, and whether every goal is kept."""
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@dataclass(frozen=True)
class Row:
    """One design, what it was sized for, and how it does over all draws.

    `usd_per_month`, `mean_usd` and the regrets are those of the machines alone: the rest of the bill is the
    same for every design. `kept` is the share of draws in which every goal is kept.
    """

    name: str
    peak_per_s: float
    machines: str
    usd_per_month: float
    kept: float
    mean_usd: float
    mean_regret_usd: float
    worst_regret_usd: float


@dataclass(frozen=True)
class Outlook:
    """The designs for the low, likely and high end and for what is drawn between; one regrets least."""

    rows: tuple[Row, ...]
    least_regret: Row
    draws: int

    @property
    def regret(self) -> str:
        """The rule, in words."""
        return f"a missed goal is regretted as {MISSED:g} times the design that would have kept it"


@dataclass(frozen=True)
class _Entry:
    name: str
    tiers: tuple[Tier, ...]
    plan: Plan
    peak_per_s: float


def outlook(workload: Workload, likely: Design | None = None) -> Outlook:
    """Compare the designs for several points of the ranges over draws from them.

    Raises:
        Infeasible: the workload has no design at its likely values.
    """
    likely = likely or design(workload, reasons=False)
    sampled = sorted(draws(workload, DRAWS), key=lambda d: d.database_busy.likely)
    loads = [_tiers(workload, each) for each in sampled]
    entries = _entries(workload, likely, sampled)
    outcomes = [[_outcome(entry, now, workload.slo.p99_ms) for entry in entries] for now in loads]
    rows = tuple(_row(entry, [o[i] for o in outcomes], outcomes) for i, entry in enumerate(entries))
    least = min(rows, key=lambda row: (row.mean_regret_usd, row.usd_per_month))
    return Outlook(rows, least, len(sampled))


def _tiers(workload: Workload, load: Demand) -> tuple[Tier, ...]:
    return BLUEPRINTS[workload.blueprint].tiers(workload, load)


def _entries(workload: Workload, likely: Design, sampled: Sequence[Demand]) -> list[_Entry]:
    """The plan of the likely values, which also stands the high end, and those of single draws."""
    tiers = _tiers(workload, likely.demand)
    entries = [_Entry("likely values", tiers, likely.plan, likely.demand.peak_per_s.likely)]
    cases: Mapping[str, Demand] = {
        _name(q): sampled[min(int(q * len(sampled)), len(sampled) - 1)] for q in QUANTILES
    }
    for name, load in cases.items():
        own = _tiers(workload, load)
        try:
            plan = size(own, workload.slo.p99_ms, reasons=False)
        except Infeasible:
            continue
        entries.append(_Entry(name, own, plan, load.peak_per_s.likely))
    return entries


def _name(quantile: float) -> str:
    return {0.1: "low end (p10)", 0.5: "middle (p50)", 0.9: "high end (p90)", 1.0: "worst draw"}.get(
        quantile, f"p{quantile * 100:.0f}"
    )


def _outcome(entry: _Entry, now: tuple[Tier, ...], p99_ms: float) -> Outcome:
    """What the machines cost under a load, and whether every goal is kept."""
    found = standing(entry.tiers, now, entry.plan, p99_ms)
    return sum(s.usd_per_month for s in found.sizes), found.breaks is None


def _row(entry: _Entry, mine: Sequence[Outcome], every: Sequence[Sequence[Outcome]]) -> Row:
    regrets = [_regret(own, others) for own, others in zip(mine, every, strict=True)]
    return Row(
        name=entry.name,
        peak_per_s=entry.peak_per_s,
        machines=", ".join(f"{s.desired} × {s.choice.name}" for s in entry.plan.sizes),
        usd_per_month=sum(s.usd_per_month for s in entry.plan.sizes),
        kept=sum(kept for _, kept in mine) / len(mine),
        mean_usd=sum(usd for usd, _ in mine) / len(mine),
        mean_regret_usd=sum(regrets) / len(regrets),
        worst_regret_usd=max(regrets),
    )


def _regret(mine: Outcome, others: Sequence[Outcome]) -> float:
    usd, kept = mine
    keepers = [cost for cost, keeps in others if keeps]
    least = min(keepers, default=max(cost for cost, _ in others))
    return usd - least if kept else MISSED * least
