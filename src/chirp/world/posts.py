"""Posts in their author's database; timelines fetch the long ones from there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.errors import ForeignKeyViolation

from chirp.functions.table import Key
from chirp.functions.uploads import DynamoPictures
from chirp.servers.kinds import NEWEST
from chirp.social.errors import Invalid, NotFound, Unavailable
from chirp.social.model import DEFAULT_PAGE, Page, Post
from chirp.world.shards import Shard
from chirp.world.visit import Visit, row, rows

AFTER_ALL = "~"
"""Sorts after every id."""

POST = """
    WITH kept AS (
        INSERT INTO posts (id, author, text, picture, idempotency_key) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (author, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
        RETURNING id
    )
    INSERT INTO outbox (post) SELECT id FROM kept RETURNING post
"""
"""One statement, so that it is whole or not at all without a transaction, and one journey to the writer."""
POSTED = "SELECT id, author, text, picture FROM posts WHERE author = %s AND idempotency_key = %s"
POSTS_OF = """
    SELECT id, author, text, picture FROM posts
    WHERE author = %s AND id < %s ORDER BY id DESC LIMIT %s
"""
THESE = "SELECT id, author, text, picture FROM posts WHERE id = ANY(%s)"


@dataclass(frozen=True)
class WorldPosts:
    """The port `Posts`.

    Attributes:
        announce: brings a new post into timelines, now or later; fails never.
    """

    visit: Visit
    pictures: DynamoPictures
    announce: Callable[[Post], None]

    def add(self, post: Post, idempotency_key: str | None) -> Post:
        """Keep a post with a note to announce it, or find the one that has the key already."""
        self._claim(post.picture)
        values = (post.id, post.author, post.text, post.picture, idempotency_key)
        try:
            kept = self.visit.write(post.author, lambda c: row(c, POST, *values))
        except ForeignKeyViolation:
            raise NotFound("nobody has this handle", field="handle") from None
        finally:
            self.visit.remembered.forget(NEWEST, post.author)
        if kept is None:
            return self._earlier(post.author, idempotency_key)
        self.announce(post)
        return post

    def of(self, author: str, before: str | None, limit: int) -> Page:
        """Posts of one person; the cache has the latest page of the usual length."""
        if before is None and limit <= DEFAULT_PAGE:
            newest = self.visit.remembered.read(
                NEWEST, author, lambda: self.latest(author, None, DEFAULT_PAGE + 1)
            )
        else:
            newest = self.latest(author, before, limit + 1)
        return self.pictures.without_rejected(Page.of(newest[: limit + 1], limit))

    def latest(
        self, author: str, before: str | None, limit: int, *, current: bool = False
    ) -> tuple[Post, ...]:
        """Up to so many posts of one person, as the database has them."""
        values = (author, before or AFTER_ALL, limit)
        found = self.visit.read(author, lambda c: rows(c, POSTS_OF, *values), current=current)
        return tuple(Post(*each) for each in found)

    def by_key(self, keys: Iterable[Key]) -> Mapping[Key, Mapping[str, Any]]:
        """Posts by the keys that they have in the functions' table: one query for each database.

        An entry may reach a region before its post does: what a reader lacks is asked for where it was kept.
        """
        asked: dict[Shard, list[str]] = defaultdict(list)
        for pk, post_id in keys:
            asked[self.visit.shard(pk.removeprefix("posts#"))].append(post_id)
        found = [post for shard, wanted in asked.items() for post in self._these(shard, wanted)]
        return {
            (f"posts#{post.author}", post.id): {"text": post.text, "picture": post.picture} for post in found
        }

    def _these(self, shard: Shard, wanted: list[str]) -> list[Post]:
        found = [Post(*each) for each in self.visit.read_in(shard, lambda c: rows(c, THESE, wanted))]
        missing = sorted(set(wanted) - {post.id for post in found})
        if missing:
            late = self.visit.read_in(shard, lambda c: rows(c, THESE, missing), current=True)
            found += [Post(*each) for each in late]
        return found

    def _claim(self, picture: str | None) -> None:
        """Keep a picture for good, before the post: a post never shows one that is being removed."""
        if picture is not None and not self.pictures.keep(picture):
            raise Invalid("must be a key that was given to you for an upload", field="picture")

    def _earlier(self, author: str, idempotency_key: str | None) -> Post:
        found = self.visit.read(
            author, lambda c: row(c, POSTED, author, idempotency_key), current=True, only=True
        )
        if found is None:
            raise Unavailable("the earlier request is still being worked on; try again")
        return Post(*found)
