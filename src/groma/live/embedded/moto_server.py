"""The process that is moto: corrected, with its state kept, listening on an inherited socket."""

from __future__ import annotations

import asyncio
import io
import os
import platform
import threading
from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import quote

from werkzeug.test import EnvironBuilder, run_wsgi_app

from groma.live.embedded.asgi import AsgiApp, guarded, serve_until_told
from groma.live.embedded.control import Control
from groma.live.embedded.routing import Emulator
from groma.live.embedded.seal import read_sealed, write_sealed
from groma.live.embedded.server import Settings, made_to_last

ENVIRONMENT = {
    "MOTO_ACM_VALIDATION_WAIT": "0",
    "MOTO_DISABLE_GLOBAL_CORS": "true",
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
}
"""What moto reads from the environment when it is imported."""

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_PATIENCE_S = 60.0
"""How long a request waits for its turn: a call that moto makes to itself must not wait for ever."""


def serve(settings: Settings, without: Collection[str] = ()) -> None:
    """Serve until SIGTERM, then save and return. `without` names corrections to leave out (for tests)."""
    os.environ.update(ENVIRONMENT)
    with made_to_last():
        import moto
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        from groma.live.embedded import corrections, persistence

        corrections.apply(without)
    kind = {"emulator": "moto", "version": moto.__version__, "python": _python()}
    if settings.snapshot.exists():
        persistence.restore(read_sealed(settings.snapshot, settings.key, kind))

    turn = threading.Lock()  # moto is not made for threads, and Terraform makes many calls at once

    def save() -> None:
        with turn:
            content = persistence.snapshot()
        write_sealed(settings.snapshot, settings.key, kind, content)

    control = Control(Emulator.MOTO, os.getpid(), settings.token, save)
    moto_app = as_asgi(DomainDispatcherApplication(create_backend_app), turn)
    asyncio.run(serve_until_told(settings, guarded(moto_app, control, aside=True)))
    if settings.is_recorded():
        save()


def _python() -> str:
    """The version whose pickles and byte code can be read back: major and minor."""
    return ".".join(platform.python_version_tuple()[:2])


def as_asgi(app: WsgiApp, turn: threading.Lock) -> AsgiApp:
    """moto as an ASGI application, which lets requests in one at a time."""

    def answered(environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
        if not turn.acquire(timeout=_PATIENCE_S):
            return 503, [], b'{"error": "moto is busy"}'
        try:
            content, status, headers = run_wsgi_app(app, environ, buffered=True)
            return int(status.split()[0]), list(headers), b"".join(content)
        finally:
            turn.release()

    async def called(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        environ = _environ(scope, await _body(receive))
        status, headers, content = await asyncio.to_thread(answered, environ)
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": content})

    return called


async def _body(receive: Any) -> bytes:
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _environ(scope: dict[str, Any], body: bytes) -> dict[str, Any]:
    """What WSGI calls the environment of a request."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    builder = EnvironBuilder(
        path=quote(scope["path"]),
        query_string=scope["query_string"].decode("latin-1"),
        method=scope["method"],
        headers=headers,
        input_stream=io.BytesIO(body),
        content_length=len(body),
    )
    environ = builder.get_environ()
    raw = scope["raw_path"].decode("latin-1").partition("?")[0]
    query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
    return environ | {"HTTP_HOST": dict(headers).get("host", ""), "RAW_URI": raw + query}
