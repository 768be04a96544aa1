"""Processes that outlive the command that starts them, and sockets handed to them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

LOOPBACK = "127.0.0.1"


def listen(preferred_port: int = 0) -> socket.socket:
    """Listen on loopback: on `preferred_port` when it is free, else on a port the OS chooses.

    The port of an earlier cloud is preferred because names made there, such as queue URLs, contain it.
    """
    for port in (preferred_port, 0):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
            listener.listen(128)
            return listener
        except OSError:
            listener.close()
            if port == 0:
                raise
    raise AssertionError("unreachable: port 0 either binds or raises")


def spawn(
    command: Sequence[str], environment: Mapping[str, str], log: Path, listener: socket.socket
) -> subprocess.Popen[bytes]:
    """Start `command` detached: its own session, output to `log`, the listening socket inherited."""
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("wb") as output:
        log.chmod(0o600)
        return subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=(listener.fileno(),),
            start_new_session=True,
            cwd="/",
        )


def is_running(pid: int) -> bool:
    """Whether a process with this id exists (and is not our own finished child)."""
    with contextlib.suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_of(pid: int) -> str:
    """The command line of a process, its words parted by spaces; empty when there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except FileNotFoundError:
        return _command_by_ps(pid)
    except OSError:
        return ""


def _command_by_ps(pid: int) -> str:
    """The same where there is no /proc (macOS)."""
    try:
        asked = ["ps", "-ww", "-o", "command=", "-p", str(pid)]  # where it lies differs from system to system
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return answer.stdout.strip()


def end(pid: int, patience_s: float) -> None:
    """Ask the process to end; after `patience_s` seconds, end it and its whole group."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience_s
    while is_running(pid):
        if time.monotonic() > deadline:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            deadline = float("inf")
        time.sleep(0.02)
