"""Posts, and the timelines that they are copied to."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chirp.functions import table
from chirp.functions.names import OUTBOX
from chirp.functions.table import Cancelled, Item, Key, Store, shard
from chirp.functions.uploads import KEEP, MAY_BE_KEPT, PENDING, READY, DynamoPictures, picture_key
from chirp.social.errors import Invalid, NotFound
from chirp.social.model import Page, Post

LOG = logging.getLogger(__name__)
TIMELINE_DAYS = 90
"""How long a post stays in timelines; it stays on its author's page for ever."""
BACKFILL_POSTS = 100
"""How many of somebody's latest posts a new follower finds."""
REPEAT_DAYS = 1
"""For how long a repeated request is known."""
COPIED_BYTES = 700
"""Up to this size a text is copied into timelines: the entry then still costs one write unit (1 KiB)."""

_ROUNDS, _LARGE = 10, 200
"""Queries for one page at most, and entries in each after the first, which some were left out of: whoever no
longer follows many gets a shorter page rather than a slow one."""


@dataclass(frozen=True)
class DynamoPosts:
    """The port `Posts`.

    Attributes:
        publish: gives a message to the topic that the fan-out's queue listens to.
    """

    store: Store
    pictures: DynamoPictures
    publish: Callable[[str], object]

    def add(self, post: Post, idempotency_key: str | None) -> Post:
        """Keep a post with its author's timeline entry and a note to publish it; then publish it."""
        if self.store.get((f"account#{post.author}", "account")) is None:
            raise NotFound("nobody has this handle")
        actions = self._writes(post)
        if idempotency_key is not None:
            actions.insert(0, self._request(post, idempotency_key))
        try:
            self.store.transact(actions)
        except Cancelled as cancelled:
            return self._earlier(post, idempotency_key, cancelled)
        self._announce(post)
        return post

    def of(self, author: str, before: str | None, limit: int) -> Page:
        """Posts of one person."""
        items = self.store.newest(f"posts#{author}", before, limit + 1)
        posts = tuple(_post(author, item["sk"], item) for item in items)
        return self.pictures.without_rejected(Page.of(posts, limit))

    def _announce(self, post: Post) -> None:
        """Publish, then remove the note; the post is kept already, so a failure is not its author's.

        Housekeeping finds the note that a failure leaves, and publishes the post.
        """
        try:
            self.publish(message(post))
            self.store.delete(_note(post))
        except (BotoCoreError, ClientError) as error:
            LOG.warning("a post waits for housekeeping", extra={"post": post.id, "reason": str(error)})

    def _writes(self, post: Post) -> list[table.Action]:
        """What a new post changes; a picture must be one that its author was given a key for."""
        kept = {"pk": f"posts#{post.author}", "sk": post.id, **_content(post)}
        own = entry(post.author, post.author, post.id, kept, self.store.expiry_s(TIMELINE_DAYS))
        note_pk, note_sk = _note(post)
        note = {"pk": note_pk, "sk": note_sk, "todo": shard(OUTBOX, post.id), "todo_ms": self.store.now_ms}
        actions = [table.put(kept), table.put(own), table.put({**note, "message": message(post)})]
        if post.picture is not None:
            states = {"pending": PENDING, "ready": READY}
            actions.append(table.update(picture_key(post.picture), KEEP, MAY_BE_KEPT, **states))
        return actions

    def _request(self, post: Post, idempotency_key: str) -> table.Action:
        """Remember which post a key stands for, unless it stands for one already."""
        said: Item = {"pk": f"request#{post.author}", "sk": idempotency_key, "post": post.id}
        said["expires_s"] = self.store.expiry_s(REPEAT_DAYS)
        free = "attribute_not_exists(pk) OR expires_s < :now"
        return table.put(said, free, now=int(self.store.clock_s()))

    def _earlier(self, post: Post, idempotency_key: str | None, cancelled: Cancelled) -> Post:
        """The post for which the key stands; Invalid when it was the picture that is not to be had."""
        said = cancelled.failed.get(0) if idempotency_key is not None else None
        item = self.store.get((f"posts#{post.author}", said["post"])) if said else None
        if said is None or item is None:
            raise Invalid("must be a key that was given to you for an upload", field="picture")
        return _post(post.author, item["sk"], item)


