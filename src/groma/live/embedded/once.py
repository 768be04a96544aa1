"""A request that is asked again is done once.

Where a machine is busy an answer can be lost, and the client's library asks again: it then makes a second
thing, or is told that what it has just made exists already. AWS's libraries number their attempts and give
all attempts of one call the same id, by which the answer to an earlier one is found and given again.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, read 2026-11-28.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from groma.live.embedded.messages import AsgiApp

CALL, ATTEMPT = b"amz-sdk-invocation-id", b"amz-sdk-request"
MOST_CALLS, MOST_BYTES = 4_096, 65_536
"""How many answers are kept, and how large one may be: what changes anything is answered in a few lines."""

_log = logging.getLogger(__name__)


@dataclass
class _Call:
    """One call of a client: what was answered so far, and whether that was all."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    size: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, message: dict[str, Any]) -> None:
        self.size += len(message.get("body", b""))
        self.messages = [*self.messages, message] if self.size <= MOST_BYTES else []

    @property
    def succeeded(self) -> bool:
        """Whether it was answered whole, and not with an error: after one, asking again is right."""
        if not self.messages or self.messages[0]["status"] >= 400:
            return False
        last = self.messages[-1]
        return last["type"] == "http.response.body" and not last.get("more_body", False)


def once(app: AsgiApp) -> AsgiApp:
    """Put a memory before an emulator: a further attempt of a call that succeeded gets that answer."""
    calls: OrderedDict[bytes, _Call] = OrderedDict()

    async def do(id_: bytes, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Have a call done, and remember what comes of it."""
        call = calls[id_] = _Call()
        if len(calls) > MOST_CALLS:
            calls.popitem(last=False)

        async def noted(message: dict[str, Any]) -> None:
            call.note(message)
            await send(message)

        try:
            await app(scope, receive, noted)
        finally:
            call.done.set()

    async def answered(scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = dict(scope["headers"]) if scope["type"] == "http" else {}
        id_ = headers.get(CALL)
        if id_ is None or scope["method"] in ("GET", "HEAD"):
            await app(scope, receive, send)
            return
        is_further = not headers.get(ATTEMPT, b"").startswith(b"attempt=1;")
        earlier = calls.get(id_) if is_further else None
        if earlier is not None:
            await earlier.done.wait()
        if earlier is None or not earlier.succeeded:
            await do(id_, scope, receive, send)
            return
        _log.warning("asked again and answered again: %s %s", scope["method"], scope["path"])
        for message in earlier.messages:
            await send(message)

    return answered
