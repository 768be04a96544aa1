"""Several regions on one screen each: an overview of regions and flows, then each distinct region by itself.

The overview shows what stands outside of all regions and, of each region, its servers and its data;
what lies between two of those is one link, with the label of its first part. Equal regions are shown once. A
region's sheet shows all of it, and of the others only what it is linked with. Together, the sheets show every
component and every link of the architecture.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from groma.architecture import Architecture, Component, Link, Place
from groma.diagram.regions import collapse_regions

OVERVIEW = "overview"
FLOWING = ("request", "reply", "replication")
"""Flows that an overview follows through what it does not show."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its name (`overview`, or the regions that it shows) and what is to be drawn."""

    name: str
    architecture: Architecture


def sheets(architecture: Architecture) -> tuple[Sheet, ...]:
    """The overview and each distinct region; nothing where one region is all there is."""
    if len(architecture.regions) < 2:
        return ()
    whole = collapse_regions(architecture, always=True)
    regions = [place for place in whole.places if place.kind == "region"]
    return (Sheet(OVERVIEW, _overview(whole)), *(Sheet(r.name, _sheet(whole, r)) for r in regions))


def _region_of(architecture: Architecture, component: Component) -> Place | None:
    return architecture.enclosing(component.places[0], "region")


def _overview(architecture: Architecture) -> Architecture:
    """Regions without their networks: what is outside, groups and data, and the flows between them."""
    region = {c.id: _region_of(architecture, c) for c in architecture.components}
    groups = any(c.one_per_place for c in architecture.components)
    shown = [c for c in architecture.components if region[c.id] is None or _is_main(c, groups)]
    ids = {component.id for component in shown}
    return replace(
        architecture,
        places=tuple(p for p in architecture.places if p.kind in ("world", "cloud", "region")),
        components=tuple(replace(c, places=(p.id,)) if (p := region[c.id]) else c for c in shown),
        links=tuple(_contracted(architecture.links, ids)),
    )


def _is_main(component: Component, groups: bool) -> bool:
    """Whether an overview shows a region's component: servers, and what holds data."""
    return component.lane == "data" or (
        component.one_per_place if groups else component.lane == "application"
    )


def _contracted(links: Sequence[Link], shown: set[str]) -> Iterator[Link]:
    """The links between what is shown; a way through what is not is one, of the kind of its first part."""
    direct = [link for link in links if {link.source, link.target} <= shown]
    yield from direct
    known = {(link.source, link.target) for link in direct}
    flowing = [link for link in links if link.flow in FLOWING]
    for first in flowing:
        if first.source in shown and first.target not in shown:
            for end in _ends(first.target, flowing, shown):
                if end != first.source and (first.source, end) not in known:
                    known.add((first.source, end))
                    yield replace(first, target=end)


def _ends(start: str, links: Sequence[Link], shown: set[str]) -> list[str]:
    """What is shown and reached from something that is not, through nothing that is."""
    found: list[str] = []
    seen, ahead = {start}, deque([start])
    while ahead:
        here = ahead.popleft()
        for link in links:
            if link.source == here and link.target not in seen:
                seen.add(link.target)
                (found if link.target in shown else ahead).append(link.target)
    return found


def _sheet(architecture: Architecture, region: Place) -> Architecture:
    """One region whole, with what it is linked with: other regions' parts without their networks."""
    homes = {c.id: _region_of(architecture, c) for c in architecture.components}
    own = {id_ for id_, home in homes.items() if home == region}
    links = tuple(link for link in architecture.links if {link.source, link.target} & own)
    near = own | {end for link in links for end in (link.source, link.target)}
    components = tuple(
        replace(c, places=(home.id,)) if (home := homes[c.id]) not in (None, region) and home else c
        for c in architecture.components
        if c.id in near
    )
    used = {place.id for c in components for place_id in c.places for place in architecture.around(place_id)}
    used |= {p.id for p in architecture.places if region in architecture.around(p.id)}
    used |= {place.id for place in architecture.around(region.id)}
    return replace(
        architecture,
        places=tuple(place for place in architecture.places if place.id in used),
        components=components,
        links=links,
    )
