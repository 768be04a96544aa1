"""What is to be sized: the web, application and database tiers, as a request passes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from groma.blueprints.aurora import cluster_choices
from groma.blueprints.engines import engine
from groma.blueprints.machines import (
    VOLUME_GIB,
    allowed,
    database_choices,
    lasting,
    most,
    server_choices,
)
from groma.blueprints.network import region_with_zones, zone_count
from groma.blueprints.three_tier.own import ENGINE_GIB, has_image, machine_image
from groma.blueprints.volumes import PAGE_MBIT, limits
from groma.quantity import Range
from groma.sizing.values import Bursts, Choice, ClassWork, Discipline, Tier, TierLoad, Wish
from groma.workload import RequestClass, Workload
from groma.workload.demand import Demand, daily_curve

BOTH_WAYS = 2.0
CACHED_SHARE_OF_MEMORY = 0.75


def tiers(workload: Workload, demand: Demand, wish: Wish) -> tuple[Tier, ...]:
    """The web, application and database tiers, in the order in which a request passes them."""
    region, load = region_with_zones(workload).name, workload.load
    curve = daily_curve(load.peak_hour_to_mean.likely)
    per_s, queries_per_s = demand.peak_per_s, demand.reads_per_s + demand.writes_per_s
    web_work = _work(workload, lambda c: (1, c.web_ms), demand.web_busy, per_s)
    app_work = _work(workload, lambda c: (1, c.app_ms), demand.app_busy, per_s)
    queries = _queries(workload, demand, queries_per_s)
    web = Tier(
        name="web",
        load=TierLoad.of(per_s.likely, web_work),
        high=_high(web_work, per_s, demand.web_busy),
        work=web_work,
        zones=zone_count(workload),
        working_gib=load.web_working_gib.likely + _engine(workload, is_web=True),
        gbps=demand.peak_per_s.likely * load.response_kib.likely * 1024 * 8 / 1e9 * BOTH_WAYS,
        hourly=tuple(hour / max(curve) for hour in curve),
        burst=load.burst_to_peak_hour.likely,
        scales=True,
        discipline=_discipline(workload, "web"),
        volume_mbps=demand.peak_per_s.likely * load.log_kib_per_request.likely * 1024 * 8 / 1e6,
        choices=_servers(workload, region, public=True),
        most=most(workload),
        each=workload.slo.p99_of == "each",
        bursts=Bursts(load.arrivals.at_once, load.arrivals.swing),
    )
    app = replace(
        web,
        name="app",
        discipline=_discipline(workload, "app"),
        load=TierLoad.of(per_s.likely, app_work),
        high=_high(app_work, per_s, demand.app_busy),
        work=app_work,
        working_gib=load.app_working_gib.likely + _engine(workload, is_web=False),
        choices=_servers(workload, region, public=False),
    )
    instances = 1 + workload.database.replicas
    storage_iops, storage_mbps = limits(workload, demand, wish.load_factor)
    database = replace(
        web,
        name="database",
        zones=min(instances, zone_count(workload)),  # of a master and its replica two, however many there are
        copies=instances if instances > 2 else 0,
        load=TierLoad.of(per_s.likely, queries),
        high=_high(queries, queries_per_s, demand.database_busy),
        work=queries,
        working_gib=1 + demand.database_hot_gib.likely / CACHED_SHARE_OF_MEMORY,
        scales=False,
        discipline=_discipline(workload, "database"),
        iops=demand.storage_ops_per_s.likely,
        volume_mbps=demand.storage_ops_per_s.likely * PAGE_MBIT,
        storage_iops=storage_iops,
        storage_mbps=storage_mbps,
        clients="app",
        choices=_databases(workload, region, wish),
        most=math.inf,
    )
    tiers = (web, app, _cluster(database) if workload.database.is_cluster else database)
    return tuple(replace(tier, choices=_lasting(tier.choices)) for tier in tiers) if wish.no_burst else tiers


def _cluster(database: Tier) -> Tier:
    """The same with a volume that is reached over the network, and gives each instance what that carries."""
    gbps = database.gbps + database.volume_mbps / 1000
    endless = math.inf
    return replace(database, gbps=gbps, iops=0.0, volume_mbps=0.0, storage_iops=endless, storage_mbps=endless)


def _queries(workload: Workload, demand: Demand, per_s: Range) -> tuple[ClassWork, ...]:
    """What the database does for each class, with what it writes of it."""
    work = _work(workload, lambda c: (c.reads + c.writes, c.query_ms), demand.database_busy, per_s)
    return tuple(replace(each, writes=workload.requests[each.name].writes) for each in work)


def _servers(workload: Workload, region: str, *, public: bool) -> tuple[Choice, ...]:
    """The machines of the web tier, which is the public one, or of the application's."""
    choices = server_choices(region, volume_gib=VOLUME_GIB, public=public, buying=workload.purchase)
    compiled = has_image(workload, is_web=public) or bool(machine_image(workload, is_web=public))
    return allowed(workload, choices, has_image=compiled)


def _databases(workload: Workload, region: str, wish: Wish) -> tuple[Choice, ...]:
    """The classes of the database's engine."""
    if workload.database.is_cluster:
        return cluster_choices(region, workload.database.readers)
    buying, kind = workload.purchase, engine(workload)
    choices = database_choices(
        region, multi_az=wish.multi_az, buying=buying, engine=kind, replicas=workload.database.replicas
    )
    if (
        workload.database.existing is not None
    ):  # what it is nobody says: sized as what it has to do as well as
        choices = tuple(replace(choice, stands=True) for choice in choices)
    return lasting(workload, choices)


def _engine(workload: Workload, *, is_web: bool) -> float:
    """GiB that a container's engine takes of a server; 0 where there is none."""
    return ENGINE_GIB if has_image(workload, is_web=is_web) else 0.0


def _lasting(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Machines that give all of their processor for ever."""
    return tuple(choice for choice in choices if choice.baseline is None)


def _discipline(workload: Workload, tier: Literal["web", "app", "database"]) -> Discipline:
    stated = workload.load.discipline
    by_tier: dict[str, Discipline] = {} if isinstance(stated, str) else dict(stated)
    return stated if isinstance(stated, str) else by_tier[tier]


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
