"""As whom functions call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from groma.live.embedded.authority import role_token


def execution_role() -> None:
    """Upstream: gives every function the credentials of the whole account.

    Effect: a function's credentials have a session token, which tells its execution role.
    """
    original = lambda_runtime.execution_credentials

    def credentials(config: Mapping[str, Any]) -> dict[str, str]:
        token = role_token(config["Role"], config["FunctionName"])
        return {**original(config), "AWS_SESSION_TOKEN": token}

    lambda_runtime.execution_credentials = credentials
    lambda_svc.execution_credentials = credentials
