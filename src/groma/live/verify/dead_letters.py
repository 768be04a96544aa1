"""A message that cannot be done: it must end in the dead-letter queue, where an alarm tells of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from groma.architecture import Architecture, Finding
from groma.components.messaging import DeadLetterQueue
from groma.live.verify.findings import judge, not_tried
from groma.live.verify.reading import Deployed
from groma.live.verify.visitor import wait_for

HIDDEN_S = 1
LOOKS = 10


def poison(
    component: DeadLetterQueue,
    architecture: Architecture,
    deployed: Deployed,
    is_embedded: bool,
    within_s: float = 60.0,
) -> Iterator[Finding]:
    """Send a message that is none, and wait until it is set aside.

    By design this takes as many times the queue's visibility timeout as a message is tried: half an hour. The
    embedded cloud is asked to hide messages for a second meanwhile; AWS, where real messages are under way,
    is left as it is, and nothing is tried.
    """
    prefix = component.queue.replace("-", "_")
    url = deployed.outputs.get(f"{prefix}_queue_url")
    dead_url = deployed.outputs.get(f"{prefix}_dead_letter_url")
    what = f"a message that the {component.queue} function cannot do ends in the dead-letter queue"
    said = f"after {component.max_receives} times"
    if not is_embedded:
        why = "on AWS it takes as many visibility timeouts; the settings are read back above"
        yield not_tried(f"journey.{component.id}", what, said, why)
        return
    sqs = deployed.clients.client("sqs", architecture.region)
    body = f"poison {secrets.token_hex(8)}"
    hidden, before = _visibility(sqs, url), _depth(sqs, dead_url)
    try:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(HIDDEN_S)})
        sqs.send_message(QueueUrl=url, MessageBody=body)
        depth, after_s = wait_for(lambda: _more_than(before, _depth(sqs, dead_url)), within_s)
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": hidden})
    actual = f"in {after_s:.0f} s, hidden for {HIDDEN_S} s instead of {hidden}" if depth else "it did not"
    yield judge(f"journey.{component.id}", what, said, actual, depth is not None)
    yield _alarm(component, architecture, _depth(sqs, dead_url))
    _remove(sqs, dead_url, body)


def _alarm(component: DeadLetterQueue, architecture: Architecture, depth: int) -> Finding:
    """The designed alarm, with the queue's depth put to its rule."""
    (alarm,) = component.alarms(architecture)
    assert alarm.comparison == ">="
    return judge(
        f"journey.{component.id}-alarm",
        f"the alarm {alarm.id} fires at that",
        f"depth {alarm.comparison} {alarm.threshold:g}",
        f"depth {depth}, put to the alarm's rule here; the embedded cloud itself looks each minute",
        depth >= alarm.threshold,
    )


def _visibility(sqs: Any, url: object) -> str:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
    return str(answer["Attributes"]["VisibilityTimeout"])


def _depth(sqs: Any, url: object) -> int:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


def _more_than(before: int, depth: int) -> int | None:
    return depth if depth > before else None


def _remove(sqs: Any, url: object, body: str) -> None:
    """Take the poison out again, and nothing else: what else is looked at comes back after five seconds."""
    for _ in range(LOOKS):
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=5).get(
            "Messages"
        )
        own = [message for message in messages or () if message["Body"] == body]
        for message in own:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        if own or not messages:
            return
