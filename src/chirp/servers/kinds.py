"""What lies in a cache: rows that many ask for, each kind under its prefix, as JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

from chirp.social import ids
from chirp.social.model import Post, Profile

T = TypeVar("T")
BUDGET_S = 0.1
"""After so long with a slow cache a request asks it no more, and goes on without."""
MOST_BYTES = 64 * 1024
"""What is longer is not worth a place in the cache: long texts fill it, and few read them."""


class Cache(Protocol):
    """A cache that is not to be relied upon: it raises nothing, and what it has may be gone at any time."""

    def get(self, key: str) -> bytes | None:
        """What lies under a key; None also when the cache does not answer."""
        ...

    def look(self, key: str) -> bytes | Literal[False] | None:
        """The same, but False when the cache does not answer."""
        ...

    def put(self, key: str, value: bytes, ttl_s: int, *, new: bool = False) -> bool:
        """Keep something for some seconds; where it is to be `new`, only if nothing lies there. Whether the
        cache has answered.
        """
        ...

    def forget(self, *keys: str) -> None:
        """Keep these no longer."""
        ...


class HostsCache(Cache, Protocol):
    """The cache of a host, as long as the process lives."""

    @property
    def standing(self) -> bool:
        """Whether it answers."""
        ...

    def close(self) -> None:
        """End."""
        ...


class Patience:
    """How long one request may still wait for the cache."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._spent_s = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the cache is asked no more."""
        return self._spent_s >= BUDGET_S

    def spend(self, do: Callable[[], T | None]) -> T | None:
        """What the cache says; None when the request has waited for it long enough."""
        if self.is_over:
            return None
        start_s = self._clock_s()
        done = do()
        self._spent_s += self._clock_s() - start_s
        return done


@dataclass(frozen=True)
class Kind(Generic[T]):
    """How values of one kind lie in the cache.

    Attributes:
        dump: a value as JSON.
        load: the value of JSON, for the name under which it lies; ValueError or TypeError when it is none.
    """

    prefix: str
    dump: Callable[[T], Any]
    load: Callable[[str, Any], T]

    def key(self, name: str) -> str:
        """The key; another form of values needs another prefix, since two releases share a cache."""
        return f"{self.prefix}:{name}"

    def written(self, value: T) -> bytes | None:
        """What is kept of a value; None when that is too long."""
        text = json.dumps(self.dump(value), ensure_ascii=False, separators=(",", ":")).encode()
        return text if len(text) <= MOST_BYTES else None

    def read(self, name: str, kept: bytes) -> T | None:
        """The value that was kept under a name; None when it is none."""
        try:
            return self.load(name, json.loads(kept))
        except (ValueError, TypeError, RecursionError):
            return None


def _post(author: str, row: Any) -> Post:
    id_, text, picture = row
    if not (isinstance(id_, str) and isinstance(text, str) and isinstance(picture, str | None)):
        raise TypeError("no post")
    if not ids.is_id(id_):
        raise ValueError("no id")
    return Post(id_, author, text, picture)


def _profile(handle: str, counts: Any) -> Profile:
    followers, following = counts
    return Profile(handle, _whole(followers), _whole(following))


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("no count")
    return value


def _flag(_: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("no flag")
    return value


def _rows(posts: Iterable[Post]) -> list[list[str | None]]:
    return [[post.id, post.text, post.picture] for post in posts]


PROFILE: Kind[Profile] = Kind("profile", lambda profile: [profile.followers, profile.following], _profile)
"""Under the handle."""
NEWEST: Kind[tuple[Post, ...]] = Kind(
    "newest", _rows, lambda author, rows: tuple(_post(author, row) for row in rows)
)
"""Somebody's latest posts, under their handle."""
FOLLOWS: Kind[bool] = Kind("follows", bool, _flag)
"""Whether somebody follows somebody, under `<follower>:<followee>`."""
