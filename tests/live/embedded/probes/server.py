"""One emulator alone, as the probes need it: corrected or not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from groma.live.embedded import Emulator, Endpoints
from groma.live.embedded.access.credentials import keep_credentials
from groma.live.embedded.control import is_ours
from groma.live.embedded.processes import LOOPBACK, end, is_running, listen, spawn
from groma.live.embedded.server import server_environment


def moto_alone(directory: Path, without: Sequence[str]) -> AbstractContextManager[Endpoints]:
    """Only moto, without the named corrections."""
    return _alone(Emulator.MOTO, directory, without)


def ministack_alone(directory: Path, without: Sequence[str]) -> AbstractContextManager[Endpoints]:
    """Only ministack, without the named corrections."""
    return _alone(Emulator.MINISTACK, directory, without)


@contextmanager
def _alone(emulator: Emulator, directory: Path, without: Sequence[str]) -> Iterator[Endpoints]:
    token, credentials = "test", keep_credentials(directory)
    log = directory / f"{emulator}.log"
    with listen() as listener:
        port = listener.getsockname()[1]
        arguments = [emulator, str(directory), str(listener.fileno()), str(directory / "key"), *without]
        command = [sys.executable, "-P", "-m", "groma.live.embedded", *arguments]
        process = spawn(command, server_environment(os.environ, token), log, listener)
    try:
        while not is_ours(emulator, process.pid, port, token):
            assert is_running(process.pid), log.read_text()
        yield Endpoints({emulator: f"http://{LOOPBACK}:{port}"}, credentials)
    finally:
        end(process.pid, 10)
