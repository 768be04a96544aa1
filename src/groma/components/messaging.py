"""Amazon SNS and SQS: what is told once, kept until it is done, and set aside when it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import (
    MISSING,
    Alarm,
    Ask,
    BillLine,
    Metric,
    Missing,
    ModuleCall,
    QuotaNeed,
    Ref,
    Runbook,
    Running,
    Value,
    in_region,
)
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.pricing import Meter
from groma.components.watching import EVENTS, alarm
from groma.quantity import ZERO, Range

POLLS_PER_S = 0.25
"""Empty answers per second to a poller of Lambda: it waits 20 seconds for a message, five at a time."""
CALLS_PER_MESSAGE = 3
"""Sent, received and deleted, each for itself; batches need fewer."""
LONGEST_FACTOR = 1.5
KEPT_DAYS = 14
"""For which a message that was set aside is kept."""
QUIET = Missing("notBreaching", "a queue in which nothing was for six hours publishes nothing")


@dataclass(frozen=True, kw_only=True)
class Topic(Component):
    """A topic whose messages go to the queues that listen.

    Attributes:
        topic: its role: `posted`, also the name of its Terraform call.
        messages_per_month: messages published.
        bucket: Terraform expression of the ARN of the bucket that may publish; empty for none.
        what: what a message tells, in a few words.
        listening: role of the queue in each of `elsewhere`, other regions, that gets its messages, too.
        sent_gb_per_month: bytes to each of these.
    """

    kind: ClassVar[str] = "topic"
    service: ClassVar[str] = "Amazon SNS"
    icon: ClassVar[str] = "integration/simple-notification-service-sns"
    lane: ClassVar[Lane] = "asynchronous"

    topic: str
    messages_per_month: Range
    what: str
    bucket: str = ""
    listening: str = ""
    elsewhere: tuple[str, ...] = ()
    sent_gb_per_month: Range = ZERO

    @property
    def label(self) -> str:
        return f"{self.topic} topic"

    @property
    def details(self) -> tuple[str, ...]:
        return (self.what,)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, note = Meter(self.id, architecture), "delivery to SQS is free"
        published = meter.volume("messages published", self.messages_per_month, "sns", "api_requests", note)
        if not self.elsewhere:
            return (published,)
        sent, note = self.sent_gb_per_month * len(self.elsewhere), "SNS to SQS, as all that leaves a region"
        item = "messages to queues of other regions"
        return (published, meter.volume(item, sent, "datatransfer", "inter_region_out", note))

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        """Messages at the peak, one for each that is sent to it."""
        per_s = sum(link.peak_per_s or 0 for link in architecture.links if link.target == self.id)
        return (QuotaNeed("published", round(per_s)),)

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return (
            Alarm(
                id=f"{self.id}-undelivered",
                component=self.id,
                title=f"messages of the {self.topic} topic are not delivered",
                severity="ticket",
                derived_from="0 may be lost; the queues let the topic in by their policies and key",
                watches=Metric(
                    "AWS/SNS",
                    "NumberOfNotificationsFailed",
                    "Sum",
                    {"TopicName": Ref(f"module.{self.topic}.topic_name")},
                ),
                comparison=">",
                threshold=0,
                evaluation_periods=5,
                datapoints=1,
                missing=EVENTS,
                runbook=Runbook(
                    f"What follows when {self.what} does not happen, and is not tried again for ever.",
                    "The policy of the queue and of its key: may the topic use both? `groma verify` compares "
                    "them.",
                    "`groma up` writes both anew. What was lost meanwhile has to be told again.",
                ),
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        arguments: dict[str, Value] = {
            "name": f"{architecture.name}-{self.topic}",
            "kms_key_arn": Ref("module.key.arn"),
        }
        if self.bucket:
            arguments["bucket_arns"] = [Ref(self.bucket)]
        if self.elsewhere:
            arguments["queues_elsewhere"] = {
                region: Ref(f'{in_region(self.topic, region)}.queue_arns["{self.listening}"]')
                for region in self.elsewhere
            }
        return ModuleCall(self.topic, "fan-out", arguments)

    def outputs(self) -> dict[str, str]:
        return {f"{self.topic}_topic_arn": f"module.{self.topic}.topic_arn"}


@dataclass(frozen=True, kw_only=True)
class Queue(Component):
    """A queue that gets every message of a topic and calls a function with them.

    Attributes:
        queue: its role: `fan-out`.
        topic: role of the topic that fills it.
        messages_per_month: messages that pass it.
        function_timeout_s: of the function that takes from it; a message is hidden six times as long.
        max_receives: how often a message is tried.
        goal_s: within which a message is to be done.
        largest: the largest piece of work, in words and in seconds; None where all are alike.
        elsewhere: other regions whose topic of the same role fills it, too.
    """

    kind: ClassVar[str] = "queue"
    service: ClassVar[str] = "Amazon SQS"
    icon: ClassVar[str] = "integration/simple-queue-service-sqs"
    lane: ClassVar[Lane] = "asynchronous"

    queue: str
    topic: str
    messages_per_month: Range
    function_timeout_s: int
    max_receives: int
    goal_s: float
    largest: tuple[str, float] | None = None
    elsewhere: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.queue} queue"

    @property
    def tail(self) -> str:
        """How its deployed name ends, after the topic's."""
        return self.queue

    @property
    def details(self) -> tuple[str, ...]:
        return (f"done within {self.goal_s:g} s",)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        polls = POLLS_PER_S * meter.terms.month.hours * 3600
        calls = self.messages_per_month * (CALLS_PER_MESSAGE * meter.terms.month.share) + polls
        note = f"{CALLS_PER_MESSAGE} a message, and {POLLS_PER_S:g}/s that find none"
        return (meter.monthly("requests", calls, "sqs", "standard_request", note),)

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        longest = max(self.goal_s, self.function_timeout_s)
        return (
            waits_too_long(
                self,
                self.of("queue_names"),
                longest,
                f"{LONGEST_FACTOR:g} times {longest:g} s, the longer of {self.goal_s:g} s within which it "
                f"was promised and {self.function_timeout_s} s that its function may take; for 5 min",
                Runbook(
                    f"What users did is seen late: {self.goal_s:g} s were promised.",
                    f"Alarms of the {self.queue} function: does it fail, is it turned away, is it slow? "
                    "Messages in flight: does anything take them at all?",
                    "Mend the function: messages are kept for days and done then. More than planned: `groma "
                    "up` with the new load.",
                ),
            ),
        )

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        if self.largest is None:
            return ()
        what, seconds = self.largest
        return (
            Finding(
                id=f"{self.id}-largest",
                what=f"{what} in time",
                expected=f"within {self.goal_s:g} s",
                actual=f"{seconds:,.1f} s",
                ok=seconds <= self.goal_s,
                severity="warning",
                hint="raise slo.freshness_s, or let such accounts be read when a timeline is read",
            ),
        )

    def of(self, output: str) -> str:
        """The Terraform expression of one of the queue's outputs: `queue_arns`, `queue_urls` …"""
        return f'module.{self.topic}.{output}["{self.queue}"]'

    def module(self, architecture: Architecture) -> ModuleCall:
        own = {"function_timeout_s": self.function_timeout_s, "max_receive_count": self.max_receives}
        arguments: dict[str, Value] = {"queues": {self.queue: own}}
        if self.elsewhere:
            arguments["topic_arns_elsewhere"] = [
                Ref(f"{in_region(self.topic, region)}.topic_arn") for region in self.elsewhere
            ]
        return ModuleCall(self.topic, "fan-out", arguments)

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        return waiting(self.label, f"{architecture.name}-{self.topic}-{self.tail}", ask)

    def outputs(self) -> dict[str, str]:
        return {f"{self.queue.replace('-', '_')}_queue_url": self.of("queue_urls")}


