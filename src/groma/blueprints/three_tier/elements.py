"""Everything that stands in the three-tier design, but for what watches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from groma.answers import Ref, Value
from groma.application import Application, filled
from groma.application.choice import application_of
from groma.application.layout import APP, WEB
from groma.application.sample import built_in
from groma.architecture import Component, Place
from groma.blueprints.copies import copies
from groma.blueprints.edge import firewall, firewall_call, names, price_class
from groma.blueprints.endpoints import endpoints
from groma.blueprints.engines import engine, writer_host
from groma.blueprints.flows import bodies, passed_on
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
from groma.blueprints.three_tier.databases import databases
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
from groma.components.artifact import release_variables
from groma.components.cache import MAY_CONNECT
from groma.components.database import APPLICATION_USER
from groma.components.delivery import MODULE as CDN
from groma.components.delivery import Distribution, SiteBucket
from groma.components.dns import ORIGIN, OriginCertificate
from groma.components.failover import Failover
from groma.components.load_balancer import LoadBalancer
from groma.components.operations import DatabaseSecret, EncryptionKey, MailTopic
from groma.components.server_group import ServerGroup
from groma.components.spot import Spot
from groma.quantity import Range
from groma.sizing.pools import LEAST_POOL
from groma.sizing.values import Plan, Size, Wish
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
    stored = databases(workload, demand, plan.of("database"), private, wish)
    beside_gb = queue_gb(workload, demand) + traces.traced_gb(demand, wish)
    return (
        *people(workload, demand),
        *_edge(workload, demand, wish),
        gateway(workload, [place.name for place in places if place.kind == "zone"]),
        *nat_gateways(workload, wish, public, sent_out(workload, plan) + beside_gb),
        *endpoints(workload, plan, private, beside_gb, traced=bool(wish.traced_share)),
        *web_tier(workload, demand, plan.of("web"), public, wish),
        *app_tier(workload, demand, plan, private, wish, roles(workload, plan.of("database").pool)),
        *cached.cache(workload, demand, private, wish),
        *stored,
        *copies(workload, wish, stored),
        *flow_logs(workload, demand.log_gb_per_month, log_days(workload, wish)),
        EncryptionKey(id="key", places=("region",), arn=workload.kms_key or ""),
        *_secret(workload, wish),
        *releases(workload),
        *queues(workload, demand, servers_running(plan.of("app"), demand.app_busy, wish.load_factor)),
        MailTopic(id="mail", places=("region",), email=workload.alerts),
    )


def _edge(workload: Workload, demand: Demand, wish: Wish) -> tuple[Component, ...]:
    application = application_of(workload.own)
    return (
        *_names(workload, wish),
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
            **_copied(application, demand, wish),
        ),
    )


def _copied(application: Application, demand: Demand, wish: Wish) -> dict[str, Any]:
    """What is copied of the bucket to a standby."""
    if not wish.standby:
        return {}
    return {
        "copied_to": wish.standby,
        "uploaded": application.servers.puts_below,
        "upload_gb_per_month": demand.upload_gb_per_month,
    }


def log_days(workload: Workload, wish: Wish) -> int:
    """For how long it is kept who talked to whom."""
    return wish.log_days or workload.log_days or LOG_DAYS


def origin_name(workload: Workload) -> str:
    """The name by which CloudFront finds the web load balancer over HTTPS; empty without a domain."""
    return f"origin.{workload.domain}" if workload.domain else ""


def _names(workload: Workload, wish: Wish) -> tuple[Component, ...]:
    """Zone and certificates, and where the origin's name leads while home is lost; none without a domain.
    Nobody pays for asking what leads to AWS's own.
    """
    if not workload.domain:
        return ()
    zone, certificate = names(workload, workload.domain, CDN, Range.exactly(0.0))
    origin = origin_name(workload)
    return (
        replace(zone, origin=origin, origin_group="web"),
        certificate,
        OriginCertificate(id="origin-certificate", places=("region",), name=origin),
        *failover(workload, wish),
    )


def failover(workload: Workload, wish: Wish) -> tuple[Failover, ...]:
    """Where the origin's name leads while the home region is lost; nowhere without a standby."""
    if not wish.standby:
        return ()
    return (
        Failover(
            id="failover",
            places=("cloud",),
            name=origin_name(workload),
            standby=wish.standby,
            group="web",
            check_path=built_in().through_path,
            writable_path=built_in().writable_path,
        ),
    )


def _secret(workload: Workload, wish: Wish) -> tuple[Component, ...]:
    """The master password; of a database that exists there is one already."""
    if workload.database.existing:
        return ()
    replicas = (wish.standby,) if wish.standby else ()
    return (DatabaseSecret(id="secret", places=("region",), replicas=replicas),)


def web_tier(
    workload: Workload, demand: Demand, size: Size, public: tuple[str, ...], wish: Wish
) -> tuple[LoadBalancer, ServerGroup]:
    """The web servers behind their load balancer."""
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
        checked_at=built_in().through_path if wish.standby else "",
    )
    servers = ServerGroup(
        id="web",
        places=public,
        size=size,
        servers=servers_running(size, demand.web_busy, wish.load_factor),
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


def app_tier(
    workload: Workload,
    demand: Demand,
    plan: Plan,
    private: tuple[str, ...],
    wish: Wish,
    own: Mapping[str, Value],
    bucket: str = CDN,
) -> tuple[LoadBalancer, ServerGroup]:
    """The application servers behind theirs.

    Args:
        own: what their settings hold, by role.
        bucket: the call of the bucket that they sign uploads to.
    """
    application, size = application_of(workload.own), plan.of("app")
    pictures = application.servers.puts_below
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
        variables=_told(workload, own, wish),
        rights={
            **({"reads": {"artifact": Ref("module.artifact.arn")}} if application.has_release else {}),
            "writes": {pictures.strip("/"): Ref(f'"${{module.{bucket}.bucket_arn}}/{pictures}*"')},
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


def _told(workload: Workload, own: Mapping[str, Value], wish: Wish) -> dict[str, Value]:
    """What the script of application servers is told; `own` is what their settings hold, by role."""
    application = application_of(workload.own)
    servers, known = application.servers, {**own, **queue_urls(workload)}
    return {
        "settings": {
            **traces.settings(workload, servers, wish),
            **(cached.settings(servers) if wish.cache else {}),
            **filled(servers.settings, known),
        },
        **(release_variables() if application.has_release else {}),
        **(told(servers, database(workload, servers), engine(workload)) if workload.own else {}),
        **beside(workload),
        **user_data(workload, is_web=False),
        **traces.agent(wish),
    }


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


def roles(workload: Workload, pool: int, bucket: str = CDN) -> dict[str, Value]:
    """What the application servers' settings hold, by the role that the application names; `bucket` is the
    call of that which they sign uploads to.
    """
    shared: dict[str, Value] = {
        "database.pool": max(pool, LEAST_POOL),
        "bucket.name": Ref(f"module.{bucket}.bucket_name"),
    }
    if workload.database.existing is not None:
        return shared
    return {
        **shared,
        "database.host": writer_host(workload),
        "database.replica_host": read_from(workload),
        "database.writer": writer_host(workload),
        "database.reader": read_from(workload) if workload.database.replicas else "",
        "database.port": Ref("module.database.port"),
        "database.name": Ref("module.database.database_name"),
        "database.user": APPLICATION_USER,
        "database.secret_arn": Ref("module.database.secret_arn"),
    }
