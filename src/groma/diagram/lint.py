"""Proof that a diagram can be read: nothing overlaps, nothing is missing, nothing is without a label.

Every rule looks at the finished layout alone, not at how it came about, and gives one finding per fault,
or a single one that says the rule holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product

from groma.architecture import Architecture, Finding
from groma.diagram import icons, style
from groma.diagram.claims import CLAIMS, Fault, Rule
from groma.diagram.geometry import (
    crossing,
    edges,
    hits,
    is_straight,
    overlapping,
    running_together,
    span_box,
)
from groma.diagram.regions import collapse_regions
from groma.diagram.shapes import Box, Card, Layout, Text

CLEARANCE = 1.0
APART = 4.0
"""Least distance of two parallel lines."""
ON_BORDER = 0.5


def _squeezed(words: str) -> str:
    return "".join(words.replace("·", " ").split())


def _said(texts: tuple[Text, ...]) -> str:
    return _squeezed("".join(text.content for text in texts))


def _counted(wanted: list[str], shown: list[str]) -> Iterator[Fault]:
    counts = Counter(shown)
    for id_ in dict.fromkeys((*wanted, *shown)):
        expected = int(id_ in wanted)
        if counts[id_] != expected:
            yield id_, f"is drawn {counts[id_]} times, not {expected}"


def components_once(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """Every component is drawn exactly once, and nothing else is."""
    yield from _counted([c.id for c in architecture.components], [card.component for card in layout.cards])


def links_once(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """Every link is drawn exactly once, and nothing else is."""
    yield from _counted([link.id for link in architecture.links], [route.link for route in layout.routes])


def components_labelled(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """Every component shows its name, its service and its parameters."""
    cards = {card.component: card for card in layout.cards}
    for component in architecture.components:
        said = _said(cards[component.id].texts) if component.id in cards else ""
        service = "" if component.service.casefold() == component.label.casefold() else component.service
        for words in (component.label, service, *component.details):
            if component.id in cards and _squeezed(words) not in said:
                yield component.id, f"does not show {words!r}"
        if component.id in cards and not component.label.strip():
            yield component.id, "has no name"


def links_labelled(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """Every link shows its protocol and rate."""
    routes = {route.link: route for route in layout.routes}
    for link in architecture.links:
        label = _squeezed(link.label)
        if link.id in routes and (not label or _said(routes[link.id].texts) != label):
            yield link.id, f"does not show {link.label!r}"


def links_connect(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """Every line is orthogonal, begins at its source's border and ends at its target's."""
    boxes = {card.component: card.box for card in layout.cards}
    for route in layout.routes:
        if not all(is_straight(segment) for segment in route.segments):
            yield route.link, "has a slanting line"
        for end, point in ((route.source, route.points[0]), (route.target, route.points[-1])):
            sides = edges(boxes[end]) if end in boxes else ()
            if not any(hits(side, Box(*point, 0, 0), ON_BORDER) for side in sides):
                yield route.link, f"does not touch the border of {end}"


def texts_apart(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """No text overlaps another text or an icon that is not its own frame's."""
    pictures = [(card.component, p.box) for card in layout.cards for p in card.pictures]
    pictures += [(frame.id, frame.icon.box) for frame in layout.frames if frame.icon]
    texts = layout.texts()
    boxes = [text.box for text in texts]
    for i, j in overlapping(boxes, boxes):
        if i < j:
            yield texts[i].owner, f"{texts[i].content!r} overlaps {texts[j].content!r} of {texts[j].owner}"
    for i, j in overlapping(boxes, [box for _, box in pictures]):
        yield texts[i].owner, f"{texts[i].content!r} overlaps the icon of {pictures[j][0]}"


