"""Amazon EventBridge Scheduler: calls a function from time to time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import ModuleCall, Ref
from groma.architecture import Architecture, Component, Lane

UNIT_S = {"minute": 60, "hour": 3600, "day": 86_400}


def every_s(expression: str) -> int:
    """Seconds between two calls of `rate(5 minutes)`."""
    count, unit = expression.removeprefix("rate(").removesuffix(")").split()
    return int(count) * UNIT_S[unit.removesuffix("s")]


@dataclass(frozen=True, kw_only=True)
class Schedule(Component):
    """One schedule. Its calls are far fewer than those that AWS gives for free.

    Attributes:
        expression: when, in UTC: `rate(5 minutes)`.
        function: name of the Terraform call of the function that it calls.
        what: what is done then, in a few words.
    """

    kind: ClassVar[str] = "schedule"
    service: ClassVar[str] = "Amazon EventBridge"
    icon: ClassVar[str] = "integration/eventbridge-scheduler"
    lane: ClassVar[Lane] = "asynchronous"

    expression: str
    function: str
    what: str

    @property
    def label(self) -> str:
        return f"{self.id.rpartition('/')[2]} schedule"

    @property
    def every_s(self) -> int:
        """Seconds between two calls."""
        return every_s(self.expression)

    @property
    def details(self) -> tuple[str, ...]:
        every = self.expression.removeprefix("rate(").removesuffix(")")
        return (f"every {every}",)

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            "schedule",
            "schedule",
            {
                "name": f"{architecture.name}-{self.id}",
                "description": self.what,
                "expression": self.expression,
                "window_minutes": 0,
                "function_arn": Ref(f"module.{self.function}.arn"),
            },
        )

    def outputs(self) -> dict[str, str]:
        return {"schedule_name": "module.schedule.name"}
