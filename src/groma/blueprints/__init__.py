"""The blueprints: from a workload to the tiers that must be sized, and from sizes to an architecture.

Each blueprint is a module with three functions:

    tiers(workload, demand, wish) -> tuple[Tier, ...]
    assemble(workload, demand, plan, wish) -> Architecture
    decisions(workload, demand, plan, wish) -> tuple[Decision, ...]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from groma.architecture import Architecture
from groma.blueprints import functions, serverless, starter, three_tier, worldwide, worldwide_workers
from groma.sizing.units import Decision, FunctionTier, Plan, Serverless, Tier, Wish
from groma.workload import Workload
from groma.workload.demand import Demand

NO_WISH = Wish()


class Blueprint(Protocol):
    """What a blueprint module offers."""

    def tiers(self, workload: Workload, demand: Demand, wish: Wish = NO_WISH) -> tuple[Tier, ...]:
        """The tiers to be sized, in the order in which a request passes them."""

    def assemble(self, workload: Workload, demand: Demand, plan: Plan, wish: Wish = NO_WISH) -> Architecture:
        """The whole architecture, once everything has its size."""

    def decisions(
        self, workload: Workload, demand: Demand, plan: Plan, wish: Wish = NO_WISH
    ) -> tuple[Decision, ...]:
        """What was decided besides, and why."""


BLUEPRINTS: Mapping[str, Blueprint] = {
    "starter": starter,
    "three-tier": three_tier,
    "worldwide": worldwide,
    "serverless": serverless,
}

SERVERLESS: Mapping[str, Callable[[Workload, Demand, Wish], Serverless]] = {
    "serverless": functions.serverless
}
"""The blueprints that have functions in the place of tiers, with what is to be sized of each."""

WORKERS: Mapping[str, Callable[[Workload, Demand], tuple[FunctionTier, ...]]] = {
    "worldwide": worldwide_workers.workers
}
"""The blueprints that have functions beside their tiers, which no request waits for."""
