"""How the answer changes over the ranges of the workload, and the design of least regret.

The rule is in `sizing.regret`; `sizing: least-regret` in the workload makes that design the one that is
built.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from groma.design import design, regrets
from groma.questions.asking import Report, must_have_servers, silent
from groma.sizing.regret import DRAWS, MISSED, Row
from groma.words import Table, Words
from groma.workload import Workload

MEASURES = ("peak/s", "goals kept", "mean $", "regret $", "worst $")


@dataclass(frozen=True)
class Outlook:
    """The designs for the low, likely and high end and for what is drawn between; one regrets least.

    `least_regret` is found among those that keep the goals at the likely values; `stand_in` says whether some
    machines are counted at the prices of another region.
    """

    rows: tuple[Row, ...]
    least_regret: Row
    draws: int
    stand_in: bool = False

    @property
    def regret(self) -> str:
        """The rule, in words."""
        return f"a missed goal is regretted as {MISSED:g} times the design that would have kept it"

    def words(self) -> Words:
        """A row for each design, that of least regret stressed, and what it keeps and costs."""
        best, usual = self.least_regret, self.rows[0]
        mean = f"${best.mean_usd:,.0f} a month of machines on average"
        other = f"the plan of the likely values in {usual.kept:.0%} for ${usual.mean_usd:,.0f}"
        table = Table(
            "Ranges",
            ("sized for", *MEASURES, "web, app, database"),
            tuple(_row(row) for row in self.rows),
            right=MEASURES,
            bold=tuple(place for place, row in enumerate(self.rows) if row is best),
        )
        lines: tuple[str, ...] = (
            f"least regret: {best.name} ({best.machines})",
            f"  keeps the goals in {best.kept:.0%} of the draws for {mean}; {other}",
            f"{self.draws} draws from the ranges; money for machines alone; {self.regret}",
            "write `sizing: least-regret` into the file, and this is what is planned, built and provisioned",
        )
        if self.stand_in:
            lines += (
                "databases have no known price there: they are compared by the prices of another region",
            )
        return Words(tables=(table,), lines=lines)

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return {**asdict(self), "regret": self.regret}


def _row(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        f"{row.peak_per_s:,.0f}",
        f"{row.kept:.0%}",
        f"{row.mean_usd:,.2f}",
        f"{row.mean_regret_usd:,.2f}",
        f"{row.worst_regret_usd:,.2f}",
        row.machines,
    )


def outlook(workload: Workload, report: Report = silent) -> Outlook:
    """Compare the designs for several points of the ranges over draws from them.

    Args:
        workload: whose ranges.
        report: is told what is being done.

    Raises:
        Infeasible: the workload has no design at its likely values.
        InputError: its blueprint has no servers whose number changes.
    """
    must_have_servers(workload)
    report("putting designs under draws from the ranges")
    usual = workload.model_copy(update={"sizing": "likely"})
    likely = design(usual, reasons=False)
    found = regrets(usual, likely.demand, likely.plan, likely.wish)
    stand_in = any(size.choice.stand_in for size in likely.plan.sizes)
    return Outlook(found.rows, found.least, DRAWS, stand_in)
