"""The password of ElastiCache's IAM users: a request to connect, signed in advance and never made.

It is the URL, without its scheme, of GET `http://<replication group>/?Action=connect&User=<user>`, signed for
the service `elasticache` in its query (Signature Version 4); the group's name stands in small letters.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html, read 2026-11-22.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from botocore.model import ServiceId
from botocore.signers import RequestSigner
from valkey.credentials import CredentialProvider

EXPIRES_S = 900
"""As long as AWS lets a token count; it only has to count when a connection opens."""
RENEW_S = 600.0


class Token(CredentialProvider):
    """User and token, which a client asks for whenever it opens a connection; a token serves for `RENEW_S`.

    `session` is a botocore session, whose credentials sign; `name` is the replication group's id.
    """

    def __init__(
        self, user: str, name: str, region: str, session: Any, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._user = user
        self._url = f"http://{name.lower()}/?{urlencode({'Action': 'connect', 'User': user})}"
        self._region = region
        self._session = session
        self._now_s = now_s
        self._lock = threading.Lock()
        self._token = ""
        self._renew_at_s = 0.0

    def get_credentials(self) -> tuple[str, str]:
        """User and token; botocore's NoCredentialsError, or whatever kept it from finding credentials."""
        with self._lock:
            if not self._token or self._now_s() >= self._renew_at_s:
                self._token = self._sign()
                self._renew_at_s = self._now_s() + RENEW_S
            return self._user, self._token

    def _sign(self) -> str:
        signer = RequestSigner(
            ServiceId("elasticache"), self._region, "elasticache", "v4",
            self._session.get_credentials(), self._session.get_component("event_emitter"),
        )  # fmt: skip
        request = {"method": "GET", "url": self._url, "body": {}, "headers": {}, "context": {}}
        signed: str = signer.generate_presigned_url(request, operation_name="connect", expires_in=EXPIRES_S)
        return signed.removeprefix("http://")
