"""`groma draw` and `groma build`: files from a design."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groma.cli.designs import accept, billed, built, designed, loaded
from groma.cli.options import WORKLOAD, Currency, File, Month, NoFreeTier, Purchase, Spend
from groma.errors import ToolMissing

if TYPE_CHECKING:
    from groma.architecture import Architecture
    from groma.design import Design
    from groma.diagram import Layout
    from groma.simulation.answer import Simulated


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
    sheet: Annotated[
        str, typer.Option("--sheet", help="one page of several regions: overview, or a region's name")
    ] = "",
    mermaid: Annotated[bool, typer.Option("--mermaid", help="print it as Mermaid, for a README")] = False,
) -> None:
    """Draw the labelled diagram.

    A PDF of several regions begins with an overview and a page for each; as Mermaid the overview is printed.
    """
    from groma.cli.console import say
    from groma.diagram import OVERVIEW, check_format, render_as, to_mermaid
    from groma.live.stack import write_at_once
    from groma.report.documents import pages, picture

    check_format(output.suffix, where=str(output))
    design = designed(file)
    if mermaid:
        several = len(design.architecture.regions) > 1
        typer.echo(to_mermaid(_drawn(design, sheet or (OVERVIEW if several else ""))), nl=False)
        return
    layout = picture(design, costs=costs, load=load, sheet=sheet)
    before = pages(design, costs=costs, load=load) if output.suffix == ".pdf" and not sheet else ()
    write_at_once(output, render_as(layout, output.suffix, dark=dark, scale=scale, before=before))
    say(f"drew {output}")
    if lint:
        _lint(layout, _drawn(design, sheet))


def _drawn(design: Design, sheet: str) -> Architecture:
    """What is drawn: all of a design, or what is on one of its pages."""
    from groma.report.documents import page_of

    return page_of(design, sheet).architecture if sheet else design.architecture


def _lint(layout: Layout, architecture: Architecture) -> None:
    """Show what the drawing's own rules say. Raises Exit with code 1 where one is broken."""
    from groma.architecture import CheckList
    from groma.cli.console import show
    from groma.diagram import lint

    found = CheckList(tuple(lint(layout, architecture)))
    show(found)
    if found.failed:
        raise typer.Exit(1)


def build(
    file: File = WORKLOAD,
    output: Annotated[Path, typer.Option("--output", "-o", help="a directory")] = Path("out"),
    month: Month = "730h",
    no_free_tier: NoFreeTier = False,
    currency: Currency = "USD",
    purchase: Purchase = None,
    budget: Spend = None,
    modules: Annotated[
        str, typer.Option("--modules", help="where modules are published: git::URL//modules?ref=v1.2.0")
    ] = "",
    every: Annotated[
        bool,
        typer.Option("--sensitivity", help="show in the report what hangs on every range"),
    ] = False,
    day: Annotated[
        bool, typer.Option("--day", help="show in the report a day of its traffic, request by request")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="write over files that somebody has edited")] = False,
    resolve: Annotated[
        bool,
        typer.Option("--resolve/--no-resolve", help="ask registries for the digests of images, 3 s at most"),
    ] = True,
    only: Annotated[
        str,
        typer.Option(
            "--only", metavar="NAMES", help="modules by themselves, for whom no file is read: network,waf"
        ),
    ] = "",
) -> None:
    """Write everything to disk: Terraform, diagram, bill, plan. What somebody has edited there is kept.

    Exit code 1: something was kept, and differs.
    """
    if only:
        _only(only, output, force=force)
        return
    from groma.cli.console import say
    from groma.live.building import build_into
    from groma.live.digests import resolved
    from groma.live.last_drills import last_matrix
    from groma.questions.sensitivity import sensitivity
    from groma.report.documents import documents

    asked = resolved(loaded(file, purchase, budget)) if resolve else None
    workload = loaded(file, purchase, budget) if asked is None else asked.workload
    design = billed(built(workload), month, no_free_tier=no_free_tier, currency=currency)
    accept(design)
    say(*(() if asked is None else asked.lines))
    ranges, simulated = sensitivity(design) if every else None, _day_of(design) if day else None
    written = documents(design, modules, ranges, last_matrix(design.workload.name), simulated)
    archives, lacking = _shipped(design, written)
    written |= archives
    done = build_into(output, written, force=force)
    say(*lacking, f"wrote {done.written} files to {output}/", *done.lines())
    say(f"look at {output}/diagram.png and {output}/terraform/")
    if done.kept:
        raise typer.Exit(1)


def _only(names: str, output: Path, *, force: bool) -> None:
    """Write some modules and nothing else, where the whole would put them. They need no Groma."""
    from groma.cli.console import say
    from groma.live.building import build_into
    from groma.terraform import modules_by_name

    asked = [name.strip() for name in names.split(",") if name.strip()]
    texts = modules_by_name(asked, "--only")
    done = build_into(
        output, {f"terraform/{path}": text.encode() for path, text in texts.items()}, force=force
    )
    say(f"wrote {done.written} files to {output}/terraform/modules/", *done.lines())
    say(f"each README.md begins with an example; its sources are as seen from {output}/terraform/")
    if done.kept:
        raise typer.Exit(1)


def _day_of(design: Design) -> Simulated:
    """A likely day of a design. Raises Exit with code 130 where it is interrupted."""
    from groma.cli.console import showing_simulation
    from groma.simulation.asking import Asked, simulated

    with showing_simulation(quiet=False) as progress:
        found = simulated(design, Asked(), progress)
    if found.stopped:
        raise typer.Exit(130)
    return found


def _shipped(design: Design, written: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[str]]:
    """As much of what the application ships as can be made here, and what is lacking, in words."""
    from groma.report.documents import shipped

    try:
        return shipped(design, written, native=True), []
    except ToolMissing as error:
        lacking = error
    try:
        return shipped(design, written), [f"without compiled libraries: {lacking}"]
    except ToolMissing as error:
        return {}, [f"without the application's own archives: {error}"]
