"""Aurora PostgreSQL: the classes that a cluster may be made of, and a cluster of one region."""

from __future__ import annotations

from dataclasses import replace

from groma import catalog
from groma.components.database import USUAL_BACKUP_DAYS
from groma.components.database_cluster import CALL, DatabaseCluster
from groma.sizing.values import Choice, Decision, Size, Wish
from groma.workload import Workload
from groma.workload.demand import MONTH_S, Demand

FAMILIES = ("r7g", "r8g")
"""Memory-optimised: an Aurora global database takes no burstable class, and AWS recommends these for no other
than tests (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.Types.html,
undated)."""
PRICED = "us-east-1"
"""The region whose Aurora prices the catalog has."""


@catalog.memo_of_prices
def aurora_choices(region: str) -> tuple[str, tuple[Choice, ...]]:
    """The classes with their price in the region, or else in the one region whose prices are known.

    Classes are compared by price, whose order hardly differs between regions; no bill and no table of sizes
    ever shows another region's price.
    """
    names = [name for name in _classes() if catalog.aurora_price(PRICED, name)]
    priced_in = region if any(catalog.aurora_price(region, name) for name in names) else PRICED
    return priced_in, tuple(replace(_choice(name, priced_in), stand_in=priced_in != region) for name in names)


def _classes() -> list[str]:
    return [c.name for c in catalog.database_classes() if c.name.split(".")[1] in FAMILIES]


def _choice(name: str, region: str) -> Choice:
    database, machine = catalog.database_class(name), catalog.instance_type(name.removeprefix("db."))
    price = catalog.aurora_price(region, name)
    return Choice(
        name=name,
        vcpu=database.vcpu,
        mem_gib=database.mem_gib,
        speed=catalog.performance(machine.family).low,
        network_gbps=machine.network_baseline_gbps,
        baseline=None,
        usd_per_hour=None if price is None else price.usd,
        max_connections=database.max_connections,
    )


@catalog.memo_of_prices
def cluster_choices(region: str, readers: int) -> tuple[Choice, ...]:
    """The same for a cluster of one region, whose writer is followed by a reader, or made anew, by itself."""
    with_or_without = "with" if readers else "without"
    fails_over_s = catalog.fact(f"aurora.failover_{with_or_without}_replica_s").value
    return tuple(replace(each, fails_over_s=fails_over_s) for each in aurora_choices(region)[1])


def cluster(
    workload: Workload, demand: Demand, size: Size, private: tuple[str, ...], wish: Wish
) -> DatabaseCluster:
    """The cluster, in the zones that its instances take in turn, and what passes to and from its volume."""
    load, readers = workload.load, workload.database.readers
    to_mean = demand.mean_per_s.likely / demand.peak_per_s.likely * MONTH_S
    return DatabaseCluster(
        id=CALL,
        places=private[: 1 + readers],
        size=size,
        readers=readers,
        clients=("app",),
        stored_gib=demand.database_stored_gib,
        changed_per_day=load.database_changed_per_day,
        read_ios=demand.reads_per_s * load.storage_reads_per_read * to_mean,
        write_ios=demand.writes_per_s * load.storage_writes_per_write * to_mean,
        query_gb_per_month=demand.query_gb_per_month,
        backup_retention_days=wish.backup_days or USUAL_BACKUP_DAYS,
        version=workload.database.version or "",
    )


def of_cluster(workload: Workload, wish: Wish) -> Decision:
    """Writer and readers, and what becomes of a writer that is lost."""
    readers = workload.database.readers
    whose = "bought" if wish.another_reader else "as stated"
    within_s = catalog.fact("aurora.failover_with_replica_s").value
    if not readers:
        because = (
            "as stated: it carries reads and writes; where it is lost Aurora makes another in its zone "
            "within minutes, and none while that zone is lost; the rows stand in three zones"
        )
        return Decision("database", "an Aurora cluster of a writer alone", because)
    many = "a reader" if readers == 1 else f"{readers} readers"
    because = (
        f"{whose}: one volume over three zones; a reader takes over from a lost writer by itself within "
        f"{within_s:.0f} s, and one name stands before all readers"
    )
    return Decision("database", f"an Aurora cluster of a writer and {many}", because)
