"""The blueprints: from a workload to what must be sized, and from sizes to an architecture.

A blueprint is a module, or a package for a large one, with three functions; nothing else of Groma asks which
blueprint it has before it.

    starter.py      a first lesson in Terraform
    three_tier/     servers and a database in two or three zones
    containers/     the same with tasks on Fargate in the place of servers
    serverless/     functions, a table, queues
    worldwide/      several regions, any one of which may be lost

    places.py       regions, networks, zones, subnets; network.py: the network of one region, made or found
    machines.py     machines that a tier may be made of; servers.py: groups of them
    spot.py         of which types a tier buys Spot servers
    endpoints.py    interface endpoints, where they are needed or cheaper
    engines.py      PostgreSQL and MySQL
    aurora.py       Aurora PostgreSQL: its classes, and a cluster of one region
    volumes.py      the volumes of a database: gp3, io2
    copies.py       copies of its backups in another region
    functions.py    functions that are to be sized
    roles.py        what the application names by role
    shared.py       elements and links that stand in several designs
    flows.py        bytes of a month between elements
    edge.py         firewall, zone and certificates before what is public
    account.py      what an account asks of all of them
    decisions.py    what several blueprints decide in the same way
    whole.py        from elements to the architecture, watched
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from groma.architecture import Architecture
from groma.blueprints.account import of_account
from groma.blueprints.whole import budgeted, usd_before_sharing
from groma.catalog import own_prices
from groma.sizing.units import Unit
from groma.sizing.values import Decision, Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand


class Drawing(Protocol):
    """What the module of a blueprint offers."""

    def units(self, workload: Workload, demand: Demand, wish: Wish) -> tuple[Unit, ...]:
        """What is to be sized, in that order: tiers of servers, functions, tables, gateways; or nothing."""

    def assemble(self, workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> Architecture:
        """The architecture but for its budget, once everything has its size."""

    def decisions(self, workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> tuple[Decision, ...]:
        """What was decided besides, and why."""


@dataclass(frozen=True)
class Blueprint:
    """A blueprint, which compares by the workload's own prices where it has a price book.

    Attributes:
        module: imports it at its first use: nobody waits for the components of other blueprints.
    """

    module: Callable[[], Drawing]

    def units(self, workload: Workload, demand: Demand, wish: Wish) -> tuple[Unit, ...]:
        """What is to be sized, in that order: tiers of servers, functions, tables, gateways; or nothing."""
        with own_prices(workload.book):
            return self.module().units(workload, demand, wish)

    def assemble(self, workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> Architecture:
        """The whole architecture, once everything has its size."""
        with own_prices(workload.book):
            made = self.module().assemble(workload, demand, plan, wish)
            return budgeted(made, usd_before_sharing(made), workload.budget_usd_per_month)

    def to_be_billed(self, workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> Architecture:
        """The same for the bill alone, which is the same whatever the limit of the budget: it is 0."""
        with own_prices(workload.book):
            return budgeted(self.module().assemble(workload, demand, plan, wish), 0.0, None)

    def decisions(self, workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> tuple[Decision, ...]:
        """What was decided besides, and why."""
        with own_prices(workload.book):
            own = self.module().decisions(workload, demand, plan, wish)
        return (*own, *of_account(workload))


def _starter() -> Drawing:
    from groma.blueprints import starter

    return starter


def _three_tier() -> Drawing:
    from groma.blueprints import three_tier

    return three_tier


def _containers() -> Drawing:
    from groma.blueprints import containers

    return containers


def _worldwide() -> Drawing:
    from groma.blueprints import worldwide

    return worldwide


def _serverless() -> Drawing:
    from groma.blueprints import serverless

    return serverless


BLUEPRINTS: Mapping[str, Blueprint] = {
    "starter": Blueprint(_starter),
    "three-tier": Blueprint(_three_tier),
    "containers": Blueprint(_containers),
    "worldwide": Blueprint(_worldwide),
    "serverless": Blueprint(_serverless),
}
