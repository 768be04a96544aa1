"""Everything that stands in the three-tier design, but for what watches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from groma.answers import Ref, Value
from groma.application import filled
from groma.application.choice import application_of
from groma.application.layout import APP, WEB
from groma.architecture import Component, Place
from groma.blueprints.edge import firewall, firewall_call, names, price_class
from groma.blueprints.flows import bodies, passed_on, read_part
from groma.blueprints.machines import VOLUME_GIB
from groma.blueprints.servers import servers_by_hour, servers_running
from groma.blueprints.shared import people
from groma.blueprints.three_tier.own import DATABASE, before, has_nat_per_zone, of_image, policies, sent_out
from groma.blueprints.three_tier.tiers import ZONES, most_storage_gib, storage_gib
from groma.components.artifact import ArtifactBucket, release_variables
from groma.components.database import APPLICATION_USER, USUAL_BACKUP_DAYS, DatabaseServer
from groma.components.delivery import MODULE as CDN
from groma.components.delivery import Distribution, SiteBucket
from groma.components.dns import ORIGIN, OriginCertificate
from groma.components.load_balancer import LoadBalancer
from groma.components.nat_gateway import NatGateway
from groma.components.network import FlowLogs, InternetGateway
from groma.components.operations import DatabaseSecret, EncryptionKey, MailTopic
from groma.components.server_group import ServerGroup
from groma.quantity import ZERO, Range
from groma.sizing.credits import surplus_vcpu_hours
from groma.sizing.pools import LEAST_POOL
from groma.sizing.values import Plan, Size, Wish
from groma.terms import CALCULATOR_HOURS
from groma.workload import Workload
from groma.workload.demand import STORED_MONTHS, Demand

OTHER_ZONE = 1 - 1 / ZONES
SIGNS_IN: Mapping[str, Value] = {"database": Ref("module.database.connect_policy")}
"""What the sample signs in by, with tokens of IAM; others are told the owner's login."""
LOG_DAYS = 30
"""For how long it is kept who talked to whom, unless more is wished."""


def elements(
    workload: Workload, demand: Demand, plan: Plan, wish: Wish, places: Sequence[Place]
) -> tuple[Component, ...]:
    """All components, with the sizes of a plan."""
    public = tuple(place.id for place in places if place.kind == "public-subnet")
    private = tuple(place.id for place in places if place.kind == "private-subnet")
    application = application_of(workload.own)
    return (
        *people(workload, demand),
        *_edge(workload, demand, wish),
        InternetGateway(id="internet-gateway", places=("vpc",)),
        *_nat_gateways(public if has_nat_per_zone(workload, wish) else public[:1], sent_out(workload, plan)),
        *_web_tier(workload, demand, plan.of("web"), public, headroom=wish.load_factor),
        *_app_tier(workload, demand, plan, private, headroom=wish.load_factor),
        *_databases(workload, demand, plan.of("database"), private, wish),
        FlowLogs(
            id="flow-logs",
            places=("region",),
            gb_per_month=demand.log_gb_per_month,
            retention_days=wish.log_days or workload.log_days or LOG_DAYS,
        ),
        EncryptionKey(id="key", places=("region",)),
        DatabaseSecret(id="secret", places=("region",)),
        *((ArtifactBucket(id="artifact", places=("region",)),) if application.has_release else ()),
        MailTopic(id="mail", places=("region",), email=workload.alerts),
    )


def _edge(workload: Workload, demand: Demand, wish: Wish) -> tuple[Component, ...]:
    application = application_of(workload.own)
    return (
        *_names(workload),
        *firewall(workload, demand, wish),
        Distribution(
            id="cdn",
            places=("cloud",),
            origin="web",
            gb_per_month=demand.edge_gb_per_month,
            requests_per_month=demand.edge_requests_per_month,
            sent_gb_per_month=bodies(demand),
            price_class=price_class(workload),
            error_budget=1 - workload.slo.availability,
            domain=workload.domain or "",
            origin_name=origin_name(workload),
            firewall=firewall_call(workload),
            bucket_paths=application.bucket_paths,
        ),
        SiteBucket(
            id="site",
            places=("region",),
            stored_gb=demand.upload_gb_per_month * STORED_MONTHS,
            replaced_share=workload.load.replaced_share,
            writes_per_month=demand.uploads_per_month,
            reads_per_month=demand.origin_requests_per_month,
            has_pages=application.has_release,
        ),
    )


def origin_name(workload: Workload) -> str:
    """The name by which CloudFront finds the web load balancer over HTTPS; empty without a domain."""
    return f"origin.{workload.domain}" if workload.domain else ""


def _names(workload: Workload) -> tuple[Component, ...]:
    """Zone and certificates; none without a domain. Nobody pays for asking what leads to AWS's own."""
    if not workload.domain:
        return ()
    zone, certificate = names(workload, workload.domain, CDN, Range.exactly(0.0))
    origin = origin_name(workload)
    return (
        replace(zone, origin=origin, origin_group="web"),
        certificate,
        OriginCertificate(id="origin-certificate", places=("region",), name=origin),
    )


