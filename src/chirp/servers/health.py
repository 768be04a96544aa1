"""Whether the load balancer is to send requests to a server: docs/decisions/0027-what-healthy-means.md.

A server is let in once it has been prepared. From then on it stays although no database answers, for a time
that is longer than any failover, since its neighbours would find none either; when it is over, this server
may be the only one that is cut off. The time is not the same for all, so that they never leave all at once.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Protocol

AWAY_S = 300.0
"""A Multi-AZ master fails over within 60 to 120 s, an Aurora cluster usually within a minute
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html)."""
SPREAD_S = 300.0
INTERVAL_S = 5.0


class Prepared(Protocol):
    """What health is asked of."""

    @property
    def ready(self) -> bool:
        """Whether it has been prepared."""
        ...

    @property
    def broken(self) -> str | None:
        """Why this release cannot serve."""
        ...

    def silent_s(self) -> float:
        """Seconds since any database answered; asks them when nobody has of late."""
        ...


class Health:
    """Asks again and again, so that a health check itself waits for nobody.

    Args:
        draw: a number from 0 to 1, by which this server's patience differs from its neighbours'.
    """

    def __init__(self, host: Prepared, draw: Callable[[], float] = random.random) -> None:
        self._host = host
        self._allowed_s = AWAY_S + SPREAD_S * draw()
        self._silent_s = 0.0
        self._stop = threading.Event()

    @property
    def wrong(self) -> str | None:
        """Why no request is to come here; None when all is well."""
        if self._host.broken is not None:
            return "the database refuses this release; it is logged why"
        if not self._host.ready:
            return "the database has not been prepared yet"
        if self._silent_s > self._allowed_s:
            return f"no database has answered for {self._silent_s:.0f} s"
        return None

    def ask(self) -> None:
        """Ask once."""
        self._silent_s = self._host.silent_s() if self._host.ready else 0.0

    def start(self) -> None:
        """Begin to ask in the background."""
        threading.Thread(target=self.run, name="health", daemon=True).start()

    def run(self) -> None:
        """Ask until `stop`."""
        while not self._stop.wait(INTERVAL_S):
            self.ask()

    def stop(self) -> None:
        """End `run`."""
        self._stop.set()
