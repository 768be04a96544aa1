"""The rows of the diagram: a panel for each region, in it a row or more per zone and gap rows between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from groma.architecture import Component, Place
from groma.diagram.homes import (
    CLOUD_EDGE,
    CLOUD_WIDE,
    GATEWAY,
    REGION_EDGE,
    REGION_WIDE,
    VPC_WIDE,
    WORLD,
    ZONES,
    Homes,
)

STACKS = (2, 4)
"""So many components of one lane stand above each other in one zone before a new column is begun; the
second number is for what would be too wide with the first."""
MOST_PLAIN_ROWS, MOST_ROWS_OF_ONE_ZONE = 4, 3


@dataclass
class VpcRows:
    """The rows of one VPC: a list per zone, and one row per gap between zones."""

    place: Place
    zones: list[Place]
    zone_rows: dict[str, list[int]] = field(default_factory=dict)
    gap_rows: list[int] = field(default_factory=list)

    @property
    def rows(self) -> list[int]:
        """All of them, from top to bottom."""
        return sorted([row for rows in self.zone_rows.values() for row in rows] + self.gap_rows)


@dataclass
class Panel:
    """The rows of one region (None: of what stands in no region), and those of its operations strip."""

    region: Place | None
    vpcs: list[VpcRows]
    rows: list[int] = field(default_factory=list)
    strip: list[int] = field(default_factory=list)


class Panels:
    """All rows: numbered from top to bottom when this is made."""

    def __init__(self, homes: Homes, stack: int = STACKS[0]) -> None:
        self.homes, self.stack = homes, stack
        self.count = 0
        self.panels = list(self._make())
        for panel in self.panels:
            self._number(panel)
        self.last_strip = self._next(self._strip_rows(homes.operations(None)))

    @property
    def vpcs(self) -> list[VpcRows]:
        """The rows of every VPC."""
        return [vpc for panel in self.panels for vpc in panel.vpcs]

    def owners(self, block: int) -> Iterator[tuple[str | None, list[int]]]:
        """Places whose components stand in a block of free columns, with the rows these may use."""
        if block in (WORLD, CLOUD_EDGE, CLOUD_WIDE):
            yield None, [row for panel in self.panels for row in panel.rows]
        elif block in (GATEWAY, VPC_WIDE):
            yield from ((vpc.place.id, vpc.rows) for vpc in self.vpcs)
        else:
            yield from ((panel.region.id, panel.rows) for panel in self.panels if panel.region)

    def rows_of(self, place: Place) -> list[int]:
        """The rows that a place's frame goes around."""
        if place.kind == "cloud":
            return list(range(self.count))
        if place.kind == "region":
            return next(panel.rows + panel.strip for panel in self.panels if panel.region == place)
        if place.kind == "vpc":
            return next(vpc.rows for vpc in self.vpcs if vpc.place == place)
        zone = self.homes.architecture.enclosing(place.id, "zone")
        return next((v.zone_rows[zone.id] for v in self.vpcs if zone and zone.id in v.zone_rows), [])

    def _make(self) -> Iterator[Panel]:
        places, enclosing = self.homes.architecture.places, self.homes.architecture.enclosing
        regions = [place for place in places if place.kind == "region"]
        zones = [place for place in places if place.kind == "zone"]
        vpcs = [VpcRows(p, [z for z in zones if z.parent == p.id]) for p in places if p.kind == "vpc"]
        for region in [*regions, None]:
            inside = [vpc for vpc in vpcs if enclosing(vpc.place.id, "region") == region]
            if region is not None or inside or not regions:
                yield Panel(region, inside)

    def _next(self, count: int) -> list[int]:
        self.count += count
        return list(range(self.count - count, self.count))

    def _number(self, panel: Panel) -> None:
        wanted = self._rows_wanted(panel)
        for vpc in panel.vpcs:
            self._number_vpc(vpc, wanted if len(panel.vpcs) == 1 else 1)
        panel.rows = [row for vpc in panel.vpcs for row in vpc.rows] or self._next(wanted)
        if panel.region:
            panel.strip = self._next(self._strip_rows(self.homes.operations(panel.region)))

    def _rows_wanted(self, panel: Panel) -> int:
        """Rows that let every lane beside the zones stand in one column, within reason: several regions
        without networks stand above each other on one screen.
        """
        of_several = len(self.panels) > 1 and not panel.vpcs
        most = min(MOST_PLAIN_ROWS, self.stack) if of_several else MOST_PLAIN_ROWS
        counts: dict[tuple[int, str], float] = defaultdict(float)
        owned = [(block, panel.region.id) for block in (REGION_EDGE, REGION_WIDE) if panel.region]
        for block, owner in (*owned, (WORLD, None), (CLOUD_EDGE, None), (CLOUD_WIDE, None)):
            for component in self.homes.components(block, owner):
                counts[block, component.lane] += 1 if owner else 1 / len(self.panels)
        return max(1, min(most, round(max(counts.values(), default=1))))

    def _number_vpc(self, vpc: VpcRows, wanted: int) -> None:
        inside = self.homes.components(ZONES, vpc.place.id)
        between = [c for c in inside if self.homes.zone_of(c) is None and not c.one_per_place]
        if not vpc.zones:
            vpc.gap_rows = self._next(wanted)
            return
        for number, zone in enumerate(vpc.zones):
            vpc.gap_rows += self._next(1 if number else 0)
            vpc.zone_rows[zone.id] = self._next(self._zone_height(zone, inside))
        if len(vpc.zones) == 1:
            only = vpc.zone_rows[vpc.zones[0].id]
            only += self._next(0 if between else max(0, min(wanted, MOST_ROWS_OF_ONE_ZONE) - len(only)))
            vpc.gap_rows = self._next(1 if between else 0)

    def _zone_height(self, zone: Place, inside: Iterable[Component]) -> int:
        counts: dict[tuple[int, str], int] = defaultdict(int)
        for component in inside:
            if self.homes.zone_of(component) == zone.id and not component.one_per_place:
                counts[self.homes.tier_of(component), component.lane] += 1
        return max(1, min(self.stack, max(counts.values(), default=1)))

    def _strip_rows(self, components: list[Component]) -> int:
        """Rows of a strip as wide as the region, which will have at least this many columns."""
        keys: set[tuple[object, ...]] = set()
        for component in self.homes.architecture.components:
            block = self.homes.block_of(component)[0]
            if component.lane == "operations" or not REGION_EDGE <= block <= REGION_WIDE:
                continue
            zonal = (self.homes.tier_of(component), component.lane, component.one_per_place)
            keys.add((block, *zonal) if block == ZONES else (block, block != GATEWAY and component.lane))
        return -(-len(components) // max(1, len(keys)))
