"""Amazon SQS for work that no request waits for: a queue that processes on servers, or tasks, work off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, Ask, BillLine, ModuleCall, Runbook, Running
from groma.architecture import Architecture, Component, Lane
from groma.components.messaging import (
    CALLS_PER_MESSAGE,
    KEPT_DAYS,
    LONGEST_FACTOR,
    DeadLetters,
    waiting,
    waits_too_long,
)
from groma.components.pricing import Meter
from groma.quantity import Range

MODULE = "work-queue"
POLL_S = 20
"""An empty answer to a process that waits for messages comes after so many seconds."""


@dataclass(frozen=True, slots=True)
class Runner:
    """What runs the workers of a queue, as runbooks speak of it, with a hole for the worker's name.

    Attributes:
        look: whether they run, and what they print; log: where that is, of a message that failed.
    """

    look: str
    log: str


SERVERS = Runner(
    "On an application server `systemctl status 'worker-{0}@*'` and its journal: do the workers run, do they "
    "fail? Are the servers busy?",
    "the journal of `worker-{0}@*` at the time",
)
TASKS = Runner(
    "Events and log group of the service of the {0} workers: do its tasks run, do they fail? Are they busy "
    "(CPUUtilization of the service)?",
    "the log group of the {0} workers at the time",
)


def call_of(worker: str) -> str:
    """The name of the call of the module that makes a worker's queue."""
    return f"queue_{worker.replace('-', '_')}"


@dataclass(frozen=True, kw_only=True)
class WorkQueue(Component):
    """A queue that workers take messages from.

    Attributes:
        worker: which one: `thumbnails`.
        runner: what runs them.
        messages_per_month: that are put in.
        pollers: processes that wait for messages, all together.
        within_s: within which a message is to be done.
        timeout_s: that one try may take.
        tries: how often a message is tried.
    """

    kind: ClassVar[str] = "queue"
    service: ClassVar[str] = "Amazon SQS"
    icon: ClassVar[str] = "integration/simple-queue-service-sqs"
    lane: ClassVar[Lane] = "asynchronous"

    worker: str
    messages_per_month: Range
    pollers: Range
    within_s: int
    timeout_s: int
    tries: int
    runner: Runner = SERVERS

    @property
    def label(self) -> str:
        return f"{self.worker} queue"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"done within {self.within_s:,} s",)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        polls = self.pollers * (meter.terms.month.hours * 3600 / POLL_S)
        calls = self.messages_per_month * (CALLS_PER_MESSAGE * meter.terms.month.share) + polls
        note = f"{CALLS_PER_MESSAGE} a message, and one in {POLL_S} s of each process that finds none"
        return (meter.monthly("requests", calls, "sqs", "standard_request", note),)

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        longest = max(self.within_s, self.timeout_s)
        return (
            waits_too_long(
                self,
                f"module.{call_of(self.worker)}.queue_name",
                longest,
                f"{LONGEST_FACTOR:g} times {longest:,} s, the longer of {self.within_s:,} s within which it "
                f"was promised and {self.timeout_s:,} s that one try may take; for 5 min",
                Runbook(
                    f"What users asked for comes late: {self.within_s:,} s were promised.",
                    self.runner.look.format(self.worker),
                    "Mend the worker: messages are kept for days and done then. More than planned: "
                    f"more `processes` of {self.worker}, then `groma up`.",
                ),
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            call_of(self.worker),
            MODULE,
            {
                "name": f"{architecture.name}-{self.worker}",
                "timeout_s": self.timeout_s,
                "max_receive_count": self.tries,
            },
        )

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        return waiting(self.label, f"{architecture.name}-{self.worker}", ask)

    def outputs(self) -> dict[str, str]:
        call = call_of(self.worker)
        return {f"{call}_url": f"module.{call}.url"}


@dataclass(frozen=True, kw_only=True)
class SetAside(DeadLetters):
    """The dead letters of a queue that workers take from.

    Attributes:
        worker: which one: `thumbnails`.
        tries: how often a message was tried before.
        runner: what runs the workers.
    """

    worker: str
    tries: int
    runner: Runner = SERVERS

    @property
    def label(self) -> str:
        return f"{self.worker} dead letters"

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        name = f"module.{call_of(self.worker)}.dead_letter_name"
        return (
            self.one_is_there(
                name,
                self.tries,
                f"no {self.worker} worker could do a message",
                Runbook(
                    "What one user asked for has not been done, and will not be.",
                    f"The message, and {self.runner.log.format(self.worker)}: which error?",
                    "Mend the worker, then start a redrive of the dead-letter queue. A message that is wrong "
                    f"itself can be deleted; it is kept for {KEPT_DAYS} days.",
                ),
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(call_of(self.worker), MODULE)

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        return waiting(self.label, f"{architecture.name}-{self.worker}-dead-letter", ask)

    def outputs(self) -> dict[str, str]:
        call = call_of(self.worker)
        return {f"{call}_dead_letter_url": f"module.{call}.dead_letter_url"}
