"""Forms that a browser sends to S3, as boto3 signs them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from urllib3 import encode_multipart_formdata

from groma.live.embedded.access.credentials import Credentials, new_credentials
from groma.live.embedded.access.forms import fault_of_form
from groma.live.embedded.authority import role_token, until

OWN = new_credentials()
ROLE = role_token("arn:aws:iam::123456789012:role/api", "f")


def fields(keys: Credentials) -> dict[str, str]:
    s3 = boto3.client(
        "s3",
        region_name="us-east-1",
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.session_token or None,
        config=Config(signature_version="s3v4"),
    )
    made: dict[str, str] = s3.generate_presigned_post("bucket", "picture", ExpiresIn=60)["fields"]
    return made


def code(sent: Any) -> str:
    """Why a form is turned away; empty where it is not."""
    body, _ = encode_multipart_formdata(sent)
    fault = fault_of_form(body, OWN, datetime.now(UTC))
    return "" if fault is None else fault.code


def test_a_form_that_the_cloud_or_a_session_of_it_has_signed_is_let_in() -> None:
    assert code(fields(OWN)) == ""
    assert code(fields(OWN.of_session(ROLE))) == ""
    assert code(fields(OWN.of_session(until(ROLE, 1)))) == "ExpiredToken"
    assert code(fields(new_credentials())) == "InvalidAccessKeyId"
    assert code(fields(Credentials(OWN.access_key, "forged"))) == "SignatureDoesNotMatch"


@pytest.mark.parametrize("name", ["policy", "x-amz-signature", "x-amz-credential", "x-amz-date"])
def test_each_field_of_the_signature_counts_and_stands_there_once(name: str) -> None:
    made = fields(OWN)
    assert code({each: value for each, value in made.items() if each != name}) == "AccessDenied"
    assert code([*made.items(), (name.upper(), made[name])]) == "AccessDenied"
    assert code({**made, name: made[name][:-1] + ("1" if made[name][-1] == "0" else "0")}) != ""
    assert code({**made, name: ""}) != ""


def test_a_token_is_part_of_the_signature() -> None:
    made = fields(OWN.of_session(ROLE))
    assert code({**made, "x-amz-security-token": "groma-root"}) == "InvalidAccessKeyId"
    assert code({**fields(OWN), "x-amz-security-token": ROLE}) == "InvalidAccessKeyId"
    assert code([*made.items(), ("x-amz-security-token", ROLE)]) == "AccessDenied"
