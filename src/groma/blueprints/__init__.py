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
from dataclasses import dataclass
from typing import Protocol

from groma.architecture import Architecture
from groma.blueprints import serverless, starter, three_tier, worldwide
from groma.catalog import own_prices
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


@dataclass(frozen=True)
class _Priced:
    """A blueprint that compares by the workload's own prices where it has a price book."""

    plain: Blueprint

    def units(self, workload: Workload, demand: Demand, wish: Wish) -> tuple[Unit, ...]:
        with own_prices(workload.book):
            return self.plain.units(workload, demand, wish)

    def assemble(self, workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> Architecture:
        with own_prices(workload.book):
            return self.plain.assemble(workload, demand, plan, wish)

    def decisions(self, workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> tuple[Decision, ...]:
        with own_prices(workload.book):
            return self.plain.decisions(workload, demand, plan, wish)


BLUEPRINTS: Mapping[str, Blueprint] = {
    "starter": _Priced(starter),
    "three-tier": _Priced(three_tier),
    "worldwide": _Priced(worldwide),
    "serverless": _Priced(serverless),
}
