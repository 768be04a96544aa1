"""How both emulators are served: by hypercorn, on the inherited socket, behind the control interface.

Connections are kept open between requests. A server that closes each of them, as werkzeug's does, loses
a few answers in ten thousand when Terraform is busy: its Go client then finds the connection closed
while it reads, asks again, and is told that what it has just made exists already.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from groma.live.embedded.access.public import Public, asked_as
from groma.live.embedded.control import Control, watch_record
from groma.live.embedded.gate import Gate, looks_only
from groma.live.embedded.messages import AsgiApp, again, headers_of, http_of, send_reply, whole_body
from groma.live.embedded.server import Settings
from groma.live.embedded.unsaved import Unsaved

_THREADS = 64
_IDLE_S = 600.0
"""How long an unused connection stays open: longer than a client pauses, so that the client closes it."""


async def serve_until_told(
    settings: Settings, app: AsgiApp, on_stop: Callable[[], None] = lambda: None
) -> None:
    """Serve until SIGTERM, or until the directory's record is no longer of this server."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(_THREADS))
    loop.add_signal_handler(signal.SIGTERM, stop.set)

    def end() -> None:
        loop.call_soon_threadsafe(stop.set)

    async def stopped() -> None:
        await stop.wait()
        on_stop()

    watch_record(settings.directory, settings.token, end)
    config = Config()
    config.bind = [f"fd://{settings.socket}"]
    config.loglevel = "WARNING"
    config.graceful_timeout = 1.0
    config.keep_alive_timeout = _IDLE_S
    config.keep_alive_max_requests = 1_000_000
    await serve(app, config, shutdown_trigger=stopped)


def guarded(app: AsgiApp, control: Control, *, aside: bool) -> AsgiApp:
    """Put the control interface before an emulator.

    With `aside` it answers in a thread, so that it also does while the emulator saves; without, nothing
    else is answered meanwhile, for an emulator that saves while nothing may change.
    """

    async def answered(scope: dict[str, Any], receive: Any, send: Any) -> None:
        reply = None
        if scope["type"] == "http":
            request = (scope["method"], scope["path"], scope["query_string"].decode(), headers_of(scope))
            slow = aside and control.is_meant(scope["path"])
            reply = await asyncio.to_thread(control.answer, *request) if slow else control.answer(*request)
        await (app(scope, receive, send) if reply is None else send_reply(reply, send))

    return answered


def gated(app: AsgiApp, gate: Gate, unsaved: Unsaved) -> AsgiApp:
    """Put the gate before an emulator: what AWS would refuse does not reach it.

    What may change something is noted as not saved before it does reach it.
    """

    async def passed(scope: dict[str, Any], receive: Any, send: Any) -> None:
        is_plain = asked_as.get() in (None, Public.FORM)  # what else is public has no caller to be judged
        if scope["type"] != "http" or not (gate.concerns(http := http_of(scope)) and is_plain):
            if scope["type"] == "http" and not looks_only(http):
                unsaved.note()
            await app(scope, receive, send)
            return
        body = await whole_body(receive)
        http = replace(http, body=body)
        asked, refused = gate.judge(http)
        if refused is not None:
            await send_reply(refused, send)
            return
        if not looks_only(http):
            unsaved.note()
        statuses: list[int] = []

        async def noted(message: dict[str, Any]) -> None:
            statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])
            await send(message)

        await app(scope, again(body, receive), noted)
        if asked is not None and statuses:
            gate.answered(asked, statuses[0])

    return passed
