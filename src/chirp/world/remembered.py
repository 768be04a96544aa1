"""What the cache answers: rows that many ask for, for half a minute, and never longer than a request can
wait.

Whatever is wrong with the cache or with what lies in it, the database is asked instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from chirp.servers.kinds import Cache, Kind, Patience
from chirp.world.recent import CACHED_S

T = TypeVar("T")


class Remembered:
    """What one request asks the cache.

    Attributes:
        skip: ask the database all the same, and keep what it says.
    """

    def __init__(self, cache: Cache, *, skip: bool, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._cache = cache
        self.skip = skip
        self._patience = Patience(clock_s)

    def read(self, kind: Kind[T], name: str, ask: Callable[[], T]) -> T:
        """The value under a name: from the cache, else from where `ask` gets it."""
        key = kind.key(name)
        kept = None if self.skip else self._patience.spend(lambda: self._cache.get(key))
        if kept is not None:
            value = kind.read(name, kept)
            if value is not None:
                return value
            self.forget(kind, name)
        found = ask()
        text = kind.written(found)
        if text is not None:
            self._patience.spend(lambda: self._cache.put(key, text, CACHED_S))
        return found

    def forget(self, kind: Kind[Any], *names: str) -> None:
        """These have changed."""
        self._cache.forget(*(kind.key(name) for name in names))
