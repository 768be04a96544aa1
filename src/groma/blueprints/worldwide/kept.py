"""What keeps the data of a region: its cache, and its clusters of the global databases."""

from __future__ import annotations

from groma.blueprints.flows import WRITE_KIB, gb, read_part
from groma.blueprints.worldwide.load import queries_per_request
from groma.blueprints.worldwide.region_plan import RegionPlan
from groma.components.cache import Cache
from groma.components.global_database import ClusterTraffic, GlobalDatabase
from groma.quantity import Range
from groma.sizing.pools import LEAST_POOL
from groma.workload.demand import MONTH_S


def cache(each: RegionPlan, private: tuple[str, ...]) -> Cache:
    """The region's cache, with nodes in all zones."""
    return Cache(
        id=each.id("cache"),
        places=private,
        name=f"{each.workload.name}-cache",
        size=each.cache,
        clients=("app",),
        query_gb_per_month=read_by_servers(each),
    )


def read_by_servers(each: RegionPlan) -> Range:
    """Bytes of a month between the cache and its clients, in GB: all reads but those of the table."""
    return each.own.query_gb_per_month * (read_part(each.own) * (1 - each.world.key_value_share))


def databases(each: RegionPlan, private: tuple[str, ...]) -> tuple[GlobalDatabase, ...]:
    """One cluster of each global database."""
    size = each.plan.of("database")
    return tuple(
        GlobalDatabase(
            id=each.id(short),
            places=private,
            database=f"{each.workload.name}-{short}",
            role="primary" if each.region == each.primary(number) else "secondary",
            primary=each.primary(number),
            home=each.home,
            size=size,
            instances=size.desired + 1,
            secondaries=len(each.others),
            clients=("app",),
            write_connections=each.size("app").max * max(size.write_pool, LEAST_POOL),
            stored_gib=each.demand.database_stored_gib / each.databases,
            changed_per_day=each.workload.load.database_changed_per_day,
            traffic=traffic(each),
        )
        for number, short in enumerate(each.database_ids)
    )


def traffic(each: RegionPlan) -> ClusterTraffic:
    """One region's cluster of one global database; all writes of all users arrive in every region."""
    load, part = each.workload.load, 1 / each.databases
    to_mean = each.demand.mean_per_s.likely / each.demand.peak_per_s.likely * MONTH_S * part
    writes = each.demand.writes_per_s * to_mean
    queries = queries_per_request(each.workload, each.world, each.world.hit_share)
    asked = queries * each.own.peak_per_s.likely / (each.own.reads_per_s + each.own.writes_per_s).likely
    ios = writes * load.storage_writes_per_write
    return ClusterTraffic(
        read_ios=each.own.reads_per_s * load.storage_reads_per_read * (to_mean * (1 - each.world.hit_share)),
        write_ios=ios,
        replicated_write_ios=ios,
        replicated_gb=gb(writes, WRITE_KIB) * len(each.others),
        query_gb=each.own.query_gb_per_month * (asked * part),
    )
