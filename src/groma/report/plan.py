"""The plan of a design in words: sizes, goals, bill, what was decided, what was rejected and what is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from groma.architecture import Architecture
from groma.bill import Bill, bill
from groma.design import Design
from groma.design.spot import availability_without
from groma.questions.budget import budget
from groma.questions.recovery import recovery
from groma.questions.review import review
from groma.report.doubts import doubts
from groma.report.plan_document import plan_document
from groma.sizing.values import FunctionSize, Size
from groma.terms import Currency
from groma.words import Table, Words, usd

MACHINES = ("min", "peak", "max", "busy", "busy, zone lost", "$/month")
CALLS = ("at once", "most", "cold", "billed ms", "p50 ms", "p99 ms", "goal ms", "$/month")
FRESHNESS = "fan-out"
"""The function that keeps the goal for freshness."""
EACH = "\0"
"""Stands for the region while findings of several regions are compared."""


def heading_of(architecture: Architecture) -> str:
    """What is planned: `chirp: three-tier in us-east-1`."""
    return f"{architecture.name}: {architecture.blueprint} in {', '.join(architecture.regions)}"


@dataclass(frozen=True)
class Planned:
    """A design as it is told: the answer of `groma plan`."""

    design: Design

    def words(self) -> Words:
        """Whose load, sizes, goals, bill, what was decided and rejected, and what is not as it should be."""
        heading = heading_of(self.design.architecture)
        taken = doubts(self.design).readings
        if taken is not None:
            heading = "\n".join((heading, *taken.words().lines))
        lines = [line for what, hint in open_findings(self.design) for line in (what, f"  hint: {hint}")]
        return Words(heading, tuple(tables(self.design)), tuple(lines))

    def document(self) -> dict[str, Any]:
        """The same as plain values, whole."""
        return plan_document(self.design)


@dataclass(frozen=True)
class Part:
    """Some parts of a plan by themselves: the bill, what was decided, what was rejected."""

    design: Design
    parts: tuple[str, ...]

    def words(self) -> Words:
        """Their tables, in the order of the plan."""
        by_title = {table.title.lower(): table for table in tables(self.design)}
        names = {"bill": "bill", "decisions": "decided", "rejected": "rejected"}
        found = (by_title.get(names[part]) for part in self.parts)
        return Words(tables=tuple(table for table in found if table is not None))

    def document(self) -> dict[str, Any]:
        """The whole plan as plain values."""
        return plan_document(self.design)


def tables(design: Design) -> Iterator[Table]:
    """Every table of a plan, each made when it is asked for: what hangs on guesses takes longest."""
    priced = bill(design.architecture)
    where = " in each region" if len(design.architecture.serving) > 1 else ""
    where = " at home" if design.architecture.standby else where
    money = priced.currency
    if design.plan.sizes:
        rows, heads = tuple(_machines(size, money) for size in design.plan.sizes), _heads(MACHINES, money)
        yield Table(f"Sizes{where}", ("tier", "type", *heads), rows, right=heads)
    if design.plan.functions:
        rows, heads = tuple(_calls(size, money) for size in design.plan.functions), _heads(CALLS, money)
        yield Table(f"Functions at peak{where}", ("function", "memory", *heads), rows, right=heads)
    yield Table("Goals", ("", "goal", "design", ""), tuple(_goals(design, priced)))
    for answer in (budget(design), recovery(design)):
        if answer is not None:
            yield from answer.words().tables
    hangs = doubts(design).guesses
    if hangs is not None:
        yield from hangs.words().tables
    yield priced.table(design.architecture.regions)
    decided = tuple((each.about, each.decided, each.because) for each in design.decisions)
    yield Table("Decided", ("", "", "because"), decided)
    if design.plan.rejected:
        yield _rejected(design, money)


def _heads(heads: tuple[str, ...], money: Currency) -> tuple[str, ...]:
    """Heads of columns, that of the money by its currency."""
    return tuple(head.replace("$", money.sign.strip()) for head in heads)


def shown(amount_usd: float | None, money: Currency) -> str:
    """An amount in a currency, or that nobody knows it."""
    return usd(None if amount_usd is None else money.of(amount_usd))


def _machines(size: Size, money: Currency) -> tuple[str, ...]:
    return (
        size.tier,
        size.made_of,
        str(size.min),
        str(size.desired),
        str(size.max),
        f"{size.utilisation_at_peak:.0%}",
        f"{size.utilisation_zone_lost:.0%}",
        shown(size.known_usd_per_month, money),
    )


def _calls(size: FunctionSize, money: Currency) -> tuple[str, ...]:
    return (
        size.name,
        size.choice.name,
        f"{size.concurrency:,}",
        f"{size.concurrency_high:,}",
        f"{size.cold_share:.2%}",
        f"{size.billed_ms:,.0f}",
        f"{size.latency_ms['p50']:,.0f}",
        f"{size.held_ms['p99']:,.0f}",
        f"{size.goal_ms:,.0f}",
        shown(size.usd_per_month, money),
    )


def _goals(design: Design, priced: Bill) -> Iterator[tuple[str, ...]]:
    """What is asked, what the design comes to, and under which conditions."""
    goals, usd = design.workload.slo, priced.monthly_usd
    least = "at least " if priced.unknown else ""
    most = design.workload.budget_usd_per_month
    yield from _latencies(design)
    for size in design.plan.functions:
        if size.name == FRESHNESS:
            reached, goal = f"{size.latency_ms['p99'] / 1000:.1f} s", f"{goals.freshness_s:g} s"
            yield "freshness", goal, reached, "p99 until a post is in its followers' timelines"
    if design.availability.parts:
        yield (
            "availability",
            f"{goals.availability:.4%}",
            f"{design.availability.value:.4%}",
            f"at {design.plan.measured_at}; {design.availability.with_edge:.2%} with CloudFront's agreement",
        )
    without = availability_without(design.architecture)
    if without is not None:
        yield "", "", f"{without:.4%}", "without Spot; what it takes is a floor, told by `--decisions`"
    money = priced.currency
    sign, low, high = money.sign, money.of(usd.low), money.of(usd.high)
    yield (
        "bill",
        f"{sign}{money.of(most):,.0f}" if most else "",
        f"{least}{sign}{money.of(usd.likely):,.2f}",
        f"{design.architecture.terms.month.name}; {sign}{low:,.0f} to {sign}{high:,.0f} over the ranges",
    )
    chance = doubts(design).odds
    if chance is not None:
        yield "ranges", "", f"{chance.kept:.0%}", *chance.words().lines


def _latencies(design: Design) -> Iterator[tuple[str, ...]]:
    """The p99 beside its goal, then that of each class of requests; nothing where nothing is sized."""
    plan, latency = design.plan, design.plan.latency_ms
    if not latency:
        return
    all_zones = f"; p99 {plan.latency_all_zones_ms['p99']:g} with all zones" if plan.sizes else ""
    yield (
        "p99",
        f"{design.workload.slo.p99_ms:g} ms",
        f"{latency['p99']:g} ms",
        f"{plan.kept_at}; p50 {latency['p50']:g}, p95 {latency['p95']:g}{all_zones}",
    )
    by_class = plan.latency_by_class_ms.items()
    yield "", "", "", ", ".join(f"{name} {ms['p99']:g}" for name, ms in by_class)


def _rejected(design: Design, money: Currency) -> Table:
    rows = tuple(
        (option.tier, option.option, option.misses, option.by, shown(option.usd_per_month, money))
        for option in design.plan.rejected
    )
    heads = _heads(("$/month",), money)
    return Table("Rejected", ("tier", "option", "misses", "by", *heads), rows, right=heads)


def open_findings(design: Design) -> Iterator[tuple[str, str]]:
    """What is not as it should be, with its hint; what holds for every region alike is said once."""
    said: dict[tuple[str, str], list[str]] = {}
    for finding in review(design):
        if not finding.ok:
            region = next((r for r in design.architecture.regions if finding.id.startswith(f"{r}/")), "")
            texts = (f"{finding.severity}: {finding.what}: {finding.actual}", finding.hint)
            what, hint = (text.replace(region, EACH) if region else text for text in texts)
            said.setdefault((what, hint), []).append(region)
    for (what, hint), regions in said.items():
        where = "each region" if len(regions) == len(design.architecture.regions) else ", ".join(regions)
        yield what.replace(EACH, where), hint.replace(EACH, where)
