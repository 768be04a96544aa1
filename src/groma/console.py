"""How results are shown to a person: tables and sentences, and nothing that decides anything."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from groma.architecture import Finding
from groma.bill import Bill, bill
from groma.check import check
from groma.components.pricing import ADVICE
from groma.design import Design
from groma.terms import CALCULATOR_HOURS

if TYPE_CHECKING:
    from groma.catalog import Quote
    from groma.live.monitor import Status
    from groma.live.prices import Refresh
    from groma.live.provision import Provisioned, Reporter, TakenDown
    from groma.live.stack import Stack
    from groma.live.terraform_cli import PlanSummary

OUT = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
SMALL_USD = 0.5


def say(*lines: str) -> None:
    """Print lines for a person."""
    for line in lines:
        OUT.print(line, markup=False)


def print_plan(design: Design) -> None:
    """The whole plan: load, sizes, goals, bill, what was decided and what was rejected."""
    priced = bill(design.architecture)
    architecture = design.architecture
    say(f"{architecture.name}: {architecture.blueprint} in {architecture.region}", "")
    _print_sizes(design)
    _print_goals(design, priced)
    _print_bill(priced)
    _print_decisions(design)
    _print_rejected(design)
    for finding in check(architecture):
        if not finding.ok:
            say(f"{finding.severity}: {finding.what}: {finding.actual}", f"  hint: {finding.hint}")


def new_table(title: str, *columns: str, right: Sequence[str] = ()) -> Table:
    """An empty table as all of them look; `right` names the columns of numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in columns:
        justify: Literal["right", "left"] = "right" if column in right else "left"
        table.add_column(column, justify=justify, header_style="dim")
    return table


def _print_sizes(design: Design) -> None:
    numbers = ("min", "peak", "max", "busy", "busy, zone lost", "$/month")
    table = new_table("Sizes", "tier", "type", *numbers, right=numbers)
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


def _print_goals(design: Design, priced: Bill) -> None:
    goals, latency, usd = design.workload.slo, design.plan.latency_ms, priced.monthly_usd
    least = "at least " if priced.unknown else ""
    budget = design.workload.budget_usd_per_month
    table = new_table("Goals", "", "goal", "design", "")
    table.add_row(
        "p99",
        f"{goals.p99_ms:g} ms",
        f"{latency['p99']:g} ms",
        f"at peak with a zone lost; p50 {latency['p50']:g}, p95 {latency['p95']:g}; "
        f"p99 {design.plan.latency_all_zones_ms['p99']:g} with all zones",
    )
    table.add_row(
        "availability",
        f"{goals.availability:.4%}",
        f"{design.availability.value:.4%}",
        f"at the load balancer; {design.availability.with_edge:.2%} with CloudFront's agreement",
    )
    table.add_row(
        "bill",
        f"${budget:,.0f}" if budget else "",
        f"{least}${usd.likely:,.2f}",
        f"{design.architecture.terms.month.name}; ${usd.low:,.0f} to ${usd.high:,.0f} over the ranges",
    )
    OUT.print(table)
    say("")


def _print_bill(priced: Bill) -> None:
    numbers = ("quantity", "unit price", "$/month")
    table = new_table("Bill", "component", "item", *numbers, "unit", right=numbers)
    small = [line for line in priced.lines if line.monthly_usd and line.monthly_usd.likely < SMALL_USD]
    for line in priced.lines:
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
    advice = dict.fromkeys(f"{line.component}: {line.note}" for line in priced.lines if ADVICE in line.note)
    say(*advice, "")


def _print_decisions(design: Design) -> None:
    table = new_table("Decided", "", "", "because")
    for decision in design.decisions:
        table.add_row(decision.about, decision.decided, decision.because)
    OUT.print(table)
    say("")


def _print_rejected(design: Design) -> None:
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
        mark = Text("ok", style="green") if finding.ok else Text("no", style="bold red")
        found = finding.actual if finding.ok else f"expected {finding.expected}, found {finding.actual}"
        table.add_row(mark, finding.what, found)
    OUT.print(table)
    wrong = sum(not finding.ok for finding in listed)
    say("", f"{len(listed) - wrong} of {len(listed)} as designed" + (f", {wrong} not" if wrong else ""))


def print_findings_json(findings: Iterable[Finding]) -> None:
    """`[{id, what, expected, actual, ok, …}]`."""
    _write_json([asdict(finding) for finding in findings])


def _write_json(document: object) -> None:
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def print_provisioned(design: Design, stack: Stack, done: Provisioned, file: str) -> None:
    """The end of `up`: the check list, the goals, where everything lies, what to type next."""
    usd = bill(design.architecture).monthly_usd
    print_findings(done.findings)
    say(
        "",
        f"{stack.name} stands in the {stack.target} cloud: {done.added} resources made, "
        f"{done.changed} changed, {done.removed} removed, in {done.seconds:.0f} s",
        f"bill          ${usd.likely:,.2f} a month (${usd.low:,.0f} to ${usd.high:,.0f})",
        f"p99           {design.plan.latency_ms['p99']:g} ms at peak with a zone lost",
        f"availability  {design.availability.value:.4%} at the load balancer",
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
