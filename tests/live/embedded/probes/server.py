"""moto alone, as the probes need it: corrected or not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from groma.live.embedded import Emulator, Endpoints
from groma.live.embedded.control import is_ours
from groma.live.embedded.processes import LOOPBACK, end, is_running, listen, spawn
from groma.live.embedded.server import server_environment


@contextmanager
def moto_alone(directory: Path, without: Sequence[str]) -> Iterator[Endpoints]:
    """Only moto, without the named corrections."""
    token = "test"
    log = directory / "moto.log"
    with listen() as listener:
        port = listener.getsockname()[1]
        arguments = [Emulator.MOTO, str(directory), str(listener.fileno()), str(directory / "key"), *without]
        command = [sys.executable, "-P", "-m", "groma.live.embedded", *arguments]
        process = spawn(command, server_environment(os.environ, token), log, listener)
    try:
        while not is_ours(Emulator.MOTO, process.pid, port, token):
            assert is_running(process.pid), log.read_text()
        yield Endpoints({Emulator.MOTO: f"http://{LOOPBACK}:{port}"})
    finally:
        end(process.pid, 10)