def cards_apart(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """No component overlaps another, or a text that is not its own."""
    for a, b in combinations(layout.cards, 2):
        if a.box.overlaps(b.box, CLEARANCE):
            yield a.component, f"overlaps {b.component}"
    for card, text in product(layout.cards, layout.texts()):
        if text.owner != card.component and text.box.overlaps(card.box):
            yield card.component, f"overlaps {text.content!r} of {text.owner}"


def contents_inside(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """Texts and icons lie within their card, titles within their frame, everything on the page."""
    page = Box(0, 0, layout.width, layout.height)
    for card in layout.cards:
        boxes = [text.box for text in card.texts] + [picture.box for picture in card.pictures]
        if not all(card.box.contains(box) for box in boxes):
            yield card.component, "has contents that stick out of it"
    for frame in layout.frames:
        if not all(frame.box.contains(text.box) for text in frame.texts):
            yield frame.id, "has a title that sticks out of it"
    points = [(route.link, Box(*point, 0, 0)) for route in layout.routes for point in route.points]
    parts = [(card.component, card.box) for card in layout.cards] + [(f.id, f.box) for f in layout.frames]
    for owner, box in (*parts, *points, *((text.owner, text.box) for text in layout.texts())):
        if not page.contains(box):
            yield owner, "lies outside of the page"


def lines_clear(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """No line passes through a component, or through a text other than its own label."""
    texts = layout.texts()
    pieces = [(route.link, span_box(segment)) for route in layout.routes for segment in route.segments]
    spans = [span for _, span in pieces]
    for i, j in overlapping(spans, [card.box.grown(-ON_BORDER) for card in layout.cards]):
        yield pieces[i][0], f"passes through {layout.cards[j].component}"
    for i, j in overlapping(spans, [text.box for text in texts], CLEARANCE):
        if texts[j].owner != pieces[i][0]:
            yield pieces[i][0], f"touches {texts[j].content!r} of {texts[j].owner}"


def lines_apart(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """No two lines run on top of each other, and none along a border."""
    pieces = [(route.link, segment) for route in layout.routes for segment in route.segments]
    segments = [segment for _, segment in pieces]
    for i, j in running_together(segments, segments, APART):
        if i < j:
            yield pieces[i][0], f"runs along {pieces[j][0]}"
    borders = [(frame.id, edge) for frame in layout.frames for edge in edges(frame.box)]
    borders += [(card.component, edge) for card in layout.cards for edge in edges(card.box)]
    for i, j in running_together(segments, [edge for _, edge in borders], CLEARANCE):
        yield pieces[i][0], f"runs along the border of {borders[j][0]}"


def labels_on_lines(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """Every label lies on its own line, within its reserved place."""
    for route in layout.routes:
        if not any(hits(segment, route.label.grown(-1)) for segment in route.segments):
            yield route.link, "has a label that is not on its line"
        if not all(route.label.grown(ON_BORDER).contains(text.box) for text in route.texts):
            yield route.link, "has a label that leaves its place"


def frames_nest(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """Frames lie inside of the frame around them and apart from their neighbours."""
    boxes = {frame.id: frame.box for frame in layout.frames}
    for frame in layout.frames:
        if frame.parent in boxes and not boxes[frame.parent].contains(frame.box):
            yield frame.id, f"is not inside of {frame.parent}"
        if not frame.texts:
            yield frame.id, "has no title"
    for a, b in combinations(layout.frames, 2):
        if a.parent == b.parent and a.box.overlaps(b.box):
            yield a.id, f"overlaps {b.id}"


def cards_in_frames(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """Components lie inside the frames of their places, members of groups in each of them."""
    boxes = {frame.id: frame.box for frame in layout.frames}
    for card in layout.cards:
        places = architecture.component(card.component).places if _known(card, architecture) else ()
        for id_ in card.frames:
            if id_ in boxes and not boxes[id_].contains(card.box):
                yield card.component, f"is not inside of {id_}"
        for id_ in places if card.members else ():
            if id_ in boxes and not any(boxes[id_].contains(picture.box) for picture in card.pictures):
                yield card.component, f"has no member inside of {id_}"
        for frame in layout.frames:
            foreign = not card.members and frame.id not in places
            if foreign and frame.box.overlaps(card.box) and not frame.box.contains(card.box):
                yield card.component, f"lies half in {frame.id}"


def _known(card: Card, architecture: Architecture) -> bool:
    return any(component.id == card.component for component in architecture.components)


def borders_clear(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """No frame's border passes through a text, save behind a component's card."""
    groups = tuple(card for card in layout.cards if card.members)
    open_texts = [t for frame in layout.frames for t in frame.texts]
    open_texts += [t for route in layout.routes for t in route.texts]
    open_texts += [t for card in groups for t in card.texts]
    borders = [(frame.id, span_box(edge)) for frame in layout.frames for edge in edges(frame.box)]
    met = overlapping([span for _, span in borders], [text.box for text in open_texts])
    for id_, j in dict.fromkeys((borders[i][0], j) for i, j in met):
        yield id_, f"has a border through {open_texts[j].content!r} of {open_texts[j].owner}"


def texts_readable(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """No text is smaller than 9 px when the picture is 1600 px wide, or 2263 px for several regions."""
    scale = style.PAGE_WIDTH * layout.page / layout.width
    for text in layout.texts():
        if text.size * scale < style.READABLE - 0.005:
            yield text.owner, f"{text.content!r} is {text.size * scale:.1f} px high"


def icons_exist(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """Every component has an icon of the set."""
    for card in layout.cards:
        for picture in card.pictures:
            if not icons.exists(picture.icon):
                yield card.component, f"has no icon: {picture.icon}"


def legend_complete(layout: Layout, architecture: Architecture) -> Iterator[Fault]:
    """The legend explains every line style in the picture."""
    explained = {sample.flow for sample in layout.legend}
    for flow in sorted({route.flow for route in layout.routes} - explained):
        yield flow, "is not in the legend"


RULES: tuple[Rule, ...] = (
    components_once, links_once, components_labelled, links_labelled, links_connect, texts_apart,
    cards_apart, contents_inside, lines_clear, lines_apart, labels_on_lines, frames_nest,
    cards_in_frames, borders_clear, texts_readable, icons_exist, legend_complete, *CLAIMS,
)  # fmt: skip


def crossings_of(layout: Layout) -> dict[str, int]:
    """How often each link's line is crossed by others, by link id; every crossing counts for both."""
    counts = {route.link: 0 for route in layout.routes}
    pieces = [(n, segment) for n, route in enumerate(layout.routes) for segment in route.segments]
    segments = [segment for _, segment in pieces]
    for i, j in crossing(segments, segments):
        if pieces[i][0] < pieces[j][0]:
            for n in (pieces[i][0], pieces[j][0]):
                counts[layout.routes[n].link] += 1
    return counts


def _crossing_finding(layout: Layout) -> Finding:
    counts = crossings_of(layout)
    total, links = sum(counts.values()) // 2, max(len(counts), 1)
    worst = max(counts, key=lambda link: counts[link], default="")
    detail = f"; most on {worst}: {counts[worst]}" if total else ""
    return Finding(
        id="diagram/crossings",
        what="Few lines cross.",
        expected="at most one crossing per link",
        actual=f"{total} crossings, {total / links:.2f} per link{detail}",
        ok=total <= links,
        severity="warning",
    )


def lint(layout: Layout, architecture: Architecture) -> tuple[Finding, ...]:
    """Look at a layout by all rules; where `ok` is false and the severity `error`, it must not be shown.

    What must be drawn is the architecture with its equal regions collapsed.
    """
    architecture = collapse_regions(architecture)
    findings = []
    for rule in RULES:
        id_, what = f"diagram/{rule.__name__.replace('_', '-')}", (rule.__doc__ or "").strip()
        faults = tuple(rule(layout, architecture))
        findings += [Finding(f"{id_}/{who}", what, "no fault", fault, ok=False) for who, fault in faults]
        if not faults:
            findings.append(Finding(id_, what, "no fault", "no fault", ok=True))
    return (*findings, _crossing_finding(layout))
