"""How requests come in."""

from __future__ import annotations

from contextvars import ContextVar

from ministack import app
from ministack.core import iam_evaluator

from groma.live.embedded.processes import LOOPBACK


def loopback_is_secure() -> None:
    """Upstream: takes a request on loopback for one over the network in clear, which policies refuse.

    Effect: what never leaves the machine counts as come over TLS (`aws:SecureTransport`).
    """
    origin: ContextVar[tuple[str, bool]] = ContextVar("origin", default=(LOOPBACK, True))

    def pin(source_ip: str, secure_transport: bool) -> None:
        origin.set((source_ip, True))

    iam_evaluator._request_origin = origin
    app.pin_request_origin = pin