def _web_tier(
    workload: Workload, demand: Demand, size: Size, public: tuple[str, ...], *, headroom: float
) -> tuple[Component, ...]:
    application = application_of(workload.own)
    balancer = LoadBalancer(
        id="web-lb",
        places=public,
        group="web",
        internal=False,
        port=443 if workload.domain else 80,
        certificate=ORIGIN if workload.domain else "",
        distribution=CDN,
        mean_per_s=demand.mean_per_s,
        gb_per_month=passed_on(demand),
        cross_zone_gb_per_month=Range.exactly(0.0),
        error_budget=1 - workload.slo.availability,
        p99_ms=workload.slo.p99_ms,
        goal_share=size.goal_share,
    )
    servers = ServerGroup(
        id="web",
        places=public,
        size=size,
        servers=servers_running(size, demand.web_busy, headroom),
        by_hour=servers_by_hour(workload, size, zones=ZONES, least=size.min),
        public=True,
        user_data=WEB,
        port=application.web_port,
        health_check_path=application.web_health_path,
        variables=before(application),
        rights={} if application.web_servers is None else policies(workload, application.web_servers, {}),
        volume_gib=VOLUME_GIB,
    )
    return (balancer, servers)


def _app_tier(
    workload: Workload, demand: Demand, plan: Plan, private: tuple[str, ...], *, headroom: float
) -> tuple[Component, ...]:
    application, size, pool = application_of(workload.own), plan.of("app"), plan.of("database").pool
    pictures = application.servers.puts_below
    balancer = LoadBalancer(
        id="app-lb",
        places=private,
        group="app",
        internal=True,
        mean_per_s=demand.mean_per_s,
        gb_per_month=passed_on(demand),
        cross_zone_gb_per_month=passed_on(demand) * OTHER_ZONE,
        error_budget=1 - workload.slo.availability,
        p99_ms=workload.slo.p99_ms,
        goal_share=size.goal_share,
    )
    servers = ServerGroup(
        id="app",
        places=private,
        size=size,
        servers=servers_running(size, demand.app_busy, headroom),
        by_hour=servers_by_hour(workload, size, zones=ZONES, least=size.min),
        public=False,
        user_data=APP,
        port=application.port,
        health_check_path=application.health_path,
        variables={
            "settings": filled(application.servers.settings, roles(pool)),
            **(release_variables() if application.has_release else of_image(application.servers, DATABASE)),
        },
        rights={
            **({"reads": {"artifact": Ref("module.artifact.arn")}} if application.has_release else {}),
            "writes": {pictures.strip("/"): Ref(f'"${{module.cdn.bucket_arn}}/{pictures}*"')},
            "secret": {"arn": Ref("module.database.secret_arn"), "kms_key_arn": Ref("module.key.arn")},
            **policies(workload, application.servers, SIGNS_IN if application.has_release else {}),
        },
        volume_gib=VOLUME_GIB,
    )
    return (balancer, servers)


def roles(pool: int) -> dict[str, Value]:
    """What the application servers' settings hold, by the role that the application names."""
    return {
        "database.host": Ref("module.database.master_endpoint"),
        "database.replica_host": Ref("module.database.replica_endpoint"),
        "database.writer": Ref("module.database.master_endpoint"),
        "database.reader": Ref("module.database.replica_endpoint"),
        "database.port": Ref("module.database.port"),
        "database.name": Ref("module.database.database_name"),
        "database.user": APPLICATION_USER,
        "database.secret_arn": Ref("module.database.secret_arn"),
        "database.pool": max(pool, LEAST_POOL),
        "bucket.name": Ref("module.cdn.bucket_name"),
    }


def _databases(
    workload: Workload, demand: Demand, size: Size, private: tuple[str, ...], wish: Wish
) -> tuple[Component, ...]:
    read_share, storage = read_part(demand), storage_gib(demand, wish.load_factor)
    master = DatabaseServer(
        id="database-master",
        places=private[:1],
        role="master",
        size=size,
        clients=("app",),
        storage_gib=storage,
        max_storage_gib=most_storage_gib(storage),
        stored_gib=demand.database_stored_gib,
        query_gb_per_month=demand.query_gb_per_month * (1 - read_share),
        changed_per_day=workload.load.database_changed_per_day,
        surplus_vcpu_hours=_surplus(demand, size),
        write_share=sum(c.share for c in workload.requests.values() if c.writes > 0),
        backup_retention_days=wish.backup_days or USUAL_BACKUP_DAYS,
        standby=private[1] if wish.multi_az else "",
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


def _surplus(demand: Demand, size: Size) -> Range:
    """vCPU-hours of a month that each instance uses beyond its credits, by the mean of the day."""
    choice, hours = size.choice, CALCULATOR_HOURS / 24
    if choice.baseline is None:
        return ZERO
    baseline, per_busy = choice.baseline, size.utilisation_at_peak / demand.database_busy.likely

    def used(case: str) -> float:
        of = demand.at(case)
        busy = per_busy * of["database_busy"] * of["mean_per_s"] / of["peak_per_s"]
        return surplus_vcpu_hours(busy, baseline, choice.vcpu) * hours

    return Range.around(used("low"), used("likely"), used("high"))


def _nat_gateways(public: tuple[str, ...], gb_per_month: Range) -> tuple[NatGateway, ...]:
    """One NAT gateway in each of these subnets: `nat`, `nat-b` …; they share the traffic evenly."""
    each = gb_per_month / len(public)
    names = ("nat", *(f"nat-{place.removeprefix('public-')}" for place in public[1:]))
    return tuple(
        NatGateway(id=name, places=(place,), gb_per_month=each)
        for name, place in zip(names, public, strict=True)
    )
