"""Everything that stands in the design: three-tier's elements, with services in the place of servers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from groma.answers import Ref, Value
from groma.application import Servers, filled
from groma.application.boot import MIGRATION_S
from groma.application.choice import application_of
from groma.application.own import Service
from groma.architecture import Component, Place
from groma.blueprints.containers import proxy, schedule
from groma.blueprints.containers.workers import ONCE_GB, agent_gb, of_tasks, sent_gb, workers
from groma.blueprints.engines import writer_host
from groma.blueprints.flows import gb
from groma.blueprints.three_tier import traces
from groma.blueprints.three_tier.beside import queue_gb, queue_policies, queue_urls
from groma.blueprints.three_tier.elements import LOG_DAYS, roles
from groma.blueprints.three_tier.own import pulled_gb, read_from, readers, starts
from groma.components.cache import MAY_CONNECT
from groma.components.connection_secret import MODULE as CONNECTION
from groma.components.connection_secret import ConnectionSecret
from groma.components.container_cluster import MODULE as CLUSTER
from groma.components.container_cluster import ContainerCluster
from groma.components.container_service import GRACE_S, ContainerService
from groma.components.nat_gateway import NatGateway
from groma.components.server_group import ServerGroup
from groma.errors import WorkloadError
from groma.quantity import ZERO, Range
from groma.sizing.values import Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand

AS_AN_ARN = re.compile(r".*-[A-Za-z0-9]{6}")
"""A name of a secret that Secrets Manager takes for the end of an ARN, when the ARN lacks its own."""


def exchanged(
    workload: Workload, demand: Demand, plan: Plan, components: Sequence[Component], places: Sequence[Place]
) -> tuple[Component, ...]:
    """Three-tier's elements with services in the place of servers, a cluster, and a secret with URLs."""
    private = tuple(place.id for place in places if place.kind == "private-subnet")
    logs, passed = printed(workload, demand), sent(workload, demand, plan)
    ways = [each for each in components if isinstance(each, NatGateway)]
    found: list[Component] = []
    for each in components:
        if isinstance(each, ServerGroup):
            found.append(_service(workload, demand, plan, each, private, logs[each.id]))
        elif isinstance(each, NatGateway):
            share = (sum(passed.values(), ZERO) + queue_gb(workload, demand)) / len(ways)
            found.append(replace(each, gb_per_month=share))
        else:
            found.append(of_tasks(workload, each))
    (app,) = (each for each in found if isinstance(each, ContainerService) and each.id == "app")
    beside = workers(workload, demand, plan, app)
    tasks = plan.of("app").desired + sum(each.tasks for each in beside)
    at = found.index(app)
    found[at], *timed = schedule.with_schedule(workload, plan, app)
    return (
        *found,
        *beside,
        *timed,
        ContainerCluster(id=CLUSTER, places=("region",)),
        ConnectionSecret(
            id=CONNECTION,
            places=("region",),
            tasks=tasks,
            writer=writer_host(workload),
            reader=read_from(workload),
            readers=readers(workload, application_of(workload.own).servers).get("readers"),
            copied=workload.database.existing is not None,
        ),
    )


def _service(
    workload: Workload,
    demand: Demand,
    plan: Plan,
    group: ServerGroup,
    private: tuple[str, ...],
    logs: Range,
) -> ContainerService:
    """The service in the place of a group of servers: as many tasks, in the private subnets."""
    own, application = workload.own, application_of(workload.own)
    assert own is not None  # the file is refused without
    is_web = group.id == "web"
    stated, servers = (own.web, application.web_servers) if is_web else (own.app, application.servers)
    made = ContainerService(
        id=group.id,
        places=private,
        size=group.size,
        tasks=group.servers,
        peak_per_s=demand.peak_per_s.likely,
        image=proxy.IMAGE,
        port=group.port,
        health_check_path=group.health_check_path,
        environment={},
        log_gb_per_month=logs,
        log_days=workload.log_days or LOG_DAYS,
    )
    if stated is None or servers is None:
        return replace(
            made,
            entry_point=proxy.ENTRY_POINT,
            command=proxy.COMMAND,
            environment=proxy.environment(group.port),
        )
    behind = {"app.url": Ref('"http://${module.app.load_balancer_dns_name}"')}
    pool = plan.of("database").pool
    known: Mapping[str, Value] = behind if is_web else {**roles(workload, pool), **queue_urls(workload)}
    secrets = dict(_secrets(workload, servers))
    assert stated.image is not None  # the file is refused without
    return replace(
        made,
        image=stated.image.name,
        command=stated.command,
        environment={**_told(workload, stated, servers, known), **_wished(group, servers)},
        secrets=secrets,
        labels={"connection": Ref(f"module.{CONNECTION}.version")} if _connects(stated, servers) else {},
        writes=_writes(servers),
        traces_per_month=group.traces_per_month,
        policies={} if is_web else {**queue_policies(workload), **_policies(group)},
        migration=stated.migrate,
        grace_s=GRACE_S + (MIGRATION_S if stated.migrate else 0),
    )


