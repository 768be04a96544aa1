"""Widths: of columns, of the vertical channels between them, and the tracks in these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from groma.diagram.labels import ARROW_ROOM, ROOM, TRACK, LabelPlace
from groma.diagram.plan import FRAME_PADDING, Plan, title_start
from groma.diagram.rows import Heights, band_height, run_y
from groma.diagram.tracks import Run, leftmost, ordered, spread

BESIDE_CARD = 13.0
NEAR = 5.0
LEAST, LEAST_AT_EDGE = 20.0, 8.0


@dataclass(frozen=True)
class Widths:
    """Left edge and width of each column; inner edges of each channel; x of each vertical run."""

    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    channels: tuple[tuple[float, float], ...]
    tracks: Mapping[Run, float]
    right: float

    def middle(self, column: int) -> float:
        """The middle of a column."""
        return self.lefts[column] + self.widths[column] / 2


@dataclass(frozen=True)
class _Claim:
    """Space from one side of a channel that no track may use between two heights."""

    top: float
    bottom: float
    width: float
    left: bool


def extent(plan: Plan, heights: Heights, run: Run) -> tuple[float, float]:
    """Upper and lower end of a vertical run that turns at both ends."""
    runs = plan.topology.runs[run.link]
    low, high = sorted(run_y(plan, heights, runs[run.number + step]) for step in (-1, 1))
    return low, high


def _depths(plan: Plan, channel: int, *, closing: bool) -> list[int]:
    frames = plan.grid.slots.frames
    if closing:
        return sorted({f.depth for f in frames if f.span.right == channel - 1})
    return sorted({f.depth for f in frames if f.span.left == channel and not f.straddled})


def border_offset(plan: Plan, column: int, depth: int, *, right: bool) -> float:
    """How far outside of a column's edge the border of a frame of some depth lies."""
    depths = _depths(plan, column + 1 if right else column, closing=right)
    return FRAME_PADDING * sum(1 for other in depths if other >= depth)


def label_need(plan: Plan, place: LabelPlace) -> float:
    """Width that a label beside the tracks takes."""
    last = place.run.number == len(plan.topology.runs[place.run.link]) - 1
    return plan.labels[place.run.link].width + 2 * ROOM + (ARROW_ROOM if last else 0)


def _claims(plan: Plan, heights: Heights, channel: int) -> Iterator[_Claim]:
    for place in plan.places.values():
        if place.side in ("left", "right") and place.x == 2 * channel:
            y, half = run_y(plan, heights, place.run), plan.labels[place.run.link].height / 2
            yield _Claim(y - half, y + half, label_need(plan, place), place.side == "left")
    for y, band in plan.grid.bands.items():
        for frame in band.opening:
            first = frame.title_column == frame.span.left
            if frame.title_column == channel - 1 and frame.title_column != frame.span.right:
                room = plan.column_widths[channel - 1] / (2 if frame.straddled else 1)
                if first and not frame.straddled:
                    room += border_offset(plan, channel - 1, frame.depth, right=False)
                over = title_start(frame) + plan.frames[frame.id].width + 6 - room
                if over > 0:
                    top = heights.bands[y]
                    yield _Claim(top, top + band_height(plan, band), over, True)


@dataclass(frozen=True)
class _Channel:
    """One channel: its tracks in order, with what each must leave free at either side."""

    order: list[Run]
    extents: Mapping[Run, tuple[float, float]]
    left: Mapping[Run, float]
    right: Mapping[Run, float]
    width: float

    def apart(self, a: Run, b: Run) -> float:
        (a_top, a_bottom), (b_top, b_bottom) = self.extents[a], self.extents[b]
        return TRACK if a_top <= b_bottom + NEAR and b_top <= a_bottom + NEAR else 0.0


def _channel(plan: Plan, heights: Heights, number: int) -> _Channel:
    runs = plan.topology.upright.get(2 * number, [])
    claims = list(_claims(plan, heights, number))
    extents = {run: extent(plan, heights, run) for run in runs}
    exact = {replace(run, start=extents[run][0], end=extents[run][1]): run for run in runs}
    order = [exact[run] for run in ordered(list(exact))]

    def free(run: Run, left: bool) -> float:
        top, bottom = extents[run]
        wide = [c.width for c in claims if c.left == left and c.top < bottom + NEAR and top < c.bottom + NEAR]
        return max([BESIDE_CARD, *wide])

    channel = _Channel(order, extents, {r: free(r, True) for r in runs}, {r: free(r, False) for r in runs}, 0)
    lowest = leftmost(order, channel.apart, channel.left)
    outer = number in (0, plan.grid.slots.columns)
    facing = (a.width + b.width for a in claims for b in claims
              if a.left and not b.left and a.top < b.bottom + NEAR and b.top < a.bottom + NEAR)  # fmt: skip
    width = max([LEAST_AT_EDGE if outer else LEAST, *facing, *(c.width for c in claims),
                 *(lowest[r] + channel.right[r] for r in order)])  # fmt: skip
    return replace(channel, width=width)


def measure_widths(plan: Plan, heights: Heights, start: float, extra: float = 0.0) -> Widths:
    """Lay columns and channels side by side from `start`; every inner channel gets `extra` more."""
    count, at = plan.grid.slots.columns, start
    lefts, channels, tracks = [], [], {}
    for number in range(count + 1):
        channel = _channel(plan, heights, number)
        width = channel.width + (extra if 0 < number < count else 0)
        at += FRAME_PADDING * len(_depths(plan, number, closing=True))
        channels.append((at, at + width))
        places = spread(channel.order, channel.apart, channel.left, channel.right, width)
        tracks.update({run: at + x for run, x in places.items()})
        at += width + FRAME_PADDING * len(_depths(plan, number, closing=False))
        if number < count:
            lefts.append(at)
            at += plan.column_widths[number]
    return Widths(tuple(lefts), plan.column_widths, tuple(channels), tracks, at)
