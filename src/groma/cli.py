"""The command line: one thin command per step, named as the functions are.

Exit codes: 0 done, 1 the answer is no, 2 wrong use or bad input, 3 something outside failed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from groma.errors import GromaError, Infeasible, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groma.architecture import Finding
    from groma.design import Design
    from groma.live.stack import Stack
    from groma.live.target import Target

app = typer.Typer(
    help="Turn a description of an application's load into AWS infrastructure.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

File = Annotated[Path, typer.Argument(help="the workload file", metavar="[FILE]")]
Json = Annotated[bool, typer.Option("--json", help="print JSON for machines, and nothing else")]
To = Annotated[Literal["embedded", "aws"], typer.Option("--target", help="where to")]
WORKLOAD = Path("groma.yaml")


@app.command()
def init(
    file: File = WORKLOAD,
    blueprint: Annotated[str, typer.Option(help="which kind of architecture")] = "three-tier",
) -> None:
    """Write a commented workload file to begin with."""
    from groma.console import say
    from groma.first_file import write_first_file

    written = write_first_file(file, blueprint)
    say(
        f"wrote {' and '.join(str(path) for path in written)}", f"look at it, then: groma plan {_named(file)}"
    )


@app.command()
def plan(file: File = WORKLOAD, as_json: Json = False) -> None:
    """Size it, price it, check it; say why each size, and what was rejected."""
    from groma.console import print_plan, say

    design = _design(file)
    if as_json:
        _print_document(design)
    else:
        print_plan(design)
    _accept(design)
    if not as_json:
        say("", f"next: groma up {_named(file)}")


@app.command()
def draw(
    file: File = WORKLOAD,
    output: Annotated[Path, typer.Option("--output", "-o", help="a .svg or .png file")] = Path("arch.svg"),
    scale: Annotated[float, typer.Option(help="pixels per unit of a PNG", min=0.25, max=8)] = 2.0,
) -> None:
    """Draw the labelled diagram."""
    from groma import documents
    from groma.console import say
    from groma.diagram import render_png
    from groma.live.stack import write_at_once

    if output.suffix not in (".svg", ".png"):
        what = output.suffix or "a file without extension"
        raise InputError(f"cannot draw {what}", where=str(output), hint="name a .svg or .png file")
    svg = documents.draw(_design(file))
    write_at_once(output, render_png(svg, scale=scale) if output.suffix == ".png" else svg.encode())
    say(f"drew {output}")


@app.command()
def build(
    file: File = WORKLOAD,
    output: Annotated[Path, typer.Option("--output", "-o", help="a directory")] = Path("out"),
) -> None:
    """Write everything to disk: Terraform, diagram, bill, plan."""
    from groma import documents
    from groma.console import say
    from groma.live.stack import write_at_once

    design = _design(file)
    _accept(design)
    written = documents.build(design)
    for path, content in written.items():
        write_at_once(output / path, content)
    say(f"wrote {len(written)} files to {output}/", f"look at {output}/diagram.png and {output}/terraform/")


@app.command()
def up(
    file: File = WORKLOAD,
    target: To = "embedded",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="do not ask before AWS is changed")] = False,
    as_json: Json = False,
) -> None:
    """Build it, provision it, verify it; into the embedded cloud unless told otherwise."""
    from groma.console import print_findings_json, print_provisioned, reporter
    from groma.live.provision import up as provision

    design = _design(file)
    _accept(design)
    stack, where = _stack(design, target)
    if target == "aws" and not yes:
        _ask(design, where)
    done = provision(design, stack, where, reporter(quiet=as_json))
    if as_json:
        print_findings_json(done.findings)
    else:
        print_provisioned(design, stack, done, _named(file))
    _exit_on_findings(done.findings)


@app.command()
def verify(file: File = WORKLOAD, target: To = "embedded", as_json: Json = False) -> None:
    """Compare what is deployed with what was designed."""
    from groma.console import print_findings, print_findings_json
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
    from groma.console import print_status
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
    from groma.console import print_taken_down, reporter
    from groma.live.provision import down as take_down
    from groma.workload import load

    workload = load(file)
    stack, where = _stack_named(workload.name, workload.regions[0], target)
    if target == "aws" and not yes:
        _confirm(f"destroy {workload.name} in account {where.account()}, {workload.regions[0]}?")
    done = take_down(stack, where, workload.regions[0], reporter(quiet=as_json), keep_cloud=keep_cloud)
    print_taken_down(workload.name, done, as_json=as_json)


@app.command()
def setup() -> None:
    """Find or fetch what Groma drives: Terraform (or OpenTofu) and its AWS provider."""
    from groma.console import say
    from groma.live.toolchain import ensure_engine, ensure_provider

    engine = ensure_engine()
    say(f"{engine.name} {engine.version} at {engine.path}")
    provider = ensure_provider(engine, on_note=say)
    say(f"AWS provider {provider.version} ({provider.how}) {provider.path or ''}".rstrip())


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
    except KeyboardInterrupt:
        typer.echo("stopped; the same command goes on from here", err=True)
        sys.exit(130)


def _design(file: Path) -> Design:
    from groma.design import design
    from groma.workload import load

    return design(load(file))


def _accept(design: Design) -> None:
    """Refuse a design that breaks its own rules or its budget. Raises Infeasible."""
    from groma.bill import bill, within_budget
    from groma.check import check

    findings = list(check(design.architecture))
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


def _ask(design: Design, where: Target) -> None:
    """Show account, region and bill before AWS is changed."""
    from groma.bill import bill

    usd = bill(design.architecture).monthly_usd
    _confirm(
        f"provision {design.architecture.name} in AWS account {where.account()}, "
        f"{design.architecture.region}, for about ${usd.likely:,.0f} a month "
        f"(${usd.low:,.0f} to ${usd.high:,.0f})?"
    )


def _confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise InputError("AWS is changed only after a yes", hint="add --yes to say it in a script")
    if not typer.confirm(question, err=True):
        raise InputError("nothing was changed")


def _exit_on_findings(findings: Iterable[Finding]) -> None:
    if any(not finding.ok and finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


def _print_document(design: Design) -> None:
    from groma.documents import plan_document, to_json

    typer.echo(to_json(plan_document(design)), nl=False)


def _named(file: Path) -> str:
    """The file as it must be typed: not at all when it is the default."""
    return "" if file == WORKLOAD else str(file)


if __name__ == "__main__":
    main()
