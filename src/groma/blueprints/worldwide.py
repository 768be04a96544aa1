"""worldwide: web and application servers, cache and database in several regions, any of which may be lost.

users → client machines → CloudFront → S3 buckets, a copy in each region                        (static)
                                     → latency records → the nearest healthy region:
    internet gateway → web load balancer → web servers → app load balancer → app servers
        → Valkey cache, Aurora cluster (one region writes, all read), DynamoDB global table
        → topic → queue → functions                                            (what nobody waits for)
"""

from __future__ import annotations

from dataclasses import replace

from groma.architecture import Architecture, Component, Link
from groma.blueprints import three_tier
from groma.blueprints.aurora import Shards, shards
from groma.blueprints.decisions import of_discipline, of_load, of_pools, of_tier
from groma.blueprints.network_plan import several_regions, world_places
from groma.blueprints.watching import watched
from groma.blueprints.world_load import (
    ZONES,
    World,
    asked_of_database,
    database_state,
    queries_per_request,
    scaled,
    write_busy,
)
from groma.blueprints.worldwide_outside import outside, outside_links
from groma.blueprints.worldwide_region import RegionPlan, region_components, region_links
from groma.components.cache import CacheSize, cheapest_cache
from groma.components.quotas import TARGETS_PER_BALANCER
from groma.sizing.units import Choice, ClassWork, Decision, Plan, Tier, TierLoad, Wish
from groma.terms import Terms
from groma.workload import Workload
from groma.workload.demand import Demand

NO_WISH = Wish()
HALF = 0.5
"""How busy the machines of a tier are taken to be when it is asked whether one load balancer takes enough."""


def tiers(workload: Workload, demand: Demand, wish: Wish = NO_WISH) -> tuple[Tier, ...]:
    """The web, application and reader tiers of one region; every region gets the same.

    Raises:
        WorkloadError: a region does not exist, or there are not two.
    """
    several_regions(workload, ZONES)
    world = World.of(workload)
    share, hit_share = database_state(workload, world)
    servers = tiers_at(workload, demand, world.effective_share, hit_share, wish)
    readers = tiers_at(workload, demand, share, hit_share, wish)
    return (*(_behind_one_balancer(tier) for tier in servers[:2]), readers[2])


def _behind_one_balancer(tier: Tier) -> Tier:
    """Of the machines those of which one load balancer takes enough: the larger ones, where it must be.

    Of n machines in z zones n·(z-1)/z are left; half busy they carry n·(z-1)/z·vCPU·speed/2 at the high end
    of the load, burstable ones no more than their baseline and what bursts and a lost zone add to it.
    """
    survive = (tier.zones - 1) / tier.zones
    busy = max(tier.high.busy, tier.load.busy)

    def carried(choice: Choice) -> float:
        share = HALF if choice.baseline is None else min(HALF, choice.baseline * tier.burst / survive)
        return TARGETS_PER_BALANCER * survive * choice.vcpu * choice.speed * share

    enough = tuple(choice for choice in tier.choices if carried(choice) >= busy)
    return replace(tier, choices=enough or tier.choices)


def tiers_at(
    workload: Workload, demand: Demand, share: float, hit_share: float, wish: Wish = NO_WISH
) -> tuple[Tier, ...]:
    """The same for a region that carries some share of the load, a zone lost.

    Args:
        share: of the load of all users.
        hit_share: of the reads that the cache answers.
    """
    world = World.of(workload)
    home = workload.model_copy(update={"regions": workload.regions[:1]})
    own = scaled(demand, share)
    web, app, database = (
        replace(tier, zones=ZONES) for tier in three_tier.tiers(home, own, replace(wish, multi_az=False))
    )
    made = shards_of(workload, demand)
    work = tuple(_asked(each, workload, world, hit_share) for each in database.work)
    load = TierLoad.of(own.peak_per_s.likely, work)
    high = TierLoad.of(own.peak_per_s.high, work)
    slower = (
        demand.database_busy.high / demand.database_busy.likely * own.peak_per_s.likely / own.peak_per_s.high
    )
    readers = replace(
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
    )
    return (web, app, readers)


def _asked(each: ClassWork, workload: Workload, world: World, hit_share: float) -> ClassWork:
    visits, hits = asked_of_database(workload.requests[each.name], world, hit_share)
    away_s = workload.requests[each.name].writes * workload.load.region_round_trip_ms.likely / 1000
    return replace(each, visits=visits, hit_share=hits, away_s=away_s)


