"""The database of the three-tier design: master and replicas, a cluster, or one that exists already."""

from __future__ import annotations

from dataclasses import replace

from groma.architecture import Component
from groma.blueprints.aurora import cluster
from groma.blueprints.engines import existing, replica_ids, server_type
from groma.blueprints.flows import read_part
from groma.blueprints.three_tier import cached
from groma.blueprints.volumes import volume
from groma.components.database import USUAL_BACKUP_DAYS, DatabaseServer
from groma.quantity import ZERO, Range
from groma.sizing.credits import surplus_vcpu_hours
from groma.sizing.values import Size, Wish
from groma.terms import CALCULATOR_HOURS
from groma.workload import Workload
from groma.workload.demand import Demand


def databases(
    workload: Workload, demand: Demand, size: Size, private: tuple[str, ...], wish: Wish
) -> tuple[Component, ...]:
    """Master and replicas, the cluster, or the database that exists."""
    if workload.database.existing is not None:
        return existing(workload, demand, size)
    demand = cached.left_to_database(workload, demand, wish)
    if workload.database.is_cluster:
        return (cluster(workload, demand, size, private, wish),)
    master = master_of(workload, demand, size, private, wish)
    replicas, read_share = workload.database.replicas, read_part(demand)
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


def master_of(
    workload: Workload, demand: Demand, size: Size, private: tuple[str, ...], wish: Wish
) -> DatabaseServer:
    """The instance that takes the writes, and without replicas all reads."""
    read_share = read_part(demand) * bool(workload.database.replicas)
    storage = volume(workload, demand, wish.load_factor)
    return server_type(workload)(
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
