"""What a cache answers before one database and its replica: profiles, and somebody's latest posts.

Who changes rows marks their keys, before and after. While a key is marked nobody keeps anything under it, who
found nothing keeps only where nothing lies, and what is kept was read at the master. So nothing in the cache
is older than a change of which it has heard: a mark lives longer than a query may take. A mark that the cache
does not take, or not within a request's time, is owed, and made up for as soon as the cache answers. What a
cache loses by itself, when a copy takes over that had not heard of the last marks, ends after `KEPT_S`.

Whoever has just written asks the database. Whatever is wrong with the cache or with what lies in it, so does
everybody.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeVar

from chirp.servers.database import NotAtHand
from chirp.servers.kinds import HostsCache, Kind, Patience
from chirp.servers.logs import log
from chirp.social.errors import NotFound

T = TypeVar("T")
KEPT_S = 3600
MARK = b""
"""Which no value is written as."""
MARKED_S = 20
"""A query ends after five seconds, and who asks has waited two for a connection."""
PAID_EVERY_S, LAST_PAY_S = 1.0, 2.0
MOST_OWED = 100_000
"""Keys; what is owed beyond is forgotten, the oldest first, and ends after `KEPT_S`."""


class Marks:
    """The marks of one process: made at once, or owed until the cache takes them."""

    def __init__(self, cache: HostsCache) -> None:
        self._cache = cache
        self._owed: dict[str, None] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()

    @property
    def owed(self) -> int:
        """How many keys the cache has still to hear of."""
        return len(self._owed)

    def make(self, keys: tuple[str, ...], patience: Patience) -> None:
        """Mark these as far as the patience goes, and owe the rest."""
        for key in keys:
            if not patience.spend(lambda key=key: self._cache.put(key, MARK, MARKED_S)):  # type: ignore[misc]
                self._owe(key)

    def pay(self, within_s: float = math.inf) -> None:
        """Make up for what is owed, where the cache takes it, and as far as the time allows."""
        until_s = time.monotonic() + within_s
        with self._lock:
            owed = tuple(self._owed)
        for key in owed:
            if time.monotonic() >= until_s:
                return
            with self._lock:
                self._owed.pop(key, None)
            if not self._cache.put(key, MARK, MARKED_S):
                self._owe(key)

    def run(self) -> None:
        """Connect, and pay until `stop`."""
        while True:
            if self._cache.standing or self._owed:
                self.pay()
            if self._stop.wait(PAID_EVERY_S):
                return

    def stop(self) -> None:
        """End `run`, and pay once more, as far as an ending process has time."""
        self._stop.set()
        self.pay(LAST_PAY_S)

    def _owe(self, key: str) -> None:
        with self._lock:
            begins = not self._owed
            self._owed[key] = None
            if len(self._owed) > MOST_OWED:
                self._owed.pop(next(iter(self._owed)))
        if begins:
            log(event="marks are owed to the cache")


class Remembered:
    """What one request asks the cache, if there is one.

    Attributes:
        skip: ask the database all the same, since whoever asks has just written.
    """

    def __init__(self, cache: HostsCache | None, marks: Marks | None, *, skip: bool = False) -> None:
        self._cache = cache
        self._marks = marks
        self.skip = skip
        self._patience = Patience()

    def read(self, kind: Kind[T], name: str, ask: Callable[[bool], T]) -> T:
        """The value under a name: from the cache, else from where `ask` gets it, which is told whether that
        must be the master, and raises `NotAtHand` where it then cannot.

        The master is asked for what is going to be kept alone; what nobody has is marked as if it changed.
        """
        cache, key = self._cache, kind.key(name)
        if cache is None or self.skip or self._patience.is_over:
            return ask(False)
        kept: bytes | Literal[False] | None = self._patience.spend(lambda: cache.look(key))
        value = kind.read(name, kept) if kept else None
        if value is not None:
            return value
        if kept:
            self._patience.spend(lambda: cache.put(key, MARK, MARKED_S))
        if kept is not None or self._patience.is_over:
            return ask(False)
        try:
            found = ask(True)
        except NotAtHand:
            return ask(False)
        except NotFound:
            self._patience.spend(lambda: cache.put(key, MARK, MARKED_S, new=True))
            raise
        text = kind.written(found)
        self._patience.spend(lambda: cache.put(key, text or MARK, KEPT_S if text else MARKED_S, new=True))
        return found

    @contextmanager
    def changing(self, *keys: str) -> Iterator[None]:
        """While what lies under these changes; also when nobody knows whether it has."""
        if self._marks is None:
            yield
            return
        self._marks.make(keys, self._patience)
        try:
            yield
        finally:
            self._marks.make(keys, Patience())
