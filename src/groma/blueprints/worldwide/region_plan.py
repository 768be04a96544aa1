"""What one region of the worldwide blueprint is made from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from groma.blueprints.worldwide.load import World
from groma.components.cache import CacheSize
from groma.components.global_database import GlobalSecret
from groma.sizing.values import Plan, Size
from groma.workload import Workload
from groma.workload.demand import Demand


@dataclass(frozen=True)
class RegionPlan:
    """What one region is made from.

    Attributes:
        demand: of all users.
        own: of this region's users.
        databases: number of global databases.
    """

    workload: Workload
    demand: Demand
    own: Demand
    plan: Plan
    world: World
    region: str
    databases: int
    cache: CacheSize

    def id(self, short: str) -> str:
        """An id of this region in the whole architecture."""
        return self.region if short == "region" else f"{self.region}/{short}"

    def size(self, tier: str) -> Size:
        """The size of an auto-scaled tier, whose CPU target keeps it as large as the loss of a region asks.

        It was sized for the effective share of the load, of which it gets only the part of its own users; at
        target · own / effective it holds the same number of machines.
        """
        size = self.plan.of(tier)
        return replace(size, cpu_target_percent=max(1, int(size.cpu_target_percent * self.part + 1e-9)))

    @property
    def part(self) -> float:
        """The load of its own users over that for which it is sized."""
        return self.world.shares[self.region] / self.world.effective_share

    @property
    def others(self) -> tuple[str, ...]:
        """The other regions."""
        return tuple(name for name in self.workload.regions if name != self.region)

    @property
    def home(self) -> str:
        """The region that the workload names first."""
        return self.workload.regions[0]

    @cached_property
    def database_ids(self) -> tuple[str, ...]:
        """`database`, `database2` …: one cluster of each global database."""
        return ("database", *(f"database{number}" for number in range(2, self.databases + 1)))

    def primary(self, number: int) -> str:
        """The region that writes for a global database: each in turn, so that the writers are spread."""
        return self.workload.regions[number % len(self.workload.regions)]

    @cached_property
    def secret(self) -> GlobalSecret:
        """The secret of all global databases, which stands in the home region."""
        return GlobalSecret(
            id=f"{self.home}/secret",
            places=(self.home,),
            home=self.home,
            replicas=tuple(name for name in self.workload.regions if name != self.home),
        )
