"""Requests and answers as ASGI passes them on: what a request says, its body, and an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from groma.live.embedded.gate.asked import Http
from groma.live.embedded.gate.reply import Reply

AsgiApp = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def headers_of(scope: dict[str, Any]) -> dict[str, str]:
    """Headers by name, in lower case; the values of one name are joined, as both emulators join them."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def http_of(scope: dict[str, Any]) -> Http:
    """A request whose body has not been read; its path and query are as they were sent."""
    path = scope["raw_path"].decode("latin-1").partition("?")[0]
    return Http(scope["method"], path, scope["query_string"].decode("latin-1"), headers_of(scope))


async def whole_body(receive: Any) -> bytes:
    """The body of a request, of which parts may come one by one."""
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def again(body: bytes, receive: Any) -> Any:
    """What gives a body that has been read, and then whatever else the client sends."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Any:
        return left.pop() if left else await receive()

    return given


async def send_reply(reply: Reply, send: Any) -> None:
    """Answer a request."""
    named = {name.lower(): str(value) for name, value in reply.headers.items()}
    told = named | {"content-length": str(len(reply.body))}
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
