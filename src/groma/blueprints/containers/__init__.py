"""containers: three-tier's design with tasks on AWS Fargate in the place of servers, all in private subnets.

users → client machines → CloudFront, guarded by WAF → S3 bucket                    (static)
                                     → internet gateway → web load balancer → web tasks
                                       → app load balancer → app tasks → database master, replica

What stands around the tasks is taken from three-tier as it is; a change there is one here.

    tiers.py       what is to be sized: three-tier's tiers, of Fargate's steps of CPU and memory
    elements.py    three-tier's elements, its groups of servers exchanged for services
    workers.py     what works off queues: services of their own
    schedule.py    what is run at times: tasks that a clock starts
    proxy.py       the reverse proxy before an application of one service
    links.py       three-tier's links, and the ways out of the web tasks
    decisions.py   what was decided besides
"""

from __future__ import annotations

from groma.architecture import Architecture
from groma.blueprints import three_tier
from groma.blueprints.containers.decisions import decisions
from groma.blueprints.containers.elements import exchanged, sent
from groma.blueprints.containers.links import links
from groma.blueprints.containers.tiers import tiers
from groma.blueprints.network import has_room
from groma.blueprints.whole import whole
from groma.sizing.units import ServerTiers, Unit
from groma.sizing.values import Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand

__all__ = ["assemble", "decisions", "units"]


def units(workload: Workload, demand: Demand, wish: Wish) -> tuple[Unit, ...]:
    """Two tiers of tasks and one of databases, sized together."""
    goal_ms = workload.slo.p99_ms if wish.p99_ms is None else wish.p99_ms
    return (ServerTiers(tiers(workload, demand, wish), goal_ms, wish.load_factor),)


def assemble(workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> Architecture:
    """The architecture with the sizes of a plan."""
    places, components, connected = three_tier.parts(workload, demand, plan, wish)
    found = exchanged(workload, demand, plan, components, places)
    has_room(workload, found)
    return whole(workload, places, found, links(workload, found, connected, sent(workload, demand, plan)))
