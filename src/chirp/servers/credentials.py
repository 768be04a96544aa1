"""Who a server is to its databases.

It signs in as a role of its own, whose password is a token that IAM checks: signed here, so that nobody has
to be asked when a server starts. The owner of the databases, whose password is in Secrets Manager, migrates.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html, read 2026-11-28.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlencode

LEAST_AGE_S = 5.0
EXPIRES_S = 900
"""As long as AWS lets a token count; it only has to count while a connection opens."""
RENEW_S = 600.0
Login = tuple[str, str]


class Logins(Protocol):
    """User and password for each database server."""

    def current(self, host: str, port: int) -> Login:
        """User and password for one server."""
        ...

    def after_refusal(self, refused: Login) -> Login | None:
        """Other ones than those refused; None when there are none."""
        ...


class OwnRole:
    """The application's role. `session` is a botocore session, whose credentials sign."""

    def __init__(
        self, user: str, region: str, session: Any, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._user = user
        self._region = region
        self._session = session
        self._now_s = now_s
        self._lock = threading.Lock()
        self._signed: dict[tuple[str, int], tuple[str, float]] = {}

    def current(self, host: str, port: int) -> Login:
        """User and token for one server; a token serves for `RENEW_S`.

        Raises botocore's NoCredentialsError, or whatever kept it from finding credentials.
        """
        with self._lock:
            token, renew_at_s = self._signed.get((host, port), ("", 0.0))
            if not token or self._now_s() >= renew_at_s:
                token = self._sign(f"{host}:{port}")
                self._signed[host, port] = token, self._now_s() + RENEW_S
            return self._user, token

    def after_refusal(self, refused: Login) -> Login | None:
        """None: another token would say the same."""
        return None

    def _sign(self, where: str) -> str:
        from botocore.model import ServiceId
        from botocore.signers import RequestSigner

        signer = RequestSigner(
            ServiceId("rds-db"), self._region, "rds-db", "v4",
            self._session.get_credentials(), self._session.get_component("event_emitter"),
        )  # fmt: skip
        url = f"https://{where}/?{urlencode({'Action': 'connect', 'DBUser': self._user})}"
        request = {"method": "GET", "url": url, "body": {}, "headers": {}, "context": {}}
        signed: str = signer.generate_presigned_url(request, operation_name="connect", expires_in=EXPIRES_S)
        return signed.removeprefix("https://")


class Credentials:
    """User and password of the databases' owner, read again when one refuses them.

    `read` gives the secret's text; whatever it raises comes through.
    """

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

    def current(self, host: str = "", port: int = 0) -> Login:
        """User and password as they were last read, the same for all servers."""
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
