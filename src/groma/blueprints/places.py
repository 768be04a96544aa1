"""Where things stand: a region or several, each with a VPC of one public and one private subnet per zone."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from groma import catalog
from groma.architecture import Place
from groma.errors import InputError, WorkloadError
from groma.workload import KINDS, Workload
from groma.workload.network import Network

NETWORK = ipaddress.IPv4Network("10.0.0.0/16")
OUTSIDE = (Place("world", "world", "Internet"), Place("cloud", "cloud", "AWS Cloud"))
LONGEST_NOTE = 40
SUBNET_PREFIX = 20
"""Of a VPC of /16: each subnet has a sixteenth of it."""


def home_region(workload: Workload) -> catalog.Region:
    """The one region of a workload.

    Raises:
        WorkloadError: the region does not exist, or more than one is named.
    """
    if len(workload.regions) != 1:
        raise WorkloadError(
            f"{workload.blueprint} stands in one region, not in {len(workload.regions)}",
            where=workload.where("regions"),
            hint="name one, for example [us-east-1]",
        )
    return region_of(workload, 0)


def known_region(workload: Workload, name: str, *stated: str | int) -> catalog.Region:
    """The region of a name that the workload states at a path of keys. Raises WorkloadError for none."""
    try:
        return catalog.region(name)
    except InputError as error:
        raise WorkloadError(error.what, where=workload.where(*stated), hint=error.hint) from None


def region_of(workload: Workload, number: int) -> catalog.Region:
    """A region that the workload names, with the zones that it names there, or else all that are known.

    Raises:
        WorkloadError: the region does not exist, a zone is of none of the workload's regions, or there are
            too few.
    """
    found = known_region(workload, workload.regions[number], "regions", number)
    for place, zone in enumerate(workload.availability_zones):
        if zone[:-1] not in workload.regions:
            raise WorkloadError(
                f"{zone} is a zone of none of these regions",
                where=workload.where("availability_zones", place),
                hint=f"a zone's name is its region's and a letter, such as {workload.regions[0]}a",
            )
    own = tuple(zone for zone in workload.availability_zones if zone[:-1] == found.name)
    least = KINDS[workload.blueprint].zones
    if own and len(set(own)) < least:
        raise WorkloadError(
            f"{workload.blueprint} needs {least} zones in {found.name}, not {len(set(own))}",
            where=workload.where("availability_zones"),
            hint="`groma doctor --target aws` lists the zones that your account has",
        )
    return replace(found, zones=own) if own else found


def several_regions(workload: Workload, zone_count: int) -> tuple[catalog.Region, ...]:
    """The regions of a workload that stands in two or more.

    Raises:
        WorkloadError: a region does not exist, is named twice or has too few zones, there is only one, or
            more than `MOST_REGIONS`.
    """
    from groma.components.global_database import MOST_REGIONS

    found = []
    for number, name in enumerate(workload.regions):
        where, region = workload.where("regions", number), region_of(workload, number)
        if region in found:
            raise WorkloadError(f"{name} is named twice", where=where)
        if len(region.zones) < zone_count:
            few = f"{name} has {len(region.zones)} zones; {workload.blueprint} needs {zone_count}"
            raise WorkloadError(few, where=where, hint="choose another region near its users")
        found.append(region)
    if len(found) < 2:
        raise WorkloadError(
            f"{workload.blueprint} stands in two or more regions, so that one may be lost",
            where=workload.where("regions"),
            hint="name them, for example [us-east-1, us-west-2, eu-west-1]",
        )
    if len(found) > MOST_REGIONS:
        raise WorkloadError(
            f"an Aurora global database stands in at most {MOST_REGIONS} regions",
            where=workload.where("regions"),
            hint="name those with most users",
        )
    return tuple(found)


def network_places(
    region: catalog.Region, zone_count: int, cidr: str = str(NETWORK), *, existing: Network | None = None
) -> tuple[Place, ...]:
    """The world, the cloud, the region, its VPC, zones and subnets, each with its id.

    Subnet ids are `public-a`, `private-a` … by the zone's letter. Public subnets take the first blocks of
    the VPC's range, private subnets those of its second half. Of an existing network no range is known.
    """
    places = _region_places(region, zone_count, ipaddress.IPv4Network(cidr))
    return (*OUTSIDE, *(places if existing is None else _as_found(places, existing)))


def _as_found(places: Sequence[Place], network: Network) -> Iterator[Place]:
    """The places of a network that exists: named as the file names them, their ranges and routes unknown."""
    ids = {"public-subnet": iter(network.public_subnets), "private-subnet": iter(network.private_subnets)}
    tags = {"public-subnet": network.public_tags, "private-subnet": network.private_tags}
    for place in places:
        if place.kind == "vpc":
            yield replace(place, cidr=None, note=f"exists: {network.vpc or _tagged(network.vpc_tags)}")
        elif place.kind in ids:
            found = next(ids[place.kind], "") or _tagged(tags[place.kind])
            yield replace(place, cidr=None, note=f"exists: {found}")
        else:
            yield place


def _tagged(tags: Mapping[str, str]) -> str:
    """Tags as a frame of the diagram has room for them: the first one, cut where it is long."""
    first, *others = (f"{name}={value}" for name, value in tags.items())
    cut = first if len(first) <= LONGEST_NOTE else f"{first[: LONGEST_NOTE - 1]}…"
    return f"{cut} and {len(others)} more" if others else cut


def world_places(regions: Sequence[catalog.Region], zone_count: int) -> tuple[Place, ...]:
    """The world, the cloud and every region, with ids such as `us-west-2` and `us-west-2/public-a`.

    No two VPCs share an address, so that they can be connected: 10.0.0.0/16, 10.1.0.0/16 …
    """
    places = list(OUTSIDE)
    for number, region in enumerate(regions):
        network = ipaddress.IPv4Network((int(NETWORK.network_address) + number * NETWORK.num_addresses, 16))
        for place in _region_places(region, zone_count, network):
            whole = region.name if place.id == "region" else f"{region.name}/{place.id}"
            parent = {"cloud": "cloud", "region": region.name}.get(str(place.parent))
            places.append(replace(place, id=whole, parent=parent or f"{region.name}/{place.parent}"))
    return tuple(places)


def _region_places(region: catalog.Region, zone_count: int, network: ipaddress.IPv4Network) -> list[Place]:
    blocks = list(network.subnets(prefixlen_diff=SUBNET_PREFIX - NETWORK.prefixlen))
    places = [
        Place("region", "region", region.name, "cloud", note=region.label),
        Place("vpc", "vpc", "VPC", "region", str(network)),
    ]
    for index, zone in enumerate(region.zones[:zone_count]):
        letter = zone[-1]
        public, private = blocks[index], blocks[len(blocks) // 2 + index]
        places += [
            Place(f"zone-{letter}", "zone", zone, "vpc"),
            Place(
                f"public-{letter}", "public-subnet", "Public subnet", f"zone-{letter}", str(public),
                "route 0.0.0.0/0 → internet gateway",
            ),
            Place(
                f"private-{letter}", "private-subnet", "Private subnet", f"zone-{letter}", str(private),
                "route 0.0.0.0/0 → NAT gateway",
            ),
        ]  # fmt: skip
    return places
