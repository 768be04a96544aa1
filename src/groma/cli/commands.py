"""The command line: one thin command per step, named as the functions are.

Exit codes: 0 done, 1 the answer is no, 2 wrong use or bad input, 3 something outside failed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from groma.errors import GromaError, Infeasible, InputError, ToolMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from groma.architecture import Finding
    from groma.design import Design
    from groma.live.stack import Stack
    from groma.live.target import Target
    from groma.live.terraform_cli import PlanSummary
    from groma.terms import Buying
    from groma.workload import Workload

app = typer.Typer(
    help="Turn a description of an application's load into AWS infrastructure.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

File = Annotated[Path, typer.Argument(help="the workload file", metavar="FILE")]
Json = Annotated[bool, typer.Option("--json", help="print JSON for machines, and nothing else")]
To = Annotated[Literal["embedded", "aws"], typer.Option("--target", help="where to")]
Month = Annotated[str, typer.Option("--month", help="730h, or a calendar month such as 2026-11")]
Purchase = Annotated[
    Literal["on-demand", "reserved-1y", "reserved-3y", "mixed"] | None,
    typer.Option("--purchase", help="how machines are bought, instead of the file's `purchase`"),
]
PricedRegion = Annotated[str, typer.Option("--region", help="an AWS region")]
WORKLOAD = Path("groma.yaml")
LOSSES = ("delete", "replace")


@app.command()
def init(
    file: File = WORKLOAD,
    blueprint: Annotated[str, typer.Option(help="which kind of architecture")] = "three-tier",
    state: Annotated[
        bool, typer.Option("--state", help="make the bucket that FILE names for Terraform's state")
    ] = False,
    target: To = "embedded",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="do not ask before AWS is changed")] = False,
) -> None:
    """Write a commented workload file to begin with; or, with --state, make a team's bucket for the state."""
    from groma.cli.console import say
    from groma.workload.first_file import write_first_file

    if state:
        _make_state_bucket(file, target, yes=yes)
        return

    written = write_first_file(file, blueprint)
    say(
        f"wrote {' and '.join(str(path) for path in written)}",
        f"look at it, then: groma plan {_named(file)}".rstrip(),
    )


@app.command()
def plan(
    file: File = WORKLOAD,
    month: Month = "730h",
    purchase: Purchase = None,
    why: Annotated[
        str, typer.Option("--why", help="why this size: web, app, database, or a function: api")
    ] = "",
    budget: Annotated[float, typer.Option("--budget", help="the best design for so many $ a month")] = 0,
    alternatives: Annotated[
        bool, typer.Option("--alternatives", help="cheaper, faster and safer designs")
    ] = False,
    ranges: Annotated[bool, typer.Option("--ranges", help="how the answer changes over the ranges")] = False,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option("--compare", metavar="BLUEPRINT BLUEPRINT", help="two blueprints for the same load"),
    ] = None,
    plot: Annotated[Path | None, typer.Option("--plot", help="draw the alternatives: .svg or .png")] = None,
    as_json: Json = False,
) -> None:
    """Size it, price it, check it; say why each size, and what was rejected."""
    from groma.cli.console import print_plan, say

    if compare:
        _only_one(why=why, budget=budget, alternatives=alternatives, ranges=ranges, compare=compare)
        _compare_blueprints(_load(file, purchase), compare, plot, as_json=as_json)
        return
    if why or budget or alternatives or ranges or plot:
        _only_one(why=why, budget=budget, alternatives=alternatives or plot, ranges=ranges)
        _compare(_load(file, purchase), why, budget, ranges, plot, as_json=as_json)
        return
    design = _billed(_design(file, purchase), month)
    if as_json:
        _print_document(design)
    else:
        print_plan(design)
    _accept(design)
    if not as_json:
        stated = purchase in (None, _load(file).purchase)
        first = "" if stated else f"write `purchase: {purchase}` into {file}, then "
        say("", f"next: {first}groma up {_named(file)}".rstrip())


