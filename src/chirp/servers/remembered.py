"""What a cache answers before one database and its replica: profiles, followings, somebody's latest posts.

Who changes rows marks their keys, before and after. While a key is marked nobody keeps anything under it, for
a replica that lags may still show the rows from before; and who kept nothing yet keeps only where nothing
lies. So what lies in the cache is never older than the mark, which lives longer than a replica that is read
may lag and a query may take. What could not be marked, since the cache did not answer, ends after `KEPT_S`.

Whatever is wrong with the cache or with what lies in it, the database is asked instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from chirp.servers.kinds import Cache, Kind, Patience

T = TypeVar("T")
KEPT_S = 3600
MARK = b""
"""Which no value is written as."""
MARKED_S = 20
"""A replica that is read lags by five seconds at most, and a query ends after five."""


class Remembered:
    """What one request asks the cache, if there is one."""

    def __init__(self, cache: Cache | None) -> None:
        self._cache = cache
        self._patience = Patience()

    def read(self, kind: Kind[T], name: str, ask: Callable[[], T]) -> T:
        """The value under a name: from the cache, else from where `ask` gets it."""
        cache, key = self._cache, kind.key(name)
        if cache is None:
            return ask()
        kept = self._patience.spend(lambda: cache.get(key))
        value = kind.read(name, kept) if kept else None
        if value is not None:
            return value
        if kept:
            cache.forget(key)
        found = ask()
        text = None if kept == MARK else kind.written(found)
        if text is not None:
            self._patience.spend(lambda: cache.put(key, text, KEPT_S, new=True))
        return found

    @contextmanager
    def changing(self, *keys: str) -> Iterator[None]:
        """While what lies under these changes; also when nobody knows whether it has."""
        self._mark(keys)
        try:
            yield
        finally:
            self._mark(keys)

    def _mark(self, keys: tuple[str, ...]) -> None:
        if self._cache is not None:
            for key in keys:
                self._cache.put(key, MARK, MARKED_S)
