"""How results are shown to a person: tables and sentences, and nothing that decides anything."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from groma.answers import BillLine
from groma.architecture import Finding, Outcome
from groma.bill import Bill, bill
from groma.components.pricing import ADVICE
from groma.design import Design
from groma.questions.recovery import Recovery, recovery, review
from groma.terms import CALCULATOR_HOURS

if TYPE_CHECKING:
    from groma.catalog import Quote
    from groma.live.monitor import Status
    from groma.live.prices import Refresh
    from groma.live.provision import Provisioned, Reporter, TakenDown
    from groma.live.publish import Published
    from groma.live.remote_state import StateBucket
    from groma.live.stack import Stack
    from groma.live.terraform_cli import PlanSummary

OUT = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
SMALL_USD = 0.5
MARKS: Mapping[Outcome, tuple[str, str]] = {
    "ok": ("ok", "green"),
    "wrong": ("no", "bold red"),
    "not tried": ("--", "yellow"),
}
"""How the outcome of a finding is shown, and in which style."""
COUNTED: Mapping[Outcome, str] = {"wrong": "not", "not tried": "not tried"}
EACH = "\0"
"""Stands for the region while findings of several regions are compared."""
FRESHNESS = "fan-out"
"""The function that keeps the goal for freshness."""


def say(*lines: str) -> None:
    """Print lines for a person."""
    for line in lines:
        OUT.print(line, markup=False)


def print_plan(design: Design) -> None:
    """The whole plan: load, sizes, goals, bill, what was decided and what was rejected."""
    priced = bill(design.architecture)
    architecture = design.architecture
    say(f"{architecture.name}: {architecture.blueprint} in {', '.join(architecture.regions)}", "")
    _print_sizes(design)
    _print_functions(design)
    _print_goals(design, priced)
    _print_recovery(recovery(design))
    _print_bill(priced, architecture.regions)
    _print_decisions(design)
    _print_rejected(design)
    for what, hint in _open(design):
        say(what, f"  hint: {hint}")


def _open(design: Design) -> Iterator[tuple[str, str]]:
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


def _print_recovery(found: Recovery | None) -> None:
    """What can be lost, and how the other regions stand when one is."""
    if found is None:
        return
    numbers = ("back after", "data lost", "requests hit")
    table = new_table("Recovery", "lost", "what happens", *numbers, "because", right=numbers)
    for fault in found.faults:
        table.add_row(
            fault.lost,
            fault.happens,
            f"{fault.recovery_s:,.0f} s",
            f"{fault.data_loss_s:,.0f} s" if fault.data_loss_s else "none",
            f"{fault.hit_share:.2%}",
            f"{fault.because}; {fault.data}" if fault.data_loss_s else fault.because,
        )
    OUT.print(table)
    say("")
    numbers = ("carries", "p99, caches cold", "p99")
    table = new_table("When a region is lost, at peak", "lost", "region", *numbers, "busy", right=numbers)
    for loss in found.losses:
        for each in loss.survivors:
            table.add_row(
                loss.lost,
                each.region,
                f"{each.share:.0%}",
                f"{each.first_p99_ms:g} ms",
                f"{each.p99_ms:g} ms",
                ", ".join(f"{tier} {busy:.0%}" for tier, busy in each.utilisation.items())
                + ("" if each.keeps_goal else ": misses the goal"),
            )
    OUT.print(table)
    say("")


def new_table(title: str, *columns: str, right: Sequence[str] = ()) -> Table:
    """An empty table as all of them look; `right` names the columns of numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in columns:
        justify: Literal["right", "left"] = "right" if column in right else "left"
        table.add_column(column, justify=justify, header_style="dim")
    return table


def _print_sizes(design: Design) -> None:
    if not design.plan.sizes:
        return
    numbers = ("min", "peak", "max", "busy", "busy, zone lost", "$/month")
    where = " in each region" if len(design.architecture.regions) > 1 else ""
    table = new_table(f"Sizes{where}", "tier", "type", *numbers, right=numbers)
    for size in design.plan.sizes:
        table.add_row(
            size.tier,
            size.choice.name,
            str(size.min),
            str(size.desired),
            str(size.max),
            f"{size.utilisation_at_peak:.0%}",
            f"{size.utilisation_zone_lost:.0%}",
            f"{size.usd_per_month:,.2f}",
        )
    OUT.print(table)
    say("")