@app.command()
def growth(
    file: File = WORKLOAD,
    to: Annotated[str, typer.Option("--to", help="the number of users to reach")] = "5_000_000",
    plot: Annotated[Path | None, typer.Option("--plot", help="draw it: .svg or .png")] = None,
    as_json: Json = False,
) -> None:
    """Say what breaks first as users grow, at which number, and what the next design costs."""
    from groma.cli.comparisons import print_growth, print_json
    from groma.cli.console import reporter
    from groma.questions import growth as growing
    from groma.workload import load

    if plot:
        _can_plot(plot)
    workload = load(file)
    _must_be_sized(workload)
    grown = growing.growth(workload, _users(to), reporter(quiet=as_json).step)
    if as_json:
        print_json({"stages": growing.table(grown), "ends": grown.ends})
    else:
        print_growth(grown)
    if plot:
        from groma.report.plots import plot_growth

        _write_plot(plot, plot_growth(grown, plot.suffix), quiet=as_json)


@app.command()
def draw(
    file: File = WORKLOAD,
    output: Annotated[Path, typer.Option("--output", "-o", help="svg, png, pdf or drawio")] = Path(
        "arch.svg"
    ),
    costs: Annotated[bool, typer.Option("--costs", help="show what each component costs a month")] = False,
    load: Annotated[bool, typer.Option("--load", help="show load and utilisation at peak")] = False,
    dark: Annotated[bool, typer.Option("--dark", help="light on dark")] = False,
    lint: Annotated[bool, typer.Option("--lint", help="list the faults of the drawing")] = False,
    scale: Annotated[float, typer.Option(help="pixels per unit of a PNG", min=0.25, max=8)] = 2.0,
) -> None:
    """Draw the labelled diagram."""
    from groma.cli.console import print_findings, say
    from groma.diagram import check_format, render_as
    from groma.diagram import lint as look
    from groma.live.stack import write_at_once
    from groma.report.documents import picture

    check_format(output.suffix, where=str(output))
    design = _design(file)
    layout = picture(design, costs=costs, load=load)
    write_at_once(output, render_as(layout, output.suffix, dark=dark, scale=scale))
    say(f"drew {output}")
    if lint:
        findings = look(layout, design.architecture)
        print_findings(findings)
        _exit_on_findings(findings)


@app.command()
def build(
    file: File = WORKLOAD,
    output: Annotated[Path, typer.Option("--output", "-o", help="a directory")] = Path("out"),
    month: Month = "730h",
    purchase: Purchase = None,
    modules: Annotated[
        str, typer.Option("--modules", help="where modules are published: git::URL//modules?ref=v1.2.0")
    ] = "",
) -> None:
    """Write everything to disk: Terraform, diagram, bill, plan."""
    from groma.cli.console import say
    from groma.live.stack import write_at_once
    from groma.report import documents

    design = _billed(_design(file, purchase), month)
    _accept(design)
    try:
        written, lacking = documents.build(design, modules, native=True), ""
    except ToolMissing as error:
        written, lacking = documents.build(design, modules), f"without compiled libraries: {error}"
    for path, content in written.items():
        write_at_once(output / path, content)
    say(*filter(None, [lacking]), f"wrote {len(written)} files to {output}/")
    say(f"look at {output}/diagram.png and {output}/terraform/")


@app.command()
def up(
    file: File = WORKLOAD,
    target: To = "embedded",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="do not ask before AWS is changed")] = False,
    as_json: Json = False,
) -> None:
    """Build it, provision it, verify it; into the embedded cloud unless told otherwise."""
    from groma.cli.console import print_findings_json, print_provisioned, reporter
    from groma.live.provision import up as provision

    design = _design(file)
    _accept(design)
    stack, where = _stack(design, target)
    approve = _approval(design, where, yes=yes) if target == "aws" else None
    done = provision(design, stack, where, reporter(quiet=as_json), approve)
    if as_json:
        print_findings_json(done.findings)
    else:
        print_provisioned(design, stack, done, _named(file))
    _exit_on_findings(done.findings)


