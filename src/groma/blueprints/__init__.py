"""The blueprints: from a workload to the tiers that must be sized, and from sizes to an architecture.

Each blueprint is a module with two functions:

    tiers(workload, demand) -> tuple[Tier, ...]
    assemble(workload, demand, sizes, wish) -> Architecture
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from groma.architecture import Architecture
from groma.blueprints import three_tier
from groma.demand import Demand
from groma.tiers import Size, Tier, Wish
from groma.workload import Workload

NO_WISH = Wish()


class Blueprint(Protocol):
    """What a blueprint module offers."""

    def tiers(self, workload: Workload, demand: Demand) -> tuple[Tier, ...]:
        """The tiers to be sized, in the order in which a request passes them."""

    def assemble(
        self, workload: Workload, demand: Demand, sizes: Mapping[str, Size], wish: Wish = NO_WISH
    ) -> Architecture:
        """The whole architecture, once every tier has its size."""


BLUEPRINTS: Mapping[str, Blueprint] = {"three-tier": three_tier}
