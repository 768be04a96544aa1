"""design → one HTML page: the diagram to explore, and the tables behind it.

The page needs no network and no files beside it. Without scripts it is a plain document; with them,
pointing at a component or focusing it shows its sizing, bill and alarms, and lights up its links.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from groma.answers import Alarm, BillLine
from groma.bill import bill
from groma.diagram import Layout, Load, peak_load, to_html_svgs
from groma.monitoring import alarms
from groma.monitoring.entries import entries, groups
from groma.monitoring.wording import condition, window
from groma.quantity import Range
from groma.questions.budget import budget
from groma.questions.recovery import recovery
from groma.questions.review import review
from groma.report.bars import bars
from groma.report.doubts import doubts
from groma.words import Table, price_of

if TYPE_CHECKING:
    from groma.architecture import Component
    from groma.design import Design
    from groma.questions.drills.matrix import Matrix
    from groma.questions.sensitivity import Sensitivity
    from groma.simulation.answer import Simulated


HALF_A_CENT = 0.005
"""Lines below this are $0.00, and are only counted."""


@dataclass(frozen=True, slots=True)
class AboutLink:
    """One link of a component, seen from it."""

    outgoing: bool
    other_id: str
    other: str
    label: str


@dataclass(frozen=True)
class About:
    """Everything that the page says about one component."""

    component: Component
    load: Load | None
    monthly_usd: float
    lines: tuple[BillLine, ...]
    alarms: tuple[Alarm, ...]
    links: tuple[AboutLink, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A simulated day as the page shows it: its figure, and what it came to.

    `image` is an address that holds the figure itself, since the page has no files beside it.
    """

    image: str
    heading: str
    tables: tuple[Table, ...]
    lines: tuple[str, ...]

    @classmethod
    def of(cls, found: Simulated) -> Day:
        """Of a simulation."""
        from groma.report.simulated import plot_simulated

        words, figure = found.words(), b64encode(plot_simulated(found, ".png")).decode()
        return cls(f"data:image/png;base64,{figure}", words.heading, words.tables, words.lines)


def report(
    design: Design,
    layout: Layout,
    sheets: Sequence[Layout] = (),
    every: Sensitivity | None = None,
    drills: Matrix | None = None,
    day: Simulated | None = None,
) -> str:
    """The page, with a layout of the design's diagram; of several regions as tabs, `sheets` before it.

    `every` is what hangs on every range; without it the first few are shown. `drills` are the last ones,
    `day` is a simulated one.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(usd=_usd, amount=_amount, lasting=_lasting, unit_price=_unit_price)
    priced, bought = bill(design.architecture), budget(design)
    shared, drawings, colours = to_html_svgs((*sheets, layout), address=address)
    hangs = doubts(design).guesses
    ranges = every.moving if every else hangs.rows if hangs else ()
    names = [sheet.name.removeprefix(f"{layout.name}: ") for sheet in sheets]
    return environment.from_string(_text("report.html.j2")).render(
        design=design,
        priced=priced,
        free=sum(
            usd is not None and usd.likely < HALF_A_CENT for usd in (x.monthly_usd for x in priced.lines)
        ),
        hangs=hangs,
        every=every,
        day=None if day is None else Day.of(day),
        ranges=ranges,
        bars=bars(ranges, hangs.usd_per_month) if hangs else (),
        usd=priced.monthly_usd,
        shared=shared,
        drawings=list(zip([*names, "all of it"], drawings, strict=True)),
        style=colours + _text("report.css"),
        script=_text("report.js"),
        findings=review(design),
        recovery=recovery(design),
        drills=drills,
        runbooks=tuple(groups(entries(design.architecture))),
        budget=None if bought is None else bought.words().tables[0],
        components=_about(design),
        address=address,
    )


def address(component_id: str) -> str:
    """The id of the section about a component."""
    return f"about-{component_id}"


def _text(name: str) -> str:
    return (files("groma.report") / name).read_text(encoding="utf-8")


def _about(design: Design) -> tuple[About, ...]:
    architecture, priced = design.architecture, bill(design.architecture)
    loads, watched = peak_load(architecture), alarms(architecture)
    return tuple(
        About(
            component=component,
            load=loads.get(component.id),
            monthly_usd=priced.of(component.id),
            lines=tuple(line for line in priced.lines if line.component == component.id),
            alarms=tuple(alarm for alarm in watched if alarm.component == component.id),
            links=tuple(_links(design, component.id)),
        )
        for component in architecture.components
    )


def _links(design: Design, id_: str) -> list[AboutLink]:
    labels = {component.id: component.label for component in design.architecture.components}
    found = []
    for link in design.architecture.links:
        if id_ in (link.source, link.target):
            other = link.target if link.source == id_ else link.source
            found.append(AboutLink(link.source == id_, other, labels[other], link.label))
    return found


def _usd(value: Range | float | None) -> str:
    if value is None:
        return "unknown"
    likely = value.likely if isinstance(value, Range) else value
    return f"${likely:,.2f}"


def _unit_price(line: BillLine) -> str:
    return "unknown" if line.unit_usd is None else price_of(line.unit_usd, line.unit)


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.4g}"


def _lasting(alarm: Alarm) -> str:
    """When an alarm fires: `CPUUtilization > 80 %, 3 × 5 min`."""
    return f"{condition(alarm)}, {window(alarm)}"
