"""What an SDK is told by the gate, without any server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from groma.live.embedded.gate import Account, Gate, Http, Reply, Stage
from sdk import send


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
        send(self._answer, service, operation, parameters, region)

    def _answer(self, http: Http) -> Reply | None:
        asked, reply = self.gate.judge(http) if self.gate.concerns(http) else (None, None)
        if reply is None and asked is not None:
            self.gate.answered(asked, 200)
        return reply
