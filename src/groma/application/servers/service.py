"""The service of an application server: how it is, whether it reaches its database, and who answers.

    GET /healthz   200 while the process can serve; asks nobody else, so a slow database removes no server
    GET /readyz    200 when the master database accepts connections, else 503; says the same of the replica
    GET /          name, availability zone, uptime and number of requests

Standard library only, on the Python 3.9 of Amazon Linux 2023. SIGTERM ends it after the requests in flight.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MAX_BODY_BYTES = 1024 * 1024
METADATA = "169.254.169.254"


@dataclass(frozen=True)
class Settings:
    """What the service is told by its environment; times are in seconds."""

    name: str
    listen: str
    port: int
    database_host: str
    database_port: int
    replica_host: str
    metadata: str
    connect_timeout_s: float = 1.0
    drain_timeout_s: float = 25.0

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Settings:
        """Reads NAME, LISTEN, PORT, DATABASE_HOST, DATABASE_PORT and REPLICA_HOST (empty: no replica).

        Raises KeyError when one is missing, ValueError when a port is no number.
        """
        return cls(
            name=variables["NAME"],
            listen=variables["LISTEN"],
            port=int(variables["PORT"]),
            database_host=variables["DATABASE_HOST"],
            database_port=int(variables["DATABASE_PORT"]),
            replica_host=variables["REPLICA_HOST"],
            metadata=variables.get("METADATA", METADATA),
        )


def log(**fields: Any) -> None:
    """One JSON object per line on standard output, which systemd keeps in its journal."""
    line = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **fields}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def reach(host: str, port: int, timeout_s: float) -> dict[str, Any]:
    """Whether a TCP connection opens, and in how many milliseconds."""
    start = time.monotonic()
    try:
        socket.create_connection((host, port), timeout_s).close()
    except OSError as error:
        return {"ok": False, "error": type(error).__name__}
    return {"ok": True, "ms": round(1000 * (time.monotonic() - start), 1)}


def ask_zone(metadata: str, timeout_s: float = 1.0) -> str | None:
    """The instance's availability zone from its metadata service (IMDSv2); None when that does not answer."""
    connection = http.client.HTTPConnection(metadata, timeout=timeout_s)
    try:
        headers = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
        connection.request("PUT", "/latest/api/token", headers=headers)
        token = connection.getresponse().read().decode()
        path = "/latest/meta-data/placement/availability-zone"
        connection.request("GET", path, headers={"X-aws-ec2-metadata-token": token})
        response = connection.getresponse()
        return response.read().decode() if response.status == HTTPStatus.OK else None
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()


