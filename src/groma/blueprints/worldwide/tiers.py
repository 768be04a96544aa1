"""What is to be sized in a region: web servers, application servers and readers of the databases."""

from __future__ import annotations

from dataclasses import replace

from groma.blueprints.places import several_regions
from groma.blueprints.three_tier.tiers import CACHED_SHARE_OF_MEMORY
from groma.blueprints.three_tier.tiers import tiers as three_tier_tiers
from groma.blueprints.worldwide.databases import MOST_SHARDS, Shards, shards
from groma.blueprints.worldwide.load import (
    ZONES,
    World,
    asked_of_database,
    database_state,
    queries_per_request,
    scaled,
    write_busy,
    writes_per_request,
)
from groma.catalog import quota
from groma.components.cache import CacheSize, cheapest_cache
from groma.sizing.pools import LEAST_POOL, MOST_CONNECTIONS
from groma.sizing.ranked import is_served
from groma.sizing.values import NO_WISH, Choice, ClassWork, Tier, TierLoad, Wish
from groma.workload import Workload
from groma.workload.demand import Demand

HALF = 0.5
"""How busy the machines of a tier are taken to be when it is asked whether few enough will do."""


def tiers(workload: Workload, demand: Demand, wish: Wish) -> tuple[Tier, ...]:
    """The web, application and reader tiers of one region; every region gets the same.

    Raises:
        WorkloadError: a region does not exist, or there are not two.
    """
    several_regions(workload, ZONES)
    world = World.of(workload)
    share, hit_share = database_state(workload, world)
    *servers, _ = _of_home(workload, scaled(demand, world.effective_share), wish)
    own, made = scaled(demand, share), shards_of(workload, demand)
    database = _of_home(workload, own, wish)[2]
    readers = _readers(workload, demand, own, database, hit_share, made)
    targets = quota("targets").grown
    web, app = (_few_enough(tier, targets) for tier in servers)
    accepted = max(choice.max_connections or 0 for choice in readers.choices)
    writers = MOST_CONNECTIONS * accepted / (readers.writers * LEAST_POOL)
    return (web, replace(_few_enough(app, min(targets, writers)), most=min(writers, app.most)), readers)


def _few_enough(tier: Tier, most: float) -> Tier:
    """Of the machines those of which so many are enough: the larger ones, where it must be. One load balancer
    takes no more, and the one that writes a database no more connections from all regions.

    Of n machines in z zones n·(z-1)/z are left; half busy they carry n·(z-1)/z·vCPU·speed/2 at the high end
    of the load, burstable ones no more than their baseline and what bursts and a lost zone add to it.
    """
    survive = (tier.zones - 1) / tier.zones
    busy = max(tier.high.busy, tier.load.busy)

    def carried(choice: Choice) -> float:
        share = HALF if choice.baseline is None else min(HALF, choice.baseline * tier.burst / survive)
        return most * survive * choice.vcpu * choice.speed * share

    enough = tuple(choice for choice in tier.choices if carried(choice) >= busy)
    return replace(tier, choices=enough or tier.choices)


def tiers_at(
    workload: Workload, demand: Demand, share: float, hit_share: float, wish: Wish
) -> tuple[Tier, ...]:
    """The same for a region that carries some share of the load, a zone lost.

    Args:
        share: of the load of all users.
        hit_share: of the reads that the cache answers.
    """
    own = scaled(demand, share)
    web, app, database = _of_home(workload, own, wish)
    return (web, app, _readers(workload, demand, own, database, hit_share, shards_of(workload, demand)))


def _of_home(workload: Workload, own: Demand, wish: Wish) -> tuple[Tier, Tier, Tier]:
    """Its tiers as they would be if it were the only region."""
    home = workload.model_copy(update={"regions": workload.regions[:1]})
    web, app, database = (
        replace(tier, zones=ZONES) for tier in three_tier_tiers(home, own, replace(wish, multi_az=False))
    )
    return web, app, database


def _readers(
    workload: Workload, demand: Demand, own: Demand, database: Tier, hit_share: float, made: Shards
) -> Tier:
    """The readers of one of the global databases in a region, which has its own part of the demand."""
    world = World.of(workload)
    work = tuple(_asked(each, workload, world, hit_share) for each in database.work)
    load = TierLoad.of(own.peak_per_s.likely, work)
    high = TierLoad.of(own.peak_per_s.high, work)
    slower = (
        demand.database_busy.high / demand.database_busy.likely * own.peak_per_s.likely / own.peak_per_s.high
    )
    return replace(
        database,
        work=work,
        load=replace(load, rate_per_s=load.rate_per_s / made.count),
        high=replace(
            high, rate_per_s=high.rate_per_s / made.count, service_s=high.service_s * max(slower, 1.0)
        ),
        working_gib=working_gib(workload, demand) / made.count,
        gbps=database.gbps / made.count,
        hourly=(1.0,) * len(database.hourly),
        burst=1.0,
        scales=True,
        iops=0.0,
        volume_mbps=0.0,
        choices=made.choices,
        writers=len(workload.regions),
    )


def _asked(each: ClassWork, workload: Workload, world: World, hit_share: float) -> ClassWork:
    visits, hits = asked_of_database(workload.requests[each.name], world, hit_share)
    writes = workload.requests[each.name].writes
    away_s = writes * workload.load.region_round_trip_ms.likely / 1000
    return replace(each, visits=visits, hit_share=hits, away_s=away_s, writes=writes)


def shards_of(workload: Workload, demand: Demand) -> Shards:
    """How many global databases there are: as many as the writes need, and as accept the application's
    connections, each of which is kept to every database, fewer of them the less it is asked.
    """
    share, hit_share = database_state(workload, World.of(workload))
    own = scaled(demand, share)
    _, app, database = _of_home(workload, own, NO_WISH)
    made = _shards(workload, demand)
    while made.count < MOST_SHARDS and not is_served(
        app, _readers(workload, demand, own, database, hit_share, made)
    ):
        made = _shards(workload, demand, made.count + 1)
    return made


def _shards(workload: Workload, demand: Demand, least: int = 1) -> Shards:
    """How many global databases the writes need."""
    world = World.of(workload)
    share, hit_share = database_state(workload, world)
    queries = queries_per_request(workload, world, hit_share) * demand.peak_per_s.likely * share
    mean_s = demand.database_busy.likely / (demand.reads_per_s.likely + demand.writes_per_s.likely)
    away_s = workload.load.region_round_trip_ms.likely / 1000
    return shards(
        workload.regions,
        write_busy(workload, demand),
        writes_per_request(workload) * demand.peak_per_s.likely * away_s,
        queries * mean_s,
        working_gib(workload, demand),
        demand.database_stored_gib.likely,
        least,
    )


def working_gib(workload: Workload, demand: Demand) -> float:
    """Rows that the readers of a region keep in memory: those of a day that the cache does not answer."""
    world = World.of(workload)
    hot = demand.database_hot_gib.likely * world.largest_without * (1 - world.hit_share)
    return 1 + hot / CACHED_SHARE_OF_MEMORY


def cache_of(workload: Workload, demand: Demand) -> CacheSize:
    """The cache of a region, which holds the rows of those who come when another region is lost, too."""
    world, load = World.of(workload), workload.load
    reads = demand.reads_per_s.likely * (1 - world.key_value_share) * world.largest_without
    hot = demand.database_hot_gib.likely * world.largest_without
    return cheapest_cache(workload.regions[0], hot, reads, load.cache_reads_per_s_per_node.likely)
