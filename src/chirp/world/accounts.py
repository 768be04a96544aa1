"""Accounts in the database of their handle; sessions in the table, so that they are good in every region."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from chirp.functions.table import Key, Store
from chirp.servers.passwords import Passwords
from chirp.servers.store import PASSWORD, SIGN_UP
from chirp.social.errors import Conflict, Unauthorised
from chirp.social.model import Session
from chirp.world.visit import Visit, row

SESSION_S = 7 * 86_400
TOKEN_BYTES = 32
TOKEN = re.compile("[A-Za-z0-9_-]{43}")
KNOWN_S = 10.0
"""For how long a process does not ask for a session again: none ends before its time."""
MOST_KNOWN = 20_000


class Sessions:
    """Sessions in the table, under the hash of their token: who reads the table cannot pose as anybody.

    The table reaches the other regions within about a second. Who is sent to another region in the same
    second in which they logged in may be refused there once.
    """

    def __init__(self, store: Store, now_s: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._now_s = now_s
        self._known: dict[str, tuple[str, float]] = {}

    def open(self, handle: str) -> Session:
        """A new session of this person."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        pk, sk = _key(token)
        until_s = self._store.expiry_s(SESSION_S / 86_400)
        self._store.put_all([{"pk": pk, "sk": sk, "handle": handle, "expires_s": until_s}])
        return Session(token, SESSION_S)

    def who(self, token: str) -> str:
        """Whose token it is; Unauthorised when it is made up, changed or expired."""
        if not TOKEN.fullmatch(token):
            raise Unauthorised("log in again")
        key = _key(token)
        handle, until_s = self._known.get(key[0], ("", 0.0))
        if self._now_s() < until_s:
            return handle
        item = self._store.get(key)
        if item is None or not self._store.is_alive(item):
            raise Unauthorised("log in again")
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[key[0]] = (item["handle"], self._now_s() + KNOWN_S)
        return str(item["handle"])


@dataclass(frozen=True)
class WorldAccounts:
    """The port `Accounts`: confirmed at once, since no mail is sent from here."""

    visit: Visit
    passwords: Passwords
    sessions: Sessions

    def sign_up(self, handle: str, email: str, password: str) -> bool:
        """Open an account that needs no confirmation."""
        kept = self.passwords.hashed(password)
        if not self.visit.write(handle, lambda c: row(c, SIGN_UP, handle, email, kept)):
            raise Conflict("is taken", field="handle")
        return False

    def confirm(self, handle: str, code: str) -> None:
        """Nothing: every account is confirmed."""

    def send_code_again(self, handle: str) -> None:
        """Nothing: no account waits for a code."""

    def log_in(self, handle: str, password: str) -> Session:
        """A session. Passwords never change, so a reader's is right; one that has none yet may be behind."""
        found = self.visit.read(handle, lambda c: row(c, PASSWORD, handle)) or self.visit.read(
            handle, lambda c: row(c, PASSWORD, handle), current=True, only=True
        )
        if not self.passwords.matches(password, found[0] if found else None):
            raise Unauthorised("handle or password is wrong")
        return self.sessions.open(handle)

    def who(self, token: str) -> str:
        """Whose token it is."""
        return self.sessions.who(token)


def _key(token: str) -> Key:
    return f"session#{hashlib.sha256(token.encode()).hexdigest()}", "session"
