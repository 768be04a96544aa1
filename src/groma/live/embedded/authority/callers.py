"""Who calls: told by the session token that its credentials have, as AWS tells sessions.

A token is no secret: it says who somebody is. That it is true is known from the signature, whose key follows
from the token (`groma.live.embedded.access`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs

from groma.live.embedded.endpoints import ACCOUNT_ID
from groma.live.embedded.gate.asked import Http

Kind = Literal["deployer", "role", "root"]
ROOT_TOKEN = "groma-root"  # noqa: S105 - says who asks; no secret
"""Of who may do everything at all times: whoever goes behind Terraform's back."""
_ROLE = re.compile(r"groma-role/(?P<role>[^/]+)/(?P<session>[^/]+)(?:/until/\d+)?")
_UNTIL = re.compile(r".*/until/(?P<until_s>\d+)")
_FORM = re.compile(rb'name="x-amz-security-token"\r\n\r\n([^\r]*)\r\n', re.IGNORECASE)
_FORM_HEAD_BYTES = 16_384


@dataclass(frozen=True)
class Caller:
    """Somebody who calls AWS.

    Attributes:
        kind: `deployer` is whoever shows no token: Terraform, and Groma's commands.
        role, session: of a role that was assumed.
    """

    kind: Kind
    role: str = ""
    session: str = ""

    @property
    def arn(self) -> str:
        """Its name to AWS."""
        if self.kind == "root":
            return f"arn:aws:iam::{ACCOUNT_ID}:root"
        role, session = (self.role, self.session) if self.kind == "role" else ("deployer", "groma")
        return f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{role}/{session}"


def role_token(role_arn: str, session: str) -> str:
    """The session token by which calls are known to be a role's."""
    return f"groma-role/{role_arn.rpartition('/')[2]}/{session}"


def until(token: str, until_s: float) -> str:
    """A session token that expires, at so many seconds since 1970."""
    return f"{token}/until/{int(until_s)}"


def has_expired(token: str, now_s: float) -> bool:
    """Whether the time of a session is over."""
    found = _UNTIL.fullmatch(token)
    return found is not None and int(found["until_s"]) <= now_s


def caller_of(http: Http) -> Caller:
    """Who sends a request; of a form that a browser posts, who has signed it."""
    token = http.headers.get("x-amz-security-token") or _in_query(http) or _in_form(http)
    if token == ROOT_TOKEN:
        return Caller("root")
    found = _ROLE.fullmatch(token)
    return Caller("deployer") if found is None else Caller("role", found["role"], found["session"])


def _in_query(http: Http) -> str:
    if "X-Amz-Security-Token" not in http.query:
        return ""
    return parse_qs(http.query).get("X-Amz-Security-Token", [""])[0]


def _in_form(http: Http) -> str:
    if not http.headers.get("content-type", "").startswith("multipart/form-data"):
        return ""
    found = _FORM.search(http.body[:_FORM_HEAD_BYTES])
    return "" if found is None else found[1].decode("latin-1")
