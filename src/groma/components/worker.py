"""AWS Lambda behind a queue or a clock: a function that no request waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.architecture import Lane
from groma.components.function import LambdaFunction
from groma.components.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class Worker(LambdaFunction):
    """A function that stands beside its queue, or where a region is kept in order when the clock calls it."""

    kind: ClassVar[str] = "worker"

    @property
    def lane(self) -> Lane:  # type: ignore[override]
        return "operations" if self.trigger is None else "asynchronous"


@dataclass(frozen=True, kw_only=True)
class HousekeepingSchedule(Schedule):
    """The clock of a worker that keeps a region in order."""

    lane: ClassVar[Lane] = "operations"
