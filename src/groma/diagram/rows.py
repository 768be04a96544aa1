"""Heights: of rows, channels and the bands of borders and titles between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from groma.diagram import style
from groma.diagram.grid import Band
from groma.diagram.labels import Block, LabelPlace
from groma.diagram.plan import CARD_PADDING, MEMBER_GAP, Plan
from groma.diagram.tracks import Run

LINE_PITCH = 11.0
LABEL_GAP = 5.0
CLOSING = 11.0
UPRIGHT_ROOM = 26.0
"""Length of line, arrowhead included, that a label on a vertical line leaves visible."""
LEAST_CHANNEL, BETWEEN_ROWS, OUTSIDE = 12.0, 30.0, 10.0
TITLE_TOP, TITLE_BOTTOM = 4.0, 4.0


@dataclass(frozen=True)
class Heights:
    """Upper edge and height of every level, and upper edges of the bands; `bottom` is the last edge."""

    tops: tuple[float, ...]
    heights: tuple[float, ...]
    pitches: tuple[float, ...]
    bands: Mapping[int, float]
    bottom: float

    def middle(self, y: int) -> float:
        """The middle line of a level."""
        return self.tops[y] + self.heights[y] / 2


def title_height(block: Block) -> float:
    """Height that a frame's title takes below its upper border."""
    return max(block.height, style.FRAME_ICON - TITLE_TOP) + TITLE_TOP + TITLE_BOTTOM


def band_height(plan: Plan, band: Band) -> float:
    """Height of all borders or titles in a band."""
    if band.closing:
        return CLOSING * len({frame.depth for frame in band.closing})
    return sum(opening_steps(plan, band).values())


def opening_steps(plan: Plan, band: Band) -> dict[int, float]:
    """Height of the title line of each depth in a band, outermost first."""
    depths = sorted({frame.depth for frame in band.opening})
    return {depth: max(title_height(plan.frames[f.id]) for f in band.opening if f.depth == depth)
            for depth in depths}  # fmt: skip


def card_height(block: Block, title: Block | None = None) -> float:
    """Height of a card with icon and text (and, for a group in one row, its title)."""
    head = 0.0 if title is None else title.height + 4
    return head + style.ICON + block.height + 2 * CARD_PADDING


def _contents(plan: Plan) -> dict[int, float]:
    """Height that the contents of each row need."""
    slots, heights = plan.grid.slots, dict.fromkeys(range(plan.grid.slots.rows), style.ICON)

    def need(row: int, height: float) -> None:
        heights[row] = max(heights[row], height)

    for id_, span in slots.cells.items():
        title = plan.group_titles.get(id_)
        if span.top == span.bottom:
            need(span.top, card_height(plan.cards[id_], title))
            continue
        member = plan.members.get(id_)
        one = style.ICON + (MEMBER_GAP + member.height if member else 0)
        for row in slots.members.get(id_, ()):
            need(row, one + 2 * CARD_PADDING)
        need(span.top, one + 2 * CARD_PADDING + (title.height if title else 0) + 6)
        text_row = span.top + 1
        over = one if text_row in slots.members.get(id_, ()) else 0
        need(text_row, plan.cards[id_].height + over + 2 * CARD_PADDING)
    return heights


def _pitch(plan: Plan, y: int) -> float:
    labels = [plan.labels[id_].height for id_, place in plan.places.items() if place.y == y]
    return max(LINE_PITCH, *(height + LABEL_GAP for height in labels)) if labels else LINE_PITCH


def _channel(plan: Plan, y: int, pitch: float, runs: list[Run]) -> float:
    rows = [y + step for step in (-1, 1)
            if 0 <= y + step < len(plan.grid.levels) and plan.grid.is_row(y + step)]  # fmt: skip
    least = BETWEEN_ROWS if len(rows) == 2 else LEAST_CHANNEL if rows else OUTSIDE
    count = int(max(plan.topology.offsets[run] for run in runs)) + 1 if runs else 0
    return max(least, count * pitch + 6 if count else 0)


def upright_room(plan: Plan, heights: Heights, place: LabelPlace) -> tuple[float, float]:
    """Upper and lower end of the free space for a label on a line straight down a column."""
    levels, column = {place.y}, place.x // 2
    if plan.grid.is_row(place.y):
        return heights.tops[place.y], heights.tops[place.y] + heights.heights[place.y]
    for step in (-1, 1):
        y = place.y + step
        while 0 < y < len(plan.grid.levels) and _joined(plan, column, y, y - step):
            levels.add(y)
            y += step
    return heights.tops[min(levels)], heights.tops[max(levels)] + heights.heights[max(levels)]


def _joined(plan: Plan, column: int, y: int, before: int) -> bool:
    """Whether a channel belongs to one free space with its neighbour: no border or line between them."""
    band = plan.grid.bands.get(max(y, before), Band())
    borders = any(f.span.left <= column <= f.span.right for f in (*band.closing, *band.opening))
    x = 2 * column + 1
    lines = any(run.start <= x <= run.end for run in plan.topology.levels.get((True, y), []))
    return not (plan.grid.is_row(y) or borders or lines)


def measure_heights(plan: Plan, start: float, extra: float = 0.0) -> Heights:
    """Lay the levels one below the other from `start`; every row's surroundings get `extra` more."""
    heights = _stack(plan, start, extra, {})
    missing: dict[int, float] = {}
    for id_, place in plan.places.items():
        if place.side == "upright":
            top, bottom = upright_room(plan, heights, place)
            lack = plan.labels[id_].height + UPRIGHT_ROOM - (bottom - top)
            missing[place.y] = max(missing.get(place.y, 0.0), lack)
    return _stack(plan, start, extra, missing) if any(lack > 0 for lack in missing.values()) else heights


def _stack(plan: Plan, start: float, extra: float, missing: Mapping[int, float]) -> Heights:
    contents, at = _contents(plan), start
    tops, heights, pitches, bands = [], [], [], {}
    for y, row in enumerate(plan.grid.levels):
        if y in plan.grid.bands:
            bands[y] = at
            at += band_height(plan, plan.grid.bands[y])
        runs = plan.topology.levels.get((True, y), [])
        pitch = _pitch(plan, y)
        if row is None:
            near = y + 1 < len(plan.grid.levels) and plan.grid.is_row(y + 1)
            height = _channel(plan, y, pitch, runs) + (extra if near else 0)
        else:
            furthest = max((abs(plan.topology.offsets[run]) for run in runs), default=0.0)
            height = max(contents[row], (2 * furthest + 1) * pitch + 6)
        height += max(missing.get(y, 0.0), 0.0)
        tops.append(at)
        heights.append(height)
        pitches.append(pitch)
        at += height
    last = len(plan.grid.levels)
    if last in plan.grid.bands:
        bands[last] = at
        at += band_height(plan, plan.grid.bands[last])
    return Heights(tuple(tops), tuple(heights), tuple(pitches), bands, at)


def run_y(plan: Plan, heights: Heights, run: Run) -> float:
    """The y of a horizontal run."""
    pitch, offset = heights.pitches[run.level], plan.topology.offsets[run]
    if plan.grid.is_row(run.level):
        return heights.middle(run.level) + offset * pitch
    most = max(plan.topology.offsets[other] for other in plan.topology.levels[True, run.level])
    return heights.middle(run.level) + (offset - most / 2) * pitch
