"""AWS Lambda: code that runs when it is called, in as many environments as there are calls at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from groma.answers import (
    MISSING,
    Alarm,
    Ask,
    BillLine,
    ModuleCall,
    QuotaNeed,
    Ref,
    Running,
    Uptime,
    Value,
)
from groma.architecture import Architecture, Component, Finding, Lane
from groma.catalog import fact, sla
from groma.components.function_alarms import MOST_OF_TIMEOUT, function_alarms
from groma.components.pricing import Meter
from groma.quantity import ZERO, Range
from groma.sizing.values import FunctionSize

LOG_DAYS = 30
TRACED_SHARE = 0.05
"""X-Ray's own rule: one call a second, and of the rest one in twenty."""


@dataclass(frozen=True)
class Trigger:
    """A queue that calls a function: its ARN as a Terraform expression, and messages in one call."""

    queue: str
    batch_size: int


@dataclass(frozen=True, kw_only=True)
class LambdaFunction(Component):
    """One function with its role, log and traces.

    Attributes:
        name: its role: `fan-out`; the deployed name is the stack's and this.
        purpose: what it does, one sentence.
        size: memory, processor and concurrency.
        handler, runtime, timeout_s: as Lambda takes them.
        environment: variables that the code reads.
        statements: what it may do: actions on resources.
        trigger: the queue that calls it; None when something else does.
        reserved: calls at once that are kept free for it and that it may not pass; None for no bound.
        calls_per_month: how often it is called.
        log_kib: logs of one call.
        error_budget: share of calls that may fail.
        package: path below the Terraform root of its code.
        answers: whether a request waits for it.
    """

    kind: ClassVar[str] = "function"
    service: ClassVar[str] = "AWS Lambda"
    icon: ClassVar[str] = "compute/lambda"
    lane: ClassVar[Lane] = "application"

    name: str
    purpose: str
    size: FunctionSize
    handler: str
    runtime: str
    timeout_s: int
    environment: Mapping[str, Value]
    statements: Sequence[Mapping[str, Value]]
    trigger: Trigger | None
    reserved: int | None
    calls_per_month: Range
    log_kib: Range
    error_budget: float
    package: str
    answers: bool = False

    @property
    def module_name(self) -> str:
        """The name of its Terraform call."""
        return self.id.replace("-", "_")

    @property
    def label(self) -> str:
        return f"{self.name} function"

    @property
    def details(self) -> tuple[str, ...]:
        most = self.most_at_once
        return (self.size.choice.name, f"up to {most:,} at once" if most > 1 else "one at a time")

    @property
    def most_at_once(self) -> int:
        """Calls at once that it is allowed."""
        return self.reserved or self.size.concurrency_high

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, calls, choice = Meter(self.id, architecture), self.calls_per_month, self.size.choice
        arm = choice.processor == "arm64"
        request, second = ("requests_arm", "gb_second_arm") if arm else ("requests", "gb_second_x86")
        time = calls * (self.size.billed_ms / 1000 * choice.memory_mib / 1024)
        logs = calls * self.log_kib * (1024 / 1e9)
        return (
            meter.volume("calls", calls, "lambda", request),
            meter.volume(
                "time", time, "lambda", second,
                f"{self.size.billed_ms:,.1f} ms of {choice.memory_mib:,} MB a call, cold starts included",
            ),
            meter.volume("logs taken in", logs, "cloudwatch", "logs_ingest_standard"),
            meter.monthly("logs stored", logs, "cloudwatch", "logs_storage", f"{LOG_DAYS} days"),
            *self._traces(meter),
        )  # fmt: skip

    def _traces(self, meter: Meter) -> tuple[BillLine, ...]:
        """Traces of all functions, on the bill of the first."""
        functions = meter.architecture.of_type(LambdaFunction)
        if functions[0].id != self.id:
            return ()
        calls = sum((each.calls_per_month for each in functions), ZERO)
        traces = calls * TRACED_SHARE
        return (meter.volume("traces of all functions", traces, "xray", "traces_recorded", "kept by X-Ray"),)

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        """Calls at once: those that are reserved are taken from the account at once."""
        return (QuotaNeed("lambda-concurrency", self.most_at_once, self.reserved or 0),)

    def uptime(self, architecture: Architecture) -> Uptime | None:
        if not self.answers:
            return None
        return Uptime(self.id, sla("lambda").availability, "agreement for Lambda")

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        functions = architecture.of_type(LambdaFunction)
        own = (self._ends_in_time(),)
        return (*own, _burst(functions)) if functions[0].id == self.id else own

    def _ends_in_time(self) -> Finding:
        longest = self.size.latency_ms["p99"] / 1000
        return Finding(
            id=f"{self.id}-timeout",
            what=f"{self.label}: 99 of 100 calls end well before they are broken off",
            expected=f"within {MOST_OF_TIMEOUT:.0%} of {self.timeout_s} s",
            actual=f"{longest:.2f} s",
            ok=longest <= MOST_OF_TIMEOUT * self.timeout_s,
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return function_alarms(self, architecture)

    def module(self, architecture: Architecture) -> ModuleCall:
        arguments: dict[str, Value] = {
            "name": f"{architecture.name}-{self.name}",
            "description": self.purpose,
            "package": Ref(f'"${{path.module}}/{self.package}"'),
            "handler": self.handler,
            "runtime": self.runtime,
            "architecture": self.size.choice.processor,
            "memory_mib": self.size.choice.memory_mib,
            "timeout_s": self.timeout_s,
            "environment": dict(self.environment),
            "statements": list(self.statements),
            "kms_key_arn": Ref("module.key.arn"),
            "log_retention_days": LOG_DAYS,
        }
        if self.reserved is not None:
            arguments["reserved_concurrency"] = self.reserved
        if self.trigger is not None:
            arguments["event_source"] = {
                "queue_arn": Ref(self.trigger.queue),
                "batch_size": self.trigger.batch_size,
                "maximum_concurrency": max(2, self.size.concurrency_high),
            }
        return ModuleCall(self.module_name, "function", arguments)

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        name = f"{architecture.name}-{self.name}"
        found = ask("lambda", "get_function_configuration", FunctionName=name)
        if found is None:
            return (Running(self.label, MISSING),)
        return (Running(self.label, str(found.get("State", "Active")), f"{found['MemorySize']} MB"),)

    def outputs(self) -> dict[str, str]:
        return {f"{self.module_name}_name": f"module.{self.module_name}.name"}


def _burst(functions: tuple[LambdaFunction, ...]) -> Finding:
    """Whether Lambda makes new environments as fast as the busiest function needs them."""
    step = fact("lambda.scaling_environments_per_10s").value
    fastest = max(functions, key=lambda each: each.size.concurrency_high)
    return Finding(
        id="functions-burst",
        what="a burst finds new environments fast enough",
        expected=f"at most {step:,.0f} more in 10 s for one function",
        actual=f"{fastest.size.concurrency_high:,} for the {fastest.label}",
        ok=fastest.size.concurrency_high <= step,
        severity="warning",
        hint="provisioned concurrency keeps environments ready",
    )