@app.command()
def verify(file: File = WORKLOAD, target: To = "embedded", as_json: Json = False) -> None:
    """Compare what is deployed with what was designed."""
    from groma.cli.console import print_findings, print_findings_json
    from groma.live.provision import inspect

    design = _design(file)
    findings = inspect(design.architecture, *_stack(design, target))
    if as_json:
        print_findings_json(findings)
    else:
        print_findings(findings)
    _exit_on_findings(findings)


@app.command()
def status(file: File = WORKLOAD, target: To = "embedded", as_json: Json = False) -> None:
    """Show what runs, its alarms, and what was changed behind Groma's back."""
    from groma.cli.console import print_status
    from groma.live.monitor import status as look

    design = _design(file)
    print_status(look(design.architecture, *_stack(design, target)), as_json=as_json)


@app.command()
def down(
    file: File = WORKLOAD,
    target: To = "embedded",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="do not ask before AWS is changed")] = False,
    keep_cloud: Annotated[
        bool, typer.Option("--keep-cloud", help="leave the embedded cloud running, empty")
    ] = False,
    as_json: Json = False,
) -> None:
    """Destroy everything of the stack; leave nothing."""
    from groma.cli.console import print_taken_down, reporter
    from groma.live.provision import down as take_down
    from groma.workload import load

    workload = load(file)
    stack, where = _stack_named(workload.name, workload.regions[0], target)
    if target == "aws" and stack.exists and not yes:
        _confirm(
            f"destroy {workload.name} in account {where.account()} with its database, all backups, "
            "everything in its bucket and its secret? nothing of it can be brought back"
        )
    done = take_down(stack, where, reporter(quiet=as_json), keep_cloud=keep_cloud)
    print_taken_down(workload.name, done, as_json=as_json)


@app.command()
def publish(
    remote: Annotated[str, typer.Argument(help="a git repository", metavar="REMOTE")],
    version: Annotated[str, typer.Option("--version", help="such as 1.2.0; groma's own if left out")] = "",
    as_json: Json = False,
) -> None:
    """Push the Terraform modules to a git repository, as a version that never changes."""
    import datetime

    from groma import __version__
    from groma.cli.console import print_published
    from groma.live.publish import publish as push

    done = push(remote, version or __version__, today=datetime.date.today())
    print_published(done, as_json=as_json)


@app.command()
def setup() -> None:
    """Find or fetch what Groma drives: Terraform (or OpenTofu) and its AWS provider."""
    from groma.cli.console import say
    from groma.live.toolchain import ensure_engine, ensure_provider

    engine = ensure_engine()
    say(f"{engine.name} {engine.version} at {engine.path}")
    provider = ensure_provider(engine, on_note=say)
    say(f"AWS provider {provider.version} ({provider.how}) {provider.path or ''}".rstrip())


prices = typer.Typer(help="Show what things cost, or read AWS's price list again.", no_args_is_help=True)
app.add_typer(prices, name="prices")


@prices.command("show")
def prices_show(
    name: Annotated[str, typer.Argument(help="m7g.large, db.m7g.large, cache.m7g.large or natgateway/hour")],
    region: PricedRegion = "us-east-1",
    as_json: Json = False,
) -> None:
    """Show every price of one thing, with its source and date."""
    from groma.catalog import quotes
    from groma.cli.console import print_quotes

    print_quotes(name, region, quotes(name, region), as_json=as_json)


@prices.command("refresh")
def prices_refresh(
    region: PricedRegion = "us-east-1",
    url: Annotated[str, typer.Option(help="another host that serves AWS's price list")] = "",
) -> None:
    """Read AWS's public price list; its figures then go before older ones."""
    from groma.cli.console import print_refreshed, showing_transfers
    from groma.live.prices import PRICE_LIST_URL, refresh

    with showing_transfers(f"prices of {region}") as on_progress:
        done = refresh(region, base_url=url or PRICE_LIST_URL, on_progress=on_progress)
    print_refreshed(done)


@app.command(hidden=True)
def version() -> None:
    """Print the version."""
    from groma import __version__

    typer.echo(__version__)


