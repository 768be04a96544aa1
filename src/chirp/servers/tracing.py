"""What a request did and how long each part took, told to X-Ray by way of the agent on this machine.

A request is traced by lot, whatever its sender says: everybody can send one, and each trace is paid. What is
sent is a segment document in X-Ray's format, by UDP: an agent that is away costs a request nothing, and loses
no more than its trace
(https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html, undated, read 2026-11-30).
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

AGENT = ("127.0.0.1", 2000)
HEAD = b'{"format": "json", "version": 1}\n'
MOST_BYTES = 60_000
"""A datagram of UDP takes 65,507, and the agent no more than 64 KB."""
_ROOT = re.compile(r"1-[0-9a-f]{8}-[0-9a-f]{24}")
_BAD_IN_NAMES = re.compile(r"[^\w\s.:/%&#=+\\@-]", re.ASCII)
Send = Callable[[bytes], object]


@dataclass
class Segment:
    """A request that is traced.

    Attributes:
        trace: the id of the trace, by which the load balancer's log knows the request as well.
        start_s: when it came, in seconds since 1970.
        parts: what was done meanwhile.
    """

    trace: str
    start_s: float = field(default_factory=time.time)
    id: str = field(default_factory=lambda: os.urandom(8).hex())
    parts: list[dict[str, Any]] = field(default_factory=list)


_current: ContextVar[Segment | None] = ContextVar("segment", default=None)


class Tracer:
    """Traces a share of the requests, from several threads at a time.

    Args:
        name: whose segments they are.
        share: of the requests, from 0 to 1.
        send: sends a datagram; to the agent when left out.
    """

    def __init__(self, name: str, share: float, send: Send | None = None) -> None:
        self._name = _BAD_IN_NAMES.sub("-", name)[:200]
        self._share = share
        self._send = send or (_to_agent() if share else lambda _: None)

    @contextmanager
    def traced(self, said: str | None) -> Iterator[Segment | None]:
        """The segment of a request, while it is answered; None where it is not traced.

        Args:
            said: its header `X-Amzn-Trace-Id`: `Self=1-…;Root=1-…`.
        """
        segment = Segment(_trace(said)) if random.random() < self._share else None  # noqa: S311 - no secret
        token = _current.set(segment)
        try:
            yield segment
        finally:
            _current.reset(token)

    def tell(self, segment: Segment, method: str, url: str, status: int, sent_bytes: int) -> None:
        """Send a segment that has ended; its parts are left out where it would be too long for a datagram.

        Args:
            url: without what follows a question mark, which nobody else is to read.
        """
        document: dict[str, Any] = {
            "name": self._name,
            "id": segment.id,
            "trace_id": segment.trace,
            "start_time": segment.start_s,
            "end_time": time.time(),
            "http": {
                "request": {"method": method, "url": url},
                "response": {"status": status, "content_length": sent_bytes},
            },
            "error": 400 <= status < 500,
            "throttle": status == 429,
            "fault": status >= 500,
        }
        content = HEAD + json.dumps({**document, "subsegments": segment.parts}).encode()
        if len(content) > MOST_BYTES:
            content = HEAD + json.dumps(document).encode()
        with suppress(OSError):
            self._send(content)


@contextmanager
def part(name: str, *, faults: tuple[type[Exception], ...] = (), remote: bool = False) -> Iterator[None]:
    """A part of the request that this thread answers; nothing where it is not traced.

    Args:
        faults: what is raised where it has failed; whatever else is raised is no fault of it. All goes on.
        remote: whether somebody else did it.
    """
    segment = _current.get()
    if segment is None:
        yield
        return
    noted: dict[str, Any] = {"name": name, "id": os.urandom(8).hex(), "start_time": time.time()}
    try:
        yield
    except faults:
        noted["fault"] = True
        raise
    finally:
        how = {"namespace": "remote"} if remote else {}
        segment.parts.append({**noted, "end_time": time.time(), **how})


def _trace(said: str | None) -> str:
    """The trace that a request is known by, or a new one."""
    words = dict(pair.strip().partition("=")[::2] for pair in (said or "").split(";"))
    root = words.get("Root", "")
    return root if _ROOT.fullmatch(root) else f"1-{int(time.time()):08x}-{os.urandom(12).hex()}"


def _to_agent() -> Send:
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setblocking(False)
    return lambda content: sender.sendto(content, AGENT)
