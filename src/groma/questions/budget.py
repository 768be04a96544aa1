"""What a budget went to: line by line what the money bought, what was left out, and where it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from groma.design import Design, Spent, Taken
from groma.terms import Aspect
from groma.words import Table, Words, usd
from groma.workload import KINDS

MONEY = ("$ more", "bill then")


@dataclass(frozen=True)
class Purchases:
    """What the budget of a design went to; `lacks` is what its blueprint has not."""

    spent: Spent
    lacks: str = ""

    def words(self) -> Words:
        """A row for each thing that was bought, in the order of its worth; below it what was not."""
        spent = self.spent
        bought = [row for row in spent.rows if row.outcome == "bought"]
        first = ("goals", "the cheapest design that keeps them", "", "", usd(spent.least_usd))
        title = f"Budget: ${spent.usd_per_month:,.0f} of ${spent.budget_usd_per_month:,.0f} a month"
        rows = (first, *(_row(row) for row in bought))
        return Words(
            tables=(Table(title, ("for", "buys", "because", *MONEY), rows, MONEY, notes=tuple(self._rest())),)
        )

    def _rest(self) -> Iterator[str]:
        for row in self.spent.left_out:
            yield f"left out: {row.step.what}, ${row.more_usd:,.0f} more ({row.step.because})"
        beyond = set[Aspect]()
        for row in self.spent.rows:
            if row.outcome == "out of reach" and row.step.aspect not in beyond:
                beyond.add(row.step.aspect)
                yield f"out of reach: {row.step.what}: {row.reason}"
        lacks = f"; this blueprint lacks {self.lacks}" if self.lacks else ""
        yield f"beyond ${self.spent.most_usd:,.0f} a month nothing here gets better{lacks}"

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        spent = self.spent
        return {
            "budget_usd_per_month": spent.budget_usd_per_month,
            "least_usd_per_month": round(spent.least_usd, 2),
            "usd_per_month": round(spent.usd_per_month, 2),
            "most_usd_per_month": round(spent.most_usd, 2),
            "steps": [_plain(row) for row in spent.rows],
        }


def budget(made: Design) -> Purchases | None:
    """What the budget of a design went to; None where none was to be spent."""
    if made.spent is None:
        return None
    return Purchases(made.spent, KINDS[made.workload.blueprint].lacks)


def _row(row: Taken) -> tuple[str, ...]:
    return row.step.aspect, row.step.what, row.step.because, usd(row.more_usd), usd(row.usd_per_month)


def _plain(row: Taken) -> dict[str, Any]:
    return {
        "for": row.step.aspect,
        "buys": row.step.what,
        "because": row.step.because,
        "outcome": row.outcome,
        "more_usd": None if row.more_usd is None else round(row.more_usd, 2),
        "usd_per_month": None if row.usd_per_month is None else round(row.usd_per_month, 2),
        "reason": row.reason,
    }
