"""Ids that sort by time: 48 bits of milliseconds and 80 random bits, in 26 characters (a ULID).

Specification: https://github.com/ulid/spec. The text sorts as the number does, byte by byte, so that an id is
a sort key in every database and the cursor of a page as well.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
RANDOM_BITS = 80
PATTERN = re.compile(rf"[0-7][{ALPHABET}]{{{LENGTH - 1}}}")
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def wall_clock_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Ids:
    """Makes ids, each greater than the one before, within a millisecond and when the clock goes back too."""

    def __init__(
        self,
        now_ms: Callable[[], int] = wall_clock_ms,
        random_bits: Callable[[int], int] = secrets.randbits,
    ) -> None:
        self._now_ms = now_ms
        self._random_bits = random_bits
        self._last = 0
        self._lock = threading.Lock()

    def __call__(self) -> str:
        """The next id; safe to call from any thread."""
        fresh = self._now_ms() << RANDOM_BITS | self._random_bits(RANDOM_BITS)
        with self._lock:
            same_ms_or_earlier = fresh >> RANDOM_BITS <= self._last >> RANDOM_BITS
            self._last = self._last + 1 if same_ms_or_earlier else fresh
            return encode(self._last)


def encode(value: int) -> str:
    """128 bits in Crockford's base 32."""
    return "".join(ALPHABET[value >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def is_id(text: str) -> bool:
    """Whether this is an id in the form in which they are made."""
    return PATTERN.fullmatch(text) is not None


def created_ms(id_: str) -> int:
    """When an id was made, in milliseconds since 1970."""
    value = 0
    for character in id_[:10]:
        value = value << 5 | _VALUES[character]
    return value
