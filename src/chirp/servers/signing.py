"""Tokens that only the servers of one stack can make: content in the clear, and its HMAC-SHA256."""

from __future__ import annotations

import hashlib
import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable

from chirp.social.errors import Unauthorised
from chirp.social.model import Session

SESSION_S = 7 * 86_400


class Signer:
    """Signs and verifies with one key; what was signed for one purpose is worth nothing for another."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, purpose: str, content: str) -> str:
        """The content with its signature, of characters that a header or URL takes."""
        encoded = _text(content.encode())
        return f"{encoded}.{self._signature(purpose, encoded)}"

    def verify(self, purpose: str, token: str) -> str | None:
        """The content of a token; None when anything of it was changed."""
        if not token.isascii():
            return None
        encoded, _, signature = token.partition(".")
        expected = self._signature(purpose, encoded)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            return None
        return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()

    def _signature(self, purpose: str, encoded: str) -> str:
        return _text(hmac.digest(self._key, f"{purpose}\n{encoded}".encode(), hashlib.sha256))


class Sessions:
    """Bearer tokens that say who somebody is and until when; no server has to remember them."""

    PURPOSE = "session"

    def __init__(self, signer: Signer, now_s: Callable[[], float] = time.time) -> None:
        self._signer = signer
        self._now_s = now_s

    def open(self, handle: str) -> Session:
        """A token for this person."""
        until = int(self._now_s()) + SESSION_S
        return Session(self._signer.sign(self.PURPOSE, f"{handle} {until}"), SESSION_S)

    def who(self, token: str) -> str:
        """Whose token it is; Unauthorised when it is forged, changed or expired."""
        content = self._signer.verify(self.PURPOSE, token)
        handle, _, until = (content or "").partition(" ")
        if content is None or float(until) <= self._now_s():
            raise Unauthorised("log in again")
        return handle


class LastWrites:
    """`X-Last-Write`: how far the master's log had come after somebody's last write.

    A replica that has replayed less would show an older state. After `GOOD_FOR_S` it says nothing any more: a
    replica that is used at all has caught up by then, and the log of a restored master may begin anew.
    """

    PURPOSE = "last-write"
    GOOD_FOR_S = 60

    def __init__(self, signer: Signer, now_s: Callable[[], float] = time.time) -> None:
        self._signer = signer
        self._now_s = now_s

    def to_header(self, lsn: int) -> str:
        """The header's value for a position in the log."""
        return self._signer.sign(self.PURPOSE, f"{lsn} {int(self._now_s())}")

    def from_header(self, value: str | None) -> int:
        """The position; 0, which every replica has reached, without a value or with one that is not good."""
        content = self._signer.verify(self.PURPOSE, value) if value else None
        lsn, _, at = (content or "0 0").partition(" ")
        return int(lsn) if abs(self._now_s() - int(at)) < self.GOOD_FOR_S else 0


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
