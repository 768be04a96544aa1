"""Amazon ECS: the cluster in which services of containers stand. On Fargate it is a name, and no machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import MISSING, Ask, ModuleCall, Running
from groma.architecture import Architecture, Component, Lane

MODULE = "cluster"


@dataclass(frozen=True, kw_only=True)
class ContainerCluster(Component):
    """The cluster; it costs nothing."""

    kind: ClassVar[str] = "container-cluster"
    service: ClassVar[str] = "Amazon ECS"
    icon: ClassVar[str] = "compute/elastic-container-service"
    lane: ClassVar[Lane] = "operations"
    service_roles: ClassVar[tuple[str, ...]] = ("ecs.amazonaws.com",)

    @property
    def label(self) -> str:
        return "ECS cluster"

    @property
    def details(self) -> tuple[str, ...]:
        return ("tasks on Fargate",)

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(MODULE, "container-cluster", {"name": architecture.name})

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        found = ask("ecs", "describe_clusters", clusters=[architecture.name]) or {}
        for cluster in found.get("clusters", ()):
            tasks = f"{cluster.get('runningTasksCount', 0)} tasks run"
            return (Running(self.label, str(cluster["status"]).lower(), tasks),)
        return (Running(self.label, MISSING),)

    def outputs(self) -> dict[str, str]:
        return {"cluster_name": f"module.{MODULE}.name"}
