"""Where components belong: their innermost common place, their tier, their block of columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from groma.architecture import Architecture, Component, Place

WORLD, CLOUD_EDGE, REGION_EDGE, GATEWAY, ZONES, VPC_WIDE, REGION_WIDE, CLOUD_WIDE = range(8)
"""Blocks of columns, from left to right."""

LANES = ("users", "edge", "public", "application", "data", "asynchronous", "operations")
SUBNETS = ("public-subnet", "private-subnet")


class Homes:
    """Answers about one architecture's components and places."""

    def __init__(self, architecture: Architecture) -> None:
        self.architecture = architecture
        self.home = {component.id: self._home(component) for component in architecture.components}
        self.tier = dict(self._tiers())

    def _home(self, component: Component) -> Place | None:
        """The innermost place that holds all of a component's places."""
        first, *others = (list(self.architecture.around(place)) for place in component.places)
        return next((p for p in first if all(p in chain for chain in others)), None)

    def _tiers(self) -> Iterator[tuple[str, int]]:
        """Subnet or zone id → tier: subnets of one kind are numbered within their zone."""
        counted: dict[tuple[str | None, str], int] = defaultdict(int)
        for place in self.architecture.places:
            if place.kind == "zone":
                yield place.id, 1
            elif place.kind in SUBNETS:
                number = counted[place.parent, place.kind]
                counted[place.parent, place.kind] += 1
                yield place.id, (0 if place.kind == "public-subnet" else 2) + 3 * number

    def tier_of(self, component: Component) -> int:
        """The tier of columns: that of its subnets, or else one that suits its lane."""
        known = [self.tier[place] for place in component.places if place in self.tier]
        private = sorted(tier for tier in self.tier.values() if tier >= 2)
        return known[0] if known else (0 if component.lane == "public" or not private else private[0])

    def enclosing(self, component: Component, kind: str) -> Place | None:
        """The place of some kind that holds all of a component."""
        home = self.home[component.id]
        around = self.architecture.around(home.id) if home else iter(())
        return next((place for place in around if place.kind == kind), None)

    def zone_of(self, component: Component) -> str | None:
        """Id of the zone that holds all of a component."""
        zone = self.enclosing(component, "zone")
        return zone.id if zone else None

    def block_of(self, component: Component) -> tuple[int, str | None]:
        """The block of columns a component stands in, and the id of the place whose rows it uses."""
        home = self.home[component.id]
        vpc, region = self.enclosing(component, "vpc"), self.enclosing(component, "region")
        if home is None or home.kind == "world":
            return WORLD, None
        if vpc is not None:
            return self._block_in_vpc(component, vpc), vpc.id
        outer = component.lane in ("users", "edge")
        if region is not None:
            return (REGION_EDGE if outer else REGION_WIDE), region.id
        return (CLOUD_EDGE if outer else CLOUD_WIDE), None

    def _block_in_vpc(self, component: Component, vpc: Place) -> int:
        if any(place != vpc.id for place in component.places):
            return ZONES
        lanes = {"public": GATEWAY, "users": GATEWAY, "edge": GATEWAY, "asynchronous": VPC_WIDE}
        return lanes.get(component.lane, ZONES)

    def components(self, block: int, owner: str | None) -> list[Component]:
        """The components of a block that use the rows of one place, save those of the operations strip."""
        found = [c for c in self.architecture.components if c.lane != "operations"]
        return [c for c in found if self.block_of(c) == (block, owner)]

    def operations(self, region: Place | None) -> list[Component]:
        """The components of a region's operations strip, or of the one below all regions."""
        found = [c for c in self.architecture.components if c.lane == "operations"]
        return [c for c in found if self.enclosing(c, "region") == region]
