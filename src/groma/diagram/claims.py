"""Rules about what a picture claims: whole words and rates, lines that only go where they have business."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from groma.architecture import Architecture
from groma.diagram import text
from groma.diagram.geometry import span_box
from groma.diagram.shapes import Box, Card, Frame, Layout, Point, Route

Fault = tuple[str, str]
"""What it is about, and what is wrong with it."""
Rule = Callable[[Layout, Architecture], Iterator[Fault]]
ON_SIDE = 0.5


def words_whole(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """No word is broken in two, no number parted from its unit."""
    wanted: dict[str, tuple[str, ...]] = {x.id: (x.label,) for x in architecture.links}
    wanted |= {p.id: tuple(part for part in (p.name, p.cidr, p.note) if part) for p in architecture.places}
    wanted |= {c.id: (c.label, c.service, *c.details) for c in architecture.components}
    parts: tuple[tuple[str, Frame | Card | Route], ...] = (
        *((frame.id, frame) for frame in layout.frames),
        *((card.component, card) for card in layout.cards),
        *((route.link, route) for route in layout.routes),
    )
    for id_, part in parts:
        lines = [line.content for line in part.texts]
        for line, after in pairwise(lines):
            if text.parts_number(line, after):
                yield id_, f"parts {line.split()[-1]!r} from {after.split()[0]!r}"
        yield from ((id_, f"breaks {word!r}") for word in _broken(lines, wanted.get(id_, ())))


def _broken(lines: list[str], wanted: tuple[str, ...]) -> Iterator[str]:
    """Words that were broken elsewhere than after a joint; one may be left out as a whole."""
    said = " ".join(lines)
    joined = "".join(line if line.endswith(tuple(text.JOINTS)) else f"{line} " for line in lines)
    run_on = "".join("".join(lines).split())
    for word in (word for words in wanted for word in words.split()):
        if word not in said and word not in joined and word in run_on:
            yield word


def rates_told(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """No rate reads as nought where something flows."""
    rates = {link.id: link.peak_per_s for link in architecture.links}
    for route in layout.routes:
        if rates.get(route.link) and any(f" {line.content}".find(" 0") >= 0 for line in route.texts):
            yield (
                route.link,
                f"says {' '.join(line.content for line in route.texts)!r} of {rates[route.link]:g}/s",
            )


def networks_entered(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """No line passes through a VPC in which it neither begins nor ends."""
    boxes = {card.component: card.box for card in layout.cards}
    for frame in layout.frames:
        if frame.kind != "vpc":
            continue
        for route in layout.routes:
            ends = [boxes[end] for end in (route.source, route.target) if end in boxes]
            if any(frame.box.overlaps(box) for box in ends):
                continue
            if any(span_box(segment).overlaps(frame.box) for segment in route.segments):
                yield route.link, f"passes through {frame.id}"


def groups_as_one(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """What a whole group does is drawn from the group: no line ends beside one of its members."""
    groups = {card.component: card for card in layout.cards if card.members and len(card.pictures) > 1}
    for route in layout.routes:
        for end, point in ((route.source, route.points[0]), (route.target, route.points[-1])):
            if end in groups and _beside_member(groups[end], point):
                yield route.link, f"ends beside one member of {end}"


def _beside_member(card: Card, point: Point) -> bool:
    x, y = point
    aside = abs(x - card.box.x) < ON_SIDE or abs(x - card.box.right) < ON_SIDE
    return aside and any(_level(picture.box, y) for picture in card.pictures)


def _level(box: Box, y: float) -> bool:
    return box.y <= y <= box.bottom


CLAIMS: tuple[Rule, ...] = (words_whole, rates_told, networks_entered, groups_as_one)