def _print_functions(design: Design) -> None:
    if not design.plan.functions:
        return
    numbers = ("at once", "most", "cold", "billed ms", "p50 ms", "p99 ms", "goal ms", "$/month")
    where = " in each region" if len(design.architecture.regions) > 1 else ""
    table = new_table(f"Functions at peak{where}", "function", "memory", *numbers, right=numbers)
    for size in design.plan.functions:
        table.add_row(
            size.name,
            size.choice.name,
            f"{size.concurrency:,}",
            f"{size.concurrency_high:,}",
            f"{size.cold_share:.2%}",
            f"{size.billed_ms:,.0f}",
            f"{size.latency_ms['p50']:,.0f}",
            f"{size.latency_ms['p99']:,.0f}",
            f"{size.goal_ms:,.0f}",
            f"{size.usd_per_month:,.2f}",
        )
    OUT.print(table)
    say("")


def _print_goals(design: Design, priced: Bill) -> None:
    goals, latency, usd = design.workload.slo, design.plan.latency_ms, priced.monthly_usd
    least = "at least " if priced.unknown else ""
    budget = design.workload.budget_usd_per_month
    table = new_table("Goals", "", "goal", "design", "")
    if latency:
        whole = design.plan.latency_all_zones_ms["p99"]
        all_zones = "" if not design.plan.sizes else f"; p99 {whole:g} with all zones"
        table.add_row(
            "p99",
            f"{goals.p99_ms:g} ms",
            f"{latency['p99']:g} ms",
            f"{design.plan.kept_at}; p50 {latency['p50']:g}, p95 {latency['p95']:g}{all_zones}",
        )
        by_class = design.plan.latency_by_class_ms.items()
        table.add_row("", "", "", ", ".join(f"{name} {ms['p99']:g}" for name, ms in by_class))
    for size in design.plan.functions:
        if size.name == FRESHNESS:
            reached, goal = f"{size.latency_ms['p99'] / 1000:.1f} s", f"{goals.freshness_s:g} s"
            table.add_row("freshness", goal, reached, "p99 until a post is in its followers' timelines")
    if design.availability.parts:
        table.add_row(
            "availability",
            f"{goals.availability:.4%}",
            f"{design.availability.value:.4%}",
            f"at {design.plan.measured_at}; {design.availability.with_edge:.2%} with CloudFront's agreement",
        )
    table.add_row(
        "bill",
        f"${budget:,.0f}" if budget else "",
        f"{least}${usd.likely:,.2f}",
        f"{design.architecture.terms.month.name}; ${usd.low:,.0f} to ${usd.high:,.0f} over the ranges",
    )
    OUT.print(table)
    say("")


def _print_bill(priced: Bill, regions: Sequence[str]) -> None:
    numbers = ("quantity", "unit price", "$/month")
    table = new_table("Bill", "component", "item", *numbers, "unit", right=numbers)
    lines = together(priced.lines, regions)
    small = [line for line in lines if line.monthly_usd and line.monthly_usd.likely < SMALL_USD]
    for line in lines:
        if line in small:
            continue
        table.add_row(
            line.component,
            line.item,
            f"{line.quantity.likely:,.0f}",
            "unknown" if line.unit_usd is None else f"{line.unit_usd:.4g}",
            "unknown" if line.monthly_usd is None else f"{line.monthly_usd.likely:,.2f}",
            line.unit,
        )
    rest = sum(line.monthly_usd.likely for line in small if line.monthly_usd)
    table.add_row("", f"{len(small)} lines below ${SMALL_USD:.2f} each", "", "", f"{rest:,.2f}", "")
    least = "at least " if priced.unknown else ""
    table.add_row("", "total", "", "", f"{least}{priced.monthly_usd.likely:,.2f}", "", style="bold")
    OUT.print(table)
    if len(regions) > 1:
        say("Elements that stand in every region are added up; bill.csv and --json have each by itself.")
    advice = dict.fromkeys(f"{line.component}: {line.note}" for line in lines if ADVICE in line.note)
    say(*advice, "")


