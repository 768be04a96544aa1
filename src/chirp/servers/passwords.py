"""Passwords as they are kept: scrypt, each with a salt and the costs it was made with."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
from base64 import b64decode, b64encode
from dataclasses import dataclass

from chirp.social.errors import TooMany

SALT_BYTES = 16
HASH_BYTES = 32
LOG2_N, R, P = 14, 8, 5
"""16 MiB and about 100 ms, one of the settings of equal strength that OWASP lists for scrypt
(https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html, read 2026-11-22)."""
MAX_MEMORY_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Cost:
    """The costs of scrypt: memory is 128·2^log2_n·r bytes, time is that p times."""

    log2_n: int = LOG2_N
    r: int = R
    p: int = P

    def hash(self, password: str, salt: bytes) -> bytes:
        """The hash, for which the interpreter's lock is given up."""
        n = 1 << self.log2_n
        return hashlib.scrypt(
            password.encode(), salt=salt, n=n, r=self.r, p=self.p, maxmem=MAX_MEMORY_BYTES, dklen=HASH_BYTES
        )


class Passwords:
    """Hashes and compares, `at_once` at a time, so that logins leave processors to the other requests."""

    def __init__(
        self, cost: Cost | None = None, at_once: int = max(1, (os.cpu_count() or 1) // 2), wait_s: float = 3.0
    ) -> None:
        self._cost = cost or Cost()
        self._turns = threading.BoundedSemaphore(at_once)
        self._wait_s = wait_s
        self._nobodys = self.hashed(secrets.token_urlsafe())

    def hashed(self, password: str) -> str:
        """What to keep of a password. Raises TooMany when too many others wait for theirs."""
        salt = secrets.token_bytes(SALT_BYTES)
        cost = self._cost
        kept = (salt, self._in_turn(cost, password, salt))
        return "$".join(
            (
                "scrypt",
                str(cost.log2_n),
                str(cost.r),
                str(cost.p),
                *(b64encode(part).decode() for part in kept),
            )
        )

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether it is the password; without a kept one it takes as long to say no."""
        _, log2_n, r, p, salt, expected = (kept or self._nobodys).split("$")
        cost = Cost(int(log2_n), int(r), int(p))
        found = self._in_turn(cost, password, b64decode(salt))
        return hmac.compare_digest(found, b64decode(expected)) and kept is not None

    def _in_turn(self, cost: Cost, password: str, salt: bytes) -> bytes:
        if not self._turns.acquire(timeout=self._wait_s):
            raise TooMany("too many people log in right now", retry_after_s=5)
        try:
            return cost.hash(password, salt)
        finally:
            self._turns.release()
