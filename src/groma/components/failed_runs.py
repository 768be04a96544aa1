"""Amazon SQS: where a run at times that could not be started, or failed, is told and kept."""

from __future__ import annotations

from dataclasses import dataclass

from groma.answers import Alarm, Ask, ModuleCall, Runbook, Running
from groma.architecture import Architecture
from groma.components.messaging import KEPT_DAYS, DeadLetters, waiting
from groma.components.timed_task import MODULE

ID = "failed-runs"


@dataclass(frozen=True, kw_only=True)
class FailedRuns(DeadLetters):
    """What became of runs that could not be started, or ended with an error.

    Attributes:
        runs: by name, what is started by the clock.
    """

    runs: tuple[str, ...]

    @property
    def label(self) -> str:
        return "failed runs"

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return (
            self.one_is_there(
                f"module.{MODULE}.failed_name",
                10,
                "a command at times could not be started, or failed",
                Runbook(
                    f"One run of {', '.join(self.runs)} did not do what it is for.",
                    "The message in the queue. With `group` it is of a task that failed: its log group, "
                    f"/ecs/{architecture.name}-app-run- and the name, says why. With ERROR_CODE among its "
                    "attributes none could be started.",
                    "Mend what failed and run it again with `aws ecs run-task`, then delete the message; it "
                    f"is kept for {KEPT_DAYS} days.",
                ),
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(MODULE, "task-schedule")

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        return waiting(self.label, f"{architecture.name}-{ID}", ask)

    def outputs(self) -> dict[str, str]:
        return {
            "failed_runs_url": f"module.{MODULE}.failed_url",
            "failed_runs_rule_name": f"module.{MODULE}.failed_rule_name",
        }
