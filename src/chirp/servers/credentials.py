"""The database's user and password, from Secrets Manager; read again when a database refuses them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

LEAST_AGE_S = 5.0
Login = tuple[str, str]


class Credentials:
    """User and password. `read` gives the secret's text; whatever it raises comes through."""

    def __init__(
        self,
        read: Callable[[], str],
        now_s: Callable[[], float] = time.monotonic,
        least_age_s: float = LEAST_AGE_S,
    ) -> None:
        self._read = read
        self._now_s = now_s
        self._least_age_s = least_age_s
        self._lock = threading.Lock()
        self._login: Login | None = None
        self._read_at_s = 0.0

    def current(self) -> Login:
        """User and password as they were last read."""
        with self._lock:
            return self._login or self._read_again()

    def after_refusal(self, refused: Login) -> Login | None:
        """Other ones than those refused; None when there are none, or when it is too soon to ask."""
        with self._lock:
            age_s = self._now_s() - self._read_at_s
            login = self._login
            if login == refused and age_s >= self._least_age_s:
                login = self._read_again()
            return None if login == refused else login

    def _read_again(self) -> Login:
        self._read_at_s = self._now_s()
        secret = json.loads(self._read())
        self._login = (secret["username"], secret["password"])
        return self._login


def secret_reader(client: Any, secret_arn: str) -> Callable[[], str]:
    """Reads a secret with this Secrets Manager client."""
    return lambda: str(client.get_secret_value(SecretId=secret_arn)["SecretString"])
