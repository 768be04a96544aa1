"""Architecture → Mermaid, which GitHub and many wikis draw where they find it in Markdown.

A flowchart: places are subgraphs, components nodes with name, service and parameters, links labelled arrows
in the style of their flow. Its syntax: https://mermaid.js.org/syntax/flowchart.html, read 2026-11-29.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from groma.architecture import Architecture, Component, Flow, Place
from groma.diagram.content import place_title
from groma.diagram.homes import Homes
from groma.diagram.regions import collapse_regions

ARROWS: Mapping[Flow, str] = {
    "request": "-->",
    "reply": "-->",
    "egress": "-->",
    "replication": "-.->",
    "control": "-.->",
}
INDENT = "  "


def to_mermaid(architecture: Architecture) -> str:
    """The flowchart of an architecture; equal regions are drawn once where there are many."""
    architecture = collapse_regions(architecture)
    homes = Homes(architecture).home
    ids = {component.id: f"c{number}" for number, component in enumerate(architecture.components)}
    inside: dict[str | None, list[Component]] = {}
    for component in architecture.components:
        home = homes[component.id]
        inside.setdefault(home.id if home and home.kind != "world" else None, []).append(component)
    roots = [p for p in architecture.places if p.kind != "world" and not _parent(architecture, p)]
    lines = ["flowchart LR"]
    lines += [f"{INDENT}{_node(ids[c.id], c)}" for c in inside.get(None, ())]
    for place in roots:
        lines += [INDENT + line for line in _subgraph(architecture, place, inside, ids)]
    for link in architecture.links:
        arrow = f'{ARROWS[link.flow]}|"{_escaped(link.label)}"|'
        lines.append(f"{INDENT}{ids[link.source]} {arrow} {ids[link.target]}")
    return "\n".join(lines) + "\n"


def _parent(architecture: Architecture, place: Place) -> str | None:
    """The id of the place around one, unless that is the world."""
    around = [p.id for p in architecture.around(place.id) if p.kind != "world"]
    return around[1] if len(around) > 1 else None


def _subgraph(
    architecture: Architecture,
    place: Place,
    inside: Mapping[str | None, Sequence[Component]],
    ids: Mapping[str, str],
) -> Iterator[str]:
    """A place with what stands in it; nothing where that is nothing."""
    inner = [f"{INDENT}{_node(ids[c.id], c)}" for c in inside.get(place.id, ())]
    for other in architecture.places:
        if _parent(architecture, other) == place.id:
            inner += [INDENT + line for line in _subgraph(architecture, other, inside, ids)]
    if inner:
        number = architecture.places.index(place)
        yield f'subgraph p{number}["{_escaped(place_title(place))}"]'
        yield from inner
        yield "end"


def _node(id_: str, component: Component) -> str:
    service = "" if component.service.casefold() == component.label.casefold() else component.service
    lines = (component.label, service, *component.details)
    return f'{id_}["{"<br/>".join(_escaped(line) for line in lines if line)}"]'


def _escaped(words: str) -> str:
    """Text between quotes: what Mermaid or HTML would read becomes a character code."""
    codes = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;"}
    return "".join(codes.get(letter, letter) for letter in words)
