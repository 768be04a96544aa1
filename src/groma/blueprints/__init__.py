"""The blueprints: from a workload to what must be sized, and from sizes to an architecture.

A blueprint is a module, or a package for a large one, with three functions; nothing else of Groma asks which
blueprint it has before it.
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
