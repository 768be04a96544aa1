"""The host as a WSGI application.

GET /livez     200 while the process answers
GET /healthz   200 while requests are to come here, which the load balancer asks; see `health.py`. Asks nobody
               itself, so a slow database removes no server. /api/healthz is the same as seen from outside
GET /api/writable  200 when the database takes writes, else 409, which is no error: so a standby is told that
               its database was promoted
GET /readyz    200 when the database answers, else 503; says of everything behind the server how it stands
GET /          name, availability zone, uptime
/api/…         the social application
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import parse_qsl

from chirp.servers.health import Health
from chirp.servers.logs import log
from chirp.servers.settings import ALIVE_PATH, HEALTH_PATH, THROUGH_PATH, WRITABLE_PATH, Common
from chirp.servers.tracing import Tracer
from chirp.servers.zone import ask_zone
from chirp.social.errors import Invalid, TooLarge
from chirp.social.http import MAX_BODY_BYTES, Request, Response, answer, refuse

ZONE_RETRY_S = 30.0
HEALTH_PATHS = (HEALTH_PATH, THROUGH_PATH)
ASKED_OFTEN: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(HEALTH_PATHS, (HTTPStatus.OK,)),
    WRITABLE_PATH: (HTTPStatus.OK, HTTPStatus.CONFLICT),
}
"""What is asked every few seconds, and the answers that are all alike."""
Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


class Host(Protocol):
    """What answers; `servers.host` and `world.host` each have one."""

    @property
    def settings(self) -> Common:
        """What the server was told."""
        ...

    @property
    def ready(self) -> bool:
        """Whether it has been prepared."""
        ...

    @property
    def broken(self) -> str | None:
        """Why this release cannot serve; None while it can, or waits."""
        ...

    def start(self) -> None:
        """Begin with what takes its time."""
        ...

    def stop(self) -> None:
        """End what `start` began."""
        ...

    def silent_s(self) -> float:
        """Seconds since any database answered; asks them when nobody has of late."""
        ...

    def standing(self) -> tuple[bool, Mapping[str, Any]]:
        """Whether requests can be answered, and what is to be said of everything behind the server."""
        ...

    def respond(self, request: Request) -> Response:
        """Answer a request for /api."""
        ...


class Application:
    """What gunicorn calls, from several threads at a time."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.health = Health(host)
        self._tracer = Tracer(host.settings.name, host.settings.traced_share)
        self.zone: str | None = None
        self._started_s = time.monotonic()
        self._own: Mapping[str, Callable[[], Response]] = {
            "/": self._root,
            ALIVE_PATH: lambda: answer(200, {"ok": True}),
            **dict.fromkeys(HEALTH_PATHS, self._healthz),
            WRITABLE_PATH: self._writable,
            "/readyz": self._readyz,
        }

    def find_zone(self) -> None:
        """Ask for the zone until it is known, apart from the requests so that none waits for it."""
        while (zone := ask_zone(self.host.settings.metadata)) is None:
            time.sleep(ZONE_RETRY_S)
        self.zone = zone

    def start(self) -> None:
        """Begin with what takes its time."""
        self.host.start()
        self.health.start()
        threading.Thread(target=self.find_zone, name="zone", daemon=True).start()

    def stop(self) -> None:
        """End what `start` began."""
        self.health.stop()
        self.host.stop()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request and log it."""
        began_s = time.monotonic()
        with self._tracer.traced(environ.get("HTTP_X_AMZN_TRACE_ID")) as segment:
            response = self._safely(environ)
        if segment is not None and environ["PATH_INFO"] not in ASKED_OFTEN:
            url = f"http://{environ.get('HTTP_HOST', '')}{environ['PATH_INFO']}"
            self._tracer.tell(segment, environ["REQUEST_METHOD"], url, response.status, len(response.body))
        headers = {**response.headers, "content-length": str(len(response.body))}
        if response.status == HTTPStatus.NO_CONTENT:
            del headers["content-length"]
        phrase = HTTPStatus(response.status).phrase
        start_response(f"{response.status} {phrase}", list(headers.items()))
        _log_access(environ, response, time.monotonic() - began_s)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.body]

    def _safely(self, environ: Environ) -> Response:
        try:
            return self._respond(environ)
        except Exception as error:
            log(event="error", path=environ["PATH_INFO"], error=repr(error), traceback=traceback.format_exc())
            return answer(500, {"error": "the application has failed; it is logged"})

    def _respond(self, environ: Environ) -> Response:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        own = self._own.get(path)
        if own is None and not path.startswith("/api/"):
            return answer(404, {"error": "no such path"})
        if own is None:
            try:
                return self.host.respond(_request(environ, path))
            except (Invalid, TooLarge) as error:
                return refuse(error)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return answer(405, {"error": "only GET and HEAD"}, allow="GET, HEAD")
        return own()

    def _root(self) -> Response:
        uptime_s = round(time.monotonic() - self._started_s, 1)
        return answer(200, {"name": self.host.settings.name, "zone": self.zone, "uptime_s": uptime_s})

    def _healthz(self) -> Response:
        wrong = self.health.wrong
        return answer(200, {"ok": True}) if wrong is None else answer(503, {"ok": False, "error": wrong})

    def _writable(self) -> Response:
        writable, _ = self.host.standing()
        return answer(HTTPStatus.OK if writable else HTTPStatus.CONFLICT, {"writable": writable})

    def _readyz(self) -> Response:
        ready, found = self.host.standing()
        return answer(200 if ready else 503, found)


def _request(environ: Environ, path: str) -> Request:
    """The request as the application understands it; TooLarge and Invalid for a body that cannot be one."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    return Request(environ["REQUEST_METHOD"], path, query, headers, _body(environ))


def _body(environ: Environ) -> bytes:
    declared = environ.get("CONTENT_LENGTH") or "0"
    if not declared.isdecimal():
        raise Invalid("Content-Length is no number")
    if int(declared) > MAX_BODY_BYTES:
        raise TooLarge(f"the body must have at most {MAX_BODY_BYTES:,} bytes")
    body: bytes = environ["wsgi.input"].read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge(f"the body must have at most {MAX_BODY_BYTES:,} bytes")
    return body


def _log_access(environ: Environ, response: Response, took_s: float) -> None:
    if response.status in ASKED_OFTEN.get(environ["PATH_INFO"], ()):
        return
    log(
        client=environ.get("HTTP_X_REAL_IP", environ.get("REMOTE_ADDR")),
        method=environ["REQUEST_METHOD"],
        path=environ.get("RAW_URI", environ["PATH_INFO"]),
        status=response.status,
        bytes=len(response.body),
        duration_ms=round(1000 * took_s, 3),
        trace=environ.get("HTTP_X_AMZN_TRACE_ID"),
    )
