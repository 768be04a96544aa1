"""As whom functions call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from groma.live.embedded.access.own import own
from groma.live.embedded.authority import role_token


def execution_role() -> None:
    """Upstream: gives every function the credentials of the whole account.

    Effect: a function's credentials are those of a session, whose token tells its execution role.
    """

    def credentials(config: Mapping[str, Any]) -> dict[str, str]:
        keys = own().of_session(role_token(config["Role"], config["FunctionName"]))
        return {
            "AWS_ACCESS_KEY_ID": keys.access_key,
            "AWS_SECRET_ACCESS_KEY": keys.secret_key,
            "AWS_SESSION_TOKEN": keys.session_token,
        }

    lambda_runtime.execution_credentials = credentials
    lambda_svc.execution_credentials = credentials
