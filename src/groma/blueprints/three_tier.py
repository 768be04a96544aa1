"""three-tier: web servers, application servers and a database with a read replica, in two zones.

users → client machines → CloudFront → S3 bucket                                    (static)
                                     → internet gateway → web load balancer → web servers
                                       → app load balancer → app servers → database master, replica
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from groma.answers import Ref, Value
from groma.application import filled
from groma.application.layout import APP, WEB
from groma.application.sample import built_in
from groma.architecture import Architecture, Component, Link
from groma.blueprints.decisions import of_database, of_discipline, of_load, of_nat, of_pools, of_tier
from groma.blueprints.machines import database_choices, server_choices
from groma.blueprints.network_plan import home_region, network_places
from groma.components.artifact import ArtifactBucket, release_variables
from groma.components.database import LEAST_POOL, DatabaseServer
from groma.components.delivery import Distribution, SiteBucket
from groma.components.load_balancer import LoadBalancer
from groma.components.nat_gateway import NatGateway
from groma.components.network import FlowLogs, InternetGateway
from groma.components.operations import Budget, DatabaseSecret, EncryptionKey, MailTopic, Monitoring
from groma.components.outside import Clients, Users
from groma.components.server_group import ServerGroup
from groma.quantity import Range
from groma.sizing.units import ClassWork, Decision, Discipline, Plan, Size, Tier, TierLoad, Wish
from groma.terms import Terms
from groma.workload import RequestClass, Workload
from groma.workload.demand import Demand, daily_curve

ZONES = 2
VOLUME_GIB = 20
LEAST_STORAGE_GIB = 20
STORED_MONTHS = 12
NAT_GB_PER_SERVER = Range(1.0, 3.0, 10.0)
BOTH_WAYS = 2.0
OTHER_ZONE = 1 - 1 / ZONES
BUDGET_MARGIN = 1.2
CACHED_SHARE_OF_MEMORY = 0.75
NO_WISH = Wish()
PAGE_MBIT = 8 * 1024 * 8 / 1e6
SMALL_VOLUME = (3_000.0, 1_000.0)
LARGE_VOLUME = (12_000.0, 4_000.0)
LARGE_VOLUME_GIB = 400
"""Operations/s and Mbit/s that RDS includes with gp3 for PostgreSQL, below and from 400 GiB on
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html, undated, read 2026-11-22)."""


def tiers(workload: Workload, demand: Demand, wish: Wish = NO_WISH) -> tuple[Tier, ...]:
    """The web, application and database tiers, in the order in which a request passes them."""
    region, load = home_region(workload).name, workload.load
    curve = daily_curve(load.peak_hour_to_mean.likely)
    per_s, queries_per_s = demand.peak_per_s, demand.reads_per_s + demand.writes_per_s
    web_work = _work(workload, lambda c: (1, c.web_ms), demand.web_busy, per_s)
    app_work = _work(workload, lambda c: (1, c.app_ms), demand.app_busy, per_s)
    queries = _work(workload, lambda c: (c.reads + c.writes, c.query_ms), demand.database_busy, queries_per_s)
    web = Tier(
        name="web",
        load=TierLoad.of(per_s.likely, web_work),
        high=_high(web_work, per_s, demand.web_busy),
        work=web_work,
        zones=ZONES,
        working_gib=load.web_working_gib.likely,
        gbps=demand.peak_per_s.likely * load.response_kib.likely * 1024 * 8 / 1e9 * BOTH_WAYS,
        hourly=tuple(hour / max(curve) for hour in curve),
        burst=load.burst_to_peak_hour.likely,
        scales=True,
        discipline=_discipline(workload, "web"),
        volume_mbps=demand.peak_per_s.likely * load.log_kib_per_request.likely * 1024 * 8 / 1e6,
        choices=server_choices(region, volume_gib=VOLUME_GIB, public=True, buying=workload.purchase),
    )
    app = replace(
        web,
        name="app",
        discipline=_discipline(workload, "app"),
        load=TierLoad.of(per_s.likely, app_work),
        high=_high(app_work, per_s, demand.app_busy),
        work=app_work,
        working_gib=load.app_working_gib.likely,
        choices=server_choices(region, volume_gib=VOLUME_GIB, public=False, buying=workload.purchase),
    )
    database = replace(
        web,
        name="database",
        load=TierLoad.of(per_s.likely, queries),
        high=_high(queries, queries_per_s, demand.database_busy),
        work=queries,
        working_gib=1 + demand.database_hot_gib.likely / CACHED_SHARE_OF_MEMORY,
        scales=False,
        discipline=_discipline(workload, "database"),
        iops=demand.storage_ops_per_s.likely,
        volume_mbps=demand.storage_ops_per_s.likely * PAGE_MBIT,
        storage_iops=LARGE_VOLUME[0],
        storage_mbps=LARGE_VOLUME[1],
        clients="app",
        choices=database_choices(region, multi_az=wish.multi_az, buying=workload.purchase),
    )
    return (web, app, database)


def _discipline(workload: Workload, tier: Literal["web", "app", "database"]) -> Discipline:
    stated = workload.load.discipline
    by_tier: dict[str, Discipline] = {} if isinstance(stated, str) else dict(stated)
    return stated if isinstance(stated, str) else by_tier[tier]


def _storage_gib(demand: Demand) -> int:
    """What the rows of a year need, and as much as brings the operations that the peak needs."""
    rows = max(LEAST_STORAGE_GIB, math.ceil(demand.database_stored_gib.likely / 10) * 10)
    operations = demand.storage_ops_per_s.likely
    small = operations <= SMALL_VOLUME[0] and operations * PAGE_MBIT <= SMALL_VOLUME[1]
    return rows if small else max(rows, LARGE_VOLUME_GIB)


def _work(
    workload: Workload, ask: Callable[[RequestClass], tuple[float, Range]], busy: Range, visits_per_s: Range
) -> tuple[ClassWork, ...]:
    """What each class asks of a tier, its times such that together they keep it as busy as the demand says.

    Args:
        ask: visits of one request of a class, and the time of one of them in ms.
        busy: vCPUs that the tier's visits keep busy.
        visits_per_s: visits of all classes.
    """
    asked = [(name, c.share, *ask(c)) for name, c in workload.requests.items()]
    visits = sum(share * number for _, share, number, _ in asked)
    mean_ms = sum(share * number * ms.likely for _, share, number, ms in asked) / visits
    seconds_per_ms = busy.likely / visits_per_s.likely / mean_ms
    scv = workload.load.scv.likely
    return tuple(ClassWork(name, share, n, ms.likely * seconds_per_ms, scv) for name, share, n, ms in asked)


def _high(work: tuple[ClassWork, ...], visits_per_s: Range, busy: Range) -> TierLoad:
    """The load of a tier at the high end of its visits and of the vCPUs that they keep busy."""
    service_s = busy.high / visits_per_s.high
    return replace(TierLoad.of(1, work), rate_per_s=visits_per_s.high, service_s=service_s)


def assemble(workload: Workload, demand: Demand, plan: Plan, wish: Wish = NO_WISH) -> Architecture:
    """The three-tier architecture with the sizes of a plan."""
    region = home_region(workload)
    places = network_places(region, ZONES)
    public = tuple(place.id for place in places if place.kind == "public-subnet")
    private = tuple(place.id for place in places if place.kind == "private-subnet")
    nats = _nat_gateways(public if wish.nat_per_zone else public[:1], _nat_traffic(plan.of("app")))
    components = (
        *_outside(workload, demand),
        *_edge(workload, demand),
        InternetGateway(id="internet-gateway", places=("vpc",)),
        *nats,
        *_web_tier(workload, demand, plan.of("web"), public),
        *_app_tier(workload, demand, plan.of("app"), private, pool=plan.of("database").pool),
        *_databases(workload, demand, plan.of("database"), private, multi_az=wish.multi_az),
        FlowLogs(id="flow-logs", places=("region",), gb_per_month=demand.log_gb_per_month),
        EncryptionKey(id="key", places=("region",)),
        DatabaseSecret(id="secret", places=("region",)),
        ArtifactBucket(id="artifact", places=("region",)),
        MailTopic(id="mail", places=("region",), email=workload.alerts),
    )
    architecture = Architecture(
        name=workload.name,
        owner=workload.owner,
        dated=workload.date.isoformat() if workload.date else "",
        blueprint=workload.blueprint,
        alerts=workload.alerts or "",
        region=region.name,
        terms=Terms(purchase=workload.purchase),
        places=places,
        components=components,
        links=(*_links(demand), *_ways_out(nats)),
    )
    return _watched(architecture)


def decisions(workload: Workload, demand: Demand, plan: Plan, wish: Wish = NO_WISH) -> tuple[Decision, ...]:
    """What was decided, and why."""
    return (
        of_load(workload, demand),
        *(of_tier(size, workload) for size in plan.sizes),
        Decision(
            "zones",
            "two; one may be lost at peak",
            "the blueprint's; three would hold half as many spare servers, in two more subnets",
        ),
        of_nat(wish.nat_per_zone),
        *of_pools(plan),
        of_discipline(workload),
        of_database(wish.multi_az),
    )


def _outside(workload: Workload, demand: Demand) -> tuple[Component, ...]:
    return (
        Users(
            id="users",
            places=("world",),
            total=workload.users.total,
            active_daily=demand.active_users.likely,
        ),
        Clients(id="clients", places=("world",)),
    )


def _edge(workload: Workload, demand: Demand) -> tuple[Component, ...]:
    return (
        Distribution(
            id="cdn",
            places=("cloud",),
            origin="web",
            gb_per_month=demand.edge_gb_per_month,
            requests_per_month=demand.edge_requests_per_month,
            upload_gb_per_month=demand.upload_gb_per_month,
        ),
        SiteBucket(
            id="site",
            places=("region",),
            stored_gb=demand.upload_gb_per_month * STORED_MONTHS,
            replaced_share=workload.load.replaced_share,
            writes_per_month=demand.uploads_per_month,
            reads_per_month=demand.origin_requests_per_month,
        ),
    )


def _web_tier(
    workload: Workload, demand: Demand, size: Size, public: tuple[str, ...]
) -> tuple[Component, ...]:
    balancer = LoadBalancer(
        id="web-lb",
        places=public,
        group="web",
        internal=False,
        distribution="cdn",
        mean_per_s=demand.mean_per_s,
        gb_per_month=_passed_on(demand),
        cross_zone_gb_per_month=Range.exactly(0.0),
        error_budget=1 - workload.slo.availability,
    )
    servers = ServerGroup(
        id="web",
        places=public,
        size=size,
        servers=_servers(size, demand.web_busy),
        by_hour=_by_hour(workload, size),
        public=True,
        user_data=WEB,
        port=built_in().port,
        health_check_path=built_in().health_path,
        variables={"upstream": Ref("module.app.load_balancer_dns_name"), "upstream_port": 80},
        volume_gib=VOLUME_GIB,
    )
    return (balancer, servers)


def _app_tier(
    workload: Workload, demand: Demand, size: Size, private: tuple[str, ...], *, pool: int
) -> tuple[Component, ...]:
    application = built_in()
    pictures = application.servers.puts_below
    balancer = LoadBalancer(
        id="app-lb",
        places=private,
        group="app",
        internal=True,
        mean_per_s=demand.mean_per_s,
        gb_per_month=_passed_on(demand),
        cross_zone_gb_per_month=_passed_on(demand) * OTHER_ZONE,
        error_budget=1 - workload.slo.availability,
    )
    servers = ServerGroup(
        id="app",
        places=private,
        size=size,
        servers=_servers(size, demand.app_busy),
        by_hour=_by_hour(workload, size),
        public=False,
        user_data=APP,
        port=application.port,
        health_check_path=application.health_path,
        variables={
            "settings": filled(application.servers.settings, _roles(pool)),
            **release_variables(),
        },
        rights={
            "reads": {"artifact": Ref("module.artifact.arn")},
            "writes": {pictures.strip("/"): Ref(f'"${{module.cdn.bucket_arn}}/{pictures}*"')},
            "secret": {"arn": Ref("module.database.secret_arn"), "kms_key_arn": Ref("module.key.arn")},
        },
        volume_gib=VOLUME_GIB,
    )
    return (balancer, servers)


def _roles(pool: int) -> dict[str, Value]:
    """What the application servers' settings hold, by the role that the application names."""
    return {
        "database.writer": Ref("module.database.master_endpoint"),
        "database.reader": Ref("module.database.replica_endpoint"),
        "database.port": Ref("module.database.port"),
        "database.name": Ref("module.database.database_name"),
        "database.secret_arn": Ref("module.database.secret_arn"),
        "database.pool": max(pool, LEAST_POOL),
        "bucket.name": Ref("module.cdn.bucket_name"),
    }


