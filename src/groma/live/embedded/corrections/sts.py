"""Sessions: roles that are assumed, and the account's own."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from moto.core.responses import ActionResult
from moto.sts import models, responses

from groma.live.embedded.access.own import own
from groma.live.embedded.authority.callers import role_token, until
from groma.live.embedded.corrections.registry import correction


@correction(seen_in="5.2.5")
def sessions() -> None:
    """Upstream: gives out keys that nobody can check, and for a session of the account AWS's example.

    Effect: a session's keys follow from the cloud's own, and expire.
    """
    make = models.AssumedRole.__init__
    answer = responses.TokenResponse.get_session_token

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        ends_s = self.expiration.replace(tzinfo=UTC).timestamp()
        keys = own().of_session(until(role_token(self.role_arn, self.session_name), ends_s))
        self.access_key_id, self.secret_access_key = keys.access_key, keys.secret_key
        self.session_token = keys.session_token

    def get_session_token(self: Any) -> ActionResult:
        result = answer(self)
        given = result._result["Credentials"]
        keys = own().of_session(until("groma-session", given["Expiration"].replace(tzinfo=UTC).timestamp()))
        given.update(
            AccessKeyId=keys.access_key, SecretAccessKey=keys.secret_key, SessionToken=keys.session_token
        )
        return result

    models.AssumedRole.__init__ = init
    responses.TokenResponse.get_session_token = get_session_token
