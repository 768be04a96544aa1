"""What was decided for the three-tier design, and why."""

from __future__ import annotations

from groma.blueprints.aurora import of_cluster
from groma.blueprints.copies import of_copies
from groma.blueprints.decisions import (
    of_database,
    of_discipline,
    of_load,
    of_pools,
    of_tier,
    of_wish,
)
from groma.blueprints.edge import of_edge
from groma.blueprints.endpoints import of_endpoints
from groma.blueprints.engines import of_engine, of_existing
from groma.blueprints.network import of_network, of_ways_out, zone_count
from groma.blueprints.three_tier.cached import of_cache
from groma.blueprints.three_tier.own import of_application
from groma.blueprints.three_tier.standby import of_standby
from groma.blueprints.three_tier.traces import of_traces
from groma.blueprints.volumes import of_volume
from groma.sizing.values import Decision, Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand


def decisions(workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> tuple[Decision, ...]:
    """What was decided, and why."""
    return (
        of_load(workload, demand),
        *(of_tier(size, workload) for size in plan.sizes if not size.choice.stands),
        *of_network(workload, wish),
        *of_edge(workload, wish),
        *of_application(workload),
        *of_ways_out(workload, wish),
        *of_endpoints(workload, plan, zone_count(workload), traced=bool(wish.traced_share)),
        *of_pools(plan),
        of_discipline(workload),
        *(of_existing(workload, demand, plan) or (_of_database(workload, wish),)),
        *of_engine(workload),
        *of_cache(workload, demand, wish),
        *of_copies(workload, wish),
        *of_standby(workload, wish),
        *of_volume(workload, demand, wish.load_factor),
        *of_traces(demand, wish),
        *of_wish(wish),
    )


def _of_database(workload: Workload, wish: Wish) -> Decision:
    if workload.database.is_cluster:
        return of_cluster(workload, wish)
    return of_database(wish.multi_az, workload.database.replicas)
