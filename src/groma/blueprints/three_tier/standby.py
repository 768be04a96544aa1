"""A warm standby: the same in a second region, as small as it can serve, for when the first one is lost.

home: CloudFront → the origin's name → web servers → app servers → master
                        │ while home does not answer               │ replication
standby:                └→ web servers → app servers → standby database, to be promoted by hand
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import lru_cache

from groma.application import Application
from groma.application.choice import application_of
from groma.application.sample import built_in
from groma.architecture import HOME, Component, Link, Place
from groma.blueprints.copies import SECOND
from groma.blueprints.engines import writer_host
from groma.blueprints.flows import replicated
from groma.blueprints.network import flow_logs, gateway, nat_gateways, places, zone_count
from groma.blueprints.places import OUTSIDE, known_region
from groma.blueprints.three_tier.databases import master_of
from groma.blueprints.three_tier.elements import (
    app_tier,
    failover,
    log_days,
    origin_name,
    roles,
    web_tier,
)
from groma.blueprints.three_tier.own import releases, sent_out
from groma.blueprints.three_tier.tiers import tiers
from groma.components.database import DatabaseServer
from groma.components.dns import OriginCertificate
from groma.components.led_here import StandbyOf
from groma.components.load_balancer import LoadBalancer
from groma.components.nat_gateway import NatGateway
from groma.components.operations import EncryptionKey, MailTopic
from groma.components.server_group import ServerGroup
from groma.components.standby_bucket import StandbyBucket
from groma.components.standby_database import StandbyDatabase
from groma.errors import WorkloadError
from groma.quantity import ZERO, Range
from groma.sizing.units import ServerTiers
from groma.sizing.values import NO_WISH, Choice, Decision, Plan, Size, Tier, Wish
from groma.workload import Workload
from groma.workload.demand import STORED_MONTHS, Demand

BUCKET = "site"
HOURS = 24
PRIVATE = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""What a network of one's own may have (RFC 1918)."""
LEAST_WORKERS, WORKERS_PER_VCPU = 8, 2
BYTES_PER_CONNECTION, MOST_CONNECTIONS = 9_531_392, 5_000
"""By which RDS sets max_worker_processes and max_connections of PostgreSQL, of a memory that is a little less
than the class has (RDS User Guide, parameters of RDS for PostgreSQL; quotas and constraints)."""


def standby(
    workload: Workload, demand: Demand, plan: Plan, wish: Wish
) -> tuple[tuple[Place, ...], tuple[Component, ...], tuple[Link, ...]]:
    """The places, elements and connections of the second region; none where no standby is wished.

    Raises:
        WorkloadError: there is no such region, it is the first one, or what is to stand there cannot.
    """
    if not wish.standby:
        return (), (), ()
    there = as_standby(workload, wish.standby)
    standing = [place for place in places(there) if place not in OUTSIDE]
    inside = _elements(workload, there, demand, plan, wish, standing)
    found = tuple(_of_region(each, wish.standby) for each in inside)
    links = (*_links(wish.standby, inside), *_between(demand, wish.standby))
    return tuple(_placed(place, wish.standby) for place in standing), found, links


def as_standby(workload: Workload, region: str) -> Workload:
    """The workload as it stands in the second region: without what only the first one has.

    Raises:
        WorkloadError: there is no such region, it is the first one, or what is to stand there cannot.
    """
    why_not = cannot_stand_by(workload, region)
    if why_not:
        raise WorkloadError(why_not[0], where=workload.where("standby"), hint=why_not[1])
    known_region(workload, region, "standby")
    stated = workload.network
    network = stated.model_copy(update={"cidr": _next(stated.cidr)})
    database = workload.database.model_copy(update={"replicas": 0, "backups_copied_to": None})
    return workload.model_copy(
        update={"regions": (region,), "availability_zones": (), "network": network, "database": database}
    )


def cannot_stand_by(workload: Workload, region: str) -> tuple[str, str] | None:
    """Why a design has no standby in that region, and what to do about it; None when it can have one."""
    if region == workload.regions[0]:
        another = SECOND.get(region, "eu-west-1")
        return f"{region} is the region that it stands in anyway", f"name another one, for example {another}"
    refused = {
        "an application of one's own, whose image, secrets and rights lie in its region": bool(workload.own),
        "a network that exists": workload.network.exists,
        "a network without a way out": workload.network.nat == "none",
        "a key that exists, which nothing in another region can use": workload.kms_key is not None,
    }
    what = next((what for what, is_stated in refused.items() if is_stated), "")
    if what:
        return f"no standby is made of {what}", "leave out `standby`"
    if not workload.domain:
        return "a standby needs a name that leads to it", "add `domain: app.example.com`"
    return None


