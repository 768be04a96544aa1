"""Everything that stands in the three-tier design, but for what watches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from groma.answers import Ref, Value
from groma.application import filled
from groma.application.choice import application_of
from groma.application.layout import APP, WEB
from groma.architecture import Component, Place
from groma.blueprints.aurora import cluster
from groma.blueprints.copies import copies
from groma.blueprints.edge import firewall, firewall_call, names, price_class
from groma.blueprints.endpoints import endpoints
from groma.blueprints.engines import engine, existing, replica_ids, server_type, writer_host
from groma.blueprints.flows import bodies, passed_on, read_part
from groma.blueprints.machines import VOLUME_GIB
from groma.blueprints.network import flow_logs, gateway, nat_gateways, zone_count
from groma.blueprints.servers import servers_by_hour, servers_running
from groma.blueprints.shared import people
from groma.blueprints.spot import spot_of
from groma.blueprints.three_tier import cached, traces
from groma.blueprints.three_tier.beside import (
    beside,
    due,
    queue_gb,
    queue_policies,
    queue_urls,
    queues,
    workers,
)
from groma.blueprints.three_tier.own import (
    before,
    database,
    grace_s,
    machine_image,
    policies,
    read_from,
    releases,
    sent_out,
    signing_in,
    told,
    user_data,
)
from groma.blueprints.volumes import volume
from groma.components.artifact import release_variables
from groma.components.cache import MAY_CONNECT
from groma.components.database import APPLICATION_USER, USUAL_BACKUP_DAYS
from groma.components.delivery import MODULE as CDN
from groma.components.delivery import Distribution, SiteBucket
from groma.components.dns import ORIGIN, OriginCertificate
from groma.components.load_balancer import LoadBalancer
from groma.components.operations import DatabaseSecret, EncryptionKey, MailTopic
from groma.components.server_group import ServerGroup
from groma.components.spot import Spot
from groma.quantity import ZERO, Range
from groma.sizing.credits import surplus_vcpu_hours
from groma.sizing.pools import LEAST_POOL
from groma.sizing.values import Plan, Size, Wish
from groma.terms import CALCULATOR_HOURS
from groma.workload import Workload
from groma.workload.demand import STORED_MONTHS, Demand

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
    databases = _databases(workload, demand, plan.of("database"), private, wish)
    beside_gb = queue_gb(workload, demand) + traces.traced_gb(demand, wish)
    return (
        *people(workload, demand),
        *_edge(workload, demand, wish),
        gateway(workload, [place.name for place in places if place.kind == "zone"]),
        *nat_gateways(workload, wish, public, sent_out(workload, plan) + beside_gb),
        *endpoints(workload, plan, private, beside_gb, traced=bool(wish.traced_share)),
        *_web_tier(workload, demand, plan.of("web"), public, headroom=wish.load_factor),
        *_app_tier(workload, demand, plan, private, wish),
        *cached.cache(workload, demand, private, wish),
        *databases,
        *copies(workload, wish, databases),
        *flow_logs(workload, demand.log_gb_per_month, wish.log_days or workload.log_days or LOG_DAYS),
        EncryptionKey(id="key", places=("region",), arn=workload.kms_key or ""),
        *(() if workload.database.existing else (DatabaseSecret(id="secret", places=("region",)),)),
        *releases(workload),
        *queues(workload, demand, servers_running(plan.of("app"), demand.app_busy, wish.load_factor)),
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
            has_pages=application.has_pages,
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
        by_hour=servers_by_hour(workload, size, zones=zone_count(workload), least=size.min),
        public=True,
        user_data=WEB,
        port=application.web_port,
        health_check_path=application.web_health_path,
        variables={**before(application), **user_data(workload, is_web=True)},
        rights={} if application.web_servers is None else policies(workload, application.web_servers, {}),
        volume_gib=VOLUME_GIB,
        image_id=machine_image(workload, is_web=True),
        spot=_spot(workload, "web", size),
    )
    return (balancer, servers)


def _app_tier(
    workload: Workload, demand: Demand, plan: Plan, private: tuple[str, ...], wish: Wish
) -> tuple[Component, ...]:
    application, size = application_of(workload.own), plan.of("app")
    known = {**roles(workload, plan.of("database").pool), **queue_urls(workload)}
    pictures, known_database = application.servers.puts_below, database(workload, application.servers)
    balancer = LoadBalancer(
        id="app-lb",
        places=private,
        group="app",
        internal=True,
        mean_per_s=demand.mean_per_s,
        gb_per_month=passed_on(demand),
        cross_zone_gb_per_month=passed_on(demand) * (1 - 1 / len(private)),
        error_budget=1 - workload.slo.availability,
        p99_ms=workload.slo.p99_ms,
        goal_share=size.goal_share,
    )
    servers = ServerGroup(
        id="app",
        places=private,
        size=size,
        servers=servers_running(size, demand.app_busy, wish.load_factor),
        by_hour=servers_by_hour(workload, size, zones=zone_count(workload), least=size.min),
        traces_per_month=traces.traces_per_month(demand, wish),
        public=False,
        user_data=APP,
        port=application.port,
        health_check_path=application.health_path,
        variables={
            "settings": {
                **traces.settings(workload, application.servers, wish),
                **(cached.settings(application.servers) if wish.cache else {}),
                **filled(application.servers.settings, known),
            },
            **(release_variables() if application.has_release else {}),
            **(told(application.servers, known_database, engine(workload)) if workload.own else {}),
            **beside(workload),
            **user_data(workload, is_web=False),
            **traces.agent(wish),
        },
        rights={
            **({"reads": {"artifact": Ref("module.artifact.arn")}} if application.has_release else {}),
            "writes": {pictures.strip("/"): Ref(f'"${{module.cdn.bucket_arn}}/{pictures}*"')},
            **signing_in(workload),
            **policies(workload, application.servers, _named_policies(workload, wish)),
        },
        volume_gib=VOLUME_GIB,
        image_id=machine_image(workload, is_web=False),
        grace_s=grace_s(workload),
        workers=workers(workload),
        due=due(workload),
        spot=_spot(workload, "app", size),
    )
    return (balancer, servers)


def _named_policies(workload: Workload, wish: Wish) -> dict[str, Value]:
    """What application servers may do by policies that other modules write, or for traces."""
    wished = {**(MAY_CONNECT if wish.cache else {}), **traces.policy(workload, wish)}
    if workload.own is None:
        return {**SIGNS_IN, **wished}
    reads = {"database": Ref("module.database.read_policy")} if workload.database.existing else {}
    return {**reads, **queue_policies(workload), **wished}


def _spot(workload: Workload, tier: str, size: Size) -> Spot | None:
    region, zones = workload.regions[0], zone_count(workload)
    return spot_of(workload, tier, size, region=region, zones=zones, public=tier == "web")


def roles(workload: Workload, pool: int) -> dict[str, Value]:
    """What the application servers' settings hold, by the role that the application names."""
    if workload.database.existing is not None:
        return {"database.pool": max(pool, LEAST_POOL), "bucket.name": Ref("module.cdn.bucket_name")}
    return {
        "database.host": writer_host(workload),
        "database.replica_host": read_from(workload),
        "database.writer": writer_host(workload),
        "database.reader": read_from(workload) if workload.database.replicas else "",
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
    if workload.database.existing is not None:
        return existing(workload, demand, size)
    demand = cached.left_to_database(workload, demand, wish)
    if workload.database.is_cluster:
        return (cluster(workload, demand, size, private, wish),)
    replicas = workload.database.replicas
    read_share, storage = read_part(demand) * bool(replicas), volume(workload, demand, wish.load_factor)
    master = server_type(workload)(
        id="database-master",
        places=private[:1],
        role="master",
        size=size,
        clients=("app",),
        storage_class=storage.kind,
        storage_gib=storage.gib,
        max_storage_gib=storage.most_gib,
        iops=storage.iops,
        stored_gib=demand.database_stored_gib,
        query_gb_per_month=demand.query_gb_per_month * (1 - read_share),
        changed_per_day=workload.load.database_changed_per_day,
        surplus_vcpu_hours=_surplus(demand, size),
        write_share=sum(c.share for c in workload.requests.values() if c.writes > 0),
        backup_retention_days=wish.backup_days or USUAL_BACKUP_DAYS,
        standby=private[-1] if wish.multi_az else "",
        version=workload.database.version or "",
    )
    others = (
        replace(
            master,
            id=each,
            places=(private[number % len(private)],),
            role="replica",
            number=number,
            standby="",
            query_gb_per_month=demand.query_gb_per_month * (read_share / replicas),
        )
        for number, each in enumerate(replica_ids(workload), start=1)
    )
    return (master, *others)


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
