"""The process that is ministack: its state kept, listening on an inherited socket."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import shutil
import signal
import zipfile
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from groma.live.embedded.control import Control, Reply, watch_record
from groma.live.embedded.processes import LOOPBACK
from groma.live.embedded.routing import Emulator
from groma.live.embedded.seal import read_sealed, write_sealed
from groma.live.embedded.server import Settings

AsgiApp = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

_SAVE_ATTEMPTS = 5


def environment(directory: Path, port: int) -> dict[str, str]:
    """What ministack reads from the environment when it is imported.

    Without the switches it would open more ports, on all interfaces; and it would look for a Docker
    daemon, where it removes containers of its own kind, also another's.
    """
    return {
        "BIND_HOST": LOOPBACK,
        "DOCKER_HOST": "unix:///nonexistent",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_HOST": LOOPBACK,
        "PERSIST_STATE": "1",
        "S3_DATA_DIR": str(directory / "objects"),
        "S3_PERSIST": "1",
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(directory / "state"),
        "TMPDIR": str(directory / "tmp"),
    }


class State:
    """ministack's state: its own files, of which a sealed copy is kept.

    ministack writes one file per service into a directory, and loads what it finds there. That
    directory is filled from the sealed copy at the start, so nothing else is ever loaded. The bodies of
    S3 objects lie beside it as plain files; ministack writes them when they are put.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._directory = settings.directory / "ministack" / "state"
        self._kind = {"emulator": "ministack", "version": version("ministack")}

    def restore(self) -> None:
        """Make the directory hold what the sealed copy holds, or nothing when there is none."""
        shutil.rmtree(self._directory, ignore_errors=True)
        self._directory.mkdir(parents=True)
        if self._settings.snapshot.exists():
            content = read_sealed(self._settings.snapshot, self._settings.key, self._kind)
            zipfile.ZipFile(io.BytesIO(content)).extractall(self._directory)

    def save(self) -> None:
        """Have ministack write its files, and seal a copy of them."""
        for attempt in range(1, _SAVE_ATTEMPTS + 1):
            faults = self._write_files()
            if not faults:
                break
            if attempt == _SAVE_ATTEMPTS:
                raise RuntimeError("; ".join(faults))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for path in sorted(self._directory.rglob("*")):
                archive.write(path, path.relative_to(self._directory))
        write_sealed(self._settings.snapshot, self._settings.key, self._kind, buffer.getvalue())

    def _write_files(self) -> list[str]:
        """ministack reports a service that it could not save to its log only: listen to that."""
        from ministack import app
        from ministack.core.persistence import save_all

        faults: list[str] = []
        listener = _Faults(faults)
        logger = logging.getLogger("persistence")
        logger.addHandler(listener)
        try:
            save_all(app._build_persistence_save_dict())
        finally:
            logger.removeHandler(listener)
        return faults


class _Faults(logging.Handler):
    def __init__(self, faults: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        self._faults.append(record.getMessage())


def serve(settings: Settings) -> None:
    """Serve until SIGTERM, then save and return."""
    home = settings.directory / "ministack"
    for folder in ("objects", "tmp"):
        (home / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.update(environment(home, settings.address[1]))
    state = State(settings)
    state.restore()
    asyncio.run(_serve(settings, state))
    if settings.is_recorded():
        state.save()


async def _serve(settings: Settings, state: State) -> None:
    from hypercorn.asyncio import serve as serve_asgi
    from hypercorn.config import Config
    from ministack import app

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)

    def end() -> None:
        loop.call_soon_threadsafe(stop.set)

    async def stopped() -> None:
        await stop.wait()
        app.PERSIST_STATE = False  # the state is saved here, sealed, and only while the record is ours

    watch_record(settings.directory, settings.token, end)

    config = Config()
    config.bind = [f"fd://{settings.socket}"]
    config.loglevel = "WARNING"
    config.graceful_timeout = 1.0
    control = Control(Emulator.MINISTACK, os.getpid(), settings.token, state.save)
    await serve_asgi(_guarded(app.app, control), config, shutdown_trigger=stopped)


def _guarded(app: AsgiApp, control: Control) -> AsgiApp:
    """Put the control interface before ministack."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        reply = None
        if scope["type"] == "http":
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            reply = control.answer(scope["method"], scope["path"], scope["query_string"].decode(), headers)
        await (app(scope, receive, send) if reply is None else _send(reply, send))

    return guarded


async def _send(reply: Reply, send: Any) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(reply.body)).encode())]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