def shards_of(workload: Workload, demand: Demand) -> Shards:
    """How many global databases the writes need."""
    world = World.of(workload)
    share, hit_share = database_state(workload, world)
    queries = queries_per_request(workload, world, hit_share) * demand.peak_per_s.likely * share
    mean_s = demand.database_busy.likely / (demand.reads_per_s.likely + demand.writes_per_s.likely)
    return shards(
        workload.regions, write_busy(workload, demand), queries * mean_s, working_gib(workload, demand)
    )


def working_gib(workload: Workload, demand: Demand) -> float:
    """Rows that the readers of a region keep in memory: those of a day that the cache does not answer."""
    world = World.of(workload)
    hot = demand.database_hot_gib.likely * world.largest_without * (1 - world.hit_share)
    return 1 + hot / three_tier.CACHED_SHARE_OF_MEMORY


def cache_of(workload: Workload, demand: Demand) -> CacheSize:
    """The cache of a region, which holds the rows of those who come when another region is lost, too."""
    world, load = World.of(workload), workload.load
    reads = demand.reads_per_s.likely * (1 - world.key_value_share) * world.largest_without
    hot = demand.database_hot_gib.likely * world.largest_without
    return cheapest_cache(workload.regions[0], hot, reads, load.cache_reads_per_s_per_node.likely)


def assemble(workload: Workload, demand: Demand, plan: Plan, wish: Wish = NO_WISH) -> Architecture:
    """The worldwide architecture with the sizes of a plan."""
    regions = several_regions(workload, ZONES)
    places = world_places(regions, ZONES)
    made, cache, world = shards_of(workload, demand), cache_of(workload, demand), World.of(workload)
    components: list[Component] = list(outside(workload, demand, world))
    links: list[Link] = list(outside_links(workload, demand, world))
    for region in regions:
        share = world.shares[region.name]
        each = RegionPlan(
            workload, demand, scaled(demand, share), plan, world, region.name, made.count, cache
        )
        own = tuple(place for place in places if place.id.startswith(f"{region.name}/"))
        inside = region_components(each, own)
        components += inside
        links += region_links(each, inside)
    return watched(
        Architecture(
            name=workload.name,
            owner=workload.owner,
            dated=workload.date.isoformat() if workload.date else "",
            blueprint=workload.blueprint,
            alerts=workload.alerts or "",
            region=regions[0].name,
            terms=Terms(purchase=workload.purchase),
            places=places,
            components=tuple(components),
            links=tuple(links),
        )
    )


def decisions(workload: Workload, demand: Demand, plan: Plan, wish: Wish = NO_WISH) -> tuple[Decision, ...]:
    """What was decided, and why."""
    world, made, cache = World.of(workload), shards_of(workload, demand), cache_of(workload, demand)
    return (
        of_load(workload, demand),
        _of_regions(world),
        *(of_tier(size, workload) for size in plan.sizes),
        _of_databases(workload, made, plan),
        _of_cache(cache, world),
        _of_distance(workload),
        Decision(
            "zones", "three in each region; one may be lost at peak", "a third spare rather than a half"
        ),
        Decision("NAT gateways", "one in each zone", "no zone needs another to reach the internet"),
        *of_pools(plan),
        of_discipline(workload),
    )


def _of_regions(world: World) -> Decision:
    shares = ", ".join(f"{region} {share:.0%}" for region, share in world.shares.items())
    return Decision(
        "regions",
        shares,
        f"every region is sized for {world.effective_share:.0%} of all users with a zone lost, "
        f"which is {world.largest_without:.0%} with all zones: what it carries when another region is lost",
    )


def _of_databases(workload: Workload, made: Shards, plan: Plan) -> Decision:
    writers = ", ".join(dict.fromkeys(workload.regions[n % len(workload.regions)] for n in range(made.count)))
    size = plan.of("database")
    priced = "" if made.priced_in == workload.regions[0] else f"; compared by the prices of {made.priced_in}"
    return Decision(
        "databases",
        f"{made.count} global, written in {writers}; in each region {size.desired + 1} × {size.choice.name}",
        "all writes of a database pass one instance, so it is as large as they need and there are as many as "
        f"one cannot take{priced}",
    )


def _of_cache(cache: CacheSize, world: World) -> Decision:
    return Decision(
        "cache",
        f"{cache.nodes} × {cache.node_type} in each region",
        f"{cache.hot_gib:,.0f} GiB of a day's rows, {cache.reads_per_s:,.0f} reads/s when a region is lost; "
        f"{world.hit_share:.0%} of the reads hit, {world.cold_hit_share:.0%} just after that, "
        "for which the readers are sized",
    )


def _of_distance(workload: Workload) -> Decision:
    round_trip = workload.load.region_round_trip_ms
    return Decision(
        "distance",
        f"{round_trip.likely:g} ms for each write, counted for every request that writes",
        "a region that does not write a database sends its writes on to the one that does; "
        "reads stay in their region",
    )
