"""Connections to the master and its replica: writes to the one, reads to the other while it is good."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from psycopg import Connection, OperationalError
from psycopg.errors import QueryCanceled, ReadOnlySqlTransaction
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from chirp.servers.answering import Answering, silent_s
from chirp.servers.credentials import Logins
from chirp.servers.replica import ReplicaWatch
from chirp.servers.settings import Settings
from chirp.servers.tracing import part
from chirp.social.errors import Unavailable

T = TypeVar("T")
Query = Callable[[Connection[TupleRow]], T]
WAIT_FOR_MASTER_S = 2.0
WAIT_FOR_REPLICA_S = 0.25
RECONNECT_S = 10.0
LIFETIME_S = 30 * 60.0
CONNECTION = {
    "connect_timeout": 3,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "gssencmode": "disable",
    "application_name": "groma-social",
    "options": "-c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=10000",
}
FAILURES = (OperationalError, ReadOnlySqlTransaction, PoolTimeout, PoolClosed, TooManyRequests)
FLUSHED = "SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint"
WRITTEN = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"
REPLAYED = "SELECT (pg_last_wal_replay_lsn() - '0/0')::bigint"


class KnownConnection(Connection[TupleRow]):
    """A connection that asks for the credentials when it opens, and again when they are refused."""

    @classmethod
    def connect(  # type: ignore[override]
        cls, conninfo: str = "", *, credentials: Logins, host: str, port: str | int, **options: Any
    ) -> Connection[TupleRow]:
        """Open one to the first of several hosts (`a,b`) that takes it, each with credentials of its own.

        Raises:
            OperationalError: that fails with new credentials too.
        """
        failed: OperationalError | None = None
        for each, at in zip(host.split(","), str(port).split(","), strict=True):
            try:
                return cls._at(conninfo, credentials, {**options, "host": each, "port": int(at)})
            except OperationalError as error:
                failed = error
        assert failed is not None
        raise failed

    @classmethod
    def _at(cls, conninfo: str, credentials: Logins, where: dict[str, Any]) -> Connection[TupleRow]:
        user, password = credentials.current(where["host"], where["port"])
        try:
            return super().connect(conninfo, user=user, password=password, **where)
        except OperationalError:
            other = credentials.after_refusal((user, password))
            if other is None:
                raise
        user, password = other
        return super().connect(conninfo, user=user, password=password, **where)


class Database:
    """Two pools and the watch over the replica."""

    def __init__(self, settings: Settings, credentials: Logins, owner: Logins) -> None:
        self._owner = owner
        host, port = settings.database_host, settings.database_port
        self._options: dict[str, Any] = {
            **CONNECTION,
            "dbname": settings.database_name,
            "sslmode": settings.ssl_mode,
            **({"sslrootcert": settings.ssl_root} if settings.ssl_root else {}),
            "credentials": credentials,
            "autocommit": True,
        }
        self._to_master: dict[str, Any] = {"host": host, "port": port, "target_session_attrs": "read-write"}
        self.master = self._pool("master", settings.connections, self._to_master)
        self.replica: ConnectionPool[KnownConnection] | None = None
        self._to_replica: dict[str, Any] | None = None
        if settings.replica_host:
            self._to_replica = {"host": settings.replica_host, "port": settings.replica_port}
            self.replica = self._pool("replica", settings.connections, self._to_replica)
        self.watch = ReplicaWatch(self._flushed, self._replayed)
        self.master_answering, self.replica_answering = Answering(), Answering()

    def _pool(self, name: str, size: int, where: dict[str, Any]) -> ConnectionPool[KnownConnection]:
        return ConnectionPool(
            name=name,
            connection_class=KnownConnection,
            kwargs={**self._options, **where},
            min_size=size,
            max_size=size,
            check=ConnectionPool.check_connection if name == "master" else None,
            timeout=WAIT_FOR_MASTER_S if name == "master" else WAIT_FOR_REPLICA_S,
            reconnect_timeout=RECONNECT_S,
            max_lifetime=LIFETIME_S,
            open=False,
        )

    def open(self) -> None:
        """Connect in the background, and begin to watch the replica."""
        self.master.open()
        if self.replica is not None:
            self.replica.open()
            threading.Thread(target=self.watch.run, name="replica-watch", daemon=True).start()

    def close(self) -> None:
        """Close every connection that no request holds."""
        self.watch.stop()
        for pool in filter(None, (self.master, self.replica)):
            pool.close(timeout=1)

    def once(self, query: Query[T], *, as_owner: bool = False) -> T:
        """Ask the master over a connection of its own, which nothing else uses before or after."""
        options = self._options | ({"credentials": self._owner} if as_owner else {})
        with KnownConnection.connect(**self._to_master, **options) as connection:
            return query(connection)

    def once_anywhere(self, query: Query[T]) -> T:
        """Ask the master, or the replica where that does not answer; raises what the master said of both."""
        try:
            return self.once(query)
        except OperationalError as error:
            if self._to_replica is None:
                raise
            try:
                with KnownConnection.connect(**self._to_replica, **self._options) as connection:
                    return query(connection)
            except psycopg.Error:
                raise error from None

    def silent_s(self) -> float:
        """Seconds since master or replica answered; asks them when nobody has of late."""
        ways = [(self.master, self.master_answering)]
        if self.replica is not None:
            ways.append((self.replica, self.replica_answering))
        return silent_s(ways)

    def visit(self, seen: int = 0) -> Visit:
        """A request's dealings; `seen` is the position in the log that its reads must not stay behind."""
        return Visit(self, seen)

    def _flushed(self) -> int | None:
        return _position(self.master, FLUSHED)

    def _replayed(self) -> int | None:
        return None if self.replica is None else _position(self.replica, REPLAYED)


