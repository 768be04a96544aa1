"""What is written down about the running cloud: `cloud.json`, and the lock around its changes."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from groma.errors import CloudError
from groma.files import write_atomically
from groma.live.embedded.routing import Emulator

FILE_NAME = "cloud.json"
LOCK_NAME = "cloud.lock"


@dataclass(frozen=True)
class Server:
    """One emulator's process and the loopback port it listens on."""

    pid: int
    port: int


@dataclass(frozen=True)
class Record:
    """The running cloud as it was when it was last started.

    Attributes:
        token: a secret between the commands and the servers; each proves to the other that it knows it.
        started_at: UTC, ISO 8601.
        servers: one per emulator.
        access_key: which keys the servers ask for; empty of a cloud that an older Groma started, which asks
            for none.
    """

    token: str
    started_at: str
    servers: Mapping[Emulator, Server]
    access_key: str = ""

    def write(self, directory: Path) -> None:
        """Replace the directory's record in one step."""
        content = {
            "token": self.token,
            "started_at": self.started_at,
            "access_key": self.access_key,
            "servers": {name: {"pid": s.pid, "port": s.port} for name, s in self.servers.items()},
        }
        write_atomically(directory / FILE_NAME, json.dumps(content, indent=2).encode() + b"\n")


def read_record(directory: Path) -> Record | None:
    """Read the directory's record; None when there is none or it cannot be understood."""
    try:
        content = json.loads((directory / FILE_NAME).read_text())
        servers = {
            Emulator(name): Server(pid=int(row["pid"]), port=int(row["port"]))
            for name, row in content["servers"].items()
        }
        access_key = str(content.get("access_key", ""))
        return Record(str(content["token"]), str(content["started_at"]), servers, access_key)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


@contextlib.contextmanager
def exclusive(directory: Path, timeout_s: float) -> Iterator[None]:
    """Hold the directory's lock, so that one command at a time starts, saves or stops the cloud.

    Raises:
        CloudError: another command held it for longer than `timeout_s`.
    """
    path = directory / LOCK_NAME
    descriptor = _locked(path, time.monotonic() + timeout_s)
    if descriptor is None:
        raise CloudError(
            f"another command has been starting or stopping the embedded cloud for {timeout_s:.0f} s",
            where=str(path),
            hint="wait for it to end, or end it, and try again",
        )
    try:
        yield
    finally:
        os.close(descriptor)


def _locked(path: Path, deadline: float) -> int | None:
    """Open and lock the file at `path`; None when `deadline` (monotonic seconds) passes first."""
    while time.monotonic() < deadline:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still_at(descriptor, path):
                return descriptor
        os.close(descriptor)
        time.sleep(0.05)
    return None


def _is_still_at(descriptor: int, path: Path) -> bool:
    """Whether the open file is the one at `path`: its last holder may have removed the directory."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