def _next(cidr: str) -> str:
    """A private range of the same size beside another one, or else another one, so that both networks can be
    connected.
    """
    own = ipaddress.IPv4Network(cidr)
    beside = (own.network_address + own.num_addresses, own.network_address - own.num_addresses)
    others = (block.network_address for block in PRIVATE)
    found = (ipaddress.IPv4Network((start, own.prefixlen), strict=False) for start in (*beside, *others))
    return next(str(each) for each in found if _is_private(each) and not each.overlaps(own))


def _is_private(network: ipaddress.IPv4Network) -> bool:
    return any(network.subnet_of(block) for block in PRIVATE)


def plan_there(workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> Plan:
    """The sizes that a standby grows to: the cheapest ones that keep the goals at the likely peak.

    Reserves and times that money bought for home are no part of it.
    """
    if wish.of_sizes == NO_WISH:
        return plan
    return _likely(tiers(workload, demand, NO_WISH), workload.slo.p99_ms)


@lru_cache(maxsize=64)
def _likely(stated: tuple[Tier, ...], goal_ms: float) -> Plan:
    return ServerTiers(stated, goal_ms).sized(Plan(), reasons=False)


def _small(size: Size, least: int) -> Size:
    """As few machines as there may be, of those that a group may grow to."""
    return replace(size, min=least, desired=least, mean=float(least))


def _elements(
    workload: Workload, there: Workload, demand: Demand, plan: Plan, wish: Wish, standing: Sequence[Place]
) -> tuple[Component, ...]:
    """Everything that stands there but what watches it, with the ids that it has in a region of its own."""
    public = tuple(place.id for place in standing if place.kind == "public-subnet")
    private = tuple(place.id for place in standing if place.kind == "private-subnet")
    application, zones = application_of(there.own), [place.name for place in standing if place.kind == "zone"]
    least = zone_count(there)
    grown = plan_there(workload, demand, plan, wish)
    small = replace(grown, sizes=tuple(s if s.tier == "database" else _small(s, least) for s in grown.sizes))
    here = replace(NO_WISH, load_factor=wish.load_factor, backup_days=wish.backup_days)
    own = {**roles(there, grown.of("database").pool, BUCKET), "database.reader": writer_host(there)}
    master = master_of(there, demand, grown.of("database"), private, here)
    followed = plan.of("database").choice
    of = StandbyOf(workload.regions[0], master.backup_retention_days)
    return (
        OriginCertificate(
            id="origin-certificate", places=(HOME,), name=origin_name(there), makes_records=False
        ),
        gateway(there, zones),
        *nat_gateways(there, here, public, sent_out(there, small)),
        *_quiet(web_tier(there, demand, small.of("web"), public, here), least, of),
        *_quiet(app_tier(there, demand, small, private, here, own, BUCKET), least, of),
        _database(master, followed, workload, demand),
        _bucket(workload, demand, application),
        *flow_logs(there, ZERO, log_days(there, wish)),
        EncryptionKey(id="key", places=(HOME,)),
        *releases(there),
        MailTopic(id="mail", places=(HOME,), email=there.alerts),
    )


def _quiet(tier: tuple[LoadBalancer, ServerGroup], least: int, of: StandbyOf) -> tuple[Component, ...]:
    """A tier to which no requests come, in no hour of the day, but to ask whether it takes writes."""
    balancer, servers = tier
    nothing = replace(balancer, mean_per_s=ZERO, gb_per_month=ZERO, cross_zone_gb_per_month=ZERO)
    asked = "" if balancer.internal else built_in().writable_path
    return (
        replace(nothing, checked_at=asked, standby_of=of),
        replace(servers, servers=Range.exactly(float(least)), by_hour=(least,) * HOURS, spot=None),
    )


def _database(
    master: DatabaseServer, followed: Choice, workload: Workload, demand: Demand
) -> StandbyDatabase:
    """A replica with the volume of the master that it follows; nobody asks it anything before."""
    taken = {each.name: getattr(master, each.name) for each in fields(DatabaseServer)}
    changed = {"role": "replica", "query_gb_per_month": ZERO, "surplus_vcpu_hours": ZERO}
    is_smaller = followed.name != master.size.choice.name
    return StandbyDatabase(
        **{**taken, **changed},
        home=workload.regions[0],
        source=f"{workload.name}-{master.id}",
        sent_gb_per_month=replicated(demand),
        parameters=_no_less(followed) if is_smaller else {},
    )


def _no_less(followed: Choice) -> dict[str, str]:
    """What PostgreSQL asks of whoever follows: as many connections and workers as the master has.

    With fewer it stops to follow, and does not start again
    (https://www.postgresql.org/docs/16/hot-standby.html#HOT-STANDBY-ADMIN). By RDS's formulas for the class
    of the master: memory / 9,531,392 bytes, at most 5,000; twice its vCPUs, at least 8.
    """
    connections = min(math.ceil(followed.mem_gib * 2**30 / BYTES_PER_CONNECTION), MOST_CONNECTIONS)
    workers = max(math.ceil(WORKERS_PER_VCPU * followed.vcpu), LEAST_WORKERS)
    return {"max_connections": str(connections), "max_worker_processes": str(workers)}


def _bucket(workload: Workload, demand: Demand, application: Application) -> StandbyBucket:
    return StandbyBucket(
        id=BUCKET,
        places=(HOME,),
        bucket=f"{workload.name}-{BUCKET}",
        home=workload.regions[0],
        uploaded=application.servers.puts_below,
        origin=f"https://{workload.domain}",
        stored_gb=demand.upload_gb_per_month * STORED_MONTHS,
        replaced_share=workload.load.replaced_share,
        received_per_month=demand.uploads_per_month,
    )


def _links(region: str, inside: Sequence[Component]) -> Iterator[Link]:
    """What is connected within the region; no requests come, so that no link has a rate."""
    pairs = [
        ("internet-gateway", "web-lb", "HTTPS"),
        ("web-lb", "web", "HTTP"),
        ("web", "app-lb", "HTTP"),
        ("app-lb", "app", "HTTP"),
        ("app", "database-master", "SQL"),
    ]
    for source, target, label in pairs:
        yield Link(_in(source, region), _in(target, region), label, gb_per_month=ZERO)
    yield Link(_in("origin-certificate", region), _in("web-lb", region), "TLS", flow="control")
    for nat in inside:
        if isinstance(nat, NatGateway):
            passed = Link(_in("app", region), _in(nat.id, region), "HTTPS", flow="egress", note="updates")
            yield replace(passed, gb_per_month=nat.gb_per_month)
            out = replace(passed, source=passed.target, target=_in("internet-gateway", region), note="")
            yield replace(out, gb_per_month=nat.gb_per_month)


def _between(demand: Demand, region: str) -> tuple[Link, ...]:
    """What connects both regions."""
    sent, pictures = replicated(demand), demand.upload_gb_per_month
    return (
        Link("failover", "cdn", "origin", flow="control"),
        Link("cdn", f"{region}/internet-gateway", "HTTPS", note="when home is lost", gb_per_month=ZERO),
        Link("cdn", f"{region}/{BUCKET}", "HTTPS", note="what site lacks"),
        Link("site", f"{region}/{BUCKET}", "pictures", flow="replication", gb_per_month=pictures),
        Link(
            "database-master", f"{region}/database-master", "replication",
            flow="replication", note="asynchronous", gb_per_month=sent,
        ),
    )  # fmt: skip


def _in(id_: str, region: str) -> str:
    return region if id_ == HOME else f"{region}/{id_}"


def _of_region(component: Component, region: str) -> Component:
    """A component with the ids that it has in the whole."""
    return replace(
        component, id=_in(component.id, region), places=tuple(_in(each, region) for each in component.places)
    )


def _placed(place: Place, region: str) -> Place:
    parent = place.parent if place.parent == "cloud" else _in(str(place.parent), region)
    return replace(place, id=_in(place.id, region), parent=parent)


def of_standby(workload: Workload, wish: Wish) -> tuple[Decision, ...]:
    """Where it stands, and what it is for."""
    found = failover(workload, wish)
    if not found:
        return ()
    whose = "as stated" if workload.standby else "bought"
    machines = "those of home" if wish.of_sizes == NO_WISH else "the cheapest for the likely peak"
    because = (
        f"{whose}: users are led there {found[0].after_s:.0f} s after home stops to answer, to read; they "
        f"write again once its database is promoted by hand. Its machines are {machines}, as few servers as "
        "there are zones, which grow with the load"
    )
    return (Decision("warm standby", f"in {wish.standby}", because),)
