"""The process that is ministack: its state kept, listening on an inherited socket."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import shutil
import zipfile
from collections.abc import Collection
from importlib.metadata import version
from pathlib import Path

from groma.live.embedded import mailing, metering
from groma.live.embedded.asgi import gated, guarded, serve_until_told
from groma.live.embedded.authority import RolesElsewhere
from groma.live.embedded.control import Control
from groma.live.embedded.endpoints import ACCOUNT_ID
from groma.live.embedded.mailbox import FOLDER
from groma.live.embedded.once import once
from groma.live.embedded.processes import LOOPBACK
from groma.live.embedded.quicker import wait_for_logs
from groma.live.embedded.routing import Emulator
from groma.live.embedded.seal import read_sealed, write_sealed
from groma.live.embedded.server import Settings, made_to_last, restoring

_SAVE_ATTEMPTS = 5


def environment(directory: Path, port: int) -> dict[str, str]:
    """What ministack reads from the environment when it is imported.

    Requests without credentials, such as those to an API or a distribution, are of the same account.
    Without the switches it would open more ports, on all interfaces; and it would look for a Docker
    daemon, where it removes containers of its own kind, also another's.
    """
    return {
        "BIND_HOST": LOOPBACK,
        "DOCKER_HOST": "unix:///nonexistent",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
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


def serve(settings: Settings, without: Collection[str] = ()) -> None:
    """Serve until SIGTERM, then save and return. `without` names corrections to leave out (for tests)."""
    home = settings.directory / "ministack"
    for folder in ("objects", "tmp"):
        (home / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.update(environment(home, settings.address[1]))
    state = State(settings)
    with restoring():
        state.restore()
    with made_to_last():
        from groma.live.embedded import ministack_corrections  # imports ministack, which then reads its state

        ministack_corrections.apply(without)
        mailing.start(settings.directory / FOLDER)
        metering.start(settings.directory)
        wait_for_logs()
        from ministack import app

    def stopped() -> None:
        app.PERSIST_STATE = False  # the state is saved here, sealed, and only while the record is ours

    unsaved = settings.unsaved

    def save() -> None:
        with unsaved.saving():
            state.save()

    gate = settings.gate(RolesElsewhere(settings.directory))
    control = Control(Emulator.MINISTACK, os.getpid(), settings.token, save, gate)
    ministack_app = once(gated(app.app, gate, unsaved))
    served = settings.closed(guarded(settings.door(ministack_app), control, aside=False))
    asyncio.run(serve_until_told(settings, served, stopped))
    if settings.is_recorded():
        save()
