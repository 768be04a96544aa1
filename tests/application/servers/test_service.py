"""The application server's service, as a process of its own on loopback."""

from __future__ import annotations

import ast
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from first_boot import free_port, running

from groma.application.servers import service, template

SERVICE = Path(service.__file__)


@dataclass(frozen=True)
class Service:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def ask(self, path: str, method: str = "GET", **request: object) -> tuple[int, dict[str, str], bytes]:
        connection = self.connect()
        connection.request(method, path, **request)  # type: ignore[arg-type]
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, dict(response.getheaders()), body

    def raw(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), 10) as connection:
            connection.sendall(request)
            received = b""
            while part := connection.recv(65536):
                received += part
            return received

    def lines(self, count: int) -> list[dict[str, object]]:
        """The log, once it has this many lines: a request is logged after its answer."""
        deadline = time.monotonic() + 5
        while len(lines := self.log.read_text().splitlines()) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return [json.loads(line) for line in lines]


@contextmanager
def serving(log: Path, **settings: str) -> Iterator[Service]:
    port = free_port()
    environment = {
        "NAME": "chirp",
        "LISTEN": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_HOST": "127.0.0.1",
        "DATABASE_PORT": str(free_port()),
        "REPLICA_HOST": "",
        "METADATA": f"127.0.0.1:{free_port()}",
        **settings,
    }
    command = [sys.executable, "-I", "-u", str(SERVICE)]
    with log.open("wb") as output, running(command, port, env=environment, stdout=output) as process:
        yield Service(process, port, log)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One for all tests that leave it as it was."""
    with serving(tmp_path_factory.mktemp("service") / "log") as service:
        yield service


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts one of the test's own."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(serving(tmp_path / "log", **settings))


@pytest.fixture
def database() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_healthz_needs_no_database(server: Service) -> None:
    status, headers, body = server.ask("/healthz")
    assert (status, json.loads(body)) == (200, {"ok": True})
    assert headers["Content-Type"] == "application/json"
    assert headers["Server"] == "application"


def test_root_says_who_answers(start: Callable[..., Service]) -> None:
    server = start()
    server.ask("/")
    answer = json.loads(server.ask("/?page=2")[2])
    assert answer["name"] == "chirp"
    assert answer["zone"] is None
    assert answer["requests"] == 2
    assert 0 <= answer["uptime_s"] < 10


class Metadata(BaseHTTPRequestHandler):
    """IMDSv2 as AWS documents it: a token first, and nothing without it."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        asked = self.path == "/latest/api/token" and self.headers["X-aws-ec2-metadata-token-ttl-seconds"]
        self._send(200 if asked else 400, b"secret-token")

    def do_GET(self) -> None:
        allowed = self.headers["X-aws-ec2-metadata-token"] == "secret-token"
        known = self.path == "/latest/meta-data/placement/availability-zone"
        self._send(401 if not allowed else 200 if known else 404, b"us-east-1b")

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_root_names_the_zone_that_the_metadata_service_knows(start: Callable[..., Service]) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Metadata) as metadata:
        threading.Thread(target=metadata.serve_forever, daemon=True).start()
        server = start(METADATA=f"127.0.0.1:{metadata.server_port}")
        deadline = time.monotonic() + 5
        while (zone := json.loads(server.ask("/")[2])["zone"]) is None and time.monotonic() < deadline:
            time.sleep(0.02)
        metadata.shutdown()
    assert zone == "us-east-1b"


def test_readyz_with_master_and_replica(start: Callable[..., Service], database: int) -> None:
    server = start(DATABASE_PORT=str(database), REPLICA_HOST="127.0.0.1")
    status, _, body = server.ask("/readyz")
    found = json.loads(body)
    assert status == 200
    assert {role: answer["ok"] for role, answer in found.items()} == {"master": True, "replica": True}
    assert found["master"]["ms"] >= 0


