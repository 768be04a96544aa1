"""Architecture → Layout: everything in its place.

Three steps: the plan (slots, ways, contents), the heights and widths that it needs, and the shapes.
Text is set narrower, step by step, until the picture is narrow enough for its smallest text to be read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from groma.architecture import Architecture
from groma.diagram import style, text
from groma.diagram.columns import Widths, border_offset, extent, measure_widths
from groma.diagram.content import Extras, TitleBlock, description
from groma.diagram.grid import Node
from groma.diagram.head import HEAD_HEIGHT, LEGEND_HEIGHT, least_width, legend, title_block
from groma.diagram.labels import ARROW_ROOM, Block, LabelPlace
from groma.diagram.panels import STACKS
from groma.diagram.plan import (
    CARD_PADDING,
    DENSITIES,
    MEMBER_GAP,
    Plan,
    Topology,
    find_topology,
    make_plan,
    title_start,
)
from groma.diagram.regions import collapse_regions
from groma.diagram.rows import (
    CLOSING,
    TITLE_TOP,
    Heights,
    measure_heights,
    opening_steps,
    run_y,
    upright_room,
)
from groma.diagram.shapes import Box, Card, Frame, Layout, Picture, Point, Route, Text
from groma.diagram.slots import FrameSlot, Span
from groma.diagram.tracks import Run

MARGIN = 22.0
NARROW, WIDE = 1.5, 1.7
"""Width to height that is aimed at lies between these: about 16:10."""
MOST_STRETCH = 0.16
LEAST_COMFORTABLE_CARD = 110.0
"""Text is not set in narrower lines than this for comfort, only where it could not be read otherwise."""


def set_block(block: Block, owner: str, x: float, top: float, *, centred: bool = True) -> tuple[Text, ...]:
    """Lines of text below each other from `top`; x is their middle, or their left edge."""
    found, at = [], top
    for line, size, semibold, ink in block.lines:
        width, height = text.width(line, size, semibold), size * text.LINE_HEIGHT
        baseline = at + (height + (text.ASCENT - text.DESCENT) * size) / 2
        left = x - width / 2 if centred else x
        box = Box(left, baseline - text.ASCENT * size, width, (text.ASCENT + text.DESCENT) * size)
        found.append(Text(owner, line, box, baseline, size, ink, semibold, "middle" if centred else "start"))
        at += height
    return tuple(found)


class _Builder:
    def __init__(self, architecture: Architecture, plan: Plan, heights: Heights, widths: Widths) -> None:
        self.architecture, self.plan = architecture, plan
        self.heights, self.widths = heights, widths
        self.slots = plan.grid.slots
        self.card_widths = [style.ICON] * self.slots.columns
        for id_, span in self.slots.cells.items():
            self.card_widths[span.left] = max(self.card_widths[span.left], plan.cards[id_].width)
        self.cards = tuple(self._cards())
        self.boxes = {card.component: card.box for card in self.cards}

    # frames

    def frames(self) -> Iterator[Frame]:
        for slot in sorted(self.slots.frames, key=lambda frame: frame.depth):
            box = self._frame_box(slot)
            icon, size = style.LIGHT.frames[slot.kind].icon, style.FRAME_ICON
            left = box.x if slot.title_column == slot.span.left else self.widths.lefts[slot.title_column]
            inset = 4.0 if slot.kind == "cloud" else 0.0
            picture = Picture(icon, Box(left + inset, box.y + inset / 2, size, size)) if icon else None
            block = self.plan.frames[slot.id]
            texts = set_block(block, slot.id, left + title_start(slot), box.y + TITLE_TOP, centred=False)
            yield Frame(slot.id, slot.kind, slot.parent, box, texts, picture)

    def _frame_box(self, slot: FrameSlot) -> Box:
        span, grid = slot.span, self.plan.grid
        if slot.straddled:
            left = self.widths.middle(span.left)
        else:
            left = self.widths.lefts[span.left] - border_offset(self.plan, span.left, slot.depth, right=False)
        edge = self.widths.lefts[span.right] + self.widths.widths[span.right]
        right = edge + border_offset(self.plan, span.right, slot.depth, right=True)
        above = next(y for y, band in grid.bands.items() if slot in band.opening)
        steps = opening_steps(self.plan, grid.bands[above])
        top = self.heights.bands[above] + sum(step for depth, step in steps.items() if depth < slot.depth)
        below = next(y for y, band in grid.bands.items() if slot in band.closing)
        inner = sum(1 for depth in {f.depth for f in grid.bands[below].closing} if depth > slot.depth)
        return Box(left, top, right - left, self.heights.bands[below] + CLOSING * (inner + 0.5) - top)

    # cards

    def _cards(self) -> Iterator[Card]:
        for component in self.architecture.components:
            span = self.slots.cells[component.id]
            if component.id in self.slots.members:
                yield self._group(component.id, span)
            else:
                yield self._single(component.id, span)

    def _rows_box(self, span: Span, width: float) -> Box:
        levels = self.plan.grid.level_of_row
        first, last = levels[span.top], levels[span.bottom]
        top, bottom = self.heights.tops[first], self.heights.tops[last] + self.heights.heights[last]
        return Box(self.widths.middle(span.left) - width / 2, top, width, bottom - top)

    def _single(self, id_: str, span: Span) -> Card:
        box = self._rows_box(span, self.card_widths[span.left] + 2 * CARD_PADDING)
        block = self.plan.cards[id_]
        middle, centre_y = box.centre
        top = centre_y - (style.ICON + 3 + block.height) / 2
        return self._card(id_, box, [self._icon(id_, middle, top)], block, top + style.ICON + 3)

    def _icon(self, id_: str, middle: float, top: float) -> Picture:
        size = style.ICON
        return Picture(self.architecture.component(id_).icon, Box(middle - size / 2, top, size, size))

    def _card(
        self,
        id_: str,
        box: Box,
        pictures: Sequence[Picture],
        block: Block,
        top: float,
        head: Sequence[Text] = (),
    ) -> Card:
        texts = (*head, *set_block(block, id_, box.centre[0], top))
        members = id_ in self.slots.members
        return Card(id_, box, tuple(pictures), texts, self._frames_of(id_), members)

    def _frames_of(self, id_: str) -> tuple[str, ...]:
        """Frames that must hold a card: of its place, or of all its places; the strip for operations."""
        component, known = self.architecture.component(id_), {frame.id for frame in self.slots.frames}
        chains = [[p.id for p in self.architecture.around(place)] for place in component.places]
        shared = [p for p in chains[0] if all(p in chain for chain in chains) and p in known]
        if component.lane != "operations":
            vpcs = {f.id for f in self.slots.frames if f.straddled}
            outer = [] if self.slots.cells[id_].left in self.slots.straddled_columns else shared
            return tuple(outer or [p for p in shared if p not in vpcs])
        row = self.slots.cells[id_].top
        strips = [f for f in self.slots.frames if f.kind == "operations"]
        around = [f for f in strips if f.span.top <= row <= f.span.bottom]
        return tuple(id_ for strip in around for id_ in (strip.id, strip.parent) if id_)

    def _group(self, id_: str, span: Span) -> Card:
        box = self._rows_box(span, self.widths.widths[span.left])
        middle, title, block = box.centre[0], self.plan.group_titles[id_], self.plan.cards[id_]
        head = set_block(title, id_, middle, box.y + 5)
        if span.top == span.bottom:
            free = box.bottom - box.y - title.height - 5
            top = box.y + title.height + 5 + (free - style.ICON - 3 - block.height) / 2
            return self._card(id_, box, [self._icon(id_, middle, top)], block, top + style.ICON + 3, head)
        pictures = []
        member = self.plan.members[id_]
        one = style.ICON + MEMBER_GAP + member.height
        for row in self.slots.members[id_]:
            y = self.heights.middle(self.plan.grid.level_of_row[row])
            shift = (title.height + 5) / 2 if row == span.top else 0
            pictures.append(self._icon(id_, middle, y - one / 2 + shift))
            head = (*head, *set_block(member, id_, middle, y - one / 2 + shift + style.ICON + MEMBER_GAP))
        text_row = span.top + 1
        y = self.heights.middle(self.plan.grid.level_of_row[text_row]) - block.height / 2
        if text_row in self.slots.members[id_]:
            y += one / 2 + 3
        return self._card(id_, box, pictures, block, y, head)

    # links

    def routes(self) -> Iterator[Route]:
        for link in self.architecture.links:
            if link.id not in self.plan.labels:
                continue
            points = self._points(link.id, link.source, link.target)
            block = self.plan.labels[link.id]
            x, y = self._label_at(self.plan.places[link.id], block)
            label = Box(x - block.width / 2, y - block.height / 2, block.width, block.height)
            texts = set_block(block, link.id, x, label.y)
            yield Route(link.id, link.source, link.target, link.flow, points, texts, label)

    def _points(self, id_: str, source: str, target: str) -> tuple[Point, ...]:
        runs, path = self.plan.topology.runs[id_], self.plan.topology.paths[id_]
        lines = [self._line(run) for run in runs]
        corners = [(after, line) if run.horizontal else (line, after)
                   for run, line, after in zip(runs, lines, lines[1:], strict=False)]  # fmt: skip
        first = self._port(source, runs[0].horizontal, lines[0], path[0], path[1])
        last = self._port(target, runs[-1].horizontal, lines[-1], path[-1], path[-2])
        return (first, *corners, last)

    def _line(self, run: Run) -> float:
        """The y of a horizontal run, the x of a vertical one."""
        if run.horizontal:
            return run_y(self.plan, self.heights, run)
        return self.widths.tracks[run] if run.level % 2 == 0 else self.widths.middle(run.level // 2)

    def _port(self, id_: str, horizontal: bool, at: float, node: Node, beyond: Node) -> Point:
        """Where a line meets the border of a card."""
        box = self.boxes[id_]
        if horizontal:
            return (box.right if beyond[0] > node[0] else box.x), at
        return at, (box.bottom if beyond[1] > node[1] else box.y)

    def _label_at(self, place: LabelPlace, block: Block) -> Point:
        if place.side == "upright":
            top, bottom = upright_room(self.plan, self.heights, place)
            down = self.plan.topology.paths[place.run.link][-1][1] > place.y
            shift = 0 if self.plan.grid.is_row(place.y) else ARROW_ROOM / 2 * (-1 if down else 1)
            return self.widths.middle(place.x // 2), (top + bottom) / 2 + shift
        y = run_y(self.plan, self.heights, place.run)
        if place.side == "column":
            return self.widths.middle(place.x // 2), y
        left, right = self._free(place, y, block.height / 2 + 3)
        return (left + right) / 2 + self._away_from_arrow(place, right - left - block.width), y

    def _free(self, place: LabelPlace, y: float, half: float) -> tuple[float, float]:
        """The part of a channel beside its tracks at some height."""
        left, right = self.widths.channels[place.x // 2]
        for run in self.plan.topology.upright.get(place.x, []):
            top, bottom = extent(self.plan, self.heights, run)
            if top < y + half and y - half < bottom:
                if place.side == "left":
                    right = min(right, self.widths.tracks[run])
                else:
                    left = max(left, self.widths.tracks[run])
        return left, right

    def _away_from_arrow(self, place: LabelPlace, spare: float) -> float:
        runs = self.plan.topology.runs[place.run.link]
        path = self.plan.topology.paths[place.run.link]
        if place.run is not runs[-1] or abs(path[-1][0] - place.x) > 1:
            return 0.0
        shift = min(ARROW_ROOM, max(spare, 0.0)) / 2
        return -shift if path[-1][0] > place.x else shift


def lay_out(
    architecture: Architecture,
    title: TitleBlock,
    *,
    costs: Mapping[str, float] | None = None,
    load: Mapping[str, str] | None = None,
    page: float | None = None,
) -> Layout:
    """Place everything: the same architecture always gives the same layout.

    `costs` (USD a month) and `load` (one line of text) by component id are written on the cards. Equal
    regions are drawn once where there are many. `page` is the width of the page over the usual one.
    """
    architecture = collapse_regions(architecture)
    extras = Extras(costs or {}, load or {})
    page = page or (math.sqrt(2) if len(architecture.regions) > 1 else 1.0)
    for stack in STACKS:
        topology = find_topology(architecture, stack)
        plan, heights, widths = _fitted(architecture, topology, extras, page)
        if widths.right + MARGIN <= style.WIDEST * page:
            break
    width, height = widths.right + MARGIN, heights.bottom + LEGEND_HEIGHT
    wanted_height = min(width / WIDE, height * (1 + MOST_STRETCH))
    wanted_width = min(height * NARROW, width * (1 + MOST_STRETCH), style.WIDEST * page)
    slots = topology.grid.slots
    if wanted_height > height:
        heights = measure_heights(plan, HEAD_HEIGHT, (wanted_height - height) / (slots.rows + 1))
        widths = measure_widths(plan, heights, MARGIN)
    elif wanted_width > width:
        widths = measure_widths(plan, heights, MARGIN, (wanted_width - width) / max(slots.columns - 1, 1))
    return replace(_assemble(architecture, title, plan, heights, widths), page=page)


def _fitted(
    architecture: Architecture, topology: Topology, extras: Extras, page: float
) -> tuple[Plan, Heights, Widths]:
    """The roomiest plan that is comfortably narrow; else the roomiest that can be read; else the last."""
    tried = []
    for density in DENSITIES:
        plan = make_plan(architecture, topology, extras, density)
        heights = measure_heights(plan, HEAD_HEIGHT)
        tried.append((plan, heights, measure_widths(plan, heights, MARGIN)))
        if tried[-1][2].right + MARGIN <= style.COMFORTABLE * page:
            return tried[-1]
        if density.card < LEAST_COMFORTABLE_CARD and tried[-1][2].right + MARGIN <= style.WIDEST * page:
            break
    return next((one for one in tried if one[2].right + MARGIN <= style.WIDEST * page), tried[-1])


def _assemble(
    architecture: Architecture, title: TitleBlock, plan: Plan, heights: Heights, widths: Widths
) -> Layout:
    builder = _Builder(architecture, plan, heights, widths)
    width = max(widths.right + MARGIN, least_width(title))
    routes = tuple(builder.routes())
    return Layout(
        name=title.project,
        author=title.author,
        description=description(architecture),
        width=width,
        height=heights.bottom + LEGEND_HEIGHT,
        frames=tuple(builder.frames()),
        cards=builder.cards,
        routes=routes,
        legend=legend({route.flow for route in routes}, MARGIN, heights.bottom),
        title_block=title_block(title, MARGIN, width - MARGIN),
    )
