"""Random architectures within the grammar of the diagram, for hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st
from three_tier_sample import Part, three_tier

from groma.architecture import Architecture, Flow, Lane, Link, Place, PlaceKind

ICONS = ("compute/ec2", "database/rds", "network/nat-gateway", "storage/simple-storage-service-s3")
NAMES = ("cache", "Order service", "read replica of the ledger", "API", "pictures and videos", "NAT gateway")
SERVICES = ("Amazon EC2", "Amazon RDS for PostgreSQL", "AWS Lambda", "Elastic Load Balancing", "")
DETAILS = ("2–6 × m7g.large", "gp3 20 GB", "target 50 % CPU", "HTTPS · price class 100", "on demand")
PROTOCOLS = ("HTTP", "HTTPS", "SQL writes", "SQL reads", "HTTPS (origin access control)", "WAL replication",
             "asynchronous replication across regions", "e", "publishes and subscribes")  # fmt: skip
LANES: Sequence[Lane] = ("public", "application", "data")
FLOWS: Sequence[Flow] = ("request", "reply", "egress", "replication", "control")


@st.composite
def vpcs(draw: st.DrawFn, region: str) -> tuple[list[Place], list[list[str]]]:
    """A VPC with its places, and its subnets by zone."""
    vpc = f"{region}/vpc"
    places = [Place(vpc, "vpc", draw(st.sampled_from(["chirp", "VPC"])), region, "10.0.0.0/16")]
    kinds: list[PlaceKind] = ["public-subnet", *["private-subnet"] * draw(st.integers(0, 2))]
    subnets: list[list[str]] = []
    for number in range(draw(st.integers(1, 3))):
        zone = f"{vpc}/{number}"
        places.append(Place(zone, "zone", f"us-east-1{'abc'[number]}", vpc))
        note = draw(st.sampled_from(["", "default route → NAT gateway"]))
        names = [f"{zone}/{k}" for k in range(len(kinds))]
        for name, kind in zip(names, kinds, strict=True):
            places.append(Place(name, kind, "", zone, "10.0.128.0/20", note))
        subnets.append(names)
    return places, subnets


def _part(draw: st.DrawFn, lane: Lane, places: Sequence[str], *, many: bool = False) -> Part:
    return Part(
        id="",
        places=tuple(places),
        name=draw(st.sampled_from(NAMES)),
        service=draw(st.sampled_from(SERVICES)),
        icon=draw(st.sampled_from(ICONS)),
        lane=lane,
        one_per_place=many,
        parameters=tuple(draw(st.lists(st.sampled_from(DETAILS), max_size=3, unique=True))),
    )


def _in_vpc(draw: st.DrawFn, vpc: str, subnets: list[list[str]]) -> list[Part]:
    parts = [_part(draw, "public", [vpc]) for _ in range(draw(st.integers(0, 1)))]
    for tier in range(len(subnets[0])):
        lanes: list[Lane] = ["public"] if tier == 0 else ["application", "data"]
        column = [zone[tier] for zone in subnets]
        for lane in lanes:
            parts += [_part(draw, lane, column) for _ in range(draw(st.integers(0, 1)))]
            if lane != "data":
                parts += [_part(draw, lane, column, many=True) for _ in range(draw(st.integers(0, 1)))]
            for subnet in column:
                parts += [_part(draw, lane, [subnet]) for _ in range(draw(st.integers(0, 2)))]
    return parts


@st.composite
def architectures(draw: st.DrawFn) -> Architecture:
    """Any architecture that the diagram must be able to show."""
    places = [Place("world", "world", "Internet"), Place("cloud", "cloud", "AWS Cloud")]
    parts = [_part(draw, "users", ["world"]) for _ in range(draw(st.integers(0, 2)))]
    parts += [_part(draw, "edge", ["cloud"]) for _ in range(draw(st.integers(0, 3)))]
    with_vpc = draw(st.booleans())
    for number in range(draw(st.sampled_from([1, 1, 1, 2]))):
        region = f"region-{number}"
        places.append(Place(region, "region", f"eu-central-{number}", "cloud"))
        if with_vpc:
            inner, subnets = draw(vpcs(region))
            places += inner
            parts += _in_vpc(draw, f"{region}/vpc", subnets)
        else:
            for lane in LANES:
                parts += [_part(draw, lane, [region]) for _ in range(draw(st.integers(0, 3)))]
        parts += [_part(draw, "edge", [region]) for _ in range(draw(st.integers(0, 1)))]
        parts += [_part(draw, "asynchronous", [region]) for _ in range(draw(st.integers(0, 3)))]
        parts += [_part(draw, "operations", [region]) for _ in range(draw(st.integers(0, 7)))]
    components = tuple(replace(part, id=f"c{n}") for n, part in enumerate(parts))
    return three_tier(places=tuple(places), components=components, links=_links(draw, len(components)))


def _links(draw: st.DrawFn, count: int) -> tuple[Link, ...]:
    if count < 2:
        return ()
    size = draw(st.integers(0, min(24, 2 * count)))
    ends = st.tuples(st.integers(0, count - 1), st.integers(1, count - 1))
    pairs = dict.fromkeys((a, (a + step) % count) for a, step in (draw(ends) for _ in range(size)))
    rates = st.one_of(st.none(), st.floats(1e-7, 5e6))
    return tuple(
        Link(f"c{a}", f"c{b}", draw(st.sampled_from(PROTOCOLS)), draw(st.sampled_from(FLOWS)), draw(rates))
        for a, b in pairs
    )


@st.composite
def many_regions(draw: st.DrawFn) -> Architecture:
    """An architecture whose first region is there four or five times, perhaps with links to the copies."""
    architecture = draw(architectures())
    inside = {p.id for p in architecture.places if "region-0" in {q.id for q in architecture.around(p.id)}}
    own = [c for c in architecture.components if set(c.places) <= inside]
    names = inside | {component.id for component in own}
    replicated = draw(st.booleans())
    places, components = list(architecture.places), list(architecture.components)
    links = list(architecture.links)
    for number in range(1, draw(st.sampled_from([4, 5]))):
        copies = {name: f"{name}+{number}" for name in names}
        places += [
            replace(p, id=copies[p.id], parent=copies.get(p.parent or "", p.parent))
            for p in architecture.places
            if p.id in inside
        ]
        components += [
            replace(c, id=copies[c.id], places=tuple(copies[place] for place in c.places)) for c in own
        ]
        links += [
            replace(x, source=copies.get(x.source, x.source), target=copies.get(x.target, x.target))
            for x in architecture.links
            if {x.source, x.target} & names
        ]
        if own and replicated:
            links.append(Link(own[0].id, copies[own[0].id], "replication", "replication"))
    return three_tier(places=tuple(places), components=tuple(components), links=tuple(links))
