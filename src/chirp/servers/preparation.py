"""What a server does before it answers requests: in the background, again and again until it is done."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import psycopg
from psycopg.errors import ReadOnlySqlTransaction

from chirp.servers.logs import log
from chirp.servers.migrations import MigrationChanged

RETRY_S = 2.0


class Preparation:
    """Runs a function until it raises nothing.

    A database that does not answer is waited for: no other server would find it either. A migration that the
    database refuses is this release's own fault, so `broken` says so: a health check then keeps servers of an
    earlier release in their places.

    Attributes:
        broken: why this release cannot serve; None while it only waits.
    """

    def __init__(self, prepare: Callable[[], None], retry_s: float = RETRY_S) -> None:
        self._prepare = prepare
        self._retry_s = retry_s
        self._stop = threading.Event()
        self.done = False
        self.broken: str | None = None

    def start(self) -> None:
        """Begin in the background."""
        threading.Thread(target=self.run, name="prepare", daemon=True).start()

    def run(self) -> None:
        """Prepare until it is done, or until `stop`."""
        while not self.done and not self._stop.is_set():
            try:
                self._prepare()
                self.done, self.broken = True, None
                log(event="ready", process=os.getpid())
            except Exception as error:
                why = f"{type(error).__name__}: {error}"
                self.broken = why if _is_its_own_fault(error) else None
                log(event="the database cannot be prepared yet", error=why, broken=self.broken is not None)
                self._stop.wait(self._retry_s)

    def stop(self) -> None:
        """Give up."""
        self._stop.set()


def _is_its_own_fault(error: Exception) -> bool:
    """Whether the database understood, and refused. One that is just being failed over is read-only."""
    if isinstance(error, psycopg.OperationalError | ReadOnlySqlTransaction):
        return False
    return isinstance(error, psycopg.Error | MigrationChanged)
