"""Amazon EventBridge Scheduler with Amazon ECS on AWS Fargate: a task that is started by the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from groma import catalog
from groma.answers import (
    MISSING,
    Alarm,
    Ask,
    BillLine,
    Metric,
    ModuleCall,
    QuotaNeed,
    Ref,
    Runbook,
    Running,
    Value,
)
from groma.application.times import Times
from groma.architecture import Architecture, Component, Lane
from groma.components.container_cluster import MODULE as CLUSTER
from groma.components.container_service import ContainerService, task_lines
from groma.components.heartbeat import missed
from groma.components.pricing import Meter
from groma.quantity import Range
from groma.terms import CALCULATOR_HOURS

MODULE = "schedule"
NAMESPACE = "AWS/Scheduler"
LEAST_PAID_S = 60.0
"""A task is paid from the pull of its image on until it has ended, for a minute at least
(https://aws.amazon.com/fargate/pricing/, read 2026-11-29)."""
PULL_S = 20.0
"""Of that, until the command runs: a guess."""


@dataclass(frozen=True, kw_only=True)
class TimedTask(Component):
    """A command that is run at times by a task of its own, of a service's image, settings, rights and ways.

    Attributes:
        beside: the id of that service, whose module makes the task definition.
        run: which one: `nightly`.
        image: what the task runs; command: instead of the image's own.
        environment: what it is told besides; secrets: the variables that hold some, of the service.
        stated: when, as the file states it; times: what follows from that.
        takes_s: seconds that a run takes.
        step: what the task is, of Fargate's steps of CPU and memory.
        log_gb_per_month: what its runs print; log_days: for how long it is kept.
    """

    kind: ClassVar[str] = "timed-task"
    service: ClassVar[str] = "Amazon EventBridge Scheduler"
    icon: ClassVar[str] = "integration/eventbridge-scheduler"
    lane: ClassVar[Lane] = "asynchronous"
    noun: ClassVar[str] = ContainerService.noun

    beside: str
    run: str
    image: str
    command: Sequence[str]
    environment: Mapping[str, Value] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    stated: str
    times: Times
    takes_s: Range
    step: catalog.FargateSize
    log_gb_per_month: Range
    log_days: int

    @property
    def label(self) -> str:
        return f"{self.run} task"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"{self.stated} UTC", f"{self.step.vcpu:g} vCPU {self.step.memory_gb:g} GB")

    @property
    def paid_s(self) -> Range:
        """Seconds of a run that are paid."""
        return self.takes_s.map(lambda seconds: max(seconds + PULL_S, LEAST_PAID_S))

    @property
    def on_average(self) -> Range:
        """Tasks that run at any time, on average."""
        return self.paid_s * (self.times.per_month / (CALCULATOR_HOURS * 3600))

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        return task_lines(meter, self.on_average, self.step, self.log_gb_per_month, self.log_days)

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("fargate-vcpus", self.step.vcpu),)

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        attempts = Metric(
            NAMESPACE,
            "InvocationAttemptCount",
            "Sum",
            {"ScheduleGroup": Ref(f'module.{MODULE}.group_names["{self.run}"]')},
        )
        found = missed(
            self.id,
            "",
            attempts,
            self.times.longest_gap_s,
            f"the clock starts the task of {self.run} ({self.stated}, UTC)",
            f"the schedule of {self.run} starts no task",
            Runbook(
                f"What {self.run} does is not done, and nothing tells of it but this.",
                f"The schedule {architecture.name}-{self.run} in EventBridge Scheduler: is it there, and "
                "enabled? `groma verify` names what was changed.",
                "`groma up` mends it. What was missed is not made up: `aws ecs run-task` with its task "
                "definition runs it now.",
            ),
        )
        return () if found is None else (found,)

    def module(self, architecture: Architecture) -> ModuleCall:
        """Which task is started when; what it is, the application's module is told by `definition`."""
        schedule: dict[str, Value] = {
            "expression": self.times.aws,
            "task_definition_arn": Ref(f'module.{self.beside}.run_task_definition_arns["{self.run}"]'),
            "description": f"Runs {self.run} of {architecture.name}",
        }
        return ModuleCall(
            MODULE,
            "task-schedule",
            {
                "name": architecture.name,
                "schedules": {self.run: schedule},
                "cluster_arn": Ref(f"module.{CLUSTER}.arn"),
                "subnet_ids": Ref("values(module.network.private_subnet_ids)"),
                "security_group_ids": Ref(f"[module.{self.beside}.task_security_group_id]"),
                "role_arns": Ref(f"module.{self.beside}.role_arns"),
            },
        )

    def definition(self) -> dict[str, Value]:
        """What its task is, as the module of the application's service takes it."""
        return {
            "command": list(self.command),
            "environment": self.environment,
            "cpu": self.step.cpu_units,
            "memory_mib": self.step.memory_mib,
        }

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        name = f"{architecture.name}-{self.run}"
        found = ask("scheduler", "get_schedule", Name=name, GroupName=name)
        if found is None:
            return (Running(self.label, MISSING),)
        return (Running(self.label, str(found["State"]).lower(), str(found["ScheduleExpression"])),)

    def outputs(self) -> dict[str, str]:
        name = self.run.replace("-", "_")
        return {f"schedule_{name}_name": f'module.{MODULE}.schedule_names["{self.run}"]'}
