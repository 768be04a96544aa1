"""Cognito's user pools."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ministack.services import cognito

_STATUS = re.compile(r'^"?cognito:user_status"?\s*=\s*"(?P<status>[^"]*)"$')


def filter_by_status() -> None:
    """Upstream: lists all users when asked for those of one `cognito:user_status`.

    Effect: those are listed, in whatever case the status was written.
    """
    original = cognito._apply_user_filter

    def select(users: Sequence[Mapping[str, Any]], condition: str) -> Any:
        found = _STATUS.match(condition.strip())
        if found is None:
            return original(users, condition)
        return [user for user in users if str(user.get("UserStatus", "")).lower() == found["status"].lower()]

    cognito._apply_user_filter = select
