"""In how many of the draws from its ranges a design keeps its goals, and what a safer one would cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from groma.design import Design, server_tiers
from groma.errors import Infeasible
from groma.sizing import size
from groma.sizing.regret import DRAWS
from groma.sizing.standing import outcome
from groma.sizing.values import Plan, Tier
from groma.words import Words
from groma.workload.demand import draws

SAFE = 0.9
"""The safer plan is made for the draw that nine in ten do not exceed; one that keeps more is offered none."""


@dataclass(frozen=True)
class Safer:
    """A plan for the high end of the draws, and what its machines cost more on average."""

    machines: str
    kept: float
    more_usd: float


@dataclass(frozen=True)
class Odds:
    """The share of the draws in which every goal is kept, and a safer plan; None where there is none."""

    kept: float
    draws: int
    safer: Safer | None

    def words(self) -> Words:
        """Both in a line."""
        text = f"goals kept in {self.kept:.0%} of {self.draws} draws from the ranges"
        if self.safer is not None:
            other = self.safer
            usd = f"${abs(other.more_usd):,.0f} {'less' if other.more_usd < 0 else 'more'}"
            text += (
                f"; {other.machines} would keep them in {other.kept:.0%}, for {usd} a month of machines: "
                "`sizing: least-regret`; `groma plan --ranges` compares"
            )
        return Words(lines=(text,))

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


@lru_cache(maxsize=16)
def odds(made: Design) -> Odds | None:
    """How a design of servers does over its ranges; None where it has no servers, or all is known exactly."""
    if not made.plan.sizes or made.demand.peak_per_s.is_exact:
        return None
    workload = made.workload
    wish = replace(made.wish, load_factor=1.0)
    sampled = sorted(draws(workload, DRAWS), key=lambda draw: draw.database_busy.likely)
    cases = [server_tiers(workload, draw, wish) for draw in sampled]
    mine = _over(server_tiers(workload, made.demand, wish), made.plan, cases, workload.slo.p99_ms)
    if mine[0] >= SAFE:
        return Odds(mine[0], DRAWS, None)
    return Odds(mine[0], DRAWS, _safer(cases, mine, workload.slo.p99_ms))


Over = tuple[float, float]
"""The share of the draws in which the goals are kept, and the mean cost of the machines."""


def _over(made_for: tuple[Tier, ...], plan: Plan, cases: list[tuple[Tier, ...]], p99_ms: float) -> Over:
    found = [outcome(made_for, now, plan, p99_ms) for now in cases]
    return sum(kept for _, kept in found) / len(found), sum(usd for usd, _ in found) / len(found)


def _safer(cases: list[tuple[Tier, ...]], mine: Over, p99_ms: float) -> Safer | None:
    high = cases[int(SAFE * len(cases))]
    try:
        plan = size(high, p99_ms, reasons=False)
    except Infeasible:
        return None
    kept, usd = _over(high, plan, cases, p99_ms)
    return Safer(plan.machines, kept, usd - mine[1]) if kept > mine[0] else None
