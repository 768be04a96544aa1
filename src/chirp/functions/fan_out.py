"""The function that writes a post into the timelines of its author's followers.

A message is one of two, in which a post is `"id", "text", "picture"?`; `text` is null when it is long:

    {"kind": "posted", "author", <a post>, "own"?, "after"?}                to all followers of its author
    {"kind": "followed", "follower", "author", "posts": [{<a post>}, …]}    to one who has begun to follow

With `own` the author has an entry, too. In several regions the fan-out of each hears what is posted in any,
and fills timelines that are its own; names of followers it reads in a table that all regions share.

Writing an entry again writes the same post under the same key: so messages may come twice, late, in any
order, or after half of their work was done. A message that cannot be understood fails alone, and ends in the
dead-letter queue.

Followers are read in pages and written in batches. After `FOLLOWERS_PER_MESSAGE`, or when `RESERVE_MS` of the
call's time is left, the rest is sent to the queue again as a message of its own with `after`: no call is cut,
however many follow and however slow the table is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chirp.functions.clients import LOG, at_start, client, store
from chirp.functions.messages import Poisoned, consume
from chirp.functions.posts import TIMELINE_DAYS, entry
from chirp.functions.table import Store
from chirp.social import ids, model

FOLLOWERS_PER_MESSAGE = 5_000
"""200 batches of 25 writes: a few seconds of the function's timeout."""
RESERVE_MS = 30_000
"""No page is read and no batch begun when less of the call's time is left (`lateness`).

That long either may take when the table hangs: four attempts of 5 s, and up to 7 s of pauses between.
"""
_PAGE, _BATCH = 1_000, 25


@dataclass(frozen=True)
class FanOut:
    """Writes the entries of one message.

    Attributes:
        store: names of followers; `timelines` is the table of the entries, which may be the same.
        enqueue: sends a message to this function's own queue.
        limit: how many followers are written to for one message, up to a batch more.
    """

    store: Store
    timelines: Store
    enqueue: Callable[[str], object]
    limit: int = FOLLOWERS_PER_MESSAGE

    def __call__(self, record: SQSRecord, is_late: Callable[[], bool]) -> int:
        """Write the entries; returns how many. Any exception leaves the message in the queue."""
        message = read(record.body)
        return self._fill(message) if message["kind"] == "followed" else self._tell(message, is_late)

    def _fill(self, message: Mapping[str, Any]) -> int:
        """Bring somebody's posts into the timeline of one follower."""
        follower, author = message["follower"], message["author"]
        expires_s = self.timelines.expiry_s(TIMELINE_DAYS)
        written = self.timelines.put_all(
            entry(follower, author, post["id"], post, expires_s) for post in message["posts"]
        )
        LOG.info("filled a timeline", extra={"entries": written})
        return written

    def _tell(self, message: Mapping[str, Any], is_late: Callable[[], bool]) -> int:
        """Bring a post into the timelines of all followers."""
        author, post_id, after = message["author"], message["id"], message.get("after")
        written, is_whole = 0, True
        if message.get("own") and after is None:
            written += self._enter([author], message)
        for followers in self._followers(author, after, is_late):
            if not followers or written >= self.limit or is_late():
                self.enqueue(json.dumps({**message, "after": after}, ensure_ascii=False))
                is_whole = False
                break
            written += self._enter(followers, message)
            after = followers[-1]
        LOG.info("fanned out", extra={"post": post_id, "entries": written, "whole": is_whole})
        return written

    def _enter(self, handles: Iterable[str], message: Mapping[str, Any]) -> int:
        """Write a post's entry into these people's timelines."""
        expires_s = self.timelines.expiry_s(TIMELINE_DAYS)
        return self.timelines.put_all(
            entry(handle, message["author"], message["id"], message, expires_s) for handle in handles
        )

    def _followers(self, author: str, after: str | None, is_late: Callable[[], bool]) -> Iterator[list[str]]:
        """Names of the followers after one, as many at a time as one batch of writes takes.

        The last batch is empty when it is too late to ask who else there is.
        """
        while not is_late():
            page = self.store.from_start(f"followers#{author}", after, _PAGE)
            names = [str(item["sk"]) for item in page]
            yield from (names[start : start + _BATCH] for start in range(0, len(names), _BATCH))
            if len(names) < _PAGE:
                return
            after = names[-1]
        yield []


def lateness(time_left_ms: Callable[[], int]) -> Callable[[], bool]:
    """Whether a call that begins now may begin nothing more; a short one may during its first half.

    So every call reads a page at least, whatever its function's timeout is.
    """
    reserve_ms = min(RESERVE_MS, time_left_ms() // 2)
    return lambda: time_left_ms() < reserve_ms


def read(body: str) -> Mapping[str, Any]:
    """The message in a record's body.

    Raises:
        Poisoned: it is none.
    """
    try:
        message = json.loads(body)
        is_good = model.handle(message["author"]) and _KINDS[message["kind"]](message)
    except Exception as error:
        raise Poisoned(f"no message: {body[:200]!r}") from error
    if not is_good:
        raise Poisoned(f"no post: {body[:200]!r}")
    return dict(message)


def _is_post(said: Mapping[str, Any]) -> bool:
    return ids.is_id(said["id"]) and isinstance(said.get("text"), str | None)


def _is_follow(said: Mapping[str, Any]) -> bool:
    return bool(model.handle(said["follower"])) and all(_is_post(post) for post in said["posts"])


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {"posted": _is_post, "followed": _is_follow}


@at_start
def _fan_out() -> FanOut:
    sqs, url = client("sqs"), os.environ["QUEUE_URL"]
    return FanOut(
        store(os.environ["TABLE"]),
        store(os.environ["TIMELINES"]),
        lambda body: sqs.send_message(QueueUrl=url, MessageBody=body),
    )


@LOG.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> Any:
    """Lambda's entry point."""
    fan_out, is_late = _fan_out(), lateness(context.get_remaining_time_in_millis)
    return consume(lambda record: fan_out(record, is_late), event, context)
