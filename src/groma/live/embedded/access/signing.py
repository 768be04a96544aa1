"""What a request says of its signature: by whom, when, for what, and over which of its headers.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, read 2026-11-29.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

ALGORITHM = "AWS4-HMAC-SHA256"
_PARTS = re.compile(r"(Credential|SignedHeaders|Signature)=([^,\s]+)")
_CREDENTIAL = re.compile(r"(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_TIME = re.compile(r"\d{8}T\d{6}Z")


@dataclass(frozen=True)
class Signed:
    """What a request says of its signature.

    Attributes:
        access_key, region, service: the scope of the credentials.
        at: when it was signed, such as `20261129T031500Z`.
        headers: the names of the headers that are signed, in lower case and sorted.
        signature: 64 hexadecimal digits.
        token: of the session; empty where there is none.
        lasts_s: how long a presigned address lasts; None where a header signs.
    """

    access_key: str
    region: str
    service: str
    at: str
    headers: tuple[str, ...]
    signature: str
    token: str
    lasts_s: int | None = None

    @property
    def scope(self) -> str:
        """The scope of the credentials without the key."""
        return f"{self.at[:8]}/{self.region}/{self.service}/aws4_request"


class UnsignedError(Exception):
    """A request says nothing of a signature."""


class UnreadableSignatureError(Exception):
    """A request is signed in another way, or what it says cannot be read."""


def signed_by(headers: Mapping[str, str], query: str) -> Signed:
    """What a request says of its signature, in its headers (names in lower case) or in its address.

    Raises:
        UnsignedError: nothing.
        UnreadableSignatureError: something that is no Signature Version 4.
    """
    authorization = headers.get("authorization", "")
    if authorization:
        if not authorization.startswith(ALGORITHM + " "):
            raise UnreadableSignatureError("Authorization header requires AWS4-HMAC-SHA256")
        parts = _one_each(_PARTS.findall(authorization))
        at, token = headers.get("x-amz-date", ""), headers.get("x-amz-security-token", "")
        return _signed(parts, at, token, None)
    asked = _one_each(parse_qsl(query, keep_blank_values=True))
    if "X-Amz-Signature" not in asked and "X-Amz-Algorithm" not in asked:
        raise UnsignedError
    if asked.get("X-Amz-Algorithm") != ALGORITHM:
        raise UnreadableSignatureError("X-Amz-Algorithm only supports AWS4-HMAC-SHA256")
    parts = {name: asked.get(f"X-Amz-{name}", "") for name in ("Credential", "SignedHeaders", "Signature")}
    lasts = asked.get("X-Amz-Expires", "")
    if not lasts.isascii() or not lasts.isdigit():
        raise UnreadableSignatureError("X-Amz-Expires should be a number")
    token = asked.get("X-Amz-Security-Token", "")
    return _signed(parts, asked.get("X-Amz-Date", ""), token, int(lasts))


def signed_form(fields: Mapping[str, str]) -> Signed:
    """The same of a form that a browser sends to S3, of which the policy is signed. See `signed_by`."""
    names = {"Credential": "x-amz-credential", "Signature": "x-amz-signature"}
    parts = {part: fields.get(name, "") for part, name in names.items()} | {"SignedHeaders": "host"}
    return _signed(parts, fields.get("x-amz-date", ""), fields.get("x-amz-security-token", ""), None)


def _one_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found and name.startswith(("X-Amz-", "Credential", "Sign")):
            raise UnreadableSignatureError(f"{name} is given twice")
        found[name] = value
    return found


def _signed(parts: Mapping[str, str], at: str, token: str, lasts_s: int | None) -> Signed:
    scope = _CREDENTIAL.fullmatch(unquote(parts.get("Credential", "")))
    names = tuple(parts.get("SignedHeaders", "").split(";"))
    signature = parts.get("Signature", "")
    if scope is None or not _TIME.fullmatch(at) or at[:8] != scope["day"]:
        raise UnreadableSignatureError("the credential scope or the date is missing or malformed")
    if names != tuple(sorted(set(names))) or "host" not in names:
        raise UnreadableSignatureError("'Host' must be a SignedHeader, and each header be named once, sorted")
    return Signed(scope["key"], scope["region"], scope["service"], at, names, signature, token, lasts_s)
