"""Requests as an SDK sends them, and the gate's answers as an SDK reads them, without any server."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from urllib3.response import HTTPResponse

from groma.live.embedded.gate import Account, Gate, Http, Stage


class Asking:
    """A client whose every request meets the gate; what passes is answered with nothing, as if it were done.

    Attributes:
        gate: whom it meets.
    """

    def __init__(self, folder: Path, account: Account = Account.GROWN, *, strict: bool = False) -> None:
        self.gate = Gate(Stage(account, strict), folder / "refused.jsonl")

    def refused(self, service: str, operation: str, region: str = "us-east-1", **parameters: Any) -> str:
        """The code of the error that the caller gets; "" when the request passes."""
        try:
            self.ask(service, operation, region, **parameters)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return ""

    def ask(self, service: str, operation: str, region: str = "us-east-1", **parameters: Any) -> None:
        """Send a request; ClientError when it is refused."""
        client = boto3.client(
            service,
            region_name=region,
            aws_access_key_id="123456789012",
            aws_secret_access_key="embedded",
            endpoint_url="http://127.0.0.1:9",
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
        )
        client.meta.events.register("before-send", self._answer)
        with suppress(KeyError, ValueError, AttributeError, ResponseParserError):
            getattr(client, operation)(**parameters)  # what passes has an answer that is empty

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        parts = urlsplit(request.url)
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        body = request.body.read() if hasattr(request.body, "read") else request.body or b""
        body = body.encode() if isinstance(body, str) else body
        http = Http(request.method, parts.path, parts.query, {"host": parts.netloc, **headers}, body)
        asked, reply = self.gate.judge(http) if self.gate.concerns(http) else (None, None)
        if reply is None:
            if asked is not None:
                self.gate.answered(asked, 200)
            return _response(request.url, 200, {}, b"")
        return _response(request.url, reply.status, dict(reply.headers), reply.body)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _response(url: str, status: int, headers: dict[str, str], body: bytes) -> AWSResponse:
    raw = HTTPResponse(body=body, status=status, preload_content=True)
    answer = AWSResponse(url, status, headers, raw)
    answer._content = body
    return answer