def together(lines: Sequence[BillLine], regions: Sequence[str]) -> list[BillLine]:
    """The lines of all regions, those of the same element and item added up; unknown prices stay apart."""
    found: dict[tuple[object, ...], BillLine] = {}
    for line in lines:
        scope, _, short = line.component.partition("/")
        if scope not in regions or not short:
            found[line.component, line.item, len(found)] = line
            continue
        key = (short, line.item, line.unit, line.monthly_usd is None)
        before = found.get(key)
        found[key] = replace(line, component=short) if before is None else _sum(before, line)
    return list(found.values())


def _sum(first: BillLine, second: BillLine) -> BillLine:
    """Two lines of one unit; the price of a unit is then that of all of them on average."""
    quantity = first.quantity + second.quantity
    if first.monthly_usd is None or second.monthly_usd is None:
        return replace(first, quantity=quantity)
    usd = first.monthly_usd + second.monthly_usd
    unit = usd.likely / quantity.likely if quantity.likely else first.unit_usd
    return replace(first, quantity=quantity, monthly_usd=usd, unit_usd=unit)


def _print_decisions(design: Design) -> None:
    table = new_table("Decided", "", "", "because")
    for decision in design.decisions:
        table.add_row(decision.about, decision.decided, decision.because)
    OUT.print(table)
    say("")


def _print_rejected(design: Design) -> None:
    if not design.plan.rejected:
        return
    table = new_table("Rejected", "tier", "option", "misses", "by", "$/month", right=("$/month",))
    for option in design.plan.rejected:
        table.add_row(option.tier, option.option, option.misses, option.by, f"{option.usd_per_month:,.2f}")
    OUT.print(table)
    say("")


def print_findings(findings: Iterable[Finding]) -> None:
    """One line each, with what was expected where it is not there."""
    listed = list(findings)
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in listed:
        table.add_row(Text(*MARKS[finding.outcome]), finding.what, _found(finding))
    OUT.print(table)
    count = Counter(finding.outcome for finding in listed)
    rest = [f"{count[outcome]} {said}" for outcome, said in COUNTED.items() if count[outcome]]
    say("", ", ".join([f"{count['ok']} of {len(listed)} as designed", *rest]))


def _found(finding: Finding) -> str:
    if finding.outcome == "wrong":
        return f"expected {finding.expected}, found {finding.actual}"
    return f"not tried: {finding.actual}" if finding.outcome == "not tried" else finding.actual


def print_findings_json(findings: Iterable[Finding]) -> None:
    """`[{id, what, expected, actual, ok, outcome, …}]`; `ok` is null for what was not tried."""
    _write_json([{**asdict(finding), **_outcome(finding)} for finding in findings])


def _outcome(finding: Finding) -> dict[str, object]:
    return {"ok": None if finding.outcome == "not tried" else finding.ok, "outcome": finding.outcome}


def _write_json(document: object) -> None:
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def print_provisioned(design: Design, stack: Stack, done: Provisioned, file: str) -> None:
    """The end of `up`: the check list, the goals, where everything lies, what to type next."""
    priced, p99_ms = bill(design.architecture), design.plan.latency_ms.get("p99")
    usd, least = priced.monthly_usd, "at least " if priced.unknown else ""
    goals = [f"p99           {p99_ms:g} ms {design.plan.kept_at}"] if p99_ms is not None else []
    if design.availability.parts:
        goals.append(f"availability  {design.availability.value:.4%} at {design.plan.measured_at}")
    print_findings(done.findings)
    say(
        "",
        f"{stack.name} stands in the {stack.target} cloud: {done.added} resources made, "
        f"{done.changed} changed, {done.removed} removed, in {done.seconds:.0f} s",
        f"bill          {least}${usd.likely:,.2f} a month (${usd.low:,.0f} to ${usd.high:,.0f})",
        *goals,
        *([f"site          {done.address}"] if done.address else []),
        f"diagram       {stack.directory}/diagram.png",
        f"Terraform     {stack.terraform}/",
        "",
        f"next: groma status {file}".rstrip(),
        f"      groma down {file}".rstrip(),
    )


def say_changes(plan: PlanSummary) -> None:
    """What Terraform would change, in numbers, and each replacement and deletion by name."""
    replaced = [change for change in plan.changes if change.action in ("replace", "delete")]
    say(f"{plan.added} to make, {plan.changed} to change, {plan.removed} to delete")
    for change in replaced:
        say(f"  {change.action}: {change.address}")


