"""One who uses a deployed site over HTTP, as a browser would."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import urllib3

from groma.application.journey import Reply
from groma.errors import CloudError
from groma.live.target import Web

TIMEOUT_S = 30.0
T = TypeVar("T")


class SiteError(CloudError):
    """Nobody answers where the site should be."""


@dataclass(frozen=True)
class Visitor:
    """Asks one host.

    Attributes:
        web: how the host is reached.
        pool: keeps the connections.
    """

    web: Web
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(maxsize=16))

    def ask(
        self, method: str, path: str, content: Mapping[str, object] | None = None, token: str = ""
    ) -> Reply:
        """One request, with a body in JSON and a token where they are given.

        Raises:
            SiteError: nobody answered.
        """
        headers = {"User-Agent": "groma verify", **self.web.headers}
        if content is not None:
            headers["Content-Type"] = "application/json"
        if token:
            headers["Authorization"] = f"Bearer {token}"
        body = None if content is None else json.dumps(content).encode()
        return self._send(method, self.web.url + path, headers=headers, body=body)

    def fill_in(self, url: str, fields: Mapping[str, str], file: bytes, content_type: str) -> Reply:
        """Send a form with a file, as presigned by S3."""
        form = {**fields, "file": ("picture", file, content_type)}
        return self._send("POST", url, fields=form)

    def _send(self, method: str, url: str, **options: Any) -> Reply:
        try:
            answer = self.pool.request(method, url, timeout=TIMEOUT_S, redirect=False, **options)
        except urllib3.exceptions.HTTPError as error:
            raise SiteError(f"the site does not answer: {error}", where=url, hint="try again") from error
        return Reply(answer.status, answer.data, _parsed(answer.data))


def _parsed(body: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def wait_for(look: Callable[[], T | None], within_s: float, pause_s: float = 0.2) -> tuple[T | None, float]:
    """What `look` finds at last, and after how many seconds; None when it did not in time."""
    start = time.monotonic()
    while True:
        found = look()
        elapsed = time.monotonic() - start
        if found is not None or elapsed > within_s:
            return found, elapsed
        time.sleep(pause_s)
