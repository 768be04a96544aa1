"""In how many of the draws from its ranges a design keeps its goals, and what a safer one would cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from groma.design import Design, cases, server_tiers
from groma.errors import Infeasible
from groma.sizing import size
from groma.sizing.regret import DRAWS, on_average
from groma.sizing.standing import outcome
from groma.sizing.values import Plan, Tier
from groma.words import Words

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


def odds(made: Design) -> Odds | None:
    """How a design of servers does over its ranges; None where it has no servers, or all is known exactly."""
    if not made.plan.sizes or made.demand.peak_per_s.is_exact:
        return None
    workload, p99_ms = made.workload, made.workload.slo.p99_ms
    wish = replace(made.wish, load_factor=1.0)
    drawn = [case.tiers for case in cases(workload, wish)]
    usd, kept = _over(server_tiers(workload, made.demand, wish), made.plan, drawn, p99_ms)
    return Odds(kept, DRAWS, _safer(drawn, usd, kept, p99_ms) if kept < SAFE else None)


def _over(
    made_for: tuple[Tier, ...], plan: Plan, drawn: list[tuple[Tier, ...]], p99_ms: float
) -> tuple[float, float]:
    """The mean cost of a plan's machines, and the share of the draws in which the goals are kept."""
    return on_average([outcome(made_for, now, plan, p99_ms) for now in drawn])


def _safer(drawn: list[tuple[Tier, ...]], usd: float, kept: float, p99_ms: float) -> Safer | None:
    """The plan for the high end, if it keeps the goals in more draws."""
    high = drawn[int(SAFE * len(drawn))]
    try:
        plan = size(high, p99_ms, reasons=False, timed=False)
    except Infeasible:
        return None
    its_usd, its_kept = _over(high, plan, drawn, p99_ms)
    return Safer(plan.machines, its_kept, its_usd - usd) if its_kept > kept else None
