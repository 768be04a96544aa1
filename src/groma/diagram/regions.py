"""Many regions, few panels: regions that are alike in everything shown are drawn once.

Two regions are equal when the diagram would stay the same if they changed places: the same elements
with the same parameters in the same order, and the same links, within, outwards and to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from groma.architecture import Architecture, Component, Link, Place

MOST_PANELS = 3
"""So many regions are all drawn, equal or not, as long as they are small."""
MOST_CARDS = 60
"""Of several regions with more elements than these, equal ones are drawn once: nobody could read the rest."""

Twins = Mapping[str, str]
"""Id of a place or component → id of the one in its place in another region."""


def collapse_regions(architecture: Architecture, *, always: bool = False) -> Architecture:
    """The architecture to draw: of more than `MOST_PANELS` regions, or of large ones, one of all equals.

    `always`: of few and small ones, too.
    """
    regions = [place for place in architecture.places if place.kind == "region"]
    if not always and len(regions) <= MOST_PANELS and len(architecture.components) <= MOST_CARDS:
        return architecture
    groups: list[list[tuple[Place, Twins]]] = []
    for region in regions:
        for group in groups:
            twins = _twins(architecture, group[0][0], region)
            if twins is not None:
                group.append((region, twins))
                break
        else:
            groups.append([(region, {})])
    for group in groups:
        if len(group) > 1:
            architecture = _drawn_once(architecture, group)
    return architecture


def _twins(architecture: Architecture, first: Place, second: Place) -> Twins | None:
    """What stands for what when two regions change places; None when that would change the diagram."""
    twins: dict[str, str] = {}
    inner = [_places_in(architecture, region) for region in (first, second)]
    if len(inner[0]) != len(inner[1]):
        return None
    for a, b in zip(*inner, strict=True):
        twins[a.id] = b.id
        alike = (a.kind, a.note) == (b.kind, b.note) or a == first
        if not alike or (a != first and twins.get(a.parent or "") != b.parent):
            return None
    parts = [_components_in(architecture, {place.id for place in places}) for places in inner]
    if len(parts[0]) != len(parts[1]):
        return None
    for c, d in zip(*parts, strict=True):
        twins[c.id] = d.id
        if _face(c) != _face(d) or tuple(twins[place] for place in c.places) != d.places:
            return None
    swap = {**twins, **{b: a for a, b in twins.items()}}
    shown = sorted(_shown(link, {}) for link in architecture.links)
    return twins if sorted(_shown(link, swap) for link in architecture.links) == shown else None


def _places_in(architecture: Architecture, region: Place) -> list[Place]:
    return [place for place in architecture.places if region in architecture.around(place.id)]


def _components_in(architecture: Architecture, places: set[str]) -> list[Component]:
    return [component for component in architecture.components if set(component.places) <= places]


def _face(component: Component) -> tuple[object, ...]:
    """Everything that a diagram shows of a component."""
    return (component.kind, component.service, component.icon, component.lane, component.one_per_place,
            component.label, component.member, component.details)  # fmt: skip


def _shown(link: Link, swap: Mapping[str, str]) -> tuple[str, ...]:
    return swap.get(link.source, link.source), swap.get(link.target, link.target), link.label, link.flow


def _drawn_once(architecture: Architecture, group: Sequence[tuple[Place, Twins]]) -> Architecture:
    """The architecture with the first region of a group alone, which says what it stands for."""
    region, others = group[0][0], [twins for _, twins in group[1:]]
    gone = {id_ for twins in others for id_ in twins.values()}
    inside = {place.id for place in _places_in(architecture, region)}
    own = {component.id for component in _components_in(architecture, inside)} | gone
    among = dict.fromkeys(
        link.label for link in architecture.links
        if {link.source, link.target} <= own and {link.source, link.target} & gone
        and _crosses(link, others)
    )  # fmt: skip
    note = " · ".join(
        (f"{len(group)} equal regions, one of them drawn", *(f"among them: {x}" for x in among))
    )
    name = ", ".join(place.name for place, _ in group)
    return replace(
        architecture,
        places=tuple(
            replace(place, name=name, note=note)
            if place == region
            else _for_all(architecture, place, region, others)
            for place in architecture.places
            if place.id not in gone
        ),
        components=tuple(c for c in architecture.components if c.id not in gone),
        links=tuple(_each(x, own) for x in architecture.links if not {x.source, x.target} & gone),
    )  # fmt: skip


def _each(link: Link, own: set[str]) -> Link:
    """A link that stands for one to each region of a group says so, where it states a rate."""
    if link.peak_per_s is None or (link.source in own) == (link.target in own):
        return link
    return replace(link, note=f"{link.note} each".strip())


def _crosses(link: Link, others: Iterable[Twins]) -> bool:
    """Whether a link leads from one region of a group to another one."""
    return not any({link.source, link.target} <= set(twins.values()) for twins in others)


def _for_all(architecture: Architecture, place: Place, region: Place, others: Sequence[Twins]) -> Place:
    """A place that stands for its twins: zones by their letter, the first of several address ranges."""
    twins = [architecture.place(found[place.id]) for found in others if place.id in found]
    if not twins:
        return place
    differ = any(twin.cidr != place.cidr for twin in twins)
    name = place.name.removeprefix(region.name) or place.name
    return replace(place, name=name, cidr=f"{place.cidr} …" if differ else place.cidr)
