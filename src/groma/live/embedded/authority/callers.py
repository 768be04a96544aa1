"""Who calls: told by the session token that its credentials have, as AWS tells sessions.

Signatures are not checked in the embedded cloud, so a token is no secret: it says who somebody is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs

from groma.live.embedded.endpoints import ACCOUNT_ID
from groma.live.embedded.gate.asked import Http

Kind = Literal["deployer", "role", "root"]
ROOT_TOKEN = "groma-root"
"""Of who may do everything at all times: whoever goes behind Terraform's back."""
_ROLE = re.compile(r"groma-role/(?P<role>[^/]+)/(?P<session>[^/]+)")
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
