"""SNS and SQS: who may publish, what a queue gets, how often it tries, and where it sets aside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from groma.architecture import Architecture, Finding, region_code
from groma.components.messaging import KEPT_DAYS, DeadLetterQueue, DeadLetters, Queue, Topic
from groma.live.verify.findings import compare, listed
from groma.live.verify.key import OWN_KEY, encrypted
from groma.live.verify.reading import Reading


def topic(component: Topic, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """That it is encrypted, and that nobody but the designed queues gets its messages."""
    arn = reading.output(f"{component.topic}_topic_arn")
    answer = reading.ask("sns", "get_topic_attributes", TopicArn=arn) if arn else None
    yield compare(
        f"{component.id}.topic",
        component.label,
        OWN_KEY,
        encrypted(answer["Attributes"].get("KmsMasterKeyId"), architecture, reading) if answer else None,
    )
    queues = (queue for queue in architecture.of_type(Queue) if queue.topic == component.topic)
    stack = architecture.name.removesuffix(f"-{region_code(architecture.region)}")
    names = (architecture.name, *(f"{stack}-{region_code(region)}" for region in component.elsewhere))
    rows = reading.all("sns", "list_subscriptions_by_topic", "Subscriptions", TopicArn=arn) if answer else ()
    yield compare(
        f"{component.id}.subscribers",
        f"{component.label}: who gets its messages",
        listed(sorted(f"{name}-{queue.topic}-{queue.tail}" for queue in queues for name in names)),
        listed(sorted(str(row["Endpoint"]).rpartition(":")[2] for row in rows)) if answer else None,
    )


def queue(component: Queue, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """How long a message is hidden, how often it is tried, encryption, and that the topic fills it."""
    prefix = component.queue.replace("-", "_")
    url, dead_letters = reading.output(f"{prefix}_queue_url"), reading.output(f"{prefix}_dead_letter_url")
    found = attributes(url, reading)
    name = (dead_letters or "").rpartition("/")[2]
    tried = f"{component.max_receives} times, then {name}"
    lines = (
        (
            "visibility", "a message is hidden while it is worked on",
            f"{6 * component.function_timeout_s} s",
            f"{found['VisibilityTimeout']} s" if found else None,
        ),
        ("redrive", "a message is tried", tried, redrive(found) if found else None),
        ("at-rest", "encryption", "SQS's own key", at_rest(found) if found else None),
        (
            "subscription", f"gets every message of the {component.topic} topic", "raw messages",
            _subscription(component, found, reading) if found else None,
        ),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def dead_letter_queue(
    component: DeadLetterQueue, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """How long it keeps a message, and how it is encrypted."""
    found = attributes(reading.output(f"{component.queue.replace('-', '_')}_dead_letter_url"), reading)
    yield keeps(component, found, "SQS's own key", at_rest(found) if found else "")


def keeps(component: DeadLetters, found: Mapping[str, str] | None, key: str, encryption: str) -> Finding:
    """That a dead-letter queue keeps messages as long as designed, encrypted with `key`."""
    days = int(found["MessageRetentionPeriod"]) / 86400 if found else 0
    return compare(
        f"{component.id}.keeps",
        f"{component.label}: kept, encrypted",
        f"{KEPT_DAYS} days, {key}",
        f"{days:g} days, {encryption}" if found else None,
    )


def attributes(url: str | None, reading: Reading) -> Mapping[str, str] | None:
    """All attributes of a queue; None when there is none."""
    if not url:
        return None
    answer = reading.ask("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["All"])
    return answer["Attributes"] if answer else None


def redrive(found: Mapping[str, str]) -> str:
    """How often a message is tried, and where it goes then."""
    policy = json.loads(found.get("RedrivePolicy") or "{}")
    arn = str(policy.get("deadLetterTargetArn", "nowhere"))
    return f"{policy.get('maxReceiveCount', 'any number of')} times, then {arn.rpartition(':')[2]}"


def at_rest(found: Mapping[str, str]) -> str:
    """What a queue is encrypted with."""
    if found.get("KmsMasterKeyId"):
        return "a key of KMS"
    return "SQS's own key" if found.get("SqsManagedSseEnabled") == "true" else "not encrypted"


def _subscription(component: Queue, found: Mapping[str, str], reading: Reading) -> str:
    arn = reading.output(f"{component.topic}_topic_arn")
    rows = reading.all("sns", "list_subscriptions_by_topic", "Subscriptions", TopicArn=arn) if arn else ()
    own = [row["SubscriptionArn"] for row in rows if row["Endpoint"] == found["QueueArn"]]
    return listed((_delivery(subscription, reading) for subscription in own), "nothing")


def _delivery(subscription: str, reading: Reading) -> str:
    answer = reading.ask("sns", "get_subscription_attributes", SubscriptionArn=subscription) or {}
    raw = answer.get("Attributes", {}).get("RawMessageDelivery") == "true"
    return "raw messages" if raw else "messages in envelopes"
