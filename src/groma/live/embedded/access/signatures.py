"""Whether the signature of a request is right: botocore's own signer computes it again with the cloud's keys.

A payload that is signed chunk by chunk (streaming uploads of S3) is taken by the signature of its head.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPMessage
from types import SimpleNamespace
from typing import Any

from botocore import auth

from groma.live.embedded.access.credentials import Credentials
from groma.live.embedded.access.signing import Signed
from groma.live.embedded.authority.callers import has_expired

SKEW_S = 15 * 60
"""How far the clock of who signs may be from this one."""
LONGEST_S = 7 * 86_400
"""How long a presigned address may last."""
_PAYLOADS = frozenset(
    {
        auth.UNSIGNED_PAYLOAD,
        auth.STREAMING_UNSIGNED_PAYLOAD_TRAILER,
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    }
)
"""What S3 takes in place of the hash of a payload."""
_PLAIN_PATHS = frozenset({"s3", "s3-outposts", "s3express"})
"""Services whose paths are signed as they are sent; elsewhere they are encoded once more."""


@dataclass(frozen=True)
class Fault:
    """Why somebody is turned away: AWS's code, a text, and the status."""

    code: str
    text: str
    status: int = 403


@dataclass(frozen=True)
class Sent:
    """A request as it came: its method, its path and query as they were sent, and all of its headers."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    joined: Mapping[str, str]


def fault_before_body(signed: Signed, sent: Sent, own: Credentials, now: datetime) -> Fault | None:
    """What is wrong before anything is read of the payload: key, time, headers that are not signed."""
    if signed.access_key != own.of_session(signed.token).access_key:
        return Fault("InvalidClientTokenId", "The security token included in the request is invalid.")
    if has_expired(signed.token, now.timestamp()):
        return Fault("ExpiredToken", "The security token included in the request is expired.")
    if late := _fault_of_time(signed, now):
        return late
    open_ = [name for name in sent.joined if name.startswith("x-amz-") and name not in signed.headers]
    if signed.lasts_s is None and open_:
        what = f"There were headers present in the request which were not signed: {', '.join(open_)}"
        return Fault("AccessDenied", what)
    return None


def fault_of(signed: Signed, sent: Sent, body: bytes, own: Credentials) -> Fault | None:
    """What is wrong with the signature of a request whose payload is known."""
    told = sent.joined.get("x-amz-content-sha256")
    if signed.lasts_s is not None and signed.service in _PLAIN_PATHS:
        told = told or auth.UNSIGNED_PAYLOAD
    if told in _PAYLOADS and signed.service not in _PLAIN_PATHS:
        return Fault("InvalidSignatureException", f"{told} is for Amazon S3 alone.", 400)
    digest = told if told in _PAYLOADS else hashlib.sha256(body).hexdigest()
    if told and told != digest:
        text = "The provided 'x-amz-content-sha256' header does not match what was computed."
        return Fault("XAmzContentSHA256Mismatch", text, 400)
    right = signature_of(signed, sent, digest or "", own.of_session(signed.token))
    if hmac.compare_digest(right.encode(), signed.signature.encode()):
        return None
    return Fault(
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your AWS "
        "Secret Access Key and signing method. Consult the service documentation for details.",
    )


def _fault_of_time(signed: Signed, now: datetime) -> Fault | None:
    try:
        at = datetime.strptime(signed.at, auth.SIGV4_TIMESTAMP).replace(tzinfo=UTC)
    except ValueError:
        return Fault("InvalidSignatureException", "The date of the signature is none.")
    age_s = (now - at).total_seconds()
    if signed.lasts_s is not None:
        if not 0 < signed.lasts_s <= LONGEST_S:
            return Fault("AuthorizationQueryParametersError", "X-Amz-Expires must be 1 to 604800.", 400)
        if age_s > signed.lasts_s:
            return Fault("AccessDenied", "Request has expired")
    elif age_s > SKEW_S:
        return Fault("SignatureDoesNotMatch", f"Signature expired: {signed.at} is now too early.")
    if age_s < -SKEW_S:
        return Fault("SignatureDoesNotMatch", f"Signature not yet current: {signed.at} is still later.")
    return None


def signature_of(signed: Signed, sent: Sent, digest: str, keys: Credentials) -> str:
    """The signature that a request should have, over a payload of this hash."""
    signer: Any = (_AsSent if signed.service in _PLAIN_PATHS else _Signer)(signed, keys)
    query = "&".join(part for part in sent.query.split("&") if not part.startswith("X-Amz-Signature="))
    request = SimpleNamespace(
        method=sent.method,
        url=f"http://cloud{sent.path}?{query}" if query else f"http://cloud{sent.path}",
        params=None,
        headers={"X-Amz-Content-SHA256": digest},
        signed=_message((name, value) for name, value in sent.headers if name in signed.headers),
        context={"timestamp": signed.at},
    )
    return str(signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request))


def form_signature(policy: str, signed: Signed, keys: Credentials) -> str:
    """The signature that a browser's form with this policy (base64) should have."""
    return _hex(signing_key(keys.secret_key, signed.at[:8], signed.region, signed.service), policy)


def _message(headers: Iterable[tuple[str, str]]) -> HTTPMessage:
    message = HTTPMessage()
    for name, value in headers:
        message[name] = value
    return message


@functools.lru_cache(maxsize=1_024)
def signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    """The key of a day, a region and a service: it changes once a day, and is asked for with each request."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _hex(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()


class _Signer(auth.SigV4Auth):
    """botocore's signer over the headers that the request names, and with a key that is not derived anew."""

    def __init__(self, signed: Signed, keys: Credentials) -> None:
        given: Any = keys
        super().__init__(given, signed.service, signed.region)
        self._scope = signed.region, signed.service

    def headers_to_sign(self, request: Any) -> HTTPMessage:
        message: HTTPMessage = request.signed
        return message

    def signature(self, string_to_sign: str, request: Any) -> str:
        day = request.context["timestamp"][:8]
        return _hex(signing_key(self.credentials.secret_key, day, *self._scope), string_to_sign)


class _AsSent(_Signer):
    """The same for S3, whose paths are neither normalized nor encoded again."""

    def _normalize_url_path(self, path: str) -> str:
        return path
