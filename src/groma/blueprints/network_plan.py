"""Where things stand: the home region, and a VPC with one public and one private subnet per zone."""

from __future__ import annotations

import ipaddress

from groma import catalog
from groma.architecture import Place
from groma.errors import InputError, WorkloadError
from groma.workload import Workload

NETWORK = ipaddress.ip_network("10.0.0.0/16")
SUBNET_PREFIX = 20


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
    try:
        return catalog.region(workload.regions[0])
    except InputError as error:
        raise WorkloadError(error.what, where=workload.where("regions", 0), hint=error.hint) from None


def network_places(region: catalog.Region, zone_count: int) -> tuple[Place, ...]:
    """The world, the cloud, the region, its VPC, zones and subnets, each with its id.

    Subnet ids are `public-a`, `private-a` … by the zone's letter. Public subnets take the first blocks of
    the VPC's range, private subnets those of its second half.
    """
    zones = region.zones[:zone_count]
    blocks = list(NETWORK.subnets(new_prefix=SUBNET_PREFIX))
    places = [
        Place("world", "world", "Internet"),
        Place("cloud", "cloud", "AWS Cloud"),
        Place("region", "region", region.name, "cloud", note=region.label),
        Place("vpc", "vpc", "VPC", "region", str(NETWORK)),
    ]
    for index, zone in enumerate(zones):
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
    return tuple(places)
