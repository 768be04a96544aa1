"""design → documents: the diagram, and everything that `groma build` writes to disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from groma.application.layout import archives
from groma.bill import Bill, bill
from groma.design import Design
from groma.diagram import Layout, Sheet, TitleBlock, lay_out, peak_load, render_as, render_png, sheets, to_svg
from groma.errors import InputError
from groma.questions.drills.matrix import Matrix
from groma.questions.sensitivity import Sensitivity
from groma.report.page import report
from groma.report.plan_document import plan_document
from groma.report.runbook import FILE as RUNBOOK
from groma.report.runbook import runbook
from groma.terraform import render
from groma.words import to_json

if TYPE_CHECKING:
    from groma.simulation.answer import Simulated


def title_block(design: Design, priced: Bill) -> TitleBlock:
    """What the diagram's title block says."""
    architecture = design.architecture
    return TitleBlock(
        project=architecture.name,
        author=architecture.owner,
        dated=architecture.dated,
        blueprint=architecture.blueprint,
        region=", ".join(architecture.regions),
        monthly_usd=priced.monthly_usd.likely,
        p99_ms=design.plan.latency_ms.get("p99"),
        at_least=bool(priced.unknown),
    )


def picture(design: Design, *, costs: bool = False, load: bool = False, sheet: str = "") -> Layout:
    """The labelled diagram of a design, laid out; with the monthly cost or the load at peak on each card.

    `sheet` is one page of a design in several regions, as `page_of` names it.
    """
    architecture, priced = design.architecture, bill(design.architecture)
    usd = {c.id: priced.of(c.id) for c in architecture.components if priced.of(c.id)} if costs else None
    busy = {id_: str(found) for id_, found in peak_load(architecture).items()} if load else None
    title = title_block(design, priced)
    if not sheet:
        return lay_out(architecture, title, costs=usd, load=busy)
    page = page_of(design, sheet)
    title = replace(title, project=f"{title.project}: {page.name}")
    return lay_out(page.architecture, title, costs=usd, load=busy, page=1.0)


def page_of(design: Design, name: str) -> Sheet:
    """The overview of a design in several regions, or the page on which a region is drawn, for one screen.

    Raises:
        InputError: there is no such page.
    """
    found = sheets(design.architecture)
    for sheet in found:
        if name == sheet.name or name in sheet.name.split(", "):
            return sheet
    known = ", ".join(sheet.name for sheet in found)
    hint = f"name one of {known}" if found else "a design in one region is one picture: leave it out"
    raise InputError(f"there is no sheet {name!r}", where=design.workload.where(), hint=hint)


def pages(design: Design, *, costs: bool = False, load: bool = False) -> tuple[Layout, ...]:
    """Of a design in several regions the overview and each distinct region, laid out for one screen each."""
    found = sheets(design.architecture)
    return tuple(picture(design, costs=costs, load=load, sheet=sheet.name) for sheet in found)


def draw(design: Design, *, costs: bool = False, load: bool = False, dark: bool = False) -> str:
    """The labelled diagram of a design, as SVG."""
    return render_as(picture(design, costs=costs, load=load), ".svg", dark=dark).decode()


def build(design: Design, modules: str = "", *, native: bool = False) -> dict[str, bytes]:
    """Everything of a design: path → content, `terraform/` and the rest.

    `modules` as in `render`; `native` as in `archives`.

    Raises:
        ToolMissing: what the application ships cannot be made here.
    """
    written = documents(design, modules)
    return written | shipped(design, written, native=native)


def shipped(design: Design, written: Mapping[str, bytes], *, native: bool = False) -> dict[str, bytes]:
    """What the application ships to the root that `documents` wrote; `native` and errors as in `archives`."""
    files = archives(design.architecture.application, written["terraform/main.tf"].decode(), native=native)
    return {f"terraform/{path}": data for path, data in files.items()}


def documents(
    design: Design,
    modules: str = "",
    every: Sensitivity | None = None,
    drills: Matrix | None = None,
    day: Simulated | None = None,
) -> dict[str, bytes]:
    """Everything of a design but what the application ships: path → content.

    `modules` as in `render`; `every`, `drills` and `day` as in `report`.
    """
    priced = bill(design.architecture)
    layout = picture(design)
    svg = to_svg(layout)
    terraform = render(design.architecture, design.workload.state, modules)
    return {
        "plan.json": to_json(plan_document(design)).encode(),
        "bill.csv": priced.to_csv().encode(),
        "diagram.svg": svg.encode(),
        "diagram.png": render_png(svg),
        "report.html": report(design, layout, pages(design), every, drills, day).encode(),
        RUNBOOK: runbook(design.architecture).encode(),
        **{f"terraform/{path}": text.encode() for path, text in terraform.items()},
    }
