"""The function that writes a post into the timelines of its author's followers.

A message is `{"kind": "posted", "author", "id", "text", "picture"?, "after"?}`; `text` is null when it is
long. Writing an entry again writes the same post under the same key: so messages may come twice, late, in any
order, or after half of their work was done. A message that cannot be understood fails alone, and ends in the
dead-letter queue.

Followers are read in pages. After `FOLLOWERS_PER_MESSAGE` the rest is sent to the queue again as a message of
its own with `after`: no call lasts long, however many follow.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from groma.application.functions.clients import LOG, client, store
from groma.application.functions.posts import TIMELINE_DAYS, entry
from groma.application.functions.table import Store
from groma.application.social import ids, model

FOLLOWERS_PER_MESSAGE = 5_000
"""200 batches of 25 writes: a few seconds of the function's timeout."""
_PAGE = 1_000


class Poisoned(ValueError):
    """A message that nothing can be done with."""


@dataclass(frozen=True)
class FanOut:
    """Writes the entries of one message.

    Attributes:
        enqueue: sends a message to this function's own queue.
    """

    store: Store
    enqueue: Callable[[str], object]
    limit: int = FOLLOWERS_PER_MESSAGE

    def __call__(self, record: SQSRecord) -> int:
        """Write the entries; returns how many. Any exception leaves the message in the queue."""
        message = read(record.body)
        author, post_id, after = message["author"], message["id"], message.get("after")
        written = 0
        while written < self.limit:
            size = min(_PAGE, self.limit - written)
            followers = [item["sk"] for item in self.store.from_start(f"followers#{author}", after, size)]
            expires_s = self.store.expiry_s(TIMELINE_DAYS)
            written += self.store.put_all(
                entry(follower, author, post_id, message, expires_s) for follower in followers
            )
            if len(followers) < size:
                break
            after = followers[-1]
        else:
            self.enqueue(json.dumps({**message, "after": after}, ensure_ascii=False))
        LOG.info("fanned out", extra={"post": post_id, "entries": written})
        return written


def read(body: str) -> Mapping[str, Any]:
    """The message in a record's body.

    Raises:
        Poisoned: it is none.
    """
    try:
        message = json.loads(body)
        is_good = message["kind"] == "posted" and ids.is_id(message["id"]) and model.handle(message["author"])
    except Exception as error:
        raise Poisoned(f"no message: {body[:200]!r}") from error
    if not is_good or not isinstance(message.get("text"), str | None):
        raise Poisoned(f"no post: {body[:200]!r}")
    return dict(message)


def consume(fan_out: Callable[[SQSRecord], object], event: dict[str, Any], context: Any) -> Any:
    """Handle each message of a batch by itself; the answer names those that failed."""
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, fan_out, processor, context)


@functools.cache
def _fan_out() -> FanOut:
    sqs, url = client("sqs"), os.environ["QUEUE_URL"]
    return FanOut(store(os.environ["TABLE"]), lambda body: sqs.send_message(QueueUrl=url, MessageBody=body))


@LOG.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> Any:
    """Lambda's entry point."""
    return consume(_fan_out(), event, context)