def main() -> None:
    """Run the command line; the one place where errors become exit codes."""
    try:
        app()
    except GromaError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:
        if not type(error).__module__.startswith("botocore."):
            raise
        typer.echo(f"error: AWS: {error}\n  hint: check credentials, permissions and region", err=True)
        sys.exit(3)
    except KeyboardInterrupt:
        typer.echo("stopped; the same command goes on from here", err=True)
        sys.exit(130)


def _compare(
    workload: Workload, why: str, budget: float, ranges: bool, plot: Path | None, *, as_json: bool
) -> None:
    """Answer one of the questions that look beyond the plan itself."""
    from groma.cli import comparisons
    from groma.cli.console import reporter
    from groma.design import design
    from groma.design import why as neighbours
    from groma.questions.alternatives import candidates, front, within
    from groma.questions.ranges import outlook

    step = reporter(quiet=as_json).step
    _must_be_sized(workload, servers=not why)
    if why:
        made = design(workload)
        comparisons.show_why(made, why, neighbours(made, why), as_json=as_json)
    elif ranges:
        step("putting designs under draws from the ranges")
        comparisons.show_outlook(outlook(workload), as_json=as_json)
    elif budget:
        step("designing for every headroom and p99")
        comparisons.show_budget(within(candidates(workload), budget), as_json=as_json)
    else:
        if plot:
            _can_plot(plot)
        step("designing for every headroom and p99")
        rows = front(workload, candidates(workload))
        comparisons.show_alternatives(rows, as_json=as_json)
        if plot:
            from groma.report.plots import plot_front

            picture = plot_front(rows, workload.slo.p99_ms, workload.name, plot.suffix)
            _write_plot(plot, picture, quiet=as_json)


def _make_state_bucket(file: Path, target: Literal["embedded", "aws"], *, yes: bool) -> None:
    from groma.cli.console import print_state_bucket
    from groma.live.remote_state import make_bucket
    from groma.workload import load

    workload = load(file)
    if workload.state is None:
        raise InputError(
            "names no bucket for the state",
            where=workload.where("state"),
            hint="add `state: {bucket: example-org-terraform-state, region: us-east-1}`",
        )
    _, where = _stack_named(workload.name, workload.state.region, target)
    where.open()
    if target == "aws" and not yes:
        _confirm(f"make the bucket {workload.state.bucket} in AWS account {where.account()}?")
    done = make_bucket(workload.state, where)
    where.settle()
    print_state_bucket(done, where.name)


def _compare_blueprints(
    workload: Workload, names: tuple[str, str], plot: Path | None, *, as_json: bool
) -> None:
    """Two blueprints for one load."""
    from groma.cli.comparisons import show_comparison
    from groma.cli.console import reporter
    from groma.questions.blueprints import compare

    if plot:
        _can_plot(plot)
    found = compare(workload, *names, reporter(quiet=as_json).step)
    show_comparison(found, as_json=as_json)
    if plot:
        from groma.report.plots import plot_comparison

        _write_plot(plot, plot_comparison(found, plot.suffix), quiet=as_json)


def _must_be_sized(workload: Workload, *, servers: bool = True) -> None:
    """Refuse questions about sizes, or about servers, where there are none. Raises InputError."""
    from groma.design import server_tiers
    from groma.workload import KINDS
    from groma.workload.demand import demand

    if servers and KINDS[workload.blueprint].has_load and not server_tiers(workload, demand(workload)):
        raise InputError(
            f"{workload.blueprint} has no servers to exchange or to outgrow: functions come with the load",
            where=workload.where("blueprint"),
            hint="ask why a function has its size with --why api, or what it costs beside servers with "
            "--compare three-tier serverless",
        )

    if not KINDS[workload.blueprint].has_load:
        raise InputError(
            f"nothing of {workload.blueprint} is sized by its load",
            where=workload.where("blueprint"),
            hint="ask this of another blueprint",
        )


def _only_one(**asked: object) -> None:
    named = [f"--{name}" for name, value in asked.items() if value]
    if len(named) > 1:
        raise InputError(f"{' and '.join(named)} are different questions", hint="ask one at a time")


def _users(text: str) -> int:
    try:
        return int(text.replace(",", "_"))
    except ValueError:
        raise InputError(f"{text!r} is no number of users", where="--to", hint="write 5_000_000") from None