def test_readyz_without_the_replica_is_still_ready(start: Callable[..., Service], database: int) -> None:
    server = start(DATABASE_PORT=str(database), REPLICA_HOST="127.0.0.9")
    status, _, body = server.ask("/readyz")
    assert status == 200
    assert json.loads(body)["replica"] == {"ok": False, "error": "ConnectionRefusedError"}


def test_readyz_without_the_master_is_not_ready(server: Service) -> None:
    status, _, body = server.ask("/readyz")
    assert status == 503
    assert json.loads(body) == {"master": {"ok": False, "error": "ConnectionRefusedError"}}


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing"])
def test_head_answers_as_get_without_a_body(server: Service, path: str) -> None:
    got, head = server.ask(path), server.ask(path, "HEAD")
    assert head[0] == got[0]
    assert head[1].keys() == got[1].keys()
    assert int(head[1]["Content-Length"]) > 0
    assert head[2] == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused_and_the_connection_goes_on(server: Service, method: str) -> None:
    connection = server.connect()
    connection.request(method, "/", body=b"12345")
    response = connection.getresponse()
    response.read()
    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")
    local_port = connection.sock.getsockname()[1]
    connection.request("GET", "/healthz")
    assert connection.getresponse().read() == b'{"ok": true}\n'
    assert connection.sock.getsockname()[1] == local_port


def test_an_unknown_path_is_not_found(server: Service) -> None:
    status, _, body = server.ask("/nothing")
    assert (status, json.loads(body)) == (404, {"error": "no such path"})


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 6000 + b"\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        (b"GET / HTTP/1.1 x\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 505),
        (b"GET /" + b"a" * 66000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 101 + b"\r\n", 431),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_connection_closed(
    server: Service, request_head: bytes, status: int
) -> None:
    head, _, body = server.raw(request_head).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nConnection: close" in head
    assert list(json.loads(body)) == ["error"]


def test_access_log_has_a_json_line_per_request_but_none_for_health_checks(
    start: Callable[..., Service],
) -> None:
    server = start()
    server.ask("/healthz")
    server.ask("/nothing?a=b", headers={"X-Real-IP": "203.0.113.7", "X-Amzn-Trace-Id": "Root=1-2"})
    lines = server.lines(2)
    line = lines[-1]
    assert [entry.get("path") for entry in lines] == [None, "/nothing?a=b"]
    assert (line["client"], line["method"], line["status"]) == ("203.0.113.7", "GET", 404)
    assert line["trace"] == "Root=1-2"
    assert float(str(line["duration_ms"])) < 1000


def test_sigterm_lets_the_request_in_flight_finish(start: Callable[..., Service]) -> None:
    server = start()
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert server.process.poll() is None
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), 1)
        connection.sendall(b"67890")
        response = connection.recv(65536)
    assert response.startswith(b"HTTP/1.1 405 ")
    assert b"\r\nConnection: close\r\n" in response
    assert server.process.wait(5) == 0
    assert server.lines(3)[-1]["drained"] is True


def test_sigterm_does_not_wait_for_idle_connections(start: Callable[..., Service]) -> None:
    server = start()
    connection = server.connect()
    connection.request("GET", "/")
    connection.getresponse().read()
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(5) == 0
    assert time.monotonic() - began < 2


def test_sigterm_right_after_the_start_is_heeded(start: Callable[..., Service]) -> None:
    for _ in range(5):
        process = start().process
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


def test_many_connections_at_once_are_all_answered(start: Callable[..., Service]) -> None:
    server = start()
    connections = [server.connect() for _ in range(100)]
    for connection in connections:
        connection.request("GET", "/")
    answers = [json.loads(connection.getresponse().read())["requests"] for connection in connections]
    for connection in connections:
        connection.close()
    assert max(answers) == 100


def test_a_missing_setting_is_named() -> None:
    done = subprocess.run(
        [sys.executable, "-I", SERVICE], env={}, text=True, capture_output=True, check=False
    )
    assert done.returncode != 0
    assert "NAME" in done.stderr


def test_it_is_python_3_9() -> None:
    ast.parse(template("service.py"), feature_version=(3, 9))
