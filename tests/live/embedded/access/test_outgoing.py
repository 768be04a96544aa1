from __future__ import annotations

import subprocess
import sys

import pytest

from groma.live.embedded.access.outgoing import OutgoingError, refuse_foreign


@pytest.mark.parametrize(
    "address",
    [
        ("93.184.216.34", 80),
        ("169.254.169.254", 80),
        ("127.0.0.1", 5432),
        ("127.0.0.2", 4000),
        ("evil.example.com", 4000),
        ("::1", 4000, 0, 0),
        "/var/run/docker.sock",
        b"\0abstract",
    ],
)
def test_nobody_but_the_cloud_is_called(address: object) -> None:
    with pytest.raises(OutgoingError):
        refuse_foreign(address, lambda: {4000, 4001})


def test_the_cloud_calls_itself() -> None:
    refuse_foreign(("127.0.0.1", 4000), lambda: {4000, 4001})
    refuse_foreign((b"localhost", 4001), lambda: {4000, 4001})


SCRIPT = """
import socket, urllib.request
from groma.live.embedded.access.outgoing import OutgoingError, stay_inside
with socket.create_server(("127.0.0.1", 0)) as own, socket.create_server(("127.0.0.1", 0)) as other:
    stay_inside(lambda: {own.getsockname()[1]})
    socket.create_connection(own.getsockname()).close()
    for call in (
        lambda: socket.create_connection(other.getsockname()),
        lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 53)),
        lambda: socket.getaddrinfo("example.com", 80),
        lambda: urllib.request.urlopen("http://127.0.0.1:%d/" % other.getsockname()[1], timeout=1),
    ):
        try:
            call()
        except (OutgoingError, urllib.error.URLError) as error:
            assert "embedded cloud" in str(error), error
        else:
            raise SystemExit("a call went out")
"""


def test_a_whole_process_stays_inside() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
