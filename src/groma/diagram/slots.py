"""Which column and which rows of the diagram everything stands in.

The grammar, from left to right: the world outside, the edge, then the region: its own edge services, the
gateway on the VPC's border, the columns of the zones' subnets (public, application, data), region-wide
services and the asynchronous lane. From top to bottom: one panel per region; in it the zones as rows,
with a gap row between two zones for what stands between them; below, the operations strip.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from groma.architecture import Architecture, Component, Place
from groma.diagram.arrange import best_rows
from groma.diagram.homes import (
    CLOUD_EDGE,
    CLOUD_WIDE,
    GATEWAY,
    LANES,
    REGION_EDGE,
    REGION_WIDE,
    SUBNETS,
    VPC_WIDE,
    WORLD,
    ZONES,
    Homes,
)
from groma.diagram.panels import Panels, VpcRows
from groma.diagram.shapes import FrameKind

ColumnKey = tuple[int, int, int, int]
"""(block of columns, tier, lane, number within these): columns stand in the order of their keys."""

GROUP_COLUMN = 100
"""Groups stand to the right of what else is in their lane."""

FREE_BLOCKS = (GATEWAY, REGION_WIDE, CLOUD_EDGE, REGION_EDGE, VPC_WIDE, CLOUD_WIDE, WORLD)
"""In this order, so that each finds its neighbours standing."""


@dataclass(frozen=True, slots=True)
class Span:
    """A block of cells: first and last column, first and last row, both ends included."""

    left: int
    right: int
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class FrameSlot:
    """The cells that a frame goes around.

    `title_column` is the first of its columns in which no group crosses its title; `straddled`: its left
    border runs through the middle of its first column.
    """

    id: str
    kind: FrameKind
    parent: str | None
    span: Span
    depth: int
    title_column: int
    straddled: bool = False


@dataclass(frozen=True)
class Slots:
    """The plan: the cell of every component, the rows of a group's members, the span of every frame."""

    columns: int
    rows: int
    cells: Mapping[str, Span]
    members: Mapping[str, tuple[int, ...]]
    frames: tuple[FrameSlot, ...]

    @cached_property
    def straddled_columns(self) -> frozenset[int]:
        """Columns through whose middle a frame's border runs."""
        return frozenset(frame.span.left for frame in self.frames if frame.straddled)


