"""One who uses a deployed site over HTTP, as a browser would."""

from __future__ import annotations

import json
import struct
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import urllib3

from groma.errors import CloudError
from groma.live.target import Web

TIMEOUT_S = 30.0
T = TypeVar("T")


class SiteError(CloudError):
    """Nobody answers where the site should be."""


@dataclass(frozen=True)
class Reply:
    """An answer: status, the body as it came, and the same as JSON (empty when it is none)."""

    status: int
    body: bytes
    content: Mapping[str, Any]


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


def picture(width: int, height: int) -> bytes:
    """A PNG file of one colour (https://www.w3.org/TR/png-3/)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\x00" + b"\x0b\x5d\x52" * width) * height
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    )
