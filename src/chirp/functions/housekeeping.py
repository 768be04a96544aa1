"""The function that comes by every few minutes: repairs what was left half done, removes what nobody wants.

- a post whose message did not reach the topic is published (twice is no harm: the consumer writes the same);
- a picture that was never posted within a day is removed, uploaded or not;
- an account that was not confirmed within three days is removed, so that its handle is free again (the code
  that was mailed is good for one day).

Each thing is done by itself: one that fails is logged, and tried again the next time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chirp.functions.clients import LOG, at_start, client, store
from chirp.functions.names import MEDIA, OUTBOX, UPLOAD, UPLOADS
from chirp.functions.table import Item, Store
from chirp.functions.uploads import ABANDONED, PENDING, READY, REJECTED, picture_key

UNPUBLISHED_S = 60
ABANDONED_S = 86_400
UNCONFIRMED_S = 3 * 86_400
RESERVE_MS = 20_000
"""What is not begun any more when so little of the function's time is left."""


@dataclass(frozen=True)
class Housekeeping:
    """One round.

    Attributes:
        clients: those of `cognito-idp`, `s3` and `sns`.
        publish: gives a message to the topic of posts.
    """

    store: Store
    cognito: Any
    s3: Any
    publish: Callable[[str], object]
    pool: str
    bucket: str

    def __call__(self, time_left_ms: Callable[[], int]) -> dict[str, int]:
        """Do what there is to do, as long as there is time; returns how many of each were done."""
        return {
            "published": _each(self.store.waiting(OUTBOX, UNPUBLISHED_S), self._publish, time_left_ms),
            "pictures": _each(self.store.waiting(UPLOAD, ABANDONED_S), self._abandon, time_left_ms),
            "accounts": _each(self._unconfirmed(), self._remove_account, time_left_ms),
        }

    def _publish(self, note: Item) -> None:
        self.publish(note["message"])
        self.store.delete((note["pk"], note["sk"]))

    def _abandon(self, item: Item) -> None:
        """Remove a picture, unless it is being posted: the state decides between the two."""
        key = item["pk"].removeprefix("picture#")
        states = {"old": PENDING, "older": READY, "refused": REJECTED, "again": ABANDONED}
        free = "attribute_exists(todo) AND #state IN (:old, :older, :refused, :again)"
        if not self.store.update(picture_key(key), "SET #state = :gone", free, gone=ABANDONED, **states):
            return
        for name in (UPLOADS + key, MEDIA + key, f"{MEDIA}thumbnails/{key}"):
            self.s3.delete_object(Bucket=self.bucket, Key=name)
        self.store.delete(picture_key(key))

    def _unconfirmed(self) -> Iterator[str]:
        """Names of the accounts that have waited too long for their code; none without a pool."""
        if not self.pool:
            return
        pages = self.cognito.get_paginator("list_users").paginate(
            UserPoolId=self.pool, AttributesToGet=[], Filter='cognito:user_status = "UNCONFIRMED"'
        )
        for page in pages:
            for user in page["Users"]:
                if self.store.clock_s() - _seconds(user["UserCreateDate"]) > UNCONFIRMED_S:
                    yield user["Username"]

    def _remove_account(self, name: str) -> None:
        self.cognito.admin_delete_user(UserPoolId=self.pool, Username=name)


def _seconds(when: datetime) -> float:
    return when.timestamp()


def _each(things: Iterable[Any], do: Callable[[Any], None], time_left_ms: Callable[[], int]) -> int:
    """Do something with each as long as there is time; returns with how many it went well."""
    done = 0
    try:
        for thing in things:
            if time_left_ms() < RESERVE_MS:
                break
            done += _tried(do, thing)
    except (BotoCoreError, ClientError):
        LOG.exception("housekeeping cannot see what there is to do")
    return done


def _tried(do: Callable[[Any], None], thing: Any) -> int:
    try:
        do(thing)
    except (BotoCoreError, ClientError):
        LOG.exception("housekeeping failed at one thing", extra={"thing": str(thing)})
        return 0
    return 1


@at_start
def _housekeeping() -> Housekeeping:
    sns, topic = client("sns"), os.environ["POSTED_TOPIC"]
    return Housekeeping(
        store(os.environ["TABLE"]),
        client("cognito-idp"),
        client("s3"),
        lambda message: sns.publish(TopicArn=topic, Message=message),
        os.environ["USER_POOL_ID"],
        os.environ["BUCKET"],
    )


@LOG.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Lambda's entry point."""
    done = _housekeeping()(context.get_remaining_time_in_millis)
    LOG.info("housekeeping", extra=done)
    return done
