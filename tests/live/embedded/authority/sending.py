"""Requests as an SDK sends them, read and judged without any server."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from groma.live.embedded.authority import Authority, DeployerFile, Held
from groma.live.embedded.gate import Asked, Gate, Http, Reply, Stage, read
from sdk import send


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
        send(self._answer, service, operation, parameters, token=token or None)

    def _answer(self, http: Http) -> Reply | None:
        self.last = http
        return self.gate.judge(http)[1] if self.gate.concerns(http) else None
