"""Signatures as AWS's own libraries make them are right; anything else about the same request is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from groma.live.embedded.access.credentials import Credentials
from groma.live.embedded.access.signatures import Fault, Sent, fault_before_body, fault_of
from groma.live.embedded.access.signing import (
    UnreadableSignatureError,
    UnsignedError,
    signed_by,
)
from groma.live.embedded.authority import role_token, until

OWN = Credentials("AKIAOFTHECLOUD234567", "s3cr3t" * 6 + "four")
ROLE = role_token("arn:aws:iam::123456789012:role/api", "f")
NOW = timedelta()
URL = "http://127.0.0.1:4000"
SIGNERS = {"header": auth.SigV4Auth, "s3": auth.S3SigV4Auth}
PRESIGNERS = {"header": auth.SigV4QueryAuth, "s3": auth.S3SigV4QueryAuth}


def sent(request: AWSRequest) -> tuple[Sent, bytes]:
    """What arrives of a request that a client sends."""
    prepared = request.prepare()
    parts = urlsplit(prepared.url)
    headers = {"host": parts.netloc, **{str(n).lower(): _text(v) for n, v in prepared.headers.items()}}
    body = prepared.body or b""
    body = body.encode() if isinstance(body, str) else body
    return Sent(prepared.method, parts.path, parts.query, tuple(headers.items()), headers), body


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def signed(
    service: str = "sns",
    path: str = "/",
    body: bytes = b"Action=ListTopics",
    token: str = "",
    method: str = "POST",
    headers: Mapping[str, str] = {},
    keys: Credentials = OWN,
    presigned_s: int | None = None,
) -> tuple[Sent, bytes]:
    """A request that botocore has signed."""
    of = keys.of_session(token)
    given = ReadOnlyCredentials(of.access_key, of.secret_key, of.session_token or None)
    request = AWSRequest(method, URL + path, headers=dict(headers), data=body)
    kind = "s3" if service == "s3" else "header"
    if presigned_s is None:
        SIGNERS[kind](given, service, "eu-west-1").add_auth(request)
    else:
        PRESIGNERS[kind](given, service, "eu-west-1", expires=presigned_s).add_auth(request)
    return sent(request)


def fault(asked: Sent, body: bytes, later: timedelta = NOW, own: Credentials = OWN) -> Fault | None:
    """What is wrong with a request that arrives so much later."""
    found, now = signed_by(asked.joined, asked.query), datetime.now(UTC) + later
    return fault_before_body(found, asked, own, now) or fault_of(found, asked, body, own)


GET: dict[str, Any] = {"method": "GET", "body": b""}
REQUESTS: dict[str, dict[str, Any]] = {
    "form": {},
    "of a role": {"token": ROLE},
    "an ARN in the path": {"service": "lambda", "path": "/2015-03-31/tags/arn%3Aaws%3Alambda%3Aeu", **GET},
    "a query": {"service": "lambda", "path": "/f/invocations?Qualifier=a%2Fb&x=&b=%20c", "body": b"{}"},
    "json": {"service": "dynamodb", "body": b"{}", "headers": {"X-Amz-Target": "DynamoDB_20120810.PutItem",
             "Content-Type": "application/x-amz-json-1.0"}},
    "an object": {"service": "s3", "path": "/b/a%20b/c%2Bd~%C3%A9", "method": "PUT", "body": b"\x00\xff",
                  "headers": {"X-Amz-Meta-A": "b  c"}},
    "two slashes": {"service": "s3", "path": "/b//c/../d?acl", **GET},
    "presigned": {"service": "s3", "path": "/b/c?x-id=GetObject", "presigned_s": 60, **GET},
    "presigned by a role": {"service": "s3", "path": "/b/c", "presigned_s": 60, "token": ROLE, **GET},
    "presigned elsewhere": {"service": "sts", "path": "/?Action=GetCallerIdentity", "presigned_s": 60, **GET},
}  # fmt: skip


@pytest.mark.parametrize("name", list(REQUESTS))
def test_what_a_library_signs_is_right(name: str) -> None:
    assert fault(*signed(**REQUESTS[name])) is None


PARTS = ("method", "path", "query", "body", "signed header", "keys", "token")
CHANGED = [  # of a presigned address of S3 the payload is not signed
    (name, part)
    for name, asked in REQUESTS.items()
    for part in PARTS
    if part != "body" or asked.get("service") != "s3" or "presigned_s" not in asked
]


@pytest.mark.parametrize(("name", "part"), CHANGED)
def test_whatever_is_changed_afterwards_makes_it_wrong(name: str, part: str) -> None:
    asked, body = signed(**REQUESTS[name])
    is_presigned = "presigned_s" in REQUESTS[name]
    own = OWN
    if part == "method":
        asked = replace(asked, method="DELETE")
    elif part == "path":
        asked = replace(asked, path=asked.path + "x")
    elif part == "query":
        asked = replace(asked, query=f"{asked.query}&more=1" if asked.query else "more=1")
    elif part == "body":
        body += b"x"
    elif part == "signed header":
        asked = _with(asked, "host", "127.0.0.1:4001")
    elif part == "keys":
        own = replace(OWN, secret_key="another" * 5 + "fives")
    elif is_presigned:
        asked = replace(asked, query=asked.query + "&X-Amz-Security-Token=groma-root")
    else:
        asked = _with(asked, "x-amz-security-token", "groma-root")
    try:
        found = fault(asked, body, own=own)
    except UnreadableSignatureError:
        return
    assert found is not None


def _with(asked: Sent, name: str, value: str) -> Sent:
    joined = {**asked.joined, name: value}
    return replace(asked, headers=tuple(joined.items()), joined=joined)


def test_a_header_of_amazon_that_is_not_signed_is_refused() -> None:
    asked, body = signed()
    found = fault(_with(asked, "x-amz-target", "Lambda.CreateFunction"), body)
    assert found is not None
    assert "x-amz-target" in found.text


@pytest.mark.parametrize(("minutes", "right"), [(-16, False), (-14, True), (14, True), (16, False)])
def test_it_is_right_for_a_quarter_of_an_hour(minutes: int, right: bool) -> None:
    asked, body = signed()
    assert (fault(asked, body, timedelta(minutes=minutes)) is None) is right


def test_a_presigned_address_is_right_until_it_expires() -> None:
    asked, body = signed("s3", "/b/c", b"", method="GET", presigned_s=60)
    assert fault(asked, body, timedelta(seconds=50)) is None
    late = fault(asked, body, timedelta(seconds=63))
    assert late is not None
    assert late.text == "Request has expired"
    for_ever = signed("s3", "/b/c", b"", method="GET", presigned_s=8 * 86_400)
    assert fault(*for_ever) is not None


def test_a_session_ends() -> None:
    token = until(ROLE, datetime.now(UTC).timestamp() + 60)
    asked, body = signed(token=token)
    assert fault(asked, body) is None
    ended = fault(asked, body, timedelta(seconds=61))
    assert ended is not None
    assert ended.code == "ExpiredToken"


def test_a_session_cannot_sign_for_another_or_for_the_cloud() -> None:
    of = OWN.of_session(ROLE)
    for token in ("", "groma-root", role_token("arn:aws:iam::123456789012:role/other", "f")):
        forged = Credentials(OWN.of_session(token).access_key, of.secret_key)
        given = ReadOnlyCredentials(forged.access_key, forged.secret_key, token or None)
        request = AWSRequest("POST", URL + "/", data=b"")
        auth.SigV4Auth(given, "sns", "eu-west-1").add_auth(request)
        assert fault(*sent(request)) is not None


@pytest.mark.parametrize("payload", ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"])
def test_a_payload_without_a_hash_is_for_s3_alone(payload: str) -> None:
    headers = {"X-Amz-Content-SHA256": payload}
    assert fault(*signed("sns", headers=headers)) is not None


def test_the_hash_that_is_told_must_be_the_payloads() -> None:
    asked, _ = signed("s3", "/b/c", b"x", method="PUT")
    assert asked.joined["x-amz-content-sha256"] == hashlib.sha256(b"x").hexdigest()
    found = fault(asked, b"y")
    assert found is not None
    assert found.code == "XAmzContentSHA256Mismatch"


SCOPE = "Credential=AKIA/20261129/us-east-1/sns/aws4_request"


@pytest.mark.parametrize(
    "authorization",
    [
        "AWS AKIA:signature",
        "Bearer token",
        "AWS4-ECDSA-P256-SHA256 " + SCOPE,
        "AWS4-HMAC-SHA256",
        f"AWS4-HMAC-SHA256 {SCOPE}, SignedHeaders=content-type, Signature=0",
        f"AWS4-HMAC-SHA256 {SCOPE}, SignedHeaders=host;host, Signature=0",
        f"AWS4-HMAC-SHA256 {SCOPE}, SignedHeaders=host, Signature=0, {SCOPE.replace('sns', 'sqs')}",
        f"AWS4-HMAC-SHA256 {SCOPE.replace('20261129', '20261128')}, SignedHeaders=host, Signature=0",
    ],
)
def test_other_ways_to_sign_are_refused(authorization: str) -> None:
    with pytest.raises(UnreadableSignatureError):
        signed_by({"authorization": authorization, "x-amz-date": "20261129T000000Z"}, "")


def test_what_says_nothing_of_a_signature_is_unsigned() -> None:
    with pytest.raises(UnsignedError):
        signed_by({"host": "127.0.0.1"}, "Action=ListTopics")
    with pytest.raises(UnreadableSignatureError):
        signed_by({}, "X-Amz-Signature=1&X-Amz-Signature=2")
