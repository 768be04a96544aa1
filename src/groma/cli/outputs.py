"""`groma draw` and `groma build`: files from a design."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groma.cli.designs import accept, billed, designed
from groma.cli.options import WORKLOAD, Currency, File, Month, NoFreeTier, Purchase, Spend
from groma.errors import ToolMissing

if TYPE_CHECKING:
    from groma.design import Design


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
    from groma.architecture import CheckList
    from groma.cli.console import say, show
    from groma.diagram import check_format, render_as
    from groma.diagram import lint as look
    from groma.live.stack import write_at_once
    from groma.report.documents import picture

    check_format(output.suffix, where=str(output))
    design = designed(file)
    layout = picture(design, costs=costs, load=load)
    write_at_once(output, render_as(layout, output.suffix, dark=dark, scale=scale))
    say(f"drew {output}")
    if lint:
        found = CheckList(tuple(look(layout, design.architecture)))
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
    force: Annotated[bool, typer.Option("--force", help="write over files that somebody has edited")] = False,
) -> None:
    """Write everything to disk: Terraform, diagram, bill, plan. What somebody has edited there is kept.

    Exit code 1: something was kept, and differs.
    """
    from groma.cli.console import say
    from groma.live.building import build_into
    from groma.report.documents import documents

    design = billed(designed(file, purchase, budget), month, no_free_tier=no_free_tier, currency=currency)
    accept(design)
    written = documents(design, modules)
    archives, lacking = _shipped(design, written)
    written |= archives
    done = build_into(output, written, force=force)
    say(*lacking, f"wrote {done.written} files to {output}/", *done.lines())
    say(f"look at {output}/diagram.png and {output}/terraform/")
    if done.kept:
        raise typer.Exit(1)


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
