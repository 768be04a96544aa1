"""How far a read replica has come, so that reads go to it only while it shows what it should.

Twice a second the master is asked how far its log has come, and the replica how much of it it has replayed.
The replica lags by the age of the oldest note of the master's that is ahead of it: one clock, no special
privileges, and right also when nothing is written or the replica has lost its master.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

MAX_LAG_S = 5.0
INTERVAL_S = 0.5


@dataclass(frozen=True)
class Standing:
    """How a replica stood when it was last asked; `replayed` is a position in the log, None for no answer."""

    replayed: int | None = None
    lag_s: float = 0.0

    @property
    def usable(self) -> bool:
        """Whether it answers and lags by no more than `MAX_LAG_S`."""
        return self.replayed is not None and self.lag_s <= MAX_LAG_S


class ReplicaWatch:
    """Asks both databases; both functions return a position in the log, or None when there is no answer."""

    def __init__(
        self,
        flushed: Callable[[], int | None],
        replayed: Callable[[], int | None],
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._flushed = flushed
        self._replayed = replayed
        self._now_s = now_s
        self._notes: deque[tuple[float, int]] = deque()
        self._stop = threading.Event()
        self.standing = Standing()

    def ask(self) -> None:
        """Ask once. A master that does not answer leaves the replica as good as it is."""
        position, at_s = self._flushed(), self._now_s()
        if position is None:
            self._notes.clear()
        elif not self._notes or self._notes[-1][1] < position:
            self._notes.append((at_s, position))
        replayed = self._replayed()
        if replayed is None:
            self.standing = Standing()
            return
        while self._notes and self._notes[0][1] <= replayed:
            self._notes.popleft()
        lag_s = self._now_s() - self._notes[0][0] if self._notes else 0.0
        self.standing = Standing(replayed, lag_s)

    def lost(self) -> None:
        """The replica has just failed to answer: use it no more until it answers again."""
        self.standing = Standing()

    def run(self) -> None:
        """Ask until `stop`."""
        while not self._stop.wait(INTERVAL_S):
            self.ask()

    def stop(self) -> None:
        """End `run`."""
        self._stop.set()