def _can_plot(path: Path) -> None:
    from groma.report.plots import check_format

    check_format(path.suffix, where=str(path))


def _write_plot(path: Path, picture: bytes, *, quiet: bool) -> None:
    from groma.cli.console import say
    from groma.live.stack import write_at_once

    write_at_once(path, picture)
    if not quiet:
        say(f"drew {path}")


def _load(file: Path, purchase: Buying | None = None) -> Workload:
    """The workload of a file, its machines bought in another way when that is asked."""
    from groma.workload import load

    workload = load(file)
    return workload if purchase is None else workload.model_copy(update={"purchase": purchase})


def _design(file: Path, purchase: Buying | None = None) -> Design:
    from groma.design import design

    return design(_load(file, purchase))


def _billed(design: Design, month: str) -> Design:
    from groma.bill import bought
    from groma.terms import Month as BilledMonth
    from groma.terms import Terms

    return bought(design, Terms(BilledMonth.parse(month), design.workload.purchase))


def _accept(design: Design) -> None:
    """Refuse a design that breaks its own rules or its budget. Raises Infeasible."""
    from groma.bill import bill, within_budget
    from groma.questions.recovery import review

    findings = list(review(design))
    budget = design.workload.budget_usd_per_month
    if budget is not None:
        findings.append(within_budget(bill(design.architecture), budget))
    for finding in findings:
        if not finding.ok and finding.severity == "error":
            field = "budget_usd_per_month" if finding.id == "budget" else ""
            raise Infeasible(
                f"{finding.what}: expected {finding.expected}, found {finding.actual}",
                where=design.workload.where(field) if field else design.workload.where(),
                hint=finding.hint,
            )


def _stack(design: Design, target: Literal["embedded", "aws"]) -> tuple[Stack, Target]:
    return _stack_named(design.architecture.name, design.architecture.region, target)


def _stack_named(name: str, region: str, target: Literal["embedded", "aws"]) -> tuple[Stack, Target]:
    from groma.live.stack import HOME, Stack
    from groma.live.target import AwsTarget, EmbeddedTarget

    where = EmbeddedTarget(HOME / "cloud") if target == "embedded" else AwsTarget(region)
    return Stack(name, target), where


def _approval(design: Design, where: Target, *, yes: bool) -> Callable[[PlanSummary], None]:
    """Show account, region, bill and changes before AWS is changed, and ask unless `yes` was said.

    A yes that was said beforehand does not cover the loss of a database.
    """
    from groma.bill import bill
    from groma.cli.console import say_changes
    from groma.components import keeps_user_data

    if not yes:
        _must_be_asked()

    def approve(plan: PlanSummary) -> None:
        usd = bill(design.architecture).monthly_usd
        say_changes(plan)
        gone = [change.address for change in plan.changes if change.action in LOSSES]
        lost = [address for address in gone if keeps_user_data(address)]
        if yes and lost:
            raise InputError(
                f"{', '.join(lost)} would be lost with what it holds", hint="leave out --yes to be asked"
            )
        if not yes:
            _confirm(
                f"provision {design.architecture.name} in AWS account {where.account()}, "
                f"{design.architecture.region}, for about ${usd.likely:,.0f} a month "
                f"(${usd.low:,.0f} to ${usd.high:,.0f})?"
            )

    return approve


def _must_be_asked() -> None:
    if not sys.stdin.isatty():
        raise InputError("AWS is changed only after a yes", hint="add --yes to say it in a script")


def _confirm(question: str) -> None:
    _must_be_asked()
    if not typer.confirm(question, err=True):
        raise InputError("nothing was changed")


def _exit_on_findings(findings: Iterable[Finding]) -> None:
    if any(not finding.ok and finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


def _print_document(design: Design) -> None:
    from groma.report.documents import plan_document, to_json

    typer.echo(to_json(plan_document(design)), nl=False)


def _named(file: Path) -> str:
    """The file as it must be typed: not at all when it is the default."""
    return "" if file == WORKLOAD else str(file)


if __name__ == "__main__":
    main()
