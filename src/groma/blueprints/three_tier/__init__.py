"""three-tier: web servers, application servers and a database with a read replica, in two or three zones.

users → client machines → CloudFront, guarded by WAF → S3 bucket                    (static)
                                     → internet gateway → web load balancer → web servers
                                       → app load balancer → app servers → database master, replica

    tiers.py       what is to be sized
    elements.py    what stands there; databases.py: of the database
    own.py         what an application of one's own takes besides
    beside.py      what runs beside it: workers with their queues, commands at times
    cached.py      a cache before the database
    standby.py     a warm standby in a second region
    traces.py      which requests are traced, and by whom
    links.py       how it is connected
    decisions.py   what was decided besides
"""

from __future__ import annotations

from groma.architecture import Architecture, Component, Link, Place
from groma.blueprints.copies import links_of_copies
from groma.blueprints.network import has_room, places
from groma.blueprints.three_tier.cached import links_of_cache
from groma.blueprints.three_tier.decisions import decisions
from groma.blueprints.three_tier.elements import elements
from groma.blueprints.three_tier.links import links
from groma.blueprints.three_tier.standby import standby
from groma.blueprints.three_tier.tiers import tiers
from groma.blueprints.whole import whole
from groma.components.interface_endpoints import InterfaceEndpoints
from groma.components.nat_gateway import NatGateway
from groma.sizing.units import ServerTiers, Unit
from groma.sizing.values import Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand

__all__ = ["assemble", "decisions", "parts", "tiers", "units"]


def units(workload: Workload, demand: Demand, wish: Wish) -> tuple[Unit, ...]:
    """Three tiers of servers, sized together."""
    goal_ms = workload.slo.p99_ms if wish.p99_ms is None else wish.p99_ms
    return (ServerTiers(tiers(workload, demand, wish), goal_ms, wish.load_factor),)


def assemble(workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> Architecture:
    """The three-tier architecture with the sizes of a plan."""
    standing, components, connected = parts(workload, demand, plan, wish)
    has_room(workload, components)
    more_places, more, more_links = standby(workload, demand, plan, wish)
    return whole(
        workload,
        (*standing, *more_places),
        (*components, *more),
        (*connected, *more_links),
        standby=wish.standby,
    )


def parts(
    workload: Workload, demand: Demand, plan: Plan, wish: Wish
) -> tuple[tuple[Place, ...], tuple[Component, ...], tuple[Link, ...]]:
    """Its places, elements and connections, of which `containers` makes another design."""
    standing = places(workload)
    components = elements(workload, demand, plan, wish, standing)
    ways_out = [each for each in components if isinstance(each, NatGateway | InterfaceEndpoints)]
    cached = links_of_cache(workload, demand, components)
    connected = (*links(workload, demand, ways_out, wish), *cached, *links_of_copies(components))
    return standing, components, connected
