from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from groma.live.embedded.processes import LOOPBACK, command_of, end, is_running, listen, spawn

ECHO = "import socket, sys; s = socket.socket(fileno=int(sys.argv[1])); c, _ = s.accept(); c.sendall(b'here')"
STUBBORN = (
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)


def test_a_free_port_is_taken_when_it_is_preferred() -> None:
    with listen() as first:
        port = first.getsockname()[1]
    with listen(port) as second:
        assert second.getsockname() == (LOOPBACK, port)


def test_another_port_is_taken_when_the_preferred_one_is_not_free() -> None:
    with listen() as first, listen(first.getsockname()[1]) as second:
        assert second.getsockname()[0] == LOOPBACK
        assert second.getsockname()[1] != first.getsockname()[1]


def test_a_spawned_process_has_the_socket_a_session_of_its_own_and_a_private_log(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("before")
    with listen() as listener:
        port = listener.getsockname()[1]
        command = [sys.executable, "-c", ECHO, str(listener.fileno())]
        process = spawn(command, os.environ, log, listener)
    assert os.getsid(process.pid) == process.pid != os.getsid(0)
    with socket.create_connection((LOOPBACK, port), timeout=60) as connection:
        assert connection.recv(10) == b"here"
    assert process.wait(60) == 0
    assert log.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "x.log.1").read_text() == "before"


def test_a_finished_child_does_not_count_as_running() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    deadline = time.monotonic() + 60
    while is_running(process.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(process.pid)
    assert is_running(os.getpid())


def test_the_command_of_a_process_is_read() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "a-mark"])
    try:
        deadline = time.monotonic() + 60
        while "a-mark" not in command_of(process.pid):
            assert time.monotonic() < deadline
    finally:
        process.kill()
        process.wait()
    assert "a-mark" not in command_of(process.pid)


def test_a_process_that_will_not_end_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    with listen() as listener:
        process = spawn([sys.executable, "-c", STUBBORN], os.environ, log, listener)
    while "ready" not in log.read_text():
        time.sleep(0.01)
    end(process.pid, 0.1)
    assert not is_running(process.pid)
