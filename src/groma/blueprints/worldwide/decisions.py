"""What was decided for the worldwide design, and why."""

from __future__ import annotations

from groma.blueprints.decisions import of_discipline, of_load, of_pools, of_tier, of_wish
from groma.blueprints.edge import of_edge
from groma.blueprints.worldwide.databases import Shards
from groma.blueprints.worldwide.load import World
from groma.blueprints.worldwide.tiers import cache_of, shards_of
from groma.components.cache import CacheSize
from groma.sizing.values import Decision, Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand


def decisions(workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> tuple[Decision, ...]:
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
        *of_edge(workload),
        *of_pools(plan),
        of_discipline(workload),
        *of_wish(wish),
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