def _servers(size: Size, busy: Range) -> Range:
    """Servers running on average: in proportion to the work, within the group's bounds."""
    return Range(
        max(float(size.min), size.mean * busy.low / busy.likely),
        size.mean,
        max(size.mean, min(float(size.max), size.mean * busy.high / busy.likely)),
    )


def _by_hour(workload: Workload, size: Size) -> tuple[int, ...]:
    """Servers running in each hour of the likely day, as many in every zone as its load needs."""
    curve = daily_curve(workload.load.peak_hour_to_mean.likely)
    needed = (size.desired / ZONES * hour / max(curve) for hour in curve)
    return tuple(max(size.min, ZONES * math.ceil(per_zone - 1e-9)) for per_zone in needed)


def _passed_on(demand: Demand) -> Range:
    """What passes each load balancer: the answers to users, and what users send."""
    return demand.dynamic_gb_per_month + demand.upload_gb_per_month


def _databases(
    workload: Workload, demand: Demand, size: Size, private: tuple[str, ...], *, multi_az: bool
) -> tuple[Component, ...]:
    reads, writes = demand.reads_per_s.likely, demand.writes_per_s.likely
    read_share = reads / (reads + writes) if reads else 0.0
    storage = _storage_gib(demand)
    master = DatabaseServer(
        id="database-master",
        places=private[:1],
        role="master",
        size=size,
        clients=("app",),
        storage_gib=storage,
        max_storage_gib=max(storage * 5, 100),
        stored_gib=demand.database_stored_gib,
        query_gb_per_month=demand.query_gb_per_month * (1 - read_share),
        changed_per_day=workload.load.database_changed_per_day,
        write_share=sum(c.share for c in workload.requests.values() if c.writes > 0),
        standby=private[1] if multi_az else "",
    )
    replica = replace(
        master,
        id="database-replica",
        places=private[1:2],
        role="replica",
        standby="",
        query_gb_per_month=demand.query_gb_per_month * read_share,
    )
    return (master, replica)


