"""The drawing before lengths are known: slots, ways, tracks, contents and places of labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from groma.architecture import Architecture
from groma.diagram import style
from groma.diagram.content import Extras, card_block, frame_block, group_title, member_block
from groma.diagram.grid import Grid, build_grid
from groma.diagram.labels import Block, Chooser, LabelPlace, label_block
from groma.diagram.routing import Path, route
from groma.diagram.slots import FrameSlot, plan_slots
from groma.diagram.tracks import Run, by_level, layered, ordered, runs_of, slots_in_row

CARD_PADDING = 9.0
MEMBER_GAP = 2.0
FRAME_PADDING = 12.0
TITLE_INSET = 8.0
WIDEST_TITLE = 260.0


@dataclass(frozen=True, slots=True)
class Density:
    """How narrow text is set: widest lines on cards and of links' labels."""

    card: float
    label: float


ROOMY = Density(132, 126)
DENSITIES = (
    ROOMY,
    Density(132, 96),
    Density(116, 96),
    Density(100, 74),
    Density(86, 58),
    Density(72, 46),
    Density(60, 38),
)


@dataclass(frozen=True)
class Topology:
    """Where everything goes, whatever its size."""

    grid: Grid
    paths: Mapping[str, Path]
    runs: Mapping[str, list[Run]]
    own_nodes: Mapping[str, tuple[int, int]]

    @cached_property
    def levels(self) -> dict[tuple[bool, int], list[Run]]:
        """Runs by (horizontal, level), each level in its best order."""
        runs = (run for found in self.runs.values() for run in found)
        return {key: ordered(found) for key, found in by_level(runs).items() if key[0]}

    @cached_property
    def upright(self) -> dict[int, list[Run]]:
        """Vertical runs by x."""
        found: dict[int, list[Run]] = defaultdict(list)
        for run in (run for found in self.runs.values() for run in found if not run.horizontal):
            found[run.level].append(run)
        return dict(found)

    @cached_property
    def offsets(self) -> dict[Run, float]:
        """Track numbers of horizontal runs: from the middle of a row, or from 0 in a channel."""
        found: dict[Run, float] = {}
        for (_, level), runs in self.levels.items():
            found.update(slots_in_row(runs) if self.grid.is_row(level) else layered(runs))
        return found


def find_topology(architecture: Architecture, stack: int) -> Topology:
    """Slots and ways: the part of the work that does not depend on any width."""
    grid = build_grid(plan_slots(architecture, stack))
    paths, own_nodes = route(grid, architecture.links)
    runs = {link: runs_of(link, path) for link, path in paths.items()}
    return Topology(grid, paths, runs, own_nodes)


@dataclass(frozen=True)
class Plan:
    """Topology with contents: every text wrapped, every label with its place."""

    topology: Topology
    cards: Mapping[str, Block]
    group_titles: Mapping[str, Block]
    members: Mapping[str, Block]
    frames: Mapping[str, Block]
    labels: Mapping[str, Block]
    column_widths: tuple[float, ...]
    places: Mapping[str, LabelPlace]

    @property
    def grid(self) -> Grid:
        """The grid of the topology."""
        return self.topology.grid


def title_start(frame: FrameSlot) -> float:
    """How far from a frame's left border its title begins."""
    return TITLE_INSET + (style.FRAME_ICON + 5 if style.LIGHT.frames[frame.kind].icon else 0)


def make_plan(architecture: Architecture, topology: Topology, extras: Extras, density: Density) -> Plan:
    """Wrap all texts and choose the places of labels."""
    slots = topology.grid.slots
    components = {c.id: c for c in architecture.components}
    cards = {
        id_: card_block(components[id_], extras, density.card, with_service=id_ not in slots.members)
        for id_ in slots.cells
    }
    titles = {id_: group_title(components[id_], density.card) for id_ in slots.members}
    members = {id_: member_block(components[id_], density.card) for id_ in slots.members}
    frames = {
        slot.id: frame_block(architecture, slot.id, slot.kind, _widest_title(slot, density))
        for slot in slots.frames
    }
    links = {link.id: link for link in architecture.links if link.id in topology.paths}
    labels = {id_: label_block(link, density.label) for id_, link in links.items()}
    widths = [max(density.card * 0.7, 60.0)] * slots.columns
    for column, need in _needs(topology, cards, (titles, members), frames, labels):
        widths[column] = max(widths[column], need)
    chooser = Chooser(topology.grid, topology.runs, topology.paths, topology.own_nodes, widths)
    return Plan(topology, cards, titles, members, frames, labels, tuple(widths), chooser.choose(labels))


def _is_narrow(slot: FrameSlot) -> bool:
    """Whether a frame's title has but one column to stand in."""
    return slot.title_column == slot.span.right


def _widest_title(slot: FrameSlot, density: Density) -> float:
    return 1.25 * density.card if _is_narrow(slot) else WIDEST_TITLE


def _needs(
    topology: Topology,
    cards: Mapping[str, Block],
    of_groups: tuple[Mapping[str, Block], ...],
    frames: Mapping[str, Block],
    labels: Mapping[str, Block],
) -> Iterator[tuple[int, float]]:
    """Widths that cards, texts of groups, titles of narrow frames and labels down a column need of it."""
    slots = topology.grid.slots
    for id_, span in slots.cells.items():
        group = max((blocks[id_].width for blocks in of_groups if id_ in blocks), default=0.0)
        yield span.left, max(cards[id_].width, group, style.ICON) + 2 * CARD_PADDING
    for slot in slots.frames:
        if _is_narrow(slot):
            whole = frames[slot.id].width + title_start(slot) + TITLE_INSET
            yield slot.title_column, whole * (2.0 if slot.straddled else 1.0) - FRAME_PADDING
    for id_, (x, _) in topology.own_nodes.items():
        yield x // 2, labels[id_].width + 2 * style.LINE_GAP
