"""One request's dealings with the databases and the cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from psycopg import Connection
from psycopg.rows import TupleRow

from chirp.servers.kinds import Cache
from chirp.social.errors import Unavailable
from chirp.world.recent import NOW, Recent
from chirp.world.remembered import Remembered
from chirp.world.shards import OutcomeUnknown, Shard, Shards

T = TypeVar("T")
Query = Callable[[Connection[TupleRow]], T]


class Visit:
    """What a request reads and writes; after a write of its own, all it reads is current.

    Attributes:
        wrote: whether it has changed something, or may have: a writer was asked and did not answer.
        remembered: what the cache answers it.
    """

    def __init__(self, shards: Shards, cache: Cache, recent: Recent) -> None:
        self._shards = shards
        self._recent = recent
        self.remembered = Remembered(cache, skip=recent.uncached)
        self.wrote = False

    def write(self, handle: str, query: Query[T]) -> T:
        """Run one statement that changes something, in the database of a handle; see `Shard.write`."""
        try:
            written = self._shards.of(handle).write(query)
        except OutcomeUnknown as error:
            self._note_write()
            raise Unavailable(error.why) from error
        self._note_write()
        return written

    def read(self, handle: str, query: Query[T], *, current: bool = False, only: bool = False) -> T:
        """Read in the database of a handle; see `Shard.read`."""
        return self.read_in(self._shards.of(handle), query, current=current, only=only)

    def read_in(self, shard: Shard, query: Query[T], *, current: bool = False, only: bool = False) -> T:
        """Read in one database."""
        return shard.read(query, current=current or self._recent.current, only=only)

    def shard(self, handle: str) -> Shard:
        """The database of a handle."""
        return self._shards.of(handle)

    def _note_write(self) -> None:
        self.wrote, self._recent, self.remembered.skip = True, NOW, True


def row(connection: Connection[TupleRow], query: str, *values: object) -> TupleRow | None:
    """The first row of a query."""
    return connection.execute(query, values).fetchone()


def rows(connection: Connection[TupleRow], query: str, *values: Any) -> Sequence[TupleRow]:
    """All rows of a query."""
    return connection.execute(query, values).fetchall()
