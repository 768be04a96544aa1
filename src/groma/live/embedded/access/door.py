"""What stands before each emulator: who is let in, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from groma.live.embedded.access.credentials import Credentials
from groma.live.embedded.access.forms import fault_of_form
from groma.live.embedded.access.pages import fault_of_page, for_own_pages
from groma.live.embedded.access.public import Public, asked_as, public_kind
from groma.live.embedded.access.signatures import Fault, Sent, fault_before_body, fault_of
from groma.live.embedded.access.signing import (
    ALGORITHM,
    Signed,
    UnreadableSignatureError,
    UnsignedError,
    signed_by,
)
from groma.live.embedded.access.told import turned_away
from groma.live.embedded.gate.asked import Http
from groma.live.embedded.messages import AsgiApp, again, http_of, send_reply, whole_body

UNSIGNED = Fault("MissingAuthenticationToken", "Missing Authentication Token")
_OF_EMULATORS = ("/_ministack/", "/_localstack/", "/moto-api")
"""What emulators answer beside AWS: to forget everything, to read what was sent. Nobody here needs it."""
_MALFORMED = "IncompleteSignature"


@dataclass(frozen=True)
class Door:
    """The door of one server.

    Attributes:
        credentials: the cloud's own keys.
        port: where the server listens.
        is_public: whether its emulator is the one that serves a stack's users.
    """

    credentials: Credentials
    port: int
    is_public: bool

    def judged(self, http: Http, sent: Sent, now: datetime) -> Public | Signed | Fault:
        """As what a request would be let in, or why it is not, before its body is read.

        Args:
            http: the request.
            sent: the same as it was sent.
            now: when, in UTC.
        """
        if unquote(http.path).startswith(_OF_EMULATORS):
            return Fault("AccessDenied", "the embedded cloud does not offer this")
        is_signed = http.headers.get("authorization", "").startswith(ALGORITHM)
        kind = public_kind(http) if self.is_public and not is_signed else None
        if kind is not None:
            return kind
        try:
            signed = signed_by(http.headers, http.query)
        except UnsignedError:
            return UNSIGNED
        except UnreadableSignatureError as error:
            return Fault(_MALFORMED, str(error), 400)
        return fault_before_body(signed, sent, self.credentials, now) or signed

    def fault(self, found: Public | Signed, sent: Sent, body: bytes, now: datetime) -> Fault | None:
        """Why a request is not let in for what it was found to be, now that its body is known."""
        if isinstance(found, Signed):
            return fault_of(found, sent, body, self.credentials)
        return fault_of_form(body, self.credentials, now)


def for_own(app: AsgiApp, port: int) -> AsgiApp:
    """Put before everything what turns away web pages and strange names, and lets none read an answer."""

    async def passed(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":  # nothing that stands here talks that way
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        http = http_of(scope)

        async def answered(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [(bytes(name), bytes(value)) for name, value in message.get("headers", ())]
                message = {**message, "headers": for_own_pages(headers, http.headers, port)}
            await send(message)

        fault = fault_of_page(http, port)
        if fault is not None:
            await send_reply(turned_away(http, fault), answered)
        else:
            await app(scope, receive, answered)

    return passed


def kept(app: AsgiApp, door: Door) -> AsgiApp:
    """Put the door before an emulator: what is neither signed by this cloud's keys nor public, ends here."""

    async def passed(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        http, now = http_of(scope), datetime.now(UTC)
        sent = sent_of(scope, http)
        found = door.judged(http, sent, now)
        if isinstance(found, Signed) or found is Public.FORM:
            body = await whole_body(receive)
            found = door.fault(found, sent, body, now) or found
            receive = again(body, receive)
        if isinstance(found, Fault):
            await send_reply(turned_away(http, found), send)
            return
        asked_as.set(None if isinstance(found, Signed) else found)
        await app(scope, receive, send)

    return passed


def sent_of(scope: dict[str, Any], http: Http) -> Sent:
    """A request as it was sent, which its signature is about."""
    headers = tuple((name.decode("latin-1").lower(), _text(value)) for name, value in scope["headers"])
    return Sent(http.method, http.path, http.query, headers, http.headers)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
