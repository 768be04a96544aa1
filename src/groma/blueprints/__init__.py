"""The blueprints: from a workload to what must be sized, and from sizes to an architecture.

A blueprint is a module, or a package for a large one, with three functions; nothing else of Groma asks which
blueprint it has before it.

    starter.py      a first lesson in Terraform
    three_tier/     servers and a database in two zones
    serverless/     functions, a table, queues
    worldwide/      several regions, any one of which may be lost

    places.py       regions, networks, zones, subnets
    machines.py     machines that a tier may be made of; servers.py: groups of them
    functions.py    functions that are to be sized
    roles.py        what the application names by role
    shared.py       elements and links that stand in several designs
    flows.py        bytes of a month between elements
    edge.py         firewall, zone and certificates before what is public
    decisions.py    what several blueprints decide in the same way
    whole.py        from elements to the architecture, watched
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from groma.architecture import Architecture
from groma.blueprints import serverless, starter, three_tier, worldwide
from groma.sizing.units import Unit
from groma.sizing.values import Decision, Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand


class Blueprint(Protocol):
    """What a blueprint offers."""

    def units(self, workload: Workload, demand: Demand, wish: Wish) -> tuple[Unit, ...]:
        """What is to be sized, in that order: tiers of servers, functions, tables, gateways; or nothing."""

    def assemble(self, workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> Architecture:
        """The whole architecture, once everything has its size."""

    def decisions(self, workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> tuple[Decision, ...]:
        """What was decided besides, and why."""


BLUEPRINTS: Mapping[str, Blueprint] = {
    "starter": starter,
    "three-tier": three_tier,
    "worldwide": worldwide,
    "serverless": serverless,
}
