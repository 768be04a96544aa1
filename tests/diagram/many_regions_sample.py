"""The three-tier sample in several regions: a home region that others copy their data from."""

from __future__ import annotations

from dataclasses import replace

from three_tier_sample import COMPONENTS, LINKS, PLACES, part, three_tier

from groma.architecture import Architecture, Link, Place

REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "ap-south-1", "sa-east-1")
OUTSIDE = ("users", "client", "cdn", "site")
DNS = part("dns", "edge", "cloud", "Route 53", "Amazon Route 53", "network/route-53", "latency routing")


def regions(count: int, **rates: float) -> Architecture:
    """So many regions; `rates` changes what CloudFront sends to one: `region_2=50.0`."""
    places = [place for place in PLACES if place.kind in ("world", "cloud")]
    components = [*(c for c in COMPONENTS if c.id in OUTSIDE), DNS]
    links = [link for link in LINKS if {link.source, link.target} <= set(OUTSIDE)]
    links.append(Link("client", "dns", "DNS"))
    for number, name in enumerate(REGIONS[:count], start=1):
        places += _places(number, name)
        components += [
            replace(c, id=_id(c.id, number), places=tuple(_id(place, number) for place in c.places))
            for c in COMPONENTS
            if c.id not in OUTSIDE
        ]
        for link in LINKS:
            if link.source not in OUTSIDE and link.target not in OUTSIDE:
                links.append(replace(link, source=_id(link.source, number), target=_id(link.target, number)))
        links.append(Link("cdn", _id("igw", number), "HTTP", peak_per_s=rates.get(f"region_{number}", 83.0)))
        if number > 1:
            ends = _id("database-master", 1), _id("database-master", number)
            links.append(Link(*ends, "replication", "replication"))
    return three_tier(places=tuple(places), components=tuple(components), links=tuple(links))


def _id(id_: str, number: int) -> str:
    return f"{id_}/{number}"


def _places(number: int, name: str) -> list[Place]:
    return [
        replace(
            place,
            id=_id(place.id, number),
            name=place.name.replace("us-east-1", name),
            parent="cloud" if place.kind == "region" else _id(str(place.parent), number),
            cidr=place.cidr and place.cidr.replace("10.0.", f"10.{number}."),
        )
        for place in PLACES
        if place.kind not in ("world", "cloud")
    ]