def _nat_traffic(servers: Size) -> Range:
    """What passes the NAT gateway: updates and metrics of the application servers; logs stay on them."""
    return NAT_GB_PER_SERVER * servers.mean


def _links(demand: Demand) -> tuple[Link, ...]:
    peak = demand.peak_per_s.likely
    edge = peak * demand.edge_requests_per_month.likely / demand.requests_per_month.likely
    static = peak * demand.origin_requests_per_month.likely / demand.requests_per_month.likely
    return (
        Link("users", "clients", "use"),
        Link("clients", "cdn", "HTTPS", peak_per_s=edge),
        Link("cdn", "site", "HTTPS", peak_per_s=static, note="static"),
        Link("cdn", "internet-gateway", "HTTP", peak_per_s=peak, note="dynamic"),
        Link("internet-gateway", "web-lb", "HTTP", peak_per_s=peak),
        Link("web-lb", "web", "HTTP", peak_per_s=peak),
        Link("web", "app-lb", "HTTP", peak_per_s=peak),
        Link("app-lb", "app", "HTTP", peak_per_s=peak),
        Link("app", "database-master", "SQL writes", peak_per_s=demand.writes_per_s.likely),
        Link("app", "database-replica", "SQL reads", peak_per_s=demand.reads_per_s.likely),
        Link("database-master", "database-replica", "replication", flow="replication", note="asynchronous"),
    )


