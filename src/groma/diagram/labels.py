"""Where the label of each link stands: on its own line, in a place that no other line passes.

A label stands on a horizontal run: beside the tracks of a vertical channel (`left` or `right` of them),
or across a whole column (`column`); the label of a line straight down a column stands on that line.
Places beside the tracks can always be had, since the channel is made as wide as they need.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from groma.architecture import Link
from groma.diagram import style, text
from groma.diagram.grid import Grid, Node
from groma.diagram.routing import Path
from groma.diagram.shapes import Ink
from groma.diagram.tracks import Run

TRACK = 12.0
"""Distance of two vertical tracks."""
ROOM, ARROW_ROOM = 10.0, 8.0
"""Free space at either end of a label, and more where an arrowhead is."""

Side = Literal["left", "right", "column", "upright"]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of text set together, with the space that they take."""

    lines: tuple[tuple[str, float, bool, Ink], ...]

    @property
    def width(self) -> float:
        """Width of the widest line."""
        return max((text.width(line, size, bold) for line, size, bold, _ in self.lines), default=0.0)

    @property
    def height(self) -> float:
        """Height of all lines."""
        return sum(size * text.LINE_HEIGHT for _, size, _, _ in self.lines)


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """Which run carries a label, and where: in vertical channel x, or in column x, at level y."""

    run: Run
    side: Side
    x: int
    y: int


def label_block(link: Link, widest: float) -> Block:
    """The label in lines."""
    lines = text.wrap(link.label, style.LABEL, widest, balanced=False)
    return Block(tuple((line, style.LABEL, False, "text") for line in lines))


class Chooser:
    """Chooses the places that make the picture the least wider."""

    def __init__(
        self,
        grid: Grid,
        runs: Mapping[str, Sequence[Run]],
        paths: Mapping[str, Path],
        own_nodes: Mapping[str, Node],
        column_widths: Sequence[float],
    ) -> None:
        self.grid, self.runs, self.own_nodes = grid, runs, own_nodes
        self.column_widths = column_widths
        self.zones: dict[tuple[int, float, Side], float] = defaultdict(float)
        self.upright = {node for path in paths.values() for a, b in pairwise(path)
                        if a[0] == b[0] and a[0] % 2 for node in (a, b)}  # fmt: skip
        self.tracks: dict[tuple[int, int], int] = defaultdict(int)
        for run in (run for found in runs.values() for run in found if not run.horizontal):
            for y in range(int(run.start), int(run.end) + 1):
                self.tracks[run.level, y] += 1

    def choose(self, blocks: Mapping[str, Block]) -> dict[str, LabelPlace]:
        """A place for every label: the widest choose first."""
        chosen = {}
        for link in sorted(blocks, key=lambda link: (-blocks[link].width, link)):
            options = list(self._options(link, blocks[link]))
            place, need, _ = min(options, key=lambda option: option[2])
            if place.side in ("left", "right"):
                key = (place.x, place.y, place.side)
                self.zones[key] = max(self.zones[key], need)
            chosen[link] = place
        return chosen

    def _options(self, link: str, block: Block) -> Iterator[tuple[LabelPlace, float, float]]:
        """Places with the width that each needs and its price."""
        if link in self.own_nodes:
            x, y = self.own_nodes[link]
            yield LabelPlace(self.runs[link][0], "upright", x, y), block.width, 0.0
            return
        for run in self.runs[link]:
            if run.horizontal:
                yield from self._on_run(run, block, last=run.number == len(self.runs[link]) - 1)

    def _on_run(self, run: Run, block: Block, last: bool) -> Iterator[tuple[LabelPlace, float, float]]:
        y, middle = run.level, (run.start + run.end) / 2
        for x in range(int(run.start), int(run.end) + 1):
            away = 0.5 * abs(x - middle)
            if x % 2 == 0:
                arrow = ARROW_ROOM if last else 0.0
                need = block.width + 2 * ROOM + arrow
                for side, open_ in (("left", run.start < x), ("right", run.end > x)):
                    if open_:
                        yield LabelPlace(run, side, x, y), need, self._widening(x, y, side, need) + away + 3  # type: ignore[arg-type]
            elif run.start < x < run.end and (x, y) not in self.upright:
                column = x // 2
                fits = block.width + 2 * ROOM <= self.column_widths[column]
                if fits and column not in self.grid.slots.straddled_columns:
                    yield LabelPlace(run, "column", x, y), block.width, away

    def _widening(self, x: int, y: int, side: Side, need: float) -> float:
        now = max((self._used(x, level) for level in range(len(self.grid.levels))), default=0.0)
        key = (x, y, side)
        before = self.zones[key]
        self.zones[key] = max(before, need)
        after = self._used(x, y)
        self.zones[key] = before
        return max(0.0, after - now) + 0.02 * (after - now)

    def _used(self, x: int, y: int) -> float:
        beside = self.zones.get((x, y, "left"), 0.0) + self.zones.get((x, y, "right"), 0.0)
        return beside + TRACK * self.tracks.get((x, y), 0)
