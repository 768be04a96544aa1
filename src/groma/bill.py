"""architecture → bill: what it costs a month, line by line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from functools import cached_property

from groma.answers import BillLine
from groma.architecture import Architecture, Finding
from groma.catalog import unit_price
from groma.components.pricing import charged
from groma.design import Design
from groma.quantity import ZERO, Range
from groma.terms import Buying, Terms

COLUMNS = (
    *("component", "item", "quantity", "unit", "unit_usd", "monthly_usd", "low_usd", "high_usd"),
    *("source", "as_of", "note"),
)

PURCHASE_REASONS: dict[Buying, str] = {
    "on-demand": "no commitment before the load is known",
    "reserved-1y": "all machines of the busiest hour for one year, paid in every hour; sizes as on demand",
    "reserved-3y": "all machines of the busiest hour for three years, paid in every hour; sizes as on demand",
    "mixed": "for one year what runs in enough hours to pay off, and the databases; the rest on demand",
}


@dataclass(frozen=True)
class Bill:
    """A list of lines. Lines without a price are unknown: the total is then "at least"."""

    lines: tuple[BillLine, ...]

    @cached_property
    def monthly_usd(self) -> Range:
        """The sum of all lines whose price is known."""
        known = [line.monthly_usd for line in self.lines if line.monthly_usd is not None]
        return sum(known, Range.exactly(0.0))

    @property
    def unknown(self) -> tuple[BillLine, ...]:
        """The lines whose price is not in the catalog."""
        return tuple(line for line in self.lines if line.monthly_usd is None)

    def of(self, component: str) -> float:
        """What one component costs a month, likely."""
        lines = (line for line in self.lines if line.component == component)
        return sum(line.monthly_usd.likely for line in lines if line.monthly_usd is not None)

    def to_csv(self) -> str:
        """The bill as a table, one line each, unknown prices left empty."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for line in self.lines:
            monthly = line.monthly_usd
            cases = () if monthly is None else (monthly.likely, monthly.low, monthly.high)
            usd = [f"{value:.2f}" for value in cases] or [""] * 3
            unit_usd = "" if line.unit_usd is None else f"{line.unit_usd:.10g}"
            quantity = f"{line.quantity.likely:.10g}"
            row = [line.component, line.item, quantity, line.unit, unit_usd, *usd]
            writer.writerow([*row, line.source, line.as_of, line.note])
        return text.getvalue()


def bill(architecture: Architecture) -> Bill:
    """The bill of an architecture: the lines of all its components, in their order.

    Lines of one meter fill its tiers together, the earlier ones first: an account pays by its whole quantity.
    """
    used: dict[tuple[str, str, str], Range] = {}
    lines = []
    for line in (line for c in architecture.components for line in c.bill(architecture)):
        if line.meter is not None:
            before = used.get(line.meter, ZERO)
            used[line.meter] = before + line.quantity
            price = unit_price(*line.meter)
            line = charged(line, price, before) if price and before.high else line
        lines.append(line)
    return Bill(tuple(lines))


def bought(design: Design, terms: Terms) -> Design:
    """The same design, billed for another month or with its machines bought in another way."""
    architecture = replace(design.architecture, terms=terms)
    because = PURCHASE_REASONS[terms.purchase]
    decisions = tuple(
        replace(d, decided=terms.purchase.replace("-", " "), because=because) if d.about == "purchase" else d
        for d in design.decisions
    )
    return replace(design, architecture=architecture, decisions=decisions)


def within_budget(priced: Bill, budget_usd_per_month: float) -> Finding:
    """Whether a bill stays within the budget that the workload states."""
    least = "at least " if priced.unknown else ""
    usd = priced.monthly_usd
    return Finding(
        id="budget",
        what="the bill stays within the budget",
        expected=f"at most ${budget_usd_per_month:,.2f} a month",
        actual=f"{least}${usd.likely:,.2f} a month (${usd.low:,.0f} to ${usd.high:,.0f})",
        ok=usd.likely <= budget_usd_per_month,
        hint="no design that meets the goals costs less: raise budget_usd_per_month or lower the goals",
    )
