"""A server as a process of its own: health, readiness, refusals, logs, and how it ends."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from postgres import Cluster, wait_until
from server_process import Cloud, Running, environment, serving, without_database

from chirp.servers.__main__ import DRAIN_S
from first_boot import free_port

pytestmark = pytest.mark.slow

MINUTE_MS = 60_000
"""In which even a busy machine has answered."""


@pytest.fixture(scope="module")
def server(
    databases: Cluster, services: Cloud, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """One that no test ends."""
    log = tmp_path_factory.mktemp("server") / "log"
    with serving(log, environment(databases, services, free_port())) as found:
        yield found


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


def test_without_a_database_it_lives_but_is_not_let_in(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Metadata) as metadata:
        threading.Thread(target=metadata.serve_forever, args=(0.02,), daemon=True).start()
        variables = without_database(free_port(), METADATA=f"127.0.0.1:{metadata.server_port}")
        with serving(tmp_path / "log", variables, ready=False) as server:
            wait_until(
                lambda: json.loads(server.ask("GET", "/")[2])["zone"] == "us-east-1b", "the zone is known"
            )
            assert server.ask("GET", "/livez")[::2] == (200, b'{"ok":true}')
            assert [server.ask("GET", path)[0] for path in ("/healthz", "/api/healthz")] == [503, 503]
            status, _, body = server.ask("GET", "/readyz")
            assert (status, json.loads(body)["master"]["ok"]) == (503, False)
            assert server.ask("GET", "/api/users/somebody")[0] == 503
            wait_until(
                lambda: any("cannot be prepared" in str(x) for x in server.lines()), "the log says why"
            )
        metadata.shutdown()


def test_root_says_who_answers(server: Running) -> None:
    answer = json.loads(server.ask("GET", "/?page=2")[2])
    assert (answer["name"], answer["zone"]) == ("chirp", None)
    assert answer["uptime_s"] >= 0


def test_readyz_tells_of_both_databases(server: Running) -> None:
    wait_until(lambda: json.loads(server.ask("GET", "/readyz")[2])["replica"]["ok"], "the replica is used")
    found = json.loads(server.ask("GET", "/readyz")[2])
    assert found["master"]["ok"] is True
    assert 0 <= found["master"]["ms"] < MINUTE_MS
    assert found["replica"]["lag_s"] < 5


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing", "/api/healthz"])
def test_head_answers_as_get_without_a_body(server: Running, path: str) -> None:
    got, head = server.ask("GET", path), server.ask("HEAD", path)
    assert head[0] == got[0]
    assert head[1].keys() == got[1].keys()
    assert int(head[1]["content-length"]) > 0
    assert head[2] == b""


def test_other_methods_and_paths_are_refused_in_json(server: Running) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        status, headers, body = server.ask(method, "/", body=b"12345")
        assert (status, headers["allow"], list(json.loads(body))) == (405, "GET, HEAD", ["error"])
    status, _, body = server.ask("GET", "/nothing")
    assert (status, json.loads(body)) == (404, {"error": "no such path"})


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"POST /api/posts HTTP/1.1\r\nHost: a\r\nContent-Length: 262145\r\n\r\n", 413),
        (b"POST /api/posts HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /api/posts HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"GET / HTTP/1.1 x\r\n\r\n", 400),
        (b"GET /" + b"a" * 66000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"a: b\r\n" * 101 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n", 400),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_connection_closed(
    server: Running, request_head: bytes, status: int
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 60) as connection:
        connection.sendall(request_head)
        received = b""
        while b"\r\n\r\n" not in received and (part := connection.recv(65536)):
            received += part
    assert received.startswith(b"HTTP/1.1 %d " % status)


def test_a_body_in_chunks_is_held_to_the_same_size(server: Running) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    chunks = iter([b"{" + b" " * 150_000, b" " * 150_000 + b"}"])
    connection.request("POST", "/api/sessions", body=chunks, encode_chunked=True,
                       headers={"Transfer-Encoding": "chunked"})  # fmt: skip
    assert connection.getresponse().status == 413
    connection.close()


def test_the_log_has_a_json_line_per_request_but_none_for_health_checks(server: Running) -> None:
    server.ask("GET", "/healthz")
    server.ask("GET", "/nothing?a=b", {"X-Real-IP": "203.0.113.7", "X-Amzn-Trace-Id": "Root=1-2"})
    wait_until(lambda: any(x.get("path") == "/nothing?a=b" for x in server.lines()), "the request is logged")
    line = next(x for x in server.lines() if x.get("path") == "/nothing?a=b")
    assert (line["client"], line["method"], line["status"]) == ("203.0.113.7", "GET", 404)
    assert line["trace"] == "Root=1-2"
    assert 0 < float(line["duration_ms"]) < MINUTE_MS
    assert not [x for x in server.lines() if x.get("path") == "/healthz"]


def test_no_password_or_token_is_ever_logged(server: Running) -> None:
    secret = {"handle": "logged_person", "email": "l@example.com", "password": "never to be logged"}
    server.ask("POST", "/api/accounts", body=json.dumps(secret).encode())
    token = json.loads(server.ask("POST", "/api/sessions", body=json.dumps(secret).encode())[2])["token"]
    server.ask("GET", "/api/me", {"Authorization": f"Bearer {token}"})
    wait_until(lambda: any(x.get("path") == "/api/me" for x in server.lines()), "the request is logged")
    log = server.log.read_text()
    assert token not in log
    assert "never to be logged" not in log


def test_many_connections_at_once_are_all_answered(server: Running) -> None:
    connections = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=60) for _ in range(100)]
    for connection in connections:
        connection.request("GET", "/api/users/nobody_here")
    assert {connection.getresponse().status for connection in connections} == {404}
    for connection in connections:
        connection.close()


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 60).close()
    except ConnectionRefusedError:
        return True
    return False


def test_sigterm_lets_the_request_in_flight_finish(
    databases: Cluster, services: Cloud, tmp_path: Path
) -> None:
    with serving(tmp_path / "log", environment(databases, services, free_port())) as server:
        body = json.dumps(
            {"handle": "in_flight", "email": "i@example.com", "password": "in flight as it ends"}
        )
        head = f"POST /api/accounts HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.port), 60) as connection:
            connection.sendall(head.encode() + body[:10].encode())
            time.sleep(0.3)
            server.terminate()
            wait_until(lambda: refuses(server.port), "nobody else is let in")
            assert server.process.poll() is None
            connection.sendall(body[10:].encode())
            response = connection.recv(65536)
        assert response.startswith(b"HTTP/1.1 201 ")
        assert server.process.wait(60) == 0
    assert databases.sql("SELECT email FROM accounts WHERE handle = 'in_flight'") == [("i@example.com",)]


def test_whoever_has_connected_before_sigterm_is_answered(tmp_path: Path) -> None:
    with serving(tmp_path / "log", without_database(free_port()), ready=False) as server:
        connections = [socket.create_connection(("127.0.0.1", server.port), 60) for _ in range(50)]
        server.terminate()
        for connection in connections:
            connection.sendall(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        assert {connection.recv(15) for connection in connections} == {b"HTTP/1.1 200 OK"}
        for connection in connections:
            connection.close()
        assert server.process.wait(60) == 0


def test_sigterm_does_not_wait_long_for_idle_connections(tmp_path: Path) -> None:
    with serving(tmp_path / "log", without_database(free_port()), ready=False) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", "/")
        connection.getresponse().read()
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(2 * DRAIN_S) == 0
        assert time.monotonic() - began < DRAIN_S


def test_a_missing_setting_is_named() -> None:
    command = [sys.executable, "-m", "chirp.servers"]
    done = subprocess.run(command, env={}, text=True, capture_output=True, check=False)
    assert done.returncode != 0
    assert "DATABASE_PORT" in done.stderr
