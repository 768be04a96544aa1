"""Connections to the databases: each is written at one place in the world, and read everywhere.

In a database's primary region writes go to its writer. Elsewhere they go to a reader, which sends them on
(write forwarding); that knows neither SAVEPOINT nor DDL, sequences, LOCK, COPY or functions of one's own, so
each write here is one statement of INSERT, UPDATE or DELETE, whole or not at all by itself. What has to
happen together but cannot be one statement is written so that doing it again finishes it.

Nothing here asks for positions in the log, which Aurora does not tell.

Source:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-write-forwarding-apg.html
"""

from __future__ import annotations

import select
import time
import zlib
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from psycopg import Connection, OperationalError
from psycopg.errors import QueryCanceled, ReadOnlySqlTransaction
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from chirp.servers.answering import Answering
from chirp.servers.credentials import Logins
from chirp.servers.database import (
    CONNECTION,
    FAILURES,
    LIFETIME_S,
    RECONNECT_S,
    WAIT_FOR_MASTER_S,
    WAIT_FOR_REPLICA_S,
    KnownConnection,
    closed_if_read_only,
)
from chirp.social.errors import Unavailable
from chirp.world.settings import Address, ShardSettings, WorldSettings

T = TypeVar("T")
Query = Callable[[Connection[TupleRow]], T]
REST_S = 1.0
"""For how long a side that has just failed is not asked by reads, when the other one answers."""
MODE = "apg_write_forward.consistency_mode"
OWN_WRITES, ALL_WRITES = "session", "global"
"""What a read over a forwarding connection waits for: what this session has written, or what anybody has."""
TIMEOUTS_MS = {OWN_WRITES: 5_000, ALL_WRITES: 1_000}
"""What a statement over a forwarding connection may take, waiting included. An older state is better."""
NOT_DONE = (ReadOnlySqlTransaction, PoolTimeout, PoolClosed, TooManyRequests)
"""Failures after which nothing was written: no connection was had, or only one to a reader."""


class OutcomeUnknown(Unavailable):
    """The writer was asked and did not answer: what it was asked may have been done."""


class ModalConnection(KnownConnection):
    """A connection that knows what its reads wait for, so that it is not said again with each."""

    mode = OWN_WRITES


class Side:
    """One way to a database: a pool, and until when reads leave it alone."""

    def __init__(self, pool: ConnectionPool[ModalConnection], *, forwards: bool = False) -> None:
        self.pool = pool
        self.answering = Answering()
        self._forwards = forwards
        self._rests_until_s = 0.0

    def waits(self, mode: str) -> bool:
        """Whether a read in this mode waits for what was written elsewhere."""
        return self._forwards and mode == ALL_WRITES

    @property
    def rests(self) -> bool:
        """Whether it has failed a moment ago."""
        return time.monotonic() < self._rests_until_s

    def rest(self) -> None:
        """It has just failed."""
        self._rests_until_s = time.monotonic() + REST_S

    def ask(self, query: Query[T], mode: str) -> T:
        """Run one statement over a connection of the pool; raises whatever psycopg and its pool raise."""
        with self.answering.connection(self.pool) as connection, closed_if_read_only(connection):
            if self._forwards:
                _set_mode(connection, mode)
            return query(connection)


