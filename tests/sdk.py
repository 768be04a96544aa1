"""Requests as an SDK sends them, and answers as an SDK reads them, without any server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.parsers import ResponseParserError
from urllib3.response import HTTPResponse

from groma.live.embedded.gate import Http, Reply

Answer = Callable[[Http], Reply | None]
"""What answers a request; None lets it pass, as if it were done, with an answer that is empty."""


def send(
    answer: Answer,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    region: str = "us-east-1",
    token: str | None = None,
) -> None:
    """Send a request; ClientError when it is refused."""
    client = boto3.client(
        service,
        region_name=region,
        aws_access_key_id="123456789012",
        aws_secret_access_key="embedded",
        aws_session_token=token,
        endpoint_url="http://127.0.0.1:9",
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )

    def answered(request: Any, **_: Any) -> AWSResponse:
        reply = answer(_http(request))
        status, headers, body = (200, {}, b"") if reply is None else (reply.status, reply.headers, reply.body)
        raw = HTTPResponse(body=body, status=status, preload_content=True)
        found = AWSResponse(request.url, status, dict(headers), raw)
        found._content = body
        return found

    client.meta.events.register("before-send", answered)
    with suppress(KeyError, ValueError, AttributeError, ResponseParserError):
        getattr(client, operation)(**parameters)  # what passes has an answer that is empty


def _http(request: Any) -> Http:
    parts = urlsplit(request.url)
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    body = request.body.read() if hasattr(request.body, "read") else request.body or b""
    body = body.encode() if isinstance(body, str) else body
    return Http(request.method, parts.path, parts.query, {"host": parts.netloc, **headers}, body)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
