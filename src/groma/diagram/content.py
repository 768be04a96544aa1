"""What stands written on cards, frames and in the title block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from groma.architecture import Architecture, Component, Place
from groma.diagram import style, text
from groma.diagram.labels import Block
from groma.diagram.shapes import Ink

KIND_NAMES: Mapping[str, str] = {
    "cloud": "AWS Cloud",
    "region": "Region",
    "vpc": "VPC",
    "zone": "Availability Zone",
    "public-subnet": "Public subnet",
    "private-subnet": "Private subnet",
}
OPERATIONS = "Operations"
GROUP_TITLE = "Auto Scaling group"


@dataclass(frozen=True, slots=True)
class TitleBlock:
    """What the head of the picture says; an amount that is not known is left out.

    `dated` is an ISO day or empty, `monthly_usd` the likely bill, `at_least` where a price is unknown,
    `p99_ms` the likely 99th percentile of the response time.
    """

    project: str
    author: str
    dated: str
    blueprint: str
    region: str
    monthly_usd: float | None = None
    p99_ms: float | None = None
    at_least: bool = False

    def entries(self) -> tuple[tuple[str, str], ...]:
        """Headings and values, in the order in which they are shown."""
        least = "at least " if self.at_least else ""
        pairs = (
            ("Designed by", self.author),
            ("Date", self.dated),
            ("Blueprint", self.blueprint),
            ("Region", self.region),
            ("Monthly bill", "" if self.monthly_usd is None else f"{least}{usd(self.monthly_usd)}"),
            ("p99 response", "" if self.p99_ms is None else f"{self.p99_ms:.0f} ms"),
        )
        return tuple((heading, value) for heading, value in pairs if value)


@dataclass(frozen=True, slots=True)
class Extras:
    """What is shown on request: monthly cost and load by component id."""

    costs: Mapping[str, float] = field(default_factory=dict)
    load: Mapping[str, str] = field(default_factory=dict)


def usd(amount: float) -> str:
    """An amount of money for people: `$3,214`, `$0.42`."""
    return f"${amount:,.0f}" if amount >= 10 else f"${amount:,.2f}"


Line = tuple[str, float, bool, Ink]


def _lines(content: str, size: float, semibold: bool, ink: Ink, widest: float) -> list[Line]:
    return [(line, size, semibold, ink) for line in text.wrap(content, size, widest, semibold)]


def card_block(component: Component, extras: Extras, widest: float, *, with_service: bool = True) -> Block:
    """Name, service, parameters, and on request load and cost of a component.

    A name that is part of the service's own (`CloudWatch`) is not said twice.
    """
    name, service = component.label, component.service if with_service else ""
    if name in service:
        name, service = service, ""
    if name.casefold() == service.casefold():
        service = ""
    lines = _lines(name, style.NAME, True, "title", widest)
    lines += _lines(service, style.BODY, False, "muted", widest)
    for detail in component.details:
        lines += _lines(detail, style.BODY, False, "text", widest)
    if component.id in extras.load:
        lines += _lines(extras.load[component.id], style.BODY, False, "accent", widest)
    if component.id in extras.costs:
        lines += _lines(f"{usd(extras.costs[component.id])} / month", style.BODY, True, "accent", widest)
    return Block(tuple(lines))


def group_title(component: Component, widest: float) -> Block:
    """The service's name, at the top of a group's frame."""
    return Block(tuple(_lines(component.service or GROUP_TITLE, style.NOTE, True, "accent", widest)))


def member_block(component: Component, widest: float) -> Block:
    """What stands under the icon of each member of a group."""
    return Block(tuple(_lines(component.member, style.BODY, False, "text", widest)))


def frame_block(architecture: Architecture, frame_id: str, kind: str, widest: float) -> Block:
    """Kind, name and address range of a place, and its note."""
    if kind == "operations":
        return Block(((OPERATIONS, style.TITLE, True, "frame"),))
    place = architecture.place(frame_id)
    lines = _lines(place_title(place), style.TITLE, True, "frame", widest)
    lines += _lines(place.note, style.NOTE, False, "frame", widest) if place.note else []
    return Block(tuple(lines))


def place_title(place: Place) -> str:
    """Kind, name and address range of a place: `Public subnet · 10.0.0.0/20`."""
    return " · ".join(part for part in (_named(place), place.cidr or "") if part)


def _named(place: Place) -> str:
    kind = KIND_NAMES[place.kind]
    if kind.casefold() in place.name.casefold():
        return place.name
    return kind if not place.name or place.kind == "cloud" else f"{kind} {place.name}"


def description(architecture: Architecture) -> str:
    """The picture in one sentence, for those who cannot see it."""
    names = {component.id: component.label for component in architecture.components}
    parts = "; ".join(", ".join((c.label, *c.details)) for c in architecture.components)
    links = "; ".join(f"{names[x.source]} to {names[x.target]}: {x.label}" for x in architecture.links)
    head = f"{architecture.blueprint} architecture {architecture.name} in {architecture.region}"
    return f"{head}. {parts}. Connections: {links}."
