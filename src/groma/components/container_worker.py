"""Amazon ECS on AWS Fargate for work that no request waits for: tasks that work off a queue."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from groma import catalog
from groma.answers import (
    Alarm,
    Ask,
    BillLine,
    Expression,
    Metric,
    ModuleCall,
    QuotaNeed,
    Ref,
    Runbook,
    Running,
    Value,
)
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.container_alarms import NAMESPACE
from groma.components.container_cluster import MODULE as CLUSTER
from groma.components.container_service import ContainerService, service_runs, task_lines
from groma.components.machine_group import in_zones
from groma.components.pricing import Meter
from groma.components.server_alarms import SHORT_MIN, memory_percent
from groma.components.watching import ELSEWHERE, alarm, running
from groma.quantity import Range


@dataclass(frozen=True, kw_only=True)
class ContainerWorker(Component):
    """A service of its own with a fixed number of tasks, of a service's image, settings, rights and ways.

    Attributes:
        beside: the id of that service, whose module makes it.
        worker: which one: `thumbnails`.
        image: what each task runs; command: instead of the image's own.
        environment: what it is told besides; secrets: the variables that hold some, of the service.
        tasks: that run at all times, evenly in all zones.
        step: what each task is, of Fargate's steps of CPU and memory.
        working_gib: memory that it was planned to need.
        log_gb_per_month: what the tasks print; log_days: for how long it is kept.
    """

    kind: ClassVar[str] = "container-worker"
    service: ClassVar[str] = "Amazon ECS on AWS Fargate"
    icon: ClassVar[str] = "compute/fargate"
    lane: ClassVar[Lane] = "application"
    one_per_place: ClassVar[bool] = True
    service_roles: ClassVar[tuple[str, ...]] = ("ecs.amazonaws.com",)
    noun: ClassVar[str] = ContainerService.noun
    times_rolling: ClassVar[int] = ContainerService.times_rolling

    beside: str
    worker: str
    image: str
    command: Sequence[str]
    environment: Mapping[str, Value] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    tasks: int
    step: catalog.FargateSize
    working_gib: float
    log_gb_per_month: Range
    log_days: int

    @property
    def label(self) -> str:
        return f"{self.worker} workers"

    @property
    def member(self) -> str:
        return f"{self.worker} worker"

    @property
    def details(self) -> tuple[str, ...]:
        step = self.step
        return (f"{self.tasks} × {step.vcpu:g} vCPU {step.memory_gb:g} GB", step.arch)

    @property
    def name_in_module(self) -> Ref:
        """Where the module says what its service is called."""
        return Ref(f'module.{self.beside}.worker_service_names["{self.worker}"]')

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        return task_lines(meter, self.tasks, self.step, self.log_gb_per_month, self.log_days)

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        return (in_zones(self, architecture, self.tasks),)

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("fargate-vcpus", self.tasks * self.step.vcpu),)

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return (self._short(max(len(architecture.zones_of(self)), 1)), self._memory())

    def _of(self) -> dict[str, str | Ref]:
        return {"ClusterName": Ref(f"module.{CLUSTER}.name"), "ServiceName": self.name_in_module}

    def _short(self, zones: int) -> Alarm:
        """Fewer than are wanted: each task tells its CPU once a minute, by which they are counted."""
        least = self.tasks - math.ceil(self.tasks / zones) if zones > 1 else self.tasks
        return alarm(
            self.id,
            "short",
            f"fewer {self.worker} workers run than were planned",
            f"{self.tasks} tasks are wanted at all times, in {zones} zones, and a lost one leaves {least}; "
            f"for {SHORT_MIN} min fewer than {self.tasks} run",
            Expression(
                "workers that run, tasks",
                "IF(running > 0, running, 0)",
                {"running": Metric(NAMESPACE, "CPUUtilization", "SampleCount", self._of())},
            ),
            ("<", self.tasks, SHORT_MIN),
            running("ticket"),
            Runbook(
                "Messages wait longer, and are done once the workers are back. No data: none runs at all.",
                "Events of the service: has AWS no capacity, has the account no vCPUs left (quota), can the "
                f"image not be pulled, or does the command of {self.worker} end? Its log group says why.",
                "Mend what ends; a release that does not start is taken back by the circuit breaker. For a "
                "quota, ask in Service Quotas, AWS Fargate.",
            ),
        )

    def _memory(self) -> Alarm:
        step = self.step
        limit = memory_percent(self.working_gib, step.memory_gb)
        return alarm(
            self.id,
            "memory",
            f"the {self.worker} workers use over {limit} % of their memory",
            f"the working set of {self.working_gib:g} GiB was planned in the {step.memory_gb:g} GiB of "
            f"{step.name}; halfway from the one to the other something grows that should not",
            Metric(NAMESPACE, "MemoryUtilization", "Maximum", self._of(), 300),
            (">", limit, 2),
            ELSEWHERE,
            Runbook(
                "Nothing yet; when a task's memory is used up it is killed, and its message is tried again.",
                "Since when: does it grow with the hours (a leak) or with the messages? Was a task stopped "
                "with OutOfMemoryError (events of the service)?",
                "Of a leak, start all tasks anew: `aws ecs update-service --force-new-deployment`. Else "
                "raise load.app_working_gib in the workload file.",
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        worker: dict[str, Value] = {
            "command": list(self.command),
            "environment": self.environment,
            "count": self.tasks,
            "cpu": self.step.cpu_units,
            "memory_mib": self.step.memory_mib,
        }
        return ModuleCall(self.beside, ContainerService.tier_module, {"workers": {self.worker: worker}})

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        name = f"{architecture.name}-{self.beside}-{self.worker}"
        return service_runs(self.label, architecture.name, name, ask)

    def outputs(self) -> dict[str, str]:
        return {f"{self.id.replace('-', '_')}_service_name": self.name_in_module.expression}
