"""Brings kept posts to the topic without letting their authors wait, and finishes what a crash left.

A post is kept together with a row in its database's outbox. Its author's own timeline entry is written at
once where they are, so that they see it; the fan-out of every region writes it, too. The topic is told in the
background, and after that the row is removed. What is left of it after `LEFT_S`, because a process ended or
the topic or table did not answer, is done again by whichever server of the database's primary region comes by
first. A message may so come twice, which its consumer does not mind; none is lost.
"""

from __future__ import annotations

import logging
import queue
import random
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from botocore.exceptions import BotoCoreError, ClientError
from psycopg import Connection
from psycopg.rows import TupleRow

from chirp.functions.posts import TIMELINE_DAYS, entry, message
from chirp.functions.table import Store
from chirp.social.errors import Unavailable
from chirp.social.model import Post
from chirp.world.shards import Shard, Shards
from chirp.world.visit import rows

LOG = logging.getLogger(__name__)
LEFT_S = 15
SWEEP_EVERY_S = 10.0
AT_ONCE = 10
"""Messages that the topic takes in one call."""
MOST_WAITING = 5_000
PAUSE_S = 0.5
END_WITHIN_S = 5.0
FAILURES = (BotoCoreError, ClientError, Unavailable)

LEFT = """
    SELECT posts.id, posts.author, posts.text, posts.picture
    FROM outbox JOIN posts ON posts.id = outbox.post
    WHERE outbox.kept_at < now() - make_interval(secs => %s)
    ORDER BY outbox.post LIMIT %s FOR UPDATE OF outbox SKIP LOCKED
"""
DONE = "DELETE FROM outbox WHERE post = ANY(%s)"

Publish = Callable[[Sequence[str]], Collection[int]]
"""Gives messages to the topic; returns the positions of those that it took. Raises what botocore does."""


class Announcer:
    """One for each process.

    Args:
        timelines: the region's.
        left_s: after how many seconds a row is taken for left behind.
    """

    def __init__(self, timelines: Store, publish: Publish, shards: Shards, left_s: float = LEFT_S) -> None:
        self._timelines = timelines
        self._publish = publish
        self._shards = shards
        self._left_s = left_s
        self._waiting: queue.Queue[Post | None] = queue.Queue(MOST_WAITING)
        self._told: queue.SimpleQueue[Post] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def __call__(self, post: Post) -> None:
        """Announce a post that has been kept. What does not work is done later, and never its author's
        worry."""
        try:
            self._enter([post])
            self._waiting.put_nowait(post)
        except (*FAILURES, queue.Full) as error:
            LOG.warning("a post waits to be swept", extra={"post": post.id, "reason": repr(error)})

    def start(self) -> None:
        """Begin in the background."""
        for work in (self._tell_all, self._clear_all, self._sweep_all):
            self._threads.append(threading.Thread(target=work, name=work.__name__.strip("_"), daemon=True))
            self._threads[-1].start()

    def stop(self) -> None:
        """Do what there is still to do, as far as it does not take long."""
        self._stop.set()
        with suppress(queue.Full):
            self._waiting.put_nowait(None)  # wakes whoever waits for something to tell
        for thread in self._threads:
            thread.join(END_WITHIN_S)

    def sweep(self, shard: Shard) -> int:
        """Do again what was left half done in a database that is written here; returns how many posts."""
        done = 0
        while True:
            found, told = shard.write(self._sweep)
            done += told
            if told < AT_ONCE or found < AT_ONCE:
                return done

    def _sweep(self, connection: Connection[TupleRow]) -> tuple[int, int]:
        """The rows are locked until they are gone, so that no two servers do the same."""
        with connection.transaction():
            posts = [Post(*each) for each in rows(connection, LEFT, self._left_s, AT_ONCE)]
            self._enter(posts)
            told = self._tell(posts)
            connection.execute(DONE, ([post.id for post in told],))
        return len(posts), len(told)

    def _enter(self, posts: Iterable[Post]) -> None:
        """Write posts into their authors' own timelines."""
        expires_s = self._timelines.expiry_s(TIMELINE_DAYS)
        content = ((post, {"text": post.text, "picture": post.picture}) for post in posts)
        self._timelines.put_all(
            entry(post.author, post.author, post.id, said, expires_s) for post, said in content
        )

    def _tell(self, posts: Sequence[Post]) -> list[Post]:
        """Tell the topic; returns those that it took."""
        if not posts:
            return []
        try:
            taken = self._publish([message(post, own=True) for post in posts])
        except (BotoCoreError, ClientError) as error:
            LOG.warning("posts wait to be swept", extra={"posts": len(posts), "reason": repr(error)})
            return []
        return [post for position, post in enumerate(posts) if position in taken]

    def _tell_all(self) -> None:
        while posts := self._next_posts():
            with _logged("posts wait to be swept"):
                for post in self._tell(posts):
                    self._told.put(post)

    def _next_posts(self) -> list[Post]:
        """What waits, as much as the topic takes at once; none only at the end."""
        found: list[Post] = []
        while not found or (len(found) < AT_ONCE and not self._waiting.empty()):
            try:
                post = self._waiting.get(timeout=PAUSE_S)
            except queue.Empty:
                post = None
            if post is not None:
                found.append(post)
            elif self._stop.is_set():
                break
        return found

    def _clear_all(self) -> None:
        """Remove notes of what the topic has been told, many at a time: the writer may be far away."""
        while not self._stop.wait(PAUSE_S):
            with _logged("notes are removed in the next round"):
                self._clear()
        for thread in self._threads[:1]:
            thread.join(END_WITHIN_S)
        with _logged("what is left of the notes is swept"):
            self._clear()

    def _clear(self) -> None:
        by_shard: dict[Shard, list[str]] = {}
        while not self._told.empty():
            post = self._told.get()
            by_shard.setdefault(self._shards.of(post.author), []).append(post.id)
        for shard, ids in by_shard.items():
            with _logged("posts will be announced again"):
                self._clear_in(shard, ids)

    def _clear_in(self, shard: Shard, ids: list[str]) -> None:
        try:
            shard.write(lambda c: c.execute(DONE, (ids,)))
        except Unavailable:
            LOG.warning("posts will be announced again", extra={"posts": len(ids)})

    def _sweep_all(self) -> None:
        while not self._stop.wait(SWEEP_EVERY_S * (0.5 + random.random())):  # noqa: S311 - servers do not come all at once
            for shard in self._shards.all:
                if shard.is_primary:
                    self._try_to_sweep(shard)

    def _try_to_sweep(self, shard: Shard) -> None:
        with _logged("what was left half done cannot be finished yet"):
            if done := self.sweep(shard):
                LOG.info("posts were announced late", extra={"posts": done})


@contextmanager
def _logged(meaning: str) -> Iterator[None]:
    """Log what nobody foresaw and go on: a thread that ends announces nothing any more."""
    try:
        yield
    except Exception:
        LOG.exception(meaning)
