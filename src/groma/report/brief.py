"""The first answer of `groma plan`: one screen: what it is, whether it holds, what it costs, what to doubt.

Everything else is one option away, and stands whole in `groma.report.plan`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from groma.bill import Bill, Group, bill
from groma.design import Design
from groma.design.spot import availability_without
from groma.questions.odds import Odds
from groma.questions.recovery import recovery
from groma.report.doubts import doubts
from groma.report.plan import FRESHNESS, heading_of, open_findings, shown
from groma.report.plan_document import plan_document
from groma.terms import Currency
from groma.words import Cell, Mark, Table, Words

MOST_FAULTS = 1
"""Of what is not as it should be so many are named; of the rest their number."""
MOST_NAMED = 34
"""Letters for the largest components of a part."""
DOUBTFUL = 0.5
"""A design that keeps its goals in fewer of the draws keeps them by the likely values alone."""
SMALL = 0.01
"""Parts below this share of the bill stand in one row."""


@dataclass(frozen=True)
class Brief:
    """A design on one screen: the answer of `groma plan`."""

    design: Design

    def words(self) -> Words:
        """Whose load, sizes, goals with margins, money by parts, what hangs on guesses, what is open."""
        heading = heading_of(self.design.architecture)
        counted = doubts(self.design).readings
        if counted is not None:
            heading += f"\n{counted.short()}"
        return Words(heading, tuple(_tables(self.design)), tuple(_faults(self.design)), close=True)

    def document(self) -> dict[str, Any]:
        """The whole design as plain values."""
        return plan_document(self.design)


def _tables(design: Design) -> Iterator[Table]:
    priced = bill(design.architecture)
    several = len(design.architecture.serving) > 1
    title = "PER REGION" if several else "AT HOME" if design.architecture.standby else "SIZES"
    money = priced.currency
    dollars = f"{money.sign.strip()}/month"
    if design.plan.sizes:
        heads = (title, "at peak", "least–most", "busy, a zone lost", dollars)
        sizes = tuple(
            (
                size.tier,
                f"{size.desired} × {size.made_of}",
                f"{size.min}–{size.max}",
                f"{size.utilisation_zone_lost:.0%}",
                shown(size.known_usd_per_month, money),
            )
            for size in design.plan.sizes
        )
        yield Table("", heads, sizes, right=heads[2:])
    elif design.plan.functions:
        heads = ("PER REGION" if several else "FUNCTIONS", "memory", "p99 ms", "goal ms", dollars)
        functions = tuple(
            (
                size.name,
                size.choice.name,
                f"{size.held_ms['p99']:,.0f}",
                f"{size.goal_ms:,.0f}",
                shown(size.usd_per_month, money),
            )
            for size in design.plan.functions
        )
        yield Table("", heads, functions, right=heads[2:])
    yield Table("", ("GOALS", "asked", "reached", "margin"), tuple(_goals(design, priced)))
    yield _money(priced, design.architecture.terms.month.name)
    found = doubts(design).guesses
    if found is not None:
        for table in found.words().tables:
            yield replace(table, title="", columns=(f"HANGS ON  {table.columns[0]}",))


def _goals(design: Design, priced: Bill) -> Iterator[tuple[Cell, ...]]:
    """What is asked, what the design reaches, and how much is left."""
    goals, plan = design.workload.slo, design.plan
    if plan.latency_ms:
        reached = plan.latency_ms["p99"]
        margin = f"{1 - reached / goals.p99_ms:.0%}, {plan.kept_at}"
        yield "p99", f"{goals.p99_ms:g} ms", f"{reached:g} ms", margin
    for size in plan.functions:
        if size.name == FRESHNESS:
            reached_s = size.latency_ms["p99"] / 1000
            margin = f"{1 - reached_s / goals.freshness_s:.0%}"
            yield "freshness", f"{goals.freshness_s:g} s", f"{reached_s:.1f} s", margin
    if design.availability.parts:
        down = (1 - goals.availability) / max(1 - design.availability.value, 1e-12)
        yield (
            "availability",
            f"{goals.availability * 100:.6g}%",
            f"{design.availability.value:.4%}",
            f"down {down:.1f} times less than asked{_without_spot(design)}",
        )
    lost = recovery(design)
    if lost is not None and lost.losses:
        carried = sum(each.carried for each in lost.losses)
        yield "any region lost", "carried", f"{carried} of {len(lost.losses)}", "within the p99"
    most, money = design.workload.budget_usd_per_month, priced.currency
    if most:
        left = money.of(most - priced.monthly_usd.likely)
        margin = f"{money.sign}{left:,.0f} left" if left >= 0 else f"{money.sign}{-left:,.0f} too much"
        margin += ", less what is unknown" if priced.unknown else ""
        yield "budget", f"{money.sign}{money.of(most):,.0f}", priced.total, margin
    chance = doubts(design).odds
    if chance is not None:
        share = f"{chance.kept:.0%}"
        yield "ranges", "", Mark(share, "bad") if chance.kept < DOUBTFUL else share, _chance(chance)


def _without_spot(design: Design) -> str:
    without = availability_without(design.architecture)
    return "" if without is None else f"; {without:.4%} without Spot"


def _money(priced: Bill, month: str) -> Table:
    """A row for each part of the design with its largest components, small parts as one; then the total."""
    money, total = priced.currency, priced.monthly_usd
    large = [group for group in priced.groups if group.usd >= SMALL * total.likely]
    small = [group for group in priced.groups if group not in large]
    if small:
        name = small[0].name if len(small) == 1 else "other"
        large.append(Group(name, tuple(line for group in small for line in group.lines)))
    rows = [(group.name, _largest(group, money), group.shown(money)) for group in large]
    unknown = "unknown prices come on top: `groma prices refresh` asks AWS for them"
    low, high = (f"{money.sign}{money.of(usd):,.0f}" for usd in (total.low, total.high))
    rows.append(("total", f"{low} to {high} over the ranges", priced.total))
    head = f"{money.sign.strip()}/month"
    return Table(
        "",
        ("MONEY", month, head),
        tuple(rows),
        right=(head,),
        bold=(len(rows) - 1,),
        notes=(unknown,) if priced.unknown else (),
    )


def _largest(group: Group, money: Currency) -> str:
    """The components of a part of the design that cost most, as many as a line holds: `cdn 633, waf 131`."""
    by_name: dict[str, float] = {}
    for line in group.lines:
        name = line.component.rpartition("/")[2]
        by_name[name] = by_name.get(name, 0.0) + (line.monthly_usd.likely if line.monthly_usd else 0.0)
    ordered = sorted(by_name.items(), key=lambda each: -each[1])
    text = ""
    for name, usd in ordered:
        more = f"{text}, {name} {money.of(usd):,.0f}" if text else f"{name} {money.of(usd):,.0f}"
        if len(more) > MOST_NAMED or usd < max(0.02 * group.usd, 0.5):
            break
        text = more
    return text


def _chance(chance: Odds) -> str:
    text = f"of {chance.draws} draws"
    if chance.safer is None:
        return (
            f"{text} keep every goal"
            if chance.kept >= DOUBTFUL
            else f"{text}; no safer design found: `--ranges`"
        )
    more = chance.safer.more_usd
    dollars = f"${abs(more):,.0f} {'less' if more < 0 else 'more'}"
    return f"{text}; {chance.safer.kept:.0%} for {dollars}: `--ranges`"


def _faults(design: Design) -> Iterator[str]:
    """What is not as it should be, errors first, as far as there is room."""
    found = sorted(open_findings(design), key=lambda each: not each[0].startswith("error"))
    yield from (what for what, _ in found[:MOST_FAULTS])
    if len(found) > MOST_FAULTS:
        rest = len(found) - MOST_FAULTS
        yield f"and {rest} more {'warning' if rest == 1 else 'warnings'}: `--all`, with what to do"
    elif found:
        yield "what to do about it: `--all`"
