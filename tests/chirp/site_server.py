"""The site on loopback, before an application in memory: what CloudFront, a host and S3 are in the cloud."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from chirp.site import site_files
from chirp.social.http import Request, Response, respond
from chirp.social.model import Picture, Upload

sys.path.append(str(Path(__file__).parent / "behaviour"))
from memory_host import Memory, social_over

SECURITY = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
}


@dataclass
class Site:
    """The running site.

    Attributes:
        refuse: answers given in place of the application's: (method, path) → responses, one for each call.
        asked: every request to the application so far, as `POST /api/posts`.
    """

    url: str = ""
    memory: Memory = field(default_factory=Memory)
    media: dict[str, bytes] = field(default_factory=dict)
    refuse: dict[tuple[str, str], list[Response]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        self.asked.append(f"{request.method} {request.path}")
        planned = self.refuse.get((request.method, request.path))
        if planned:
            return planned.pop(0)
        return respond(social_over(self.memory), request)


class _Memory(Memory):
    """A memory whose pictures are uploaded to this server."""

    def upload(self, key: str, content_type: str, size_bytes: int) -> Upload:
        return Upload("/upload", {"key": f"media/{key}", "Content-Type": content_type})

    def shown(self, key: str) -> Picture:
        return Picture(f"/media/{key}")


@contextmanager
def serving() -> Iterator[Site]:
    """A site on a free port of 127.0.0.1."""
    site = Site(memory=_Memory())
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    site.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            url, body = urlsplit(self.path), self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if url.path.startswith("/api/"):
                response = site.answer(
                    Request(self.command, url.path, dict(parse_qsl(url.query)), headers, body)
                )
            elif url.path == "/upload":
                response = _keep(site, headers, body)
            else:
                response = _file(site, url.path.removeprefix("/") or "index.html")
            self.send_response(response.status)
            for name, value in {**SECURITY, **response.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            if response.status != 204:
                self.wfile.write(response.body)

        do_GET = do_POST = do_PUT = do_DELETE = _serve

        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler


def _file(site: Site, path: str) -> Response:
    if path in site.media:
        return Response(200, {"content-type": "image/png"}, site.media[path])
    if path not in site_files():
        return Response(404, {}, b"")
    content, content_type = site_files()[path]
    return Response(200, {"content-type": content_type}, content)


def _keep(site: Site, headers: dict[str, str], body: bytes) -> Response:
    """A presigned POST: the fields of the form, then the file."""
    message = BytesParser(policy=HTTP).parsebytes(
        f"Content-Type: {headers['content-type']}\r\n\r\n".encode() + body
    )
    parts = {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in message.iter_parts()
    }
    site.media[parts["key"].decode()] = parts["file"]
    return Response(204, {}, b"")
