"""design → one HTML page: the diagram to explore, and the tables behind it.

The page needs no network and no files beside it. Without scripts it is a plain document; with them,
pointing at a component or focusing it shows its sizing, bill and alarms, and lights up its links.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from groma.answers import Alarm, BillLine, Expression
from groma.bill import bill
from groma.diagram import Layout, Load, peak_load, to_html_svg
from groma.monitoring import alarms
from groma.quantity import Range
from groma.questions.budget import budget
from groma.questions.recovery import recovery
from groma.questions.review import review

if TYPE_CHECKING:
    from groma.architecture import Component
    from groma.design import Design


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


def report(design: Design, layout: Layout) -> str:
    """The page, with a layout of the design's diagram."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(usd=_usd, condition=_condition, amount=_amount)
    priced, bought = bill(design.architecture), budget(design)
    svg, colours = to_html_svg(layout, address=address)
    return environment.from_string(_text("report.html.j2")).render(
        design=design,
        priced=priced,
        usd=priced.monthly_usd,
        svg=svg,
        style=colours + _text("report.css"),
        script=_text("report.js"),
        findings=review(design),
        recovery=recovery(design),
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


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.4g}"


def _condition(alarm: Alarm) -> str:
    """When an alarm fires: `CPUUtilization > 80 in 3 of 3 × 300 s`."""
    watches = alarm.watches
    if isinstance(watches, Expression):
        name, period_s = watches.label, max(metric.period_s for metric in watches.metrics.values())
    else:
        name, period_s = f"{watches.name} ({watches.statistic})", watches.period_s
    window = f"{alarm.datapoints} of {alarm.evaluation_periods} × {period_s} s"
    threshold = f"{alarm.threshold:,.0f}" if abs(alarm.threshold) >= 1000 else f"{alarm.threshold:.4g}"
    return f"{name} {alarm.comparison} {threshold} in {window}"
