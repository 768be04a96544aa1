"""The process that is moto: corrected, with its state kept, listening on an inherited socket."""

from __future__ import annotations

import asyncio
import io
import os
import platform
import sys
import threading
from collections.abc import Callable, Collection, Iterable
from typing import Any

from werkzeug.test import run_wsgi_app

from groma.live.embedded import quicker
from groma.live.embedded.alarms import hooks as alarms
from groma.live.embedded.asgi import gated, guarded, serve_until_told
from groma.live.embedded.authority import role_in_moto
from groma.live.embedded.control import Control
from groma.live.embedded.messages import AsgiApp, whole_body
from groma.live.embedded.once import once
from groma.live.embedded.processes import LOOPBACK
from groma.live.embedded.routing import Emulator
from groma.live.embedded.seal import read_sealed, write_sealed
from groma.live.embedded.server import Settings, made_to_last, restoring

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
        quicker.know_regions()
        import moto
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        from groma.live.embedded import corrections, persistence

        corrections.apply(without)
        quicker.remember_what_stays()
        quicker.look_for_keys_where_some_are()
        quicker.draw_at_once()
        quicker.draw_ids_of_ec2_at_once()
    kind = {"emulator": "moto", "version": moto.__version__, "python": _python()}
    if settings.snapshot.exists():
        with restoring():
            persistence.restore(read_sealed(settings.snapshot, settings.key, kind))

    turn = threading.Lock()  # moto is not made for threads, and Terraform makes many calls at once
    let_pass = alarms.start(settings.directory, turn)

    unsaved = settings.unsaved

    def save() -> None:
        with unsaved.saving():
            with turn:
                content = persistence.snapshot()
            write_sealed(settings.snapshot, settings.key, kind, content)

    gate = settings.gate(role_in_moto)
    control = Control(Emulator.MOTO, os.getpid(), settings.token, save, gate, role_in_moto, let_pass)
    moto_app = once(gated(as_asgi(DomainDispatcherApplication(create_backend_app), turn), gate, unsaved))
    served = settings.closed(guarded(settings.door(moto_app), control, aside=True))
    asyncio.run(serve_until_told(settings, served))
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
        environ = _environ(scope, await whole_body(receive))
        status, headers, content = await asyncio.to_thread(answered, environ)
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": content})

    return called


def _environ(scope: dict[str, Any], body: bytes) -> dict[str, Any]:
    """What WSGI calls the environment of a request (PEP 3333)."""
    raw, query = (
        scope["raw_path"].decode("latin-1").partition("?")[0],
        scope["query_string"].decode("latin-1"),
    )
    return {
        **_http_variables(scope["headers"]),
        "CONTENT_LENGTH": str(len(body)),
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": f"{raw}?{query}" if query else raw,
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "SERVER_NAME": LOOPBACK,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.errors": sys.stderr,
        "wsgi.input": io.BytesIO(body),
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
    }


def _http_variables(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The variables of a request's headers; values of one name are joined, as HTTP allows."""
    found: dict[str, str] = {"HTTP_HOST": ""}
    for name, value in headers:
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        text = value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if found.get(key) else text
    found.pop("HTTP_CONTENT_LENGTH", None)
    return found