def print_taken_down(name: str, done: TakenDown, *, as_json: bool) -> None:
    """The end of `down`."""
    if as_json:
        _write_json(asdict(done))
        return
    say(*done.notes)
    if not done.notes:
        say(f"{done.removed} resources of {name} destroyed in {done.seconds:.0f} s; the cloud lists none")
    if done.state:
        say(done.state)


def print_published(done: Published, *, as_json: bool) -> None:
    """The end of `publish`, with what to type next."""
    if as_json:
        _write_json({**asdict(done), "source": done.source})
        return
    how = "is published already, with the same content" if done.existed else "is published"
    say(
        f"{done.tag} {how}: {done.modules} modules, commit {done.commit[:12]}, in {done.remote}",
        f"next: groma build --modules '{done.source}'",
    )


def print_state_bucket(done: StateBucket, target: str) -> None:
    """The end of `init --state`."""
    how = "made" if done.made else ("as it should be" if done.ours else "not made by groma, and safe")
    say(
        f"bucket {done.bucket} in {done.region} on {target}: {how}; versioned, encrypted, private, TLS only",
        "next: groma up",
    )


def print_status(status: Status, *, as_json: bool) -> None:
    """What runs, which alarms are on, what was changed."""
    if as_json:
        _write_json(asdict(status))
        return
    table = new_table(f"{status.stack} in the {status.target} cloud", "element", "state", "")
    for line in status.running:
        table.add_row(line.element, line.state, line.detail)
    OUT.print(table)
    say("")
    states = ", ".join(f"{count} {state}" for state, count in sorted(status.alarms.items()))
    say(f"alarms  {states or 'none'}")
    for name in status.firing:
        say(f"        {name}")
    changed = f"{len(status.drift)} resources changed behind Terraform's back"
    say(f"drift   {changed if status.drift else 'none'}")
    for change in status.drift:
        say(f"        {change}")


def print_quotes(name: str, region: str, quotes: Sequence[Quote], *, as_json: bool) -> None:
    """Every price of one thing, unknown ones as such."""
    if as_json:
        _write_json({"name": name, "region": region, "prices": [asdict(quote) for quote in quotes]})
        return
    tiers = any(quote.from_quantity or quote.to_quantity is not None for quote in quotes)
    start = ("from",) if tiers else ()
    numbers = (*start, "USD", "730 hours")
    table = new_table(f"{name} in {region}", "price", *numbers, "unit", "date", right=numbers)
    for quote in quotes:
        usd = "unknown" if quote.usd is None else f"{quote.usd:.10g}"
        month = (
            f"{quote.usd * CALCULATOR_HOURS:,.2f}" if quote.usd is not None and "hour" in quote.unit else ""
        )
        begin = [f"{quote.from_quantity:,.0f}"] if tiers else []
        usd = "" if quote.note and quote.usd is None else usd
        what = f"{quote.what}, {quote.note}" if quote.note and quote.usd is not None else quote.what
        table.add_row(what, *begin, usd, month, quote.unit, quote.as_of)
    OUT.print(table)
    say("", *(f"{quote.what}: {quote.note}" for quote in quotes if quote.note and quote.usd is None))
    for source in dict.fromkeys(quote.source for quote in quotes if quote.source):
        say(f"source: {source}")


def print_refreshed(done: Refresh) -> None:
    """What a refresh of prices found."""
    say(
        f"{done.hourly:,} prices by the hour and {done.units} by quantity for {done.region}, "
        f"published {done.as_of}, in {done.path}"
    )
    for name in done.left_out:
        say(f"left out: {name}")


@contextmanager
def showing_transfers(title: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar on standard error that is told (file, bytes done, bytes in all)."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title)

        def told(file: str, done: int, total: int | None) -> None:
            progress.update(task, description=f"{title}: {file}", completed=done, total=total)

        yield told


def reporter(*, quiet: bool) -> Reporter:
    """Steps and progress on standard error; nothing when quiet."""
    from groma.live.progress import show_progress
    from groma.live.provision import Reporter

    def step(text: str) -> None:
        if not quiet:
            print(f"· {text}", file=sys.stderr, flush=True)

    return Reporter(step, lambda title: show_progress(title, quiet=quiet))