def _nat_gateways(public: tuple[str, ...], gb_per_month: Range) -> tuple[NatGateway, ...]:
    """One NAT gateway in each of these subnets: `nat`, `nat-b` …; they share the traffic evenly."""
    each = gb_per_month / len(public)
    names = ("nat", *(f"nat-{place.removeprefix('public-')}" for place in public[1:]))
    return tuple(
        NatGateway(id=name, places=(place,), gb_per_month=each)
        for name, place in zip(names, public, strict=True)
    )


def _ways_out(nats: tuple[NatGateway, ...]) -> tuple[Link, ...]:
    servers = [Link("app", nat.id, "HTTPS", flow="egress", note="updates") for nat in nats]
    return (*servers, *(Link(nat.id, "internet-gateway", "HTTPS", flow="egress") for nat in nats))


def _watched(architecture: Architecture) -> Architecture:
    """Add what is counted from the rest: the alarms of all components, and a budget above their bill."""
    alarms = sum(len(component.alarms(architecture)) for component in architecture.components)
    monitoring = Monitoring(id="monitoring", places=("region",), alarm_count=alarms)
    architecture = replace(
        architecture,
        components=(*architecture.components, monitoring),
        links=(*architecture.links, Link("monitoring", "mail", "alarms", flow="control")),
    )
    lines = [line for component in architecture.components for line in component.bill(architecture)]
    usd = sum(line.monthly_usd.likely for line in lines if line.monthly_usd is not None)
    budget = Budget(id="budget", places=("region",), usd_per_month=math.ceil(usd * BUDGET_MARGIN / 10) * 10)
    return replace(
        architecture,
        components=(*architecture.components, budget),
        links=(*architecture.links, Link("budget", "mail", "forecast", flow="control")),
    )
