"""The web and application servers of a region: what they are told, and what they may do."""

from __future__ import annotations

import json

from groma.answers import Ref, Value
from groma.application import filled
from groma.application.layout import APP, WEB
from groma.application.sample import built_in
from groma.architecture import Component
from groma.blueprints.flows import passed_on
from groma.blueprints.machines import VOLUME_GIB
from groma.blueprints.servers import servers_by_hour, servers_running
from groma.blueprints.spot import spot_of
from groma.blueprints.worldwide.load import ZONES
from groma.blueprints.worldwide.region_plan import RegionPlan
from groma.blueprints.worldwide.workers import region_values, worker_arn
from groma.components.artifact import release_variables
from groma.components.cache import MAY_CONNECT, ROLES
from groma.components.database import APPLICATION_USER
from groma.components.delivery import MODULE as CDN
from groma.components.dns import ORIGIN
from groma.components.load_balancer import LoadBalancer
from groma.components.server_group import ServerGroup
from groma.components.spot import Spot
from groma.quantity import Range
from groma.sizing.pools import LEAST_POOL

OTHER_ZONE = 1 - 1 / ZONES


def web_tier(each: RegionPlan, public: tuple[str, ...]) -> tuple[Component, ...]:
    """The web servers behind their load balancer."""
    size = each.size("web")
    return (
        _load_balancer(each, "web", public),
        ServerGroup(
            id=each.id("web"),
            places=public,
            size=size,
            servers=servers_running(size, each.own.web_busy),
            by_hour=servers_by_hour(each.workload, size, zones=ZONES, least=ZONES),
            public=True,
            user_data=WEB,
            port=built_in().port,
            health_check_path=built_in().health_path,
            variables={"upstream": Ref("module.app.load_balancer_dns_name"), "upstream_port": 80},
            volume_gib=VOLUME_GIB,
            spot=_spot(each, "web"),
        ),
    )


def app_tier(each: RegionPlan, private: tuple[str, ...]) -> tuple[Component, ...]:
    """The application servers behind theirs."""
    size = each.size("app")
    return (
        _load_balancer(each, "app", private),
        ServerGroup(
            id=each.id("app"),
            places=private,
            size=size,
            servers=servers_running(size, each.own.app_busy),
            by_hour=servers_by_hour(each.workload, size, zones=ZONES, least=ZONES),
            public=False,
            user_data=APP,
            port=built_in().port,
            health_check_path=built_in().health_path,
            variables={
                "settings": filled(built_in().regional_servers.settings, _roles(each)),
                **release_variables(),
            },
            rights=_rights(each),
            volume_gib=VOLUME_GIB,
            spot=_spot(each, "app"),
        ),
    )


def _spot(each: RegionPlan, tier: str) -> Spot | None:
    """Of its own users a region has only a part of the load that it is sized for."""
    return spot_of(
        each.workload,
        tier,
        each.size(tier),
        region=each.region,
        zones=ZONES,
        public=tier == "web",
        part=each.part,
    )


def _roles(each: RegionPlan) -> dict[str, Value]:
    """What the region's servers are told, by the role that the application names.

    Of each database the writer's and the readers' address here. Elsewhere than in its primary region the
    writer answers only once this region was promoted; until then the readers send writes on.
    """
    primaries = (str(each.primary(n) == each.region).lower() for n in range(each.databases))
    return {
        **region_values(),
        **ROLES,
        "databases.writers": _addresses(each, "writer"),
        "databases.readers": _addresses(each, "reader"),
        "databases.primaries": ",".join(primaries),
        "database.port": Ref("module.database.port"),
        "database.name": Ref("module.database.database_name"),
        "database.user": APPLICATION_USER,
        "database.secret_arn": each.secret.arn_in(each.region),
        "database.pool": max(each.plan.of("database").pool, LEAST_POOL),
        "database.write_pool": max(each.plan.of("database").write_pool, LEAST_POOL),
    }


def _addresses(each: RegionPlan, role: str) -> Ref:
    """`host/name,host/name` of all databases: each bears a name of its own."""
    found = (
        f"${{module.{id_}.{role}_endpoint}}/${{module.{id_}.database_name}}" for id_ in each.database_ids
    )
    return Ref(f'"{",".join(found)}"')


def _rights(each: RegionPlan) -> dict[str, Value]:
    """What application servers may do: fetch their release, sign uploads, read the secret, and use the
    region's cache, and what else they need, with the key of the topics.
    """
    needs = built_in().regional_servers
    allowed = (
        *((right.actions, worker_arn(each, right.resource).expression) for right in needs.rights),
        (("kms:GenerateDataKey", "kms:Decrypt"), "module.key.arn"),
    )
    statements = ", ".join(
        f'{{ Effect = "Allow", Action = {json.dumps(actions)}, Resource = {resource} }}'
        for actions, resource in allowed
    )
    policy = Ref(f'jsonencode({{ Version = "2012-10-17", Statement = [{statements}] }})')
    return {
        "reads": {"artifact": Ref("module.artifact.arn")},
        "writes": {needs.puts_below.strip("/"): Ref(f'"${{module.media.bucket_arn}}/{needs.puts_below}*"')},
        "secret": {"arn": each.secret.arn_in(each.region), "kms_key_arn": Ref("module.key.arn")},
        "instance_policies": {
            **MAY_CONNECT,
            "services": policy,
            **{id_: Ref(f"module.{id_}.connect_policy") for id_ in each.database_ids},
        },
    }


def _load_balancer(each: RegionPlan, group: str, places: tuple[str, ...]) -> LoadBalancer:
    internal = group == "app"
    return LoadBalancer(
        id=each.id(f"{group}-lb"),
        places=places,
        group=group,
        internal=internal,
        mean_per_s=each.own.mean_per_s,
        gb_per_month=passed_on(each.own),
        cross_zone_gb_per_month=passed_on(each.own) * OTHER_ZONE if internal else Range.exactly(0.0),
        error_budget=1 - each.workload.slo.availability,
        p99_ms=each.workload.slo.p99_ms,
        goal_share=each.size(group).goal_share,
        distribution="" if internal else CDN,
        checked_at="" if internal else built_in().through_path,
        port=80 if internal else 443,
        certificate="" if internal else ORIGIN,
    )