class Shard:
    """One of the databases: a way for writes, and one for reads."""

    def __init__(
        self, settings: WorldSettings, own: ShardSettings, logins: tuple[Logins, Logins], number: int
    ) -> None:
        credentials, self._owner = logins
        self.is_primary = own.is_primary
        self._options: dict[str, Any] = {
            **CONNECTION,
            "sslmode": settings.ssl_mode,
            **({"sslrootcert": settings.ssl_root} if settings.ssl_root else {}),
            "credentials": credentials,
            "autocommit": True,
        }
        self._to_reader = _to(own.reader)
        self._to_writer = _to_writer(own)
        size = settings.connections
        writes = self._pool(
            f"writes-{number}", settings.write_connections, WAIT_FOR_MASTER_S, self._to_writer
        )
        self.writes = Side(writes, forwards=not own.is_primary)
        self.reads = Side(self._pool(f"reads-{number}", size, WAIT_FOR_REPLICA_S, self._to_reader))

    def _pool(
        self, name: str, size: int, wait_s: float, where: dict[str, Any]
    ) -> ConnectionPool[ModalConnection]:
        return ConnectionPool(
            name=name,
            connection_class=ModalConnection,
            kwargs={**self._options, **where},
            min_size=size,
            max_size=size,
            check=check_unasked,
            timeout=wait_s,
            reconnect_timeout=RECONNECT_S,
            max_lifetime=LIFETIME_S,
            num_workers=1,
            open=False,
        )

    def open(self) -> None:
        """Connect in the background."""
        self.writes.pool.open()
        self.reads.pool.open()

    def close(self) -> None:
        """Close every connection that no request holds."""
        self.writes.pool.close(timeout=1)
        self.reads.pool.close(timeout=1)

    def once(self, query: Query[T], *, reader: bool = False, as_owner: bool = False) -> T:
        """Ask over a connection of its own, which nothing else uses before or after."""
        where = self._to_reader if reader else self._to_writer
        options = self._options | ({"credentials": self._owner} if as_owner else {})
        with KnownConnection.connect(**options, **where) as connection:
            return query(connection)

    def write(self, query: Query[T]) -> T:
        """Run one statement that changes something.

        Raises:
            OutcomeUnknown: the writer does not answer; it may have done what was asked.
            Unavailable: there is no writer; nothing was done.
        """
        try:
            return self.writes.ask(query, OWN_WRITES)
        except NOT_DONE as error:
            raise Unavailable("the database does not answer; try again") from error
        except OperationalError as error:
            raise OutcomeUnknown("the database does not answer; try again") from error

    def read(self, query: Query[T], *, current: bool = False, only: bool = False) -> T:
        """Read at the reader, or where everything can be read that was ever written when it must be
        `current`.

        The other one is asked when that one fails: an older state is better than none, unless `only` the
        current one will do. So it is also where writes are sent on, when what was written elsewhere is not
        replicated soon.

        Raises:
            Unavailable: neither answers, or it takes too long.
        """
        sides = (self.writes, self.reads) if current else (self.reads, self.writes)
        awake = [side for side in sides if not side.rests] or sides
        mode = ALL_WRITES if current else OWN_WRITES
        for side in sides[:1] if only else awake:
            try:
                return side.ask(query, mode)
            except QueryCanceled as error:
                if not side.waits(mode):  # what takes too long here takes too long there, too
                    raise Unavailable("this takes too long; ask for less") from error
                side.rest()
            except FAILURES:
                side.rest()
            except psycopg.Error:
                if side is self.writes:
                    raise
                side.rest()  # a reader that cannot answer yet, such as for a new table
        raise Unavailable("the database does not answer; try again")


class Shards:
    """All databases, and in which of them a handle is; `logins` are the application's and the owner's."""

    def __init__(self, settings: WorldSettings, logins: tuple[Logins, Logins]) -> None:
        self.all = tuple(Shard(settings, own, logins, number) for number, own in enumerate(settings.shards))

    def of(self, handle: str) -> Shard:
        """The database that a handle's account, posts and followings are in."""
        return self.all[shard_of(handle, len(self.all))]

    def open(self) -> None:
        """Connect in the background."""
        for shard in self.all:
            shard.open()

    def close(self) -> None:
        """Close every connection that no request holds."""
        for shard in self.all:
            shard.close()


def shard_of(handle: str, databases: int) -> int:
    """The number of a handle's database. Never to change: people would not be found any more."""
    return zlib.crc32(handle.encode()) % databases


def check_unasked(connection: Connection[Any]) -> None:
    """Raise OperationalError when the other end has closed a connection; asks nobody.

    A question, however small, might wait for replication over a forwarding connection.
    """
    arrived = select.poll()  # select() knows no descriptor above 1023
    arrived.register(connection.fileno(), select.POLLIN)
    while arrived.poll(0):  # a last word, then the end
        connection.pgconn.consume_input()
    if connection.pgconn.status != psycopg.pq.ConnStatus.OK:
        raise OperationalError("the connection was closed")


def _to(address: Address) -> dict[str, Any]:
    return {"host": address.host, "port": address.port, "dbname": address.name}


def _to_writer(own: ShardSettings) -> dict[str, Any]:
    """In the primary region whoever can write; elsewhere the writer once there is one, else who sends on."""
    if own.is_primary:
        return {**_to(own.writer), "target_session_attrs": "read-write"}
    either = {
        "host": f"{own.writer.host},{own.reader.host}",
        "port": f"{own.writer.port},{own.reader.port}",
        "dbname": own.writer.name,
    }
    return {**either, "options": f"{CONNECTION['options']} -c {MODE}={OWN_WRITES}"}


def _set_mode(connection: ModalConnection, mode: str) -> None:
    """Two short journeys within the region when the mode changes; in one, they would be a transaction."""
    if connection.mode != mode:
        connection.execute(f"SET statement_timeout = {TIMEOUTS_MS[mode]}".encode())
        connection.execute(f"SET {MODE} = {mode}".encode())
        connection.mode = mode