@dataclass(frozen=True)
class DynamoTimelines:
    """The port `Timelines`.

    Attributes:
        store: marks of who was left, and posts; `timelines` is the table of the entries, perhaps the same.
        fetch: gives the posts, by their keys in the table, of entries without a text; the table, unless said.
    """

    store: Store
    timelines: Store
    pictures: DynamoPictures
    fetch: Callable[[Iterable[Key]], Mapping[Key, Mapping[str, Any]]] | None = None

    def page(self, handle: str, before: str | None, limit: int) -> Page:
        """What a person sees: entries of the timeline, without those of whom they no longer follow."""
        gone = self._unfollowed(handle)
        seen: list[Item] = []
        cursor = before
        for size in (limit + 1, *[_LARGE] * (_ROUNDS - 1)):
            entries = self.timelines.newest(f"timeline#{handle}", cursor, size)
            seen += [one for one in entries if one["author"] not in gone and self.store.is_alive(one)]
            if len(entries) < size or len(seen) > limit:
                page = Page.of(self._posts(seen[: limit + 1]), limit)
                break
            cursor = entries[-1]["sk"]
        else:
            page = Page(self._posts(seen), cursor)
        return self.pictures.without_rejected(page)

    def _unfollowed(self, handle: str) -> set[str]:
        everyone = self.store.from_start(f"unfollowed#{handle}", None, 10_000)
        return {item["sk"] for item in everyone}

    def _posts(self, entries: Iterable[Item]) -> tuple[Post, ...]:
        """The posts of entries; long ones are fetched."""
        entries = list(entries)
        long = [(f"posts#{one['author']}", one["sk"]) for one in entries if "text" not in one]
        fetched = (self.fetch or self.store.get_all)(long)
        whole = [(one, fetched.get((f"posts#{one['author']}", one["sk"]), one)) for one in entries]
        return tuple(_post(one["author"], one["sk"], post) for one, post in whole if "text" in post)


def message(post: Post, *, own: bool = False) -> str:
    """What the topic is told of a new post; a long text stays behind.

    Args:
        own: whether the fan-out is to write the author's own entry, too.
    """
    said = {"kind": "posted", "author": post.author, **_told(post)} | ({"own": True} if own else {})
    return json.dumps(said, ensure_ascii=False)


def followed(follower: str, author: str, posts: Iterable[Post]) -> str:
    """What the topic is told of somebody's new follower, for whose timelines these posts are.

    `BACKFILL_POSTS` with `COPIED_BYTES` each are some 150 kB at most; SNS takes 256 KiB.
    """
    said = {"kind": "followed", "follower": follower, "author": author}
    return json.dumps({**said, "posts": [_told(post) for post in posts]}, ensure_ascii=False)


def entry(handle: str, author: str, post_id: str, content: Mapping[str, Any], expires_s: int) -> Item:
    """A timeline's item for a post, with its text when that is short."""
    item: Item = {"pk": f"timeline#{handle}", "sk": post_id, "author": author, "expires_s": expires_s}
    text = content.get("text")
    if text is not None and _is_short(text):
        item["text"] = text
    if content.get("picture"):
        item["picture"] = content["picture"]
    return item


def _told(post: Post) -> Item:
    content = _content(post) if _is_short(post.text) else {**_content(post), "text": None}
    return {"id": post.id, **content}


def _is_short(text: str) -> bool:
    return len(text.encode()) <= COPIED_BYTES


def _content(post: Post) -> Item:
    return {"text": post.text} | ({"picture": post.picture} if post.picture else {})


def _post(author: str, post_id: str, item: Mapping[str, Any]) -> Post:
    return Post(post_id, author, item.get("text", ""), item.get("picture"))


def _note(post: Post) -> table.Key:
    return f"outbox#{post.id}", post.author
