"""Requests as an SDK sends them, read and judged without any server."""

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

from groma.live.embedded.authority import Authority, DeployerFile, Held
from groma.live.embedded.gate import Asked, Gate, Http, Stage, read


class Sending:
    """A client whose every request is judged; what passes is answered with nothing.

    Attributes:
        roles: what each role holds.
        gate: who judges.
        last: the request that was sent last.
    """

    def __init__(self, folder: Path) -> None:
        self.roles: dict[str, Held] = {}
        self.folder = folder
        authority = Authority(self.roles.get, DeployerFile(folder / "deployer.json"), folder / "asked.jsonl")
        self.gate = Gate(Stage(), folder / "refused.jsonl", authority=authority)
        self.last: Http | None = None

    def refused(self, service: str, operation: str, token: str = "", **parameters: Any) -> dict[str, Any]:
        """The error that the caller gets, with its status; empty when the request passes."""
        try:
            self.send(service, operation, token, **parameters)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            return {**error.response["Error"], "Status": status}
        return {}

    def asked(self, service: str, operation: str, **parameters: Any) -> Asked:
        """A request as it is read."""
        with suppress(ClientError):  # what the gate says of it is not asked here
            self.send(service, operation, **parameters)
        assert self.last is not None
        found = read(self.last)
        assert found is not None
        return found

    def send(self, service: str, operation: str, token: str = "", **parameters: Any) -> None:
        """Send a request; ClientError when it is refused."""
        client = boto3.client(
            service,
            region_name="us-east-1",
            aws_access_key_id="123456789012",
            aws_secret_access_key="embedded",
            aws_session_token=token or None,
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
        self.last = Http(request.method, parts.path, parts.query, {"host": parts.netloc, **headers}, body)
        _, reply = self.gate.judge(self.last) if self.gate.concerns(self.last) else (None, None)
        content = b"" if reply is None else reply.body
        status, told = (200, {}) if reply is None else (reply.status, dict(reply.headers))
        answer = AWSResponse(request.url, status, told, HTTPResponse(body=content, status=status))
        answer._content = content
        return answer


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
