"""What a budget buys: the best design that it pays for, and what the next step would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from groma.errors import Infeasible
from groma.questions.alternatives import Alternative, beside, candidates
from groma.questions.asking import Report, silent
from groma.words import Words
from groma.workload import Workload


@dataclass(frozen=True)
class BudgetChoice:
    """The best design within a budget, the cheapest that keeps the goals, and what comes next.

    `following` is the cheapest that is worth more and costs more than the budget; None when money buys
    nothing more.
    """

    budget_usd_per_month: float
    best: Alternative
    cheapest: Alternative
    following: Alternative | None

    def words(self) -> Words:
        """The designs, then what the budget buys beyond the cheapest, and what comes next."""
        rows = [("cheapest", self.cheapest), ("within the budget", self.best)]
        if self.following is not None:
            rows.append(("next step", self.following))
        table = beside(f"${self.budget_usd_per_month:,.0f} a month", rows)
        return Words(tables=(table,), lines=(f"buys    {gains(self.cheapest, self.best)}", self._next()))

    def _next(self) -> str:
        if self.following is None:
            return "next    nothing: no more money makes this blueprint better by these measures"
        more = self.following.usd_per_month - self.budget_usd_per_month
        return f"next    ${more:,.0f} more buys {gains(self.best, self.following)}"

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "budget_usd_per_month": self.budget_usd_per_month,
            "best": self.best.document("best"),
            "cheapest": self.cheapest.document("cheapest"),
            "next": None if self.following is None else self.following.document("next"),
            "buys": gains(self.cheapest, self.best),
        }


def budget(workload: Workload, budget_usd_per_month: float, report: Report = silent) -> BudgetChoice:
    """The best design of a workload for so much money.

    Args:
        workload: what the user states.
        budget_usd_per_month: the most that the bill may come to.
        report: is told what is being done.

    Raises:
        Infeasible: the cheapest design that keeps the goals costs more, or there is none.
        InputError: its blueprint has no servers to exchange.
    """
    return within(candidates(workload, report), budget_usd_per_month)


def within(found: Sequence[Alternative], budget_usd_per_month: float) -> BudgetChoice:
    """The design of most worth that the budget pays for.

    Raises:
        Infeasible: the cheapest design that keeps the goals costs more.
    """
    cheapest = min(found, key=lambda a: (a.usd_per_month, -a.carries))
    affordable = [a for a in found if a.usd_per_month <= budget_usd_per_month]
    if not affordable:
        raise Infeasible(
            f"${budget_usd_per_month:,.0f} a month is too little: the cheapest design that keeps the goals "
            f"and has every element costs ${cheapest.usd_per_month:,.0f}",
            hint="raise the budget or lower the goals; elements are never left out",
        )
    best = max(affordable, key=lambda a: (a.worth, -a.usd_per_month))
    better = [a for a in found if a.worth > best.worth and a.usd_per_month > budget_usd_per_month]
    following = min(better, key=lambda a: (a.usd_per_month, a.p99_ms), default=None)
    return BudgetChoice(budget_usd_per_month, best, cheapest, following)


def gains(before: Alternative, after: Alternative) -> str:
    """What one design has over another, in words."""
    parts = []
    if after.multi_az and not before.multi_az:
        share = f"availability {after.availability:.4%} instead of {before.availability:.4%}"
        parts.append(f"a standby of the database master ({share})")
    if after.nat_per_zone and not before.nat_per_zone:
        parts.append("a NAT gateway per zone")
    if after.carries > before.carries:
        parts.append(f"servers for {after.carries:g} times the likely peak instead of {before.carries:g}")
    if after.p99_ms != before.p99_ms:
        parts.append(f"a p99 of {after.p99_ms:g} ms instead of {before.p99_ms:g}")
    return ", ".join(parts) or "nothing: the cheapest is the best"
