"""The grid that links are routed on: channels between columns and rows, cells, and what blocks them.

Even x are the vertical channels beside columns, odd x the columns themselves; y runs over channels and
rows. Where frames end or begin between two rows, there is a channel inside and one outside of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from groma.diagram.slots import FrameSlot, Slots, Span

Node = tuple[int, int]
NETWORKS = ("vpc", "zone", "public-subnet", "private-subnet")
"""Frames of a VPC: a channel leads around them for lines that have no business there."""


@dataclass(frozen=True)
class Band:
    """Frames whose borders lie between two levels: lower borders of some, or title lines of others."""

    closing: tuple[FrameSlot, ...] = ()
    opening: tuple[FrameSlot, ...] = ()


@dataclass(frozen=True)
class Grid:
    """Levels from top to bottom (a row's number, or None for a channel) and the bands between them.

    `bands[y]` lies above level y.
    """

    slots: Slots
    levels: tuple[int | None, ...]
    bands: Mapping[int, Band]

    @property
    def width(self) -> int:
        """Number of x positions: a channel left of every column, and one right of the last."""
        return 2 * self.slots.columns + 1

    @cached_property
    def level_of_row(self) -> Mapping[int, int]:
        """The y of each row."""
        return {row: y for y, row in enumerate(self.levels) if row is not None}

    @cached_property
    def _occupied(self) -> frozenset[Node]:
        """Nodes covered by a card or group: cells, and the channels between a group's rows."""
        covered: set[Node] = set()
        for span in self.slots.cells.values():
            first, last = self.level_of_row[span.top], self.level_of_row[span.bottom]
            covered.update((2 * span.left + 1, y) for y in range(first, last + 1))
        return frozenset(covered)

    def is_row(self, y: int) -> bool:
        """Whether a level is a row of cells rather than a channel."""
        return self.levels[y] is not None

    def is_free(self, node: Node) -> bool:
        """Whether no card or group covers a node."""
        return node not in self._occupied

    def may_pass_vertically(self, x: int, y: int) -> bool:
        """Whether a line may go between levels y and y + 1 at x, as far as frames go.

        Down a column it may not run along a border through the column's middle, nor through the title
        of a frame that stands in that column.
        """
        if x % 2 == 0:
            return True
        column = x // 2
        if column in self.slots.straddled_columns:
            return False
        return all(frame.title_column != column for frame in self.bands.get(y + 1, Band()).opening)

    def ports(self, span: Span) -> tuple[int, list[int]]:
        """The x of a card and the levels of its rows."""
        return 2 * span.left + 1, [self.level_of_row[row] for row in range(span.top, span.bottom + 1)]

    def sides(self, id_: str) -> frozenset[int]:
        """The levels at which a line may meet the left or right side of a card.

        Of a group over several rows these are the ones between its members: what all of it does must not
        seem to be done by the one beside which a line ends.
        """
        span, members = self.slots.cells[id_], self.slots.members.get(id_, ())
        rows = set(range(span.top, span.bottom + 1))
        return frozenset(
            self.level_of_row[row] for row in (rows - set(members) if len(members) > 1 else rows)
        )

    def inside(self, frame: FrameSlot) -> tuple[int, int]:
        """The first and the last level within a frame's borders."""
        first = next(y for y, band in self.bands.items() if frame in band.opening)
        return first, next(y for y, band in self.bands.items() if frame in band.closing) - 1


def build_grid(slots: Slots) -> Grid:
    """Levels and bands for a plan."""
    levels: list[int | None] = []
    bands: dict[int, Band] = {}
    for row in range(slots.rows + 1):
        closing = _layers([f for f in slots.frames if f.span.bottom == row - 1])[::-1]
        opening = _layers([f for f in slots.frames if f.span.top == row and row < slots.rows])
        if row > 0:
            levels.append(None)
        for number, band in enumerate((*map(Band, closing), *(Band(opening=frames) for frames in opening))):
            if number:
                levels.append(None)
            bands[len(levels)] = band
        if row < slots.rows:
            if row == 0 or closing or opening:
                levels.append(None)
            levels.append(row)
    return Grid(slots, tuple(levels), bands)


def _layers(frames: Sequence[FrameSlot]) -> list[tuple[FrameSlot, ...]]:
    """Frames whose borders lie between two rows, the outer ones first: networks apart from what is around."""
    outer = tuple(frame for frame in frames if frame.kind not in NETWORKS)
    inner = tuple(frame for frame in frames if frame.kind in NETWORKS)
    return [layer for layer in (outer, inner) if layer]
