"""What hangs on every range of a workload: the bill and the goals at both of its ends, most money first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from groma.design import Design
from groma.design.elsewhere import Stands
from groma.questions.asking import Report, must_be_sized, silent
from groma.questions.guesses import ORIGINS, Guess, Ranking
from groma.terms import Currency
from groma.words import Table, Words

LEAST_USD = 0.005


@dataclass(frozen=True)
class Sensitivity:
    """Every range, the one with most money between its ends first.

    Attributes:
        name: of the workload.
        usd_per_month: of the cheapest design for the likely values.
        at_least: whether a price is unknown, so that there is more to it.
        p99_ms, goal_ms: of that design and what is asked of it.
        rows: all ranges.
        currency: what amounts are shown in.
    """

    name: str
    usd_per_month: float
    at_least: bool
    p99_ms: float
    goal_ms: float
    rows: tuple[Guess, ...]
    currency: Currency

    @property
    def moving(self) -> tuple[Guess, ...]:
        """Those that change a bill, a p99 or what is missed."""
        return tuple(each for each in self.rows if self._moves(each))

    def _moves(self, each: Guess) -> bool:
        times = {self.p99_ms if stands is None else stands.p99_ms for stands in each.stands}
        return each.swing(self.usd_per_month) >= LEAST_USD or each.misses or times != {self.p99_ms}

    def words(self) -> Words:
        """A row for each that moves anything; the others by name."""
        money = self.currency
        heads = (
            "input",
            "value",
            "known from",
            f"{money.sign.strip()}/month",
            "p99 ms",
            "sizes miss",
        )
        rows = tuple(
            (each.key, each.said, ORIGINS[each.origin], each.money(money), _times(each), _missed(each))
            for each in self.moving
        )
        least = "at least " if self.at_least else ""
        title = (
            f"Sensitivity: {least}{money.sign}{money.of(self.usd_per_month):,.2f} a month and a p99 of "
            f"{self.p99_ms:g} ms for {self.goal_ms:g} ms at the likely values"
        )
        return Words(tables=(Table(title, heads, rows),), lines=tuple(self._below()))

    def _below(self) -> Iterator[str]:
        yield "the bill is that of the cheapest design there; the p99 that of the sizes of today"
        still = [each.key for each in self.rows if not self._moves(each)]
        if still:
            yield f"{len(still)} ranges move nothing here: {', '.join(still)}"
        for each in self.moving[:1]:
            yield f"measure {each.key} first: {each.measure}"

    def document(self) -> dict[str, Any]:
        """The same as plain values, every range with how it is measured."""
        return {
            "monthly_usd": round(self.usd_per_month, 2),
            "at_least": self.at_least,
            "p99_ms": self.p99_ms,
            "p99_goal_ms": self.goal_ms,
            "ranges": [each.document() for each in self.rows],
        }


def _times(each: Guess) -> str:
    ends = ["–" if stands is None else _shown(stands.p99_ms) for stands in each.stands]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _shown(p99_ms: float) -> str:
    return f"{p99_ms:g}" if math.isfinite(p99_ms) else "beyond measure"


def _missed(each: Guess) -> str:
    ends = zip(("low", "high"), each.stands, strict=True)
    return "; ".join(f"{name}: {_broken(stands)}" for name, stands in ends if _misses(stands))


def _misses(stands: Stands | None) -> bool:
    return stands is None or stands.breaks is not None


def _broken(stands: Stands | None) -> str:
    if stands is None or stands.breaks is None:
        return "any load"
    return f"{stands.breaks.tier} {stands.breaks.limit}"


def sensitivity(made: Design, report: Report = silent) -> Sensitivity:
    """What hangs on every range of a design.

    Args:
        made: the design.
        report: is told what is being done.

    Raises:
        InputError: nothing of its blueprint is sized by load.
    """
    must_be_sized(made.workload)
    ranking = Ranking(made)
    report(f"taking {len(ranking.ranges)} ranges at both ends")
    usual = ranking.elsewhere.made
    return Sensitivity(
        name=made.workload.name,
        usd_per_month=ranking.usd_now,
        at_least=ranking.elsewhere.at_least,
        p99_ms=usual.plan.latency_ms["p99"],
        goal_ms=made.workload.slo.p99_ms,
        rows=ranking.every(),
        currency=made.architecture.terms.currency,
    )
