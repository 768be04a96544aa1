"""starter: in each region a VPC with public subnets, one server with 20 GB of EBS, and a bucket.

client machines → Session Manager → server → bucket
                                           → internet gateway
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from groma import catalog
from groma.architecture import Architecture, Component, Link, Place
from groma.blueprints.places import region_of
from groma.blueprints.whole import whole
from groma.components.bucket import Bucket
from groma.components.instance import Instance
from groma.components.operations import EncryptionKey, MailTopic
from groma.components.public_network import PublicNetwork
from groma.components.session_manager import Administrators, SessionManager
from groma.errors import WorkloadError
from groma.quantity import Range
from groma.sizing.units import Unit
from groma.sizing.values import Decision, Plan, Wish
from groma.workload import KINDS, Workload
from groma.workload.demand import Demand

ZONES = KINDS["starter"].zones
NETWORKS = ipaddress.IPv4Network("10.0.0.0/8")
"""Each region takes the next /16, so that two of them could be connected."""
SUBNET_PREFIX = 20
INSTANCE_TYPE = "t4g.micro"
VOLUME_GIB = 20
STORED_GB = Range(0.1, 1.0, 10.0)
REQUESTS_PER_MONTH = Range(100, 1_000, 10_000)
INTERNET_GB = Range(0.1, 1.0, 10.0)
"""A guess for a first server; each is a line of the bill below a dollar."""


def units(workload: Workload, demand: Demand, wish: Wish) -> tuple[Unit, ...]:
    """None: nothing is sized by load."""
    return ()


def assemble(workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> Architecture:
    """The same site in every region of the workload.

    Raises:
        WorkloadError: a region does not exist or is named twice.
    """
    regions = _regions(workload)
    several = len(regions) > 1
    places = [Place("world", "world", "Internet"), Place("cloud", "cloud", "AWS Cloud")]
    components: list[Component] = [Administrators(id="clients", places=("world",))]
    links: list[Link] = []
    for number, region in enumerate(regions):
        scope = region.name if several else ""
        places += _places(region, number, scope)
        components += _site(workload, scope, region)
        links += _links(scope)
    return whole(workload, places, components, links)


def decisions(workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> tuple[Decision, ...]:
    """What was decided, and why."""
    where = " and ".join(workload.regions)
    return (
        Decision("regions", where, "the same in each; none needs another, so that a loss is its own alone"),
        Decision(
            "server",
            f"one {INSTANCE_TYPE} with {VOLUME_GIB} GB",
            "the smallest with memory to spare beside system and agents; no load is stated to size it by",
        ),
        Decision(
            "redundancy", "none within a region",
            "a first lesson: nothing replaces a lost server; three-tier shows how that is done",
        ),
        Decision(
            "way in", "Session Manager, no SSH",
            "no port is open: IAM says who gets a shell, and AWS writes down who had one",
        ),
        Decision("flow logs", "none", "nobody is let in, and they would cost more than the server"),
    )  # fmt: skip


def _regions(workload: Workload) -> tuple[catalog.Region, ...]:
    found: list[catalog.Region] = []
    for number, name in enumerate(workload.regions):
        found.append(region_of(workload, number))
        if name in workload.regions[:number]:
            raise WorkloadError(
                f"{name} is named twice",
                where=workload.where("regions", number),
                hint="name each region once",
            )
    return tuple(found)


def _in(scope: str, id_: str) -> str:
    """The id in the whole architecture of something in a region; `region` is the region itself."""
    if not scope:
        return id_
    return scope if id_ == "region" else f"{scope}/{id_}"


def _places(region: catalog.Region, number: int, scope: str) -> Iterator[Place]:
    """The region, its VPC with the region's own address range, and a public subnet in each zone."""
    vpc = list(NETWORKS.subnets(new_prefix=16))[number]
    yield Place(_in(scope, "region"), "region", region.name, "cloud", note=region.label)
    yield Place(_in(scope, "vpc"), "vpc", "VPC", _in(scope, "region"), str(vpc))
    for zone, block in zip(region.zones[:ZONES], vpc.subnets(new_prefix=SUBNET_PREFIX), strict=False):
        zone_id = _in(scope, f"zone-{zone[-1]}")
        yield Place(zone_id, "zone", zone, _in(scope, "vpc"))
        yield Place(
            _in(scope, f"public-{zone[-1]}"), "public-subnet", "Public subnet", zone_id, str(block),
            "route 0.0.0.0/0 → internet gateway",
        )  # fmt: skip


def _site(workload: Workload, scope: str, region: catalog.Region) -> tuple[Component, ...]:
    first = _in(scope, f"public-{region.zones[0][-1]}")
    here = (_in(scope, "region"),)
    return (
        SessionManager(id=_in(scope, "session-manager"), places=here),
        PublicNetwork(id=_in(scope, "internet-gateway"), places=(_in(scope, "vpc"),)),
        Instance(
            id=_in(scope, "server"),
            places=(first,),
            instance_type=INSTANCE_TYPE,
            volume_gib=VOLUME_GIB,
            internet_gb_per_month=INTERNET_GB,
        ),
        Bucket(
            id=_in(scope, "bucket"),
            places=here,
            stored_gb=STORED_GB,
            writes_per_month=REQUESTS_PER_MONTH,
            reads_per_month=REQUESTS_PER_MONTH,
        ),
        EncryptionKey(id=_in(scope, "key"), places=here),
        MailTopic(id=_in(scope, "mail"), places=here, email=workload.alerts),
    )


def _links(scope: str) -> tuple[Link, ...]:
    manager, server = _in(scope, "session-manager"), _in(scope, "server")
    return (
        Link("clients", manager, "HTTPS", note="shell"),
        Link(manager, server, "shell"),
        Link(server, _in(scope, "bucket"), "HTTPS", note="files"),
        Link(
            server,
            _in(scope, "internet-gateway"),
            "HTTPS",
            flow="egress",
            note="updates",
            gb_per_month=INTERNET_GB,
        ),
    )
