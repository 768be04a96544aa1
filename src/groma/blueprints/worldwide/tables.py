"""What is kept in DynamoDB: what every region writes in a global table, timelines in a table of each region.

Entries of timelines are by far the most that is written, and all of them expire. In a global table each
deletion would be a paid write in all other regions (decision 0032), so that every region has a table of its
own, which its fan-out fills. What the application keeps where stands in `chirp.world`; how often is counted
here:

    global table  reads   a session with each request; with each page of a timeline the marks of who was left
                          and the states of its pictures, of which servers remember most; in each region the
                          followers' names for each post of all; the state of each upload
                  writes  a session for each log-in; the state of each upload: waiting, checked, kept
    timelines     reads   pages: each read that `key_value_share` states is taken for one
                  writes  an entry for each follower of each post and one for its author, who gets it twice in
                          the region of the post, so that they see it at once

Who begins to follow or stops is no quantity of a workload, and is rare beside these: it is not counted.
"""

from __future__ import annotations

from groma.application import Table
from groma.application.sample import built_in
from groma.blueprints.flows import BODY_KIB, PAGE_ENTRIES, gb
from groma.blueprints.worldwide.load import World
from groma.blueprints.worldwide.region_plan import RegionPlan
from groma.components.global_table import GlobalTable
from groma.components.table import DynamoTable
from groma.quantity import Range
from groma.sizing.capacity import READ_KIB, WRITE_KIB, units
from groma.sizing.values import TableSize
from groma.workload import Workload
from groma.workload.demand import (
    FOLLOWER_KIB,
    MONTH_DAYS,
    MONTH_S,
    STORED_MONTHS,
    TIMELINE_DAYS,
    Demand,
)

TIMELINES = "timelines"
SMALL_KIB = 0.2
"""A session, a mark, or the state of a picture, with its keys."""
SESSION_DAYS = 7
WRITES_PER_UPLOAD = 3
READS_PER_PAGE = 2
"""Of the global table: marks of who was left, and states of pictures."""
ON_DEMAND = TableSize("on-demand", (0, 0), (0, 0), (0.0, 0.0), None, None)


def global_table(workload: Workload, demand: Demand, world: World) -> GlobalTable:
    """Sessions, followers' names, marks of who was left, and states of pictures, in all regions."""
    table, to_month = built_in().table, _to_month(demand)
    one = units(SMALL_KIB, READ_KIB, eventual=not table.consistent_reads)
    pages = demand.reads_per_s * world.key_value_share
    reads = (demand.peak_per_s + pages * READS_PER_PAGE + demand.uploads_per_s) * one
    names = demand.posts_per_s * _names_units(workload, table)
    logins = demand.logins_per_month * (demand.peak_per_s.likely / demand.mean_per_s.likely / MONTH_S)
    of_uploads = demand.uploads_per_s * (WRITES_PER_UPLOAD + table.index_writes_per_upload)
    writes = (logins + of_uploads) * units(SMALL_KIB, WRITE_KIB)
    here = reads * world.largest_without + names
    hot = workload.load.hot_share.high
    return GlobalTable(
        id="table",
        places=("cloud",),
        size=ON_DEMAND,
        hash_key=table.hash_key,
        range_key=table.range_key,
        types=table.types,
        index=(table.index, table.index_hash_key, table.index_range_key),
        ttl=table.ttl,
        operations=("GetItem", "Query", "BatchWriteItem"),
        reads_per_month=reads * to_month,
        reads_of_each_per_month=names * to_month,
        writes_per_month=writes * to_month,
        expired_per_month=demand.logins_per_month,
        stored_gib=_shared_gib(workload, demand),
        peak_reads_per_s=here.high,
        peak_writes_per_s=writes.high,
        hot_reads_per_s=hot * here.high,
        hot_writes_per_s=hot * writes.high,
        index_reads_per_s=table.index_queries * units(READ_KIB, READ_KIB, eventual=True),
        index_writes_per_s=demand.uploads_per_s.high * table.index_writes_per_upload,
        shares=world.shares,
        write_kib=Range.exactly(SMALL_KIB),
    )


def timelines(each: RegionPlan) -> DynamoTable:
    """The timelines of all users in one region: any of them may come here.

    Nobody reads another's timeline: the busiest partition is one person's, who looks at a page each second
    and follows the accounts that post most.
    """
    load, table = each.workload.load, built_in().table
    to_month, written = _to_month(each.demand), units(load.item_kib.likely, WRITE_KIB)
    page = units(load.item_kib.likely * PAGE_ENTRIES, READ_KIB, eventual=not table.consistent_reads)
    pages = each.demand.reads_per_s * each.world.key_value_share
    entries = each.demand.deliveries_per_s + each.demand.posts_per_s
    own_share, lost_share = each.world.shares[each.region], each.world.largest_without
    return DynamoTable(
        id=each.id(TIMELINES),
        places=(each.region,),
        role=TIMELINES,
        operations=("BatchWriteItem", "Query"),
        size=ON_DEMAND,
        hash_key=table.hash_key,
        range_key=table.range_key,
        types={key: table.types[key] for key in (table.hash_key, table.range_key)},
        index=None,
        ttl=table.ttl,
        reads_per_month=pages * (own_share * page * to_month),
        writes_per_month=(entries + each.demand.posts_per_s * own_share) * (written * to_month),
        stored_gib=_timelines_gib(each.workload, each.demand),
        peak_reads_per_s=pages.high * lost_share * page,
        peak_writes_per_s=(entries + each.demand.posts_per_s * lost_share).high * written,
        hot_reads_per_s=page,
        hot_writes_per_s=load.hot_share.high * each.demand.posts_per_s.high,
        index_reads_per_s=0.0,
        index_writes_per_s=0.0,
    )


def asked_of_shared(each: RegionPlan) -> float:
    """Reads of the global table by a region's servers at the peak, each of one item or of a few."""
    pages = each.own.reads_per_s.likely * each.world.key_value_share
    return each.own.peak_per_s.likely + pages * READS_PER_PAGE


def shared_gb(each: RegionPlan) -> Range:
    """The same of a month, in GB, requests and answers."""
    per_request = asked_of_shared(each) / each.own.peak_per_s.likely
    return gb(each.own.requests_per_month, BODY_KIB * per_request)


def _to_month(demand: Demand) -> float:
    """What a rate at the peak comes to in a month."""
    return MONTH_S * demand.mean_per_s.likely / demand.peak_per_s.likely


def _names_units(workload: Workload, table: Table) -> float:
    """Read units of the names of a post's followers, which are read in pages."""
    kib = workload.load.followers.likely * FOLLOWER_KIB
    return units(kib, READ_KIB, eventual=not table.consistent_reads)


def _shared_gib(workload: Workload, demand: Demand) -> Range:
    """Names of followers, sessions until they end, and the states of a year's pictures."""
    names = workload.load.followers * (workload.users.total * FOLLOWER_KIB)
    sessions = demand.logins_per_month * (SESSION_DAYS / MONTH_DAYS * SMALL_KIB)
    states = demand.uploads_per_month * (STORED_MONTHS * SMALL_KIB)
    return (names + sessions + states) * (1 / 2**20)


def _timelines_gib(workload: Workload, demand: Demand) -> Range:
    """Entries until they expire; the size of one is as likely small in each case."""
    entries = demand.deliveries_per_month + demand.posts_per_month
    return entries * (TIMELINE_DAYS / MONTH_DAYS * workload.load.item_kib.likely / 2**20)
