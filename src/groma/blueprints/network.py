"""The network of a design in one region: its own over two or three zones, or a VPC that exists already."""

from __future__ import annotations

import ipaddress
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from groma import catalog
from groma.architecture import Component, Place
from groma.blueprints.decisions import of_nat
from groma.blueprints.endpoints import has_no_way_out
from groma.blueprints.places import SUBNET_PREFIX, home_region, network_places
from groma.components.container_worker import ContainerWorker
from groma.components.existing_network import ExistingNetwork
from groma.components.machine_group import MachineGroup
from groma.components.nat_gateway import NatGateway
from groma.components.network import FlowLogs, InternetGateway
from groma.errors import Infeasible, WorkloadError
from groma.quantity import Range
from groma.sizing.values import Decision, Wish
from groma.workload import Workload

NUMBERS = {2: "two", 3: "three"}
RESERVED = 5
"""Addresses of each subnet that AWS keeps
(https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html, undated, read 2026-11-29)."""
OF_BALANCER = 8
"""Addresses that an Application Load Balancer wants free in each subnet, to grow
(https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html)."""
OF_OTHERS = 8
"""Left for databases, endpoints and gateways."""


def zone_count(workload: Workload) -> int:
    """In how many zones it stands."""
    return workload.network.zone_count


def region_with_zones(workload: Workload) -> catalog.Region:
    """The one region of a workload, which has as many zones as it wants.

    Raises:
        WorkloadError: it has fewer, or fewer are named.
    """
    region, wanted = home_region(workload), zone_count(workload)
    if len(region.zones) < wanted:
        named = bool(workload.availability_zones)
        raise WorkloadError(
            f"{len(region.zones)} zones {'are named' if named else f'are known in {region.name}'}, and "
            f"{wanted} are wanted",
            where=workload.where(*(["availability_zones"] if named else ["network", "zones"])),
            hint="name one more zone" if named else "write `zones: 2`, or choose another region",
        )
    return region


def places(workload: Workload) -> tuple[Place, ...]:
    """Where everything stands: its own network, or the one that exists."""
    region, stated = region_with_zones(workload), workload.network
    existing = stated if stated.exists else None
    found = network_places(region, zone_count(workload), stated.cidr, existing=existing)
    if not has_no_way_out(workload):
        return found
    return tuple(
        replace(place, note="no route out") if place.kind == "private-subnet" else place for place in found
    )


def gateway(workload: Workload, zones: Sequence[str]) -> InternetGateway:
    """The network itself, by its door: made, or found.

    Args:
        zones: the names of its zones, in order.
    """
    stated = workload.network
    if not stated.exists:
        return InternetGateway(id="internet-gateway", places=("vpc",))
    return ExistingNetwork(
        id="internet-gateway",
        places=("vpc",),
        vpc_id=stated.vpc or "",
        vpc_tags=stated.vpc_tags,
        public_ids=dict(zip(zones, stated.public_subnets, strict=False)),
        public_tags=stated.public_tags,
        private_ids=dict(zip(zones, stated.private_subnets, strict=False)),
        private_tags=stated.private_tags,
    )


def has_nat_per_zone(workload: Workload, wish: Wish) -> bool:
    """Whether each zone has a way out of its own: as stated; else where it is bought, and where an image is
    pulled through it, so that no zone's first boot needs another zone (decision 0028).
    """
    stated = workload.network.nat
    if stated is not None:
        return stated == "per-zone"
    return wish.nat_per_zone or workload.own is not None


def nat_gateways(
    workload: Workload, wish: Wish, public: tuple[str, ...], gb_per_month: Range
) -> tuple[NatGateway, ...]:
    """NAT gateways in public subnets: `nat`, `nat-b` …, which share the traffic evenly; none in a VPC that
    exists, which has its own ways out, and where none is stated.
    """
    if workload.network.exists or has_no_way_out(workload):
        return ()
    subnets = public if has_nat_per_zone(workload, wish) else public[:1]
    each = gb_per_month / len(subnets)
    names = ("nat", *(f"nat-{place.removeprefix('public-')}" for place in subnets[1:]))
    return tuple(
        NatGateway(id=name, places=(place,), gb_per_month=each)
        for name, place in zip(names, subnets, strict=True)
    )


