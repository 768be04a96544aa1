"""Amazon ECS on AWS Fargate: equal tasks of one image over several zones that come and go with the load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from groma import catalog
from groma.answers import MISSING, Alarm, Ask, BillLine, ModuleCall, QuotaNeed, Ref, Running, Value
from groma.architecture import Architecture, Lane
from groma.components.connection_secret import MODULE as CONNECTION
from groma.components.container_alarms import container_alarms
from groma.components.container_cluster import MODULE as CLUSTER
from groma.components.machine_group import TRACKING_ALARMS, MachineGroup
from groma.components.pricing import Meter, tracking_alarms
from groma.quantity import Range

AGENT_MIB = 128
"""Of a task's memory, for the CloudWatch agent that takes traces: a guess; what it is often given."""
GRACE_S = 120
"""For which a new task may fail its health check: the application starts within, once its image is there."""


@dataclass(frozen=True, kw_only=True)
class ContainerService(MachineGroup):
    """A service with its task definition.

    Attributes:
        tasks: running on average over the day.
        peak_per_s: requests per second at the likely peak.
        image: what each task runs; entry_point, command: what it runs instead of the image's own.
        environment: what it is told; secrets: variable → where its value lies, as the module takes it.
        labels: of the containers: tasks are started anew when one changes.
        port: on which the tasks answer.
        health_check_path: answered with 200 by a task that can serve.
        writes: objects of S3 that the tasks may put, as the module takes them.
        migration: what is run once for each release before tasks serve; nothing when empty.
        grace_s: for which the health of a new task does not count.
        policies: what they and their workers may do besides, as policies in JSON by name.
        runs: what is run at times beside them, by name, as the module takes it.
        log_gb_per_month: what the tasks print; log_days: for how long it is kept.
    """

    kind: ClassVar[str] = "container-service"
    service: ClassVar[str] = "Amazon ECS on AWS Fargate"
    icon: ClassVar[str] = "compute/fargate"
    lane: ClassVar[Lane] = "application"
    one_per_place: ClassVar[bool] = True
    service_roles: ClassVar[tuple[str, ...]] = (
        "ecs.amazonaws.com",
        "ecs.application-autoscaling.amazonaws.com",
    )
    tier_module: ClassVar[str] = "container-tier"
    let_in: ClassVar[str] = "task_security_group_id"
    noun: ClassVar[str] = "task"
    times_rolling: ClassVar[int] = 2
    replaced_by: ClassVar[str] = "the service"
    activity: ClassVar[str] = "the events of the service"
    start_log: ClassVar[str] = "the events of the service and its log group, /ecs/ and its name"
    log: ClassVar[str] = "the log group of the service, /ecs/ and its name"

    tasks: Range
    peak_per_s: float
    image: str
    port: int
    health_check_path: str
    environment: Mapping[str, Value]
    secrets: Mapping[str, Value] = field(default_factory=dict)
    labels: Mapping[str, Value] = field(default_factory=dict)
    entry_point: Sequence[str] = ()
    command: Sequence[str] = ()
    writes: Mapping[str, Value] = field(default_factory=dict)
    policies: Mapping[str, Value] = field(default_factory=dict)
    runs: Mapping[str, Value] = field(default_factory=dict)
    migration: Sequence[str] = ()
    grace_s: int = GRACE_S
    log_gb_per_month: Range
    log_days: int = 30

    @property
    def step(self) -> catalog.FargateSize:
        """CPU, memory and architecture of each task."""
        return catalog.fargate_size(self.size.choice.name)

    @property
    def label(self) -> str:
        return f"{self.id.rpartition('/')[2]} tasks"

    @property
    def member(self) -> str:
        return f"{self.id.rpartition('/')[2]} task"

    @property
    def details(self) -> tuple[str, ...]:
        step = self.step
        return (
            f"{self.size.min}–{self.size.max} × {step.vcpu:g} vCPU {step.memory_gb:g} GB",
            f"{step.arch} · {self.size.cpu_target_percent} % CPU",
            *(["traces to X-Ray"] if self.traced else []),
        )

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        tasks = task_lines(meter, self.tasks, self.step, self.log_gb_per_month, self.log_days)
        return (*tasks, *self.traces(meter), tracking_alarms(meter, TRACKING_ALARMS))

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        size, vcpu = self.size, self.step.vcpu
        return (
            QuotaNeed("fargate-vcpus", size.max * vcpu, size.desired * vcpu),
            QuotaNeed("targets", size.max, size.desired, each=True),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return container_alarms(self, max(len(architecture.zones_of(self)), 1))

    def module(self, architecture: Architecture) -> ModuleCall:
        step = self.step
        tasks: dict[str, Value] = {
            "cluster_arn": Ref(f"module.{CLUSTER}.arn"),
            "subnet_ids": Ref("values(module.network.private_subnet_ids)"),
            "cpu": step.cpu_units,
            "memory_mib": step.memory_mib,
            "architecture": step.arch,
            "min": self.size.min,
            "desired": self.size.desired,
            "max": self.size.max,
            "port": self.port,
            "health_check_path": self.health_check_path,
            "cpu_target_percent": self.size.cpu_target_percent,
            "grace_seconds": self.grace_s,
        }
        container: dict[str, Value] = {
            "image": self.image,
            **({"entry_point": list(self.entry_point)} if self.entry_point else {}),
            **({"command": list(self.command)} if self.command else {}),
            "environment": self.environment,
            **({"secrets": self.secrets} if self.secrets else {}),
            **({"labels": self.labels} if self.labels else {}),
        }
        return ModuleCall(
            self.id,
            self.tier_module,
            {
                "tasks": tasks,
                "container": container,
                **({"writes": self.writes} if self.writes else {}),
                **({"migration": self._migration()} if self.migration else {}),
                **({"agent": {"memory_mib": AGENT_MIB}} if self.traced else {}),
                **({"policies": self.policies} if self.policies else {}),
                **({"runs": self.runs} if self.runs else {}),
                "kms_key_arn": Ref("module.key.arn"),
                "log_retention_days": self.log_days,
            },
        )

    def _migration(self) -> dict[str, Value]:
        return {
            "command": list(self.migration),
            "database_url": Ref(f'"${{module.{CONNECTION}.arn}}:url::"'),
        }

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        return service_runs(self.label, architecture.name, f"{architecture.name}-{self.id}", ask)

    def outputs(self) -> dict[str, str]:
        return {f"{self.id}_service_name": f"module.{self.id}.service_name"}


def task_lines(
    meter: Meter, tasks: Range | float, step: catalog.FargateSize, log_gb_per_month: Range, log_days: int
) -> tuple[BillLine, ...]:
    """What tasks cost that run on average, each of a step of Fargate, and what they print."""
    vcpu, memory = step.price_keys()
    stored = log_gb_per_month * (log_days / 30)
    return (
        meter.hours("vCPUs of the tasks", tasks * step.vcpu, "fargate", vcpu, step.name),
        meter.hours("memory of the tasks", tasks * step.memory_gb, "fargate", memory, step.name),
        meter.volume("logs taken in", log_gb_per_month, "cloudwatch", "logs_ingest_standard"),
        meter.monthly("logs stored", stored, "cloudwatch", "logs_storage", f"{log_days} days"),
    )


def service_runs(label: str, cluster: str, service: str, ask: Ask) -> tuple[Running, ...]:
    """How many tasks of a service run, and by which task definition."""
    found = ask("ecs", "describe_services", cluster=cluster, services=[service]) or {}
    for each in found.get("services", ()):
        state = f"{each['runningCount']} of {each['desiredCount']} run"
        return (Running(label, state, str(each["taskDefinition"]).rpartition("/")[2]),)
    return (Running(label, MISSING),)