class Visit:
    """What a request reads and writes; `wrote` is the position in the log after its last write."""

    def __init__(self, database: Database, seen: int) -> None:
        self._database = database
        self._seen = seen
        self.wrote: int | None = None

    def write(self, query: Query[T]) -> T:
        """Change something at the master, in one transaction.

        Raises:
            Unavailable: the master does not answer; whether it did what was asked is not known.
        """
        try:
            with self._master() as connection:
                with closed_if_read_only(connection), connection.transaction():
                    result = query(connection)
                with suppress(psycopg.Error):  # Aurora tells no position; what is written stays written
                    self.wrote = self._seen = _number(connection, WRITTEN) or 0
                return result
        except FAILURES as error:
            raise Unavailable("the database does not answer; try again") from error

    def read(self, query: Query[T], *, current: bool = False) -> T:
        """Read at the replica when it is good for it, at the master otherwise or when it must be `current`.

        Raises:
            Unavailable: neither answers.
        """
        if not current:
            with suppress(_NotThere):
                return self._at_replica(query, self._seen)
        try:
            with self._master() as connection:
                return query(connection)
        except FAILURES as error:
            if current:
                raise Unavailable("the database does not answer; try again") from error
        try:
            return self._at_replica(query, 0)  # an older state is better than none
        except _NotThere:
            raise Unavailable("the database does not answer; try again") from None

    def read_newest(self, query: Query[T]) -> T:
        """Read at the master, where that is at hand: nobody waits for it as for what only it can answer.

        Raises:
            NotAtHand: it is not.
            Unavailable: it takes too long.
        """
        if self._database.master_answering.in_vain:
            raise NotAtHand
        try:
            with (
                part("master", faults=FAILURES, remote=True),
                self._database.master.connection(timeout=WAIT_FOR_REPLICA_S) as connection,
            ):
                return query(connection)
        except QueryCanceled as error:
            raise Unavailable("this takes too long; ask for less") from error
        except FAILURES as error:
            raise NotAtHand from error

    def _master(self) -> AbstractContextManager[KnownConnection]:
        return self._database.master_answering.connection(self._database.master)

    def _at_replica(self, query: Query[T], seen: int) -> T:
        pool, watch = self._database.replica, self._database.watch
        standing = watch.standing
        if pool is None or not standing.usable:
            raise _NotThere
        connection = None
        try:
            with self._database.replica_answering.connection(pool) as connection:
                behind = (standing.replayed or 0) < seen
                if behind and (_number(connection, REPLAYED) or 0) < seen:
                    raise _NotThere
                return query(connection)
        except QueryCanceled as error:  # what takes too long here takes too long at the master, too
            raise Unavailable("this takes too long; ask for less") from error
        except (psycopg.Error, PoolTimeout, PoolClosed, TooManyRequests) as error:
            if connection is not None and connection.broken:
                watch.lost()
            raise _NotThere from error  # also what the replica cannot answer yet, such as a new table


@contextmanager
def closed_if_read_only(connection: Connection[TupleRow]) -> Iterator[None]:
    """Close a connection that turned out to be to no writer any more: the pool then finds the new one."""
    try:
        yield
    except ReadOnlySqlTransaction:
        connection.close()
        raise


class NotAtHand(Exception):
    """The master cannot be asked at once."""


class _NotThere(Exception):
    """The replica is not there or not good for this read."""


def _position(pool: ConnectionPool[KnownConnection], question: str) -> int | None:
    try:
        with pool.connection(timeout=1) as connection:
            return _number(connection, question)
    except (psycopg.Error, PoolTimeout, PoolClosed, TooManyRequests):
        return None


def _number(connection: Connection[TupleRow], question: str) -> int | None:
    row = connection.execute(question).fetchone()
    return None if row is None else row[0]
