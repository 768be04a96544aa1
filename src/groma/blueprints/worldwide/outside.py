"""What stands outside of the regions of the worldwide blueprint: people, names, edge, the global table."""

from __future__ import annotations

from groma.application.sample import built_in
from groma.architecture import Component
from groma.blueprints.edge import edge_peak, firewall, firewall_call, names
from groma.blueprints.flows import PAGE_ENTRIES, bodies
from groma.blueprints.shared import people
from groma.blueprints.worldwide.load import World
from groma.components.delivery import MODULE as CDN
from groma.components.dns import MODULE as ZONE
from groma.components.global_distribution import GlobalDistribution
from groma.components.global_table import GlobalTable
from groma.components.latency_records import LatencyRecords
from groma.components.operations import EncryptionKey, MailTopic
from groma.quantity import Range
from groma.sizing.capacity import READ_KIB, WRITE_KIB, units
from groma.sizing.values import TableSize
from groma.workload import Workload
from groma.workload.demand import FOLLOWER_KIB, MONTH_S, Demand

BUCKET = "media"
RECORDS = "regions"


def outside(workload: Workload, demand: Demand, world: World) -> tuple[Component, ...]:
    """Everything outside, but for what watches it."""
    regions, domain = tuple(world.shares), workload.domain or ""
    ratio = demand.peak_per_s.likely / demand.mean_per_s.likely
    return (
        *people(workload, demand),
        *names(workload, domain, CDN, Range.exactly(0.0)),
        LatencyRecords(
            id=RECORDS,
            places=("cloud",),
            name=origin_name(workload),
            regions=regions,
            group="web",
            zone=ZONE,
            check_path=built_in().through_path,
            queries_per_month=Range.exactly(0.0),
        ),
        *firewall(workload, demand),
        GlobalDistribution(
            id=CDN,
            places=("cloud",),
            domain=domain,
            origin=RECORDS,
            bucket=BUCKET,
            bucket_regions=regions[:2],
            gb_per_month=_by_region(demand.edge_gb_per_month, world),
            requests_per_month=_by_region(demand.edge_requests_per_month, world),
            sent_gb_per_month=_by_region(bodies(demand), world),
            peak_per_s=edge_peak(demand),
            peak_gbps=demand.edge_gb_per_month.likely * 8 / (730 * 3600) * ratio,
            error_budget=1 - workload.slo.availability,
            firewall=firewall_call(workload),
        ),
        _table(workload, demand, world),
        EncryptionKey(id="key", places=("cloud",)),
        MailTopic(id="mail", places=("cloud",), email=workload.alerts),
    )


def origin_name(workload: Workload) -> str:
    """The name by which CloudFront finds the nearest region."""
    return f"{RECORDS}.{workload.domain}"


def _table(workload: Workload, demand: Demand, world: World) -> GlobalTable:
    """Sessions and timelines. A page of a timeline is some entries, read as the application asks for them.
    Each post is written once, and once into the timeline of each follower, whose names are read in pages. All
    of that expires.
    """
    load, table = workload.load, built_in().table
    to_month = MONTH_S * demand.mean_per_s.likely / demand.peak_per_s.likely
    eventual = not table.consistent_reads
    page = units(load.item_kib.likely * PAGE_ENTRIES, READ_KIB, eventual=eventual)
    names = units(load.followers.likely * FOLLOWER_KIB, READ_KIB, eventual=eventual)
    reads = demand.reads_per_s * (world.key_value_share * page) + demand.posts_per_s * names
    entries = demand.deliveries_per_s + demand.posts_per_s
    writes = entries * units(load.item_kib.likely, WRITE_KIB)
    return GlobalTable(
        id="table",
        places=("cloud",),
        size=TableSize("on-demand", (0, 0), (0, 0), (0.0, 0.0), None, None),
        hash_key=table.hash_key,
        range_key=table.range_key,
        types=table.types,
        index=(table.index, table.index_hash_key, table.index_range_key),
        ttl=table.ttl,
        reads_per_month=reads * to_month,
        writes_per_month=writes * to_month,
        expired_per_month=writes * to_month,
        stored_gib=demand.table_stored_gib,
        peak_reads_per_s=reads.high * world.largest_without,
        peak_writes_per_s=writes.high,
        hot_reads_per_s=load.hot_share.high * reads.high * world.largest_without,
        hot_writes_per_s=load.hot_share.high * demand.posts_per_s.high,
        index_reads_per_s=table.index_queries * units(READ_KIB, READ_KIB, eventual=True),
        index_writes_per_s=demand.uploads_per_s.high * table.index_writes_per_upload,
        operations=table.operations,
        shares=world.shares,
        write_kib=load.item_kib,
    )


def _by_region(volume: Range, world: World) -> dict[str, Range]:
    return {region: volume * share for region, share in world.shares.items()}