class _Planner:
    def __init__(self, architecture: Architecture, stack: int) -> None:
        self.architecture = architecture
        self.homes = Homes(architecture)
        self.panels = Panels(self.homes, stack)
        self.keys: set[ColumnKey] = set()
        self.taken: dict[str, tuple[ColumnKey, int, int]] = {}
        self.members: dict[str, tuple[int, ...]] = {}

    def plan(self) -> Slots:
        for vpc in self.panels.vpcs:
            self._fill_zones(vpc)
        for block in FREE_BLOCKS:
            self._fill_block(block)
        self._fill_empty_places()
        order = {key: number for number, key in enumerate(sorted(self.keys))}
        cells = {id_: Span(order[k], order[k], top, bottom) for id_, (k, top, bottom) in self.taken.items()}
        frames = list(self._place_frames(order))
        frames += list(self._strips(frames, len(order), cells))
        return Slots(len(order), self.panels.count, cells, self.members, tuple(frames))

    # cells

    def _take(self, component: Component, key: ColumnKey, top: int, bottom: int) -> None:
        self.keys.add(key)
        self.taken[component.id] = (key, top, bottom)

    def _fill_zones(self, vpc: VpcRows) -> None:
        lanes: dict[tuple[int, int], list[Component]] = defaultdict(list)
        for component in self.homes.components(ZONES, vpc.place.id):
            lanes[self.homes.tier_of(component), LANES.index(component.lane)].append(component)
        for (tier, lane), components in lanes.items():
            self._fill_lane(vpc, (tier, lane), [c for c in components if not c.one_per_place])
            for number, group in enumerate(c for c in components if c.one_per_place):
                self._fill_group(vpc, group, (ZONES, tier, lane, GROUP_COLUMN + number))

    def _fill_lane(self, vpc: VpcRows, lane: tuple[int, int], components: Sequence[Component]) -> None:
        used: set[tuple[int, int]] = set()
        for component in components:
            rows = self._rows_for(vpc, component)
            free = ((n, r) for n in range(len(components) + 1) for r in rows if (n, r) not in used)
            number, row = next(free)
            used.add((number, row))
            self._take(component, (ZONES, *lane, number), row, row)

    def _rows_for(self, vpc: VpcRows, component: Component) -> list[int]:
        """Rows that suit a component, the best first."""
        zone = self.homes.zone_of(component)
        if zone is not None:
            return vpc.zone_rows[zone]
        crossed = [z.id for z in vpc.zones if z.name in self.architecture.zones_of(component)]
        rows = [row for z in crossed for row in vpc.zone_rows[z]] or vpc.rows
        middle = (min(rows) + max(rows)) / 2
        return sorted(vpc.gap_rows, key=lambda row: (abs(row - middle), row))

    def _fill_group(self, vpc: VpcRows, group: Component, key: ColumnKey) -> None:
        zones = [self.architecture.enclosing(place, "zone") for place in group.places]
        rows = sorted({vpc.zone_rows[zone.id][0] for zone in zones if zone is not None})
        rows = rows or vpc.gap_rows[:1] or vpc.rows[:1]
        self.members[group.id] = tuple(rows)
        self._take(group, key, rows[0], rows[-1])

    def _fill_block(self, block: int) -> None:
        for owner, rows in self.panels.owners(block):
            lanes: dict[int, list[Component]] = defaultdict(list)
            for component in self.homes.components(block, owner):
                one_column = block in (WORLD, GATEWAY)
                lanes[0 if one_column else LANES.index(component.lane)].append(component)
            for lane, components in lanes.items():
                for start in range(0, len(components), len(rows)):
                    key = (block, 0, lane, start // len(rows))
                    self._fill_column(key, rows, components[start : start + len(rows)])

    def _fill_column(self, key: ColumnKey, rows: Sequence[int], components: Sequence[Component]) -> None:
        ids = [component.id for component in components]
        placed = {id_: (top + bottom) / 2 for id_, (_, top, bottom) in self.taken.items()}
        chosen = best_rows(ids, rows, self.architecture.links, placed, self._rows_passed(key))
        for component, row in zip(components, chosen, strict=True):
            self._take(component, key, row, row)

    def _rows_passed(self, key: ColumnKey) -> Counter[int]:
        """Rows in which a link could go straight through a column, with the number of such links."""
        found: Counter[int] = Counter()
        for link in self.architecture.links:
            ends = [self.taken[end] for end in (link.source, link.target) if end in self.taken]
            if len(ends) == 2 and min(ends)[0] < key < max(ends)[0] and ends[0][1:] == ends[1][1:]:
                found[ends[0][1]] += 1
        return found

    def _fill_empty_places(self) -> None:
        """Places in which nothing stands get a column too, so that they are drawn.

        So do subnets in which only groups stand: their titles need a place that no group crosses.
        """
        kinds = {place.kind for place in self.architecture.places}
        for place in self.architecture.places:
            if place.kind in SUBNETS:
                own = [key for key in self.keys if key[:2] == (ZONES, self.homes.tier[place.id])]
                if all(key[3] >= GROUP_COLUMN for key in own):
                    self.keys.add((ZONES, self.homes.tier[place.id], 0, 0))
        if "vpc" in kinds and all(k[0] != ZONES or k[3] >= GROUP_COLUMN for k in self.keys):
            self.keys.add((ZONES, 1, 0, 0))
        if "region" in kinds and not any(REGION_EDGE <= key[0] <= REGION_WIDE for key in self.keys):
            self.keys.add((REGION_WIDE, 0, 0, 0))
        if "cloud" in kinds and not any(key[0] >= CLOUD_EDGE for key in self.keys):
            self.keys.add((CLOUD_WIDE, 0, 0, 0))

    # frames

    def _place_frames(self, order: Mapping[ColumnKey, int]) -> Iterator[FrameSlot]:
        gateway = any(key[0] == GATEWAY for key in order)
        for place in self.architecture.places:
            rows = self.panels.rows_of(place) if place.kind != "world" else []
            if not rows:
                continue
            columns = [number for key, number in order.items() if self._within(place, key)]
            span = Span(min(columns), max(columns), min(rows), max(rows))
            outside = [p.id for p in self.architecture.around(place.id) if p.kind != "world"][1:]
            yield FrameSlot(
                id=place.id,
                kind=place.kind,
                parent=outside[0] if outside else None,
                span=span,
                depth=len(outside),
                title_column=next(
                    column for column in sorted(columns) if not self._crossed(order, column, span.top)
                ),
                straddled=place.kind == "vpc" and gateway,
            )

    def _crossed(self, order: Mapping[ColumnKey, int], column: int, row: int) -> bool:
        """Whether a group passes through the upper border of a row in a column."""
        return any(order[key] == column and top < row <= bottom for key, top, bottom in self.taken.values())

    def _within(self, place: Place, key: ColumnKey) -> bool:
        if place.kind in SUBNETS:
            return key[:2] == (ZONES, self.homes.tier[place.id])
        first, last = {
            "cloud": (CLOUD_EDGE, CLOUD_WIDE),
            "region": (REGION_EDGE, REGION_WIDE),
            "vpc": (GATEWAY, VPC_WIDE),
            "zone": (ZONES, ZONES),
        }[place.kind]
        return first <= key[0] <= last

    def _strips(
        self, frames: Sequence[FrameSlot], columns: int, cells: dict[str, Span]
    ) -> Iterator[FrameSlot]:
        cloud = next((frame for frame in frames if frame.kind == "cloud"), None)
        owners = [(panel.region, panel.strip) for panel in self.panels.panels if panel.region]
        for region, rows in [*owners, (None, self.panels.last_strip)]:
            if not rows:
                continue
            owner = next((f for f in frames if region and f.id == region.id), None if region else cloud)
            around = owner.span if owner else Span(0, columns - 1, 0, 0)
            _spread(self.homes.operations(region), rows, around, cells)
            yield FrameSlot(
                id=f"{owner.id}/operations" if owner else "operations",
                kind="operations",
                parent=owner.id if owner else None,
                span=Span(around.left, around.right, rows[0], rows[-1]),
                depth=owner.depth + 1 if owner else 0,
                title_column=around.left,
            )


def _spread(components: Sequence[Component], rows: Sequence[int], span: Span, cells: dict[str, Span]) -> None:
    """Set components side by side from the left end of a strip, so that no gap opens between them."""
    share = -(-len(components) // len(rows))
    for number, component in enumerate(components):
        row, column = rows[number // share], span.left + number % share
        cells[component.id] = Span(column, column, row, row)


def plan_slots(architecture: Architecture, stack: int) -> Slots:
    """The cell of every component and the span of every frame: the same architecture, the same plan.

    `stack` is how many components of one lane may stand above each other in a zone.
    """
    return _Planner(architecture, stack).plan()