class Server(ThreadingHTTPServer):
    """A thread per connection; knows which connections are open and which of them wait for a request."""

    daemon_threads = True
    request_queue_size = 4096

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.zone: str | None = None
        self.requests = 0
        self.started = time.monotonic()
        self.draining = False
        self._open: set[socket.socket] = set()
        self._idle: set[socket.socket] = set()
        self._changed = threading.Condition()
        super().__init__((settings.listen, settings.port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Counts the connection as open, then starts its thread."""
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Closes the connection, whether its thread ran or could not be started."""
        super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._idle.discard(request)
            self._changed.notify_all()

    def wait_for_request(self, connection: socket.socket) -> None:
        """Marks the connection as idle; while draining it is only read to the end of what has come."""
        with self._changed:
            self._idle.add(connection)
            if self.draining:
                _stop_reading(connection)

    def begin_request(self, connection: socket.socket) -> None:
        """Marks the connection as busy, so that draining waits for its response."""
        with self._changed:
            self._idle.discard(connection)
            self.requests += 1

    def drain(self, timeout_s: float) -> bool:
        """Takes no new connection, closes idle ones, waits for the others; False when time ran out first."""
        while select.select([self], [], [], 0)[0]:
            self.handle_request()
        self.socket.close()
        with self._changed:
            self.draining = True
            for connection in self._idle:
                _stop_reading(connection)
            return self._changed.wait_for(lambda: not self._open, timeout_s)

    def find_zone(self, pause_s: float = 30.0) -> None:
        """Asks for the zone until it is known, apart from the requests so that none waits for it."""
        while (zone := ask_zone(self.settings.metadata)) is None:
            time.sleep(pause_s)
        self.zone = zone

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Logs what escaped a handler; a client that went away is nothing to report."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            log(event="error", client=client_address[0], error=repr(error), traceback=traceback.format_exc())


def _stop_reading(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the client was faster
        connection.shutdown(socket.SHUT_RD)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection's requests with JSON."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 75  # longer than the load balancer's 60 s, which closes first

    def handle_one_request(self) -> None:
        """Waits for a request and answers it."""
        self.headers = http.client.HTTPMessage()
        self.path = ""
        self.begun = time.monotonic()
        self.server.wait_for_request(self.connection)
        super().handle_one_request()

    def parse_request(self) -> bool:
        """Called when the first line has come."""
        self.begun = time.monotonic()
        self.server.begin_request(self.connection)
        return super().parse_request()

    def do_GET(self) -> None:
        """Finds the route and answers; every method comes here."""
        refusal = self._read_body()
        route = ROUTES.get(self.path.partition("?")[0])
        if refusal:
            self.send_error(refusal)
        elif route is None:
            self._send(HTTPStatus.NOT_FOUND, {"error": "no such path"})
        elif self.command not in ("GET", "HEAD"):
            self._send(HTTPStatus.METHOD_NOT_ALLOWED, {"error": "only GET and HEAD"})
        else:
            self._send(*route(self.server))

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

    def _read_body(self) -> HTTPStatus | None:
        """Reads the body and forgets it; the status to refuse the request with, or None."""
        if "Transfer-Encoding" in self.headers:
            return HTTPStatus.LENGTH_REQUIRED
        lengths = self.headers.get_all("Content-Length", ["0"])
        if len(lengths) > 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
            return HTTPStatus.BAD_REQUEST
        if len(lengths[0]) > 10 or int(lengths[0]) > MAX_BODY_BYTES:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        length = int(lengths[0])
        return None if len(self.rfile.read(length)) == length else HTTPStatus.BAD_REQUEST

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """A request that was not read to its end: JSON instead of the library's page, then the end."""
        self.close_connection = True
        self.request_version = self.protocol_version  # unknown when its line could not be read
        self._send(HTTPStatus(code), {"error": message or HTTPStatus(code).phrase})

    def _send(self, status: HTTPStatus, content: Mapping[str, Any]) -> None:
        body = json.dumps(content).encode() + b"\n"
        self.close_connection = self.close_connection or self.server.draining
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self._log_access(status, len(body))

    def _log_access(self, status: HTTPStatus, size_bytes: int) -> None:
        if self.path == "/healthz" and status == HTTPStatus.OK:
            return  # one every few seconds, and all alike
        log(
            client=self.headers.get("X-Real-IP", self.client_address[0]),
            method=self.command,
            path=self.path,
            status=status.value,
            bytes=size_bytes,
            duration_ms=round(1000 * (time.monotonic() - self.begun), 1),
            trace=self.headers.get("X-Amzn-Trace-Id"),
        )

    def version_string(self) -> str:
        """The Server header, without versions."""
        return "application"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: `_log_access` knows more."""

    def log_error(self, format: str, *args: Any) -> None:
        """Nothing: the library reports only idle connections that timed out."""


def healthz(server: Server) -> tuple[HTTPStatus, dict[str, Any]]:
    """The process serves."""
    return HTTPStatus.OK, {"ok": True}


def readyz(server: Server) -> tuple[HTTPStatus, dict[str, Any]]:
    """Ready with the master; without the replica only slower."""
    settings = server.settings
    hosts = {"master": settings.database_host, "replica": settings.replica_host}
    found = {
        role: reach(host, settings.database_port, settings.connect_timeout_s)
        for role, host in hosts.items()
        if host
    }
    return HTTPStatus.OK if found["master"]["ok"] else HTTPStatus.SERVICE_UNAVAILABLE, found


def root(server: Server) -> tuple[HTTPStatus, dict[str, Any]]:
    """Who answers."""
    uptime_s = round(time.monotonic() - server.started, 1)
    return HTTPStatus.OK, {
        "name": server.settings.name,
        "zone": server.zone,
        "uptime_s": uptime_s,
        "requests": server.requests,
    }


ROUTES = {"/": root, "/healthz": healthz, "/readyz": readyz}


def main() -> int:
    """Serves until SIGTERM or SIGINT; 0 when every request in flight was answered, 1 when time ran out."""
    settings = Settings.from_environment(os.environ)
    stop = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)  # in every thread; only sigwait below takes them
    server = Server(settings)
    threading.Thread(target=server.find_zone, daemon=True).start()
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    log(event="started", name=settings.name, listen=settings.listen, port=settings.port)
    signal.sigwait(stop)
    server.shutdown()
    drained = server.drain(settings.drain_timeout_s)
    log(event="stopped", drained=drained, requests=server.requests)
    return 0 if drained else 1


if __name__ == "__main__":
    sys.exit(main())
