"""CloudFront: what it reports, and what it serves on loopback."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from ministack import app
from ministack.services import apigateway, cloudfront

from groma.live.embedded.ministack_corrections.api_gateway import NAME
from groma.live.embedded.processes import LOOPBACK

_VIEWER = re.compile(r"^(?P<label>[a-z0-9]+)\.cloudfront\.localhost(:\d+)?$")
_CONNECT = "connect-src 'self'"


def response_headers() -> None:
    """Upstream: reports lists of custom and of removed headers for a policy that has none.

    Effect: they are reported only where they hold something.
    """
    original = cloudfront._build_rhp_config_xml

    def build(parent: Any, policy: Mapping[str, Any]) -> None:
        original(parent, policy)
        for key in ("CustomHeaders", "RemoveHeaders"):
            element = parent.find(f"{key}Config")
            if not policy[key] and element is not None:
                parent.remove(element)

    cloudfront._build_rhp_config_xml = build


def api_origin() -> None:
    """Upstream: refuses an origin that is an API of API Gateway, because its name is AWS's.

    Effect: where the API is one of this cloud, it answers.
    """
    connect = cloudfront._origin_connect_target

    def target(origin: Mapping[str, Any], viewer_is_https: bool) -> Any:
        found = NAME.match(origin["domain_name"].lower())
        if found and apigateway.find_api_scope(found["id"]):
            return LOOPBACK, int(os.environ["GATEWAY_PORT"]), False
        return connect(origin, viewer_is_https)

    cloudfront._origin_connect_target = target


def viewers() -> None:
    """Upstream: turns viewers away who do not come over TLS, or not by the distribution's name.

    Effect: `<label>.cloudfront.localhost` reaches the distribution, which a browser finds by itself; loopback
    needs no TLS; and pages may send to this cloud's S3 where they may send to AWS's.
    """
    serve, parse = cloudfront.handle_viewer_request, app._parse_cloudfront_dataplane_host

    def label(host: str) -> Any:
        found = _VIEWER.match(host.lower())
        return found["label"] if found else parse(host)

    async def handle(distribution: Any, method: str, path: str, uri: str, query: str, headers: Any,
                     *rest: Any) -> Any:  # fmt: skip
        status, answered, body = await serve(
            distribution, method, path, uri, query, {**headers, "x-forwarded-proto": "https"}, *rest
        )
        return status, {name: _on_loopback(name, value) for name, value in answered.items()}, body

    cloudfront.handle_viewer_request = handle
    app._parse_cloudfront_dataplane_host = label


def _on_loopback(name: str, value: Any) -> Any:
    """A header as it must be on loopback: uploads go to this cloud's S3, and no browser insists on TLS."""
    if name.lower() == "content-security-policy":
        return value.replace(_CONNECT, f"{_CONNECT} http://{LOOPBACK}:{os.environ['GATEWAY_PORT']}")
    return "max-age=0" if name.lower() == "strict-transport-security" else value
