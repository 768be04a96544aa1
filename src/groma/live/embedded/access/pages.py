"""Requests of web pages: of the stack's own site alone, and under names that are this cloud's.

A page that a person visits may send requests to loopback, and a name of somebody else may be bound to this
machine (DNS rebinding). What browsers say of both: `Origin`, `Sec-Fetch-Site` and `Sec-Fetch-Mode`, `Host`.

https://www.w3.org/TR/fetch-metadata/, read 2026-11-29.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from groma.live.embedded.access.public import HERE, ON_AWS, host_name
from groma.live.embedded.access.signatures import Fault
from groma.live.embedded.gate.asked import Http

_LOOPBACK = ("127.0.0.1", "localhost")
_AWS = re.compile(r"[a-z0-9.-]+\.amazonaws\.com")
"""Names that nobody else can bind to this machine."""
_HERE_ALONE = ("same-origin", "none")
_CORS = b"access-control-"


def fault_of_page(http: Http, port: int) -> Fault | None:
    """Why a request is turned away, whoever signed it: a name that is not this cloud's, or a strange page.

    Args:
        http: the request.
        port: where the server listens.
    """
    if not _is_own_name(http, port):
        what = f"{http.headers.get('host', '')!r} is not a name of the embedded cloud"
        return Fault("AccessDenied", what)
    origin = http.headers.get("origin")
    if origin is not None:
        page = "requests from web pages of other origins are refused"
        return None if is_own_origin(origin, port) else Fault("AccessDenied", page)
    if http.headers.get("sec-fetch-site", "none") in _HERE_ALONE or _is_visit(http):
        return None
    return Fault("AccessDenied", "requests from web pages of other sites are refused")


def _is_own_name(http: Http, port: int) -> bool:
    name = host_name(http)
    if ON_AWS.fullmatch(name) or _AWS.fullmatch(name):
        return True
    is_here = name in _LOOPBACK or HERE.fullmatch(name) is not None
    return is_here and http.headers["host"].lower() in (name, f"{name}:{port}")


def is_own_origin(origin: str, port: int) -> bool:
    """Whether a page is a distribution's of this cloud, which a browser finds below `localhost`."""
    try:
        parts = urlsplit(origin)
        found = HERE.fullmatch(parts.hostname or "")
        return found is not None and found["kind"] == "cloudfront" and parts.port == port
    except ValueError:
        return False


def _is_visit(http: Http) -> bool:
    """Whether a person follows a link: to the site, or of a mail. A page cannot read what comes of it."""
    asked = http.headers
    return (
        http.method in ("GET", "HEAD")
        and asked.get("sec-fetch-mode") == "navigate"
        and asked.get("sec-fetch-dest") == "document"
    )


def for_own_pages(
    answered: list[tuple[bytes, bytes]], headers: Mapping[str, str], port: int
) -> list[tuple[bytes, bytes]]:
    """The headers of an answer, which no page of another origin may read, whatever an emulator says.

    Args:
        answered: as the emulator gives them.
        headers: those of the request.
        port: where the server listens.
    """
    origin = headers.get("origin", "")
    if not is_own_origin(origin, port):
        return [each for each in answered if not each[0].lower().startswith(_CORS)]
    allowed = _CORS + b"allow-origin"
    kept = [each for each in answered if each[0].lower() != allowed]
    return [*kept, (allowed, origin.encode("latin-1")), (b"vary", b"origin")]
