"""How a database has answered lately: since when it is silent, and how long a request is to wait for it.

A database that is away must not hold the threads that would tell the load balancer of it: once a request has
waited in vain, those after it wait shortly, until the database answers again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from chirp.servers.tracing import part

IMPATIENT_S = 0.1
ANSWERS_WITHIN_S = 1.0
HEARD_S = 5.0
"""Who has answered within this time need not be asked whether it does."""
C = TypeVar("C", bound=psycopg.Connection[Any])
_FAULTS = (psycopg.OperationalError, PoolTimeout, TooManyRequests)
"""Of a database, or of the way to it; whatever else is raised there is an answer."""
_ENDING = "57P"
"""Class of SQLSTATE of a server that shuts down, has crashed or is starting: not an answer."""


class Answering:
    """What is noted of one way to a database, by all threads that go it."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._answered_at_s = now_s()
        self._in_vain = False

    @property
    def silent_s(self) -> float:
        """Seconds since the last answer, or since the beginning."""
        return self._now_s() - self._answered_at_s

    @property
    def in_vain(self) -> bool:
        """Whether the last who waited for it did so in vain."""
        return self._in_vain

    def wait_s(self, usual_s: float) -> float:
        """How long to wait for a connection: not as long as usual when somebody has just done so in vain."""
        return min(usual_s, IMPATIENT_S) if self._in_vain else usual_s

    def answered(self) -> None:
        """It has just answered."""
        self._answered_at_s = self._now_s()
        self._in_vain = False

    @contextmanager
    def connection(self, pool: ConnectionPool[C]) -> Iterator[C]:
        """A connection of the pool, whose answers are noted; raises whatever psycopg and its pool raise."""
        with self.noted(), ExitStack() as held:
            with part(f"connection to {pool.name}", faults=_FAULTS):
                connection = held.enter_context(pool.connection(timeout=self.wait_s(pool.timeout)))
            with part(pool.name, faults=_FAULTS, remote=True):
                yield connection

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note what comes of asking. A refusal is an answer too, and so is a statement that took too long."""
        try:
            yield
        except PoolTimeout:
            self._in_vain = True
            raise
        except psycopg.Error as error:
            if error.sqlstate is not None and not error.sqlstate.startswith(_ENDING):
                self.answered()
            raise
        self.answered()


def silent_s(ways: Iterable[tuple[ConnectionPool[Any], Answering]]) -> float:
    """Seconds since an answer came by any of these ways; when none has of late, they are asked in turn."""
    known = tuple(ways)
    found = min(answering.silent_s for _, answering in known)
    if found <= HEARD_S:
        return found
    for pool, answering in known:
        if answers(pool)["ok"]:
            answering.answered()
            return answering.silent_s
    return found


def answers(pool: ConnectionPool[Any]) -> dict[str, Any]:
    """Whether a database answers, and in how many milliseconds."""
    start_s = time.monotonic()
    try:
        with pool.connection(timeout=ANSWERS_WITHIN_S) as connection:
            connection.execute("SELECT 1")
    except (psycopg.Error, PoolTimeout, PoolClosed, TooManyRequests) as error:
        return {"ok": False, "error": type(error).__name__}
    return {"ok": True, "ms": round(1000 * (time.monotonic() - start_s), 1)}