def _wished(group: ServerGroup, servers: Servers) -> dict[str, Value]:
    """What three-tier tells its servers beside what they ask for: of a cache, and of who takes traces."""
    told = group.variables["settings"]
    assert isinstance(told, Mapping)
    return {name: value for name, value in told.items() if name not in servers.settings}


def _policies(group: ServerGroup) -> dict[str, Value]:
    """What three-tier's servers may do for these."""
    found = group.rights.get("instance_policies", {})
    assert isinstance(found, Mapping)
    return {name: found[name] for name in (*MAY_CONNECT, traces.MAY_SEND.name) if name in found}


def _told(
    workload: Workload, service: Service, servers: Servers, known: Mapping[str, Value]
) -> dict[str, Value]:
    region = workload.regions[0]
    always: dict[str, Value] = {
        "PORT": str(service.port),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }
    return {**always, **filled(servers.settings, known)}


def _writes(servers: Servers) -> dict[str, Value]:
    below = servers.puts_below
    return {below.strip("/"): Ref(f'"${{module.cdn.bucket_arn}}/{below}*"')} if below else {}


def _connects(service: Service, servers: Servers) -> bool:
    """Whether its tasks are told the database's password when they start."""
    return bool(service.migrate) or any(place.startswith("database:") for place in servers.secrets.values())


def _secrets(workload: Workload, servers: Servers) -> Iterator[tuple[str, Value]]:
    """Variable → where ECS finds its value.

    Raises:
        WorkloadError: ECS would not find it.
    """
    for variable, place in servers.secrets.items():
        kind, _, name = place.partition(":")
        if kind == "database":
            yield variable, Ref(f'"${{module.{CONNECTION}.arn}}:{name}::"')
            continue
        if kind == "ssm":
            yield variable, name
            continue
        if AS_AN_ARN.fullmatch(name.partition("#")[0]):
            raise WorkloadError(
                f"{variable} lies in {name}, whose name ends in a hyphen and six characters: ECS takes these "
                "for a part of its ARN, and does not find it",
                where=workload.where("application"),
                hint="give the secret another name, or put the value into a parameter of SSM",
            )
        yield variable, place


def printed(workload: Workload, demand: Demand) -> dict[str, Range]:
    """What tasks of each tier print in a month, in GB: a line for each request; of a proxy its failures."""
    own = workload.own
    lines = gb(demand.requests_per_month, workload.load.call_log_kib)
    is_proxy = own is None or own.web is None
    return {"web": lines * (1 - workload.slo.availability) if is_proxy else lines, "app": lines}


def sent(workload: Workload, demand: Demand, plan: Plan) -> dict[str, Range]:
    """What the tasks of each tier send out in a month, in GB: what they print, and the images that they
    pull.
    """
    logs = printed(workload, demand)
    tiers = {tier: lines + pulled_gb(plan.of(tier)) for tier, lines in logs.items()}
    if workload.own is not None and workload.own.app.migrate:
        tiers["app"] = tiers["app"] + starts(plan.of("app")) * ONCE_GB
    if workload.traced_share:
        told = traces.traced_gb(demand, Wish(traced_share=workload.traced_share))
        tiers["app"] = tiers["app"] + starts(plan.of("app")) * agent_gb(workload) + told
    return {**tiers, **sent_gb(workload, demand), **schedule.sent_gb(workload)}
