"""The process that is moto: corrected, with its state kept, listening on an inherited socket."""

from __future__ import annotations

import logging
import os
import platform
import signal
import threading
from collections.abc import Callable, Collection, Iterable
from http import HTTPStatus
from typing import Any

from groma.live.embedded.control import Control, Reply, watch_record
from groma.live.embedded.routing import Emulator
from groma.live.embedded.seal import read_sealed, write_sealed
from groma.live.embedded.server import Settings

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
    import moto
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    from groma.live.embedded import corrections, persistence

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    corrections.apply(without)
    kind = {"emulator": "moto", "version": moto.__version__, "python": _python()}
    if settings.snapshot.exists():
        persistence.restore(read_sealed(settings.snapshot, settings.key, kind))

    turn = threading.Lock()  # moto is not made for threads, and Terraform makes ten calls at once

    def save() -> None:
        with turn:
            content = persistence.snapshot()
        write_sealed(settings.snapshot, settings.key, kind, content)

    control = Control(Emulator.MOTO, os.getpid(), settings.token, save)
    app = _guarded(DomainDispatcherApplication(create_backend_app), control, turn)
    server = make_server(
        *settings.address, app, threaded=True, request_handler=MotoRequestHandler, fd=settings.socket
    )

    def end(*_: object) -> None:
        threading.Thread(target=server.shutdown).start()  # it waits for the loop, which this thread may run

    signal.signal(signal.SIGTERM, end)
    watch_record(settings.directory, settings.token, end)
    server.serve_forever()
    if settings.is_recorded():
        save()


def _python() -> str:
    """The version whose pickles and byte code can be read back: major and minor."""
    return ".".join(platform.python_version_tuple()[:2])


def _guarded(app: WsgiApp, control: Control, turn: threading.Lock) -> WsgiApp:
    """Put the control interface before moto, and let requests in one at a time."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        headers = {
            key.removeprefix("HTTP_").replace("_", "-").lower(): value
            for key, value in environ.items()
            if key.startswith("HTTP_")
        }
        reply = control.answer(
            environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""), headers
        )
        if reply is not None:
            return _send(reply, start_response)
        if not turn.acquire(timeout=_PATIENCE_S):
            return _send(Reply(503, b'{"error": "moto is busy"}'), start_response)
        try:
            return app(environ, start_response)
        finally:
            turn.release()

    return guarded


def _send(reply: Reply, start_response: Callable[..., Any]) -> Iterable[bytes]:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(reply.body)))]
    start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", headers)
    return [reply.body]
