"""A web server that has booted; around it a DNS server, and applications that stand behind it."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from server_process import without_database

from first_boot import Machine, running

UPSTREAM = "application.internal"


class Names(socketserver.ThreadingUDPServer):
    """A DNS server that knows one name, whose address a test may change; time to live 1 s."""

    address: str | None = "127.0.0.1"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Question)

    def move(self, address: str | None) -> None:
        """Gives the name another address or none, then waits until nginx must ask: it counts seconds."""
        self.address = address
        time.sleep(2.1)


class Question(socketserver.BaseRequestHandler):
    server: Names

    def handle(self) -> None:
        query, connection = self.request
        question = query[12 : query.index(b"\0", 12) + 5]
        known = b"".join(bytes([len(part)]) + part for part in UPSTREAM.encode().split(b"."))
        address = self.server.address
        found = address is not None and question.startswith(known + b"\0")
        header = query[:2] + (b"\x81\x80" if found else b"\x81\x83") + b"\0\1" + bytes([0, found]) + b"\0" * 4
        answer = (
            b"\xc0\x0c\0\1\0\1" + (1).to_bytes(4, "big") + b"\0\4" + socket.inet_aton(address or "0.0.0.0")
        )
        connection.sendto(header + question + (answer if found else b""), self.client_address)


class Recorder(BaseHTTPRequestHandler):
    """An application that answers with what it was asked: headers and the port of the connection."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        seen = {"port": self.client_address[1], "headers": dict(self.headers), "filling": "a" * 5000}
        body = json.dumps(seen).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Last-Write", "recorded")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


class RecordingServer(ThreadingHTTPServer):
    """Serves the recorder, and closes at its end also the connections that nginx keeps."""

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.connections: list[socket.socket] = []
        super().__init__(address, handler)

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        self.connections.append(connection)
        return connection, address

    def hang_up(self) -> None:
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class Web:
    machine: Machine
    port: int
    upstream_port: int
    names: Names

    def ask(
        self, path: str = "/", method: str = "GET", **request: object
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, **request)  # type: ignore[arg-type]
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, dict(response.getheaders()), body

    def log_line(self, uri: str) -> dict[str, object]:
        """The access log's line for this URI, which nginx writes within a second."""
        log = self.machine.file("/var/log/nginx/access.log")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for line in map(json.loads, log.read_text().splitlines()):
                if line["uri"] == uri:
                    return dict(line)
            time.sleep(0.1)
        raise AssertionError(f"no line for {uri} in {log.read_text()}")

    def application(self, address: str = "127.0.0.1", name: str = "chirp") -> AbstractContextManager[object]:
        """The real application, without its database, where the upstream's name points to."""
        environment = without_database(self.upstream_port, LISTEN=address, NAME=name)
        command = [sys.executable, "-m", "chirp.servers"]
        quiet = subprocess.DEVNULL
        return running(command, self.upstream_port, host=address, env=environment, stdout=quiet)

    @contextlib.contextmanager
    def recorder(self) -> Iterator[None]:
        """The recording application at the same place."""
        with RecordingServer(("127.0.0.1", self.upstream_port), Recorder) as server:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            yield
            server.shutdown()
            server.hang_up()