@dataclass(frozen=True, kw_only=True)
class DeadLetters(Component):
    """Where a message goes that could not be done, until a person has looked at it."""

    kind: ClassVar[str] = "dead-letter-queue"
    service: ClassVar[str] = "Amazon SQS"
    icon: ClassVar[str] = "integration/simple-queue-service-sqs-queue"
    lane: ClassVar[Lane] = "asynchronous"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"kept {KEPT_DAYS} days · alarm",)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, note = Meter(self.id, architecture), "meant to be empty"
        return (meter.volume("requests", Range(0, 0, 1_000), "sqs", "standard_request", note),)

    def one_is_there(self, name: str, tries: int, title: str, runbook: Runbook) -> Alarm:
        """The alarm on the first message; `name` is the Terraform expression of the queue's name."""
        return alarm(
            self.id,
            "messages",
            title,
            f"1 is too many: it was tried {tries} times, and nobody tries it again",
            Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", {"QueueName": Ref(name)}),
            (">=", 1, 1),
            QUIET,
            runbook,
        )


@dataclass(frozen=True, kw_only=True)
class DeadLetterQueue(DeadLetters):
    """The dead letters of a queue that a topic fills.

    Attributes:
        queue: role of the queue that it belongs to.
        topic: role of the topic that fills that queue.
        max_receives: how often a message was tried before.
    """

    queue: str
    topic: str
    max_receives: int

    @property
    def label(self) -> str:
        return f"{self.queue} dead letters"

    @property
    def tail(self) -> str:
        """How its deployed name ends, after the topic's."""
        return f"{self.queue}-dead-letter"

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        name = f'module.{self.topic}.dead_letter_names["{self.queue}"]'
        return (
            self.one_is_there(
                name,
                self.max_receives,
                f"the {self.queue} function could not do a message",
                Runbook(
                    "What one user did has no effect, and will have none.",
                    f"The message, and the {self.queue} function's log at the time that it was sent: which "
                    "error?",
                    "Mend the function, then start a redrive of the dead-letter queue. A message that is "
                    f"wrong itself can be deleted; it is kept for {KEPT_DAYS} days.",
                ),
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(self.topic, "fan-out", {"queues": {self.queue: {}}})

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        return waiting(self.label, f"{architecture.name}-{self.topic}-{self.tail}", ask)

    def outputs(self) -> dict[str, str]:
        expression = f'module.{self.topic}.dead_letter_urls["{self.queue}"]'
        return {f"{self.queue.replace('-', '_')}_dead_letter_url": expression}


def waits_too_long(
    queue: Component, name: str, longest_s: float, derived_from: str, runbook: Runbook
) -> Alarm:
    """The alarm on a queue whose oldest message is older than `LONGEST_FACTOR` times `longest_s`.

    Args:
        name: the Terraform expression of the queue's name.
    """
    return alarm(
        queue.id,
        "age",
        f"messages wait too long in the {queue.label}",
        derived_from,
        Metric("AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum", {"QueueName": Ref(name)}),
        (">=", LONGEST_FACTOR * longest_s, 5),
        QUIET,
        runbook,
        "page",
    )


def waiting(label: str, name: str, ask: Ask) -> tuple[Running, ...]:
    """A queue with the messages that wait in it."""
    found = ask("sqs", "get_queue_url", QueueName=name)
    if found is None:
        return (Running(label, MISSING),)
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = ask("sqs", "get_queue_attributes", QueueUrl=found["QueueUrl"], AttributeNames=counts) or {}
    waiting, taken = (int(answer.get("Attributes", {}).get(count, 0)) for count in counts)
    return (Running(label, f"{waiting} waiting", f"{taken} being done" if taken else ""),)
