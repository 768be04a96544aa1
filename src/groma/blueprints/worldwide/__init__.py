"""worldwide: web and application servers, cache and database in several regions, any of which may be lost.

users → client machines → CloudFront → S3 buckets, a copy in each region                        (static)
                                     → latency records → the nearest healthy region:
    internet gateway → web load balancer → web servers → app load balancer → app servers
        → Valkey cache, Aurora cluster (one region writes, all read), DynamoDB tables
        → topic → queue → functions; of posts to the queues of all regions     (what nobody waits for)

    load.py          what each region must carry, so that any one may be lost
    tiers.py         what is to be sized; databases.py: how many global databases
    outside.py       what stands outside all regions
    region.py        what stands in each: servers.py, kept.py, workers.py; region_plan.py: from what
    tables.py        what is kept in DynamoDB: one table of all regions, and one of each for timelines
    links.py         how it is connected
    decisions.py     what was decided besides
"""

from __future__ import annotations

from groma.architecture import Architecture, Component, Link
from groma.blueprints.places import several_regions, world_places
from groma.blueprints.whole import whole
from groma.blueprints.worldwide.decisions import decisions
from groma.blueprints.worldwide.links import outside_links, region_links
from groma.blueprints.worldwide.load import ZONES, World, scaled
from groma.blueprints.worldwide.outside import outside
from groma.blueprints.worldwide.region import region_components
from groma.blueprints.worldwide.region_plan import RegionPlan
from groma.blueprints.worldwide.tiers import cache_of, shards_of, tiers
from groma.blueprints.worldwide.workers import workers
from groma.sizing.units import FunctionUnit, ServerTiers, Unit
from groma.sizing.values import Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand

__all__ = ["assemble", "decisions", "units"]


def units(workload: Workload, demand: Demand, wish: Wish) -> tuple[Unit, ...]:
    """The tiers of a region, sized together, and the functions beside them, which no request waits for."""
    goal_ms = workload.slo.p99_ms if wish.p99_ms is None else wish.p99_ms
    servers = ServerTiers(tiers(workload, demand, wish), goal_ms, wish.load_factor)
    return (servers, *(FunctionUnit(tier) for tier in workers(workload, demand)))


def assemble(workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> Architecture:
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
    return whole(workload, places, components, links)