def flow_logs(workload: Workload, gb_per_month: Range, days: int) -> tuple[FlowLogs, ...]:
    """Who talked to whom, of a VPC of one's own; whose it is already says of another what is kept."""
    if workload.network.exists:
        return ()
    return (FlowLogs(id="flow-logs", places=("region",), gb_per_month=gb_per_month, retention_days=days),)


def has_room(workload: Workload, components: Iterable[Component]) -> None:
    """Whether each subnet has an address for all that may stand in it.

    Raises:
        Infeasible: the range of the VPC is too small.
    """
    if workload.network.exists:
        return
    prefix = ipaddress.IPv4Network(workload.network.cidr).prefixlen
    subnet = prefix + SUBNET_PREFIX - 16
    room = 2 ** (32 - subnet) - RESERVED - OF_BALANCER - OF_OTHERS
    taken, nouns = Counter[str](), set[str]()
    for group in components:
        if isinstance(group, MachineGroup | ContainerWorker):
            nouns.add(group.noun)
            most_of_it = group.size.max if isinstance(group, MachineGroup) else group.tasks
            for place in group.places:
                taken[place] += group.times_rolling * math.ceil(most_of_it / len(group.places))
    most = max(taken.values(), default=0)
    if most > room:
        raise Infeasible(
            f"a subnet of a sixteenth of {workload.network.cidr} has room for {max(room, 0)} "
            f"{' or '.join(sorted(nouns))}s, and {most} may stand in it",
            where=workload.where("network", "cidr"),
            hint=f"take a range of /{max(16, 32 - math.ceil(math.log2(most + 21)) - 4)} or larger",
        )


def of_network(workload: Workload, wish: Wish) -> tuple[Decision, ...]:
    """Zones, and whose network it is."""
    stated, count = workload.network, zone_count(workload)
    whose = "bought" if wish.third_zone else "as stated"
    because = (
        "the blueprint's; three would hold half as many spare servers, in two more subnets"
        if count == 2
        else f"{whose}; two thirds are left when one is lost, so that a third is spare, and not half"
    )
    stands = workload.database.existing is not None
    lone = not workload.database.replicas and not wish.multi_az and not stands
    writes = "writer" if workload.database.is_cluster else "master"
    lost = "one may be lost at peak" + (f", but that of the {writes}" if lone else "")
    zones = Decision("zones", f"{NUMBERS[count]}; {lost}", because)
    if stated.exists:
        return (zones, *_of_existing(workload))
    return (zones,)


def of_ways_out(workload: Workload, wish: Wish) -> tuple[Decision, ...]:
    """One way out to the internet, or one in each zone, and whose choice that was."""
    if workload.network.exists:
        return ()
    if has_no_way_out(workload):
        because = "as stated; who calls others than AWS from private subnets reaches nobody"
        return (Decision("NAT gateway", "none", because),)
    per_zone = has_nat_per_zone(workload, wish)
    if per_zone or workload.own is None:
        return (of_nat(per_zone),)
    because = "as stated; while its zone is lost no image is pulled, so that no server of another zone boots"
    return (Decision("NAT gateway", "one, in the first zone", because),)


def _of_existing(workload: Workload) -> tuple[Decision, ...]:
    stated = workload.network
    by = "by their ids" if stated.private_subnets else "by their tags"
    name = stated.vpc or ", ".join(f"{key}={value}" for key, value in stated.vpc_tags.items())
    return (
        Decision(
            "network",
            f"the VPC {name}, which exists; its subnets are found {by}",
            "nothing is made in its place or taken down with the stack: gateways, routes, endpoints and flow "
            "logs are its owner's, and so is what passes its NAT gateways by the GB",
        ),
    )
