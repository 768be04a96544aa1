from __future__ import annotations

from typing import Any

import boto3

from groma.live.embedded import ACCOUNT_ID, Endpoints


def sessions(aws: Endpoints) -> None:
    sts = aws.client("sts")
    role = f"arn:aws:iam::{ACCOUNT_ID}:role/guest"
    assumed = sts.assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    assert _caller(aws, assumed) == f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/guest/me"
    assert f":{ACCOUNT_ID}:" in _caller(aws, sts.get_session_token()["Credentials"])


def _caller(aws: Endpoints, keys: Any) -> str:
    sts = boto3.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=aws.url("sts"),
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    return str(sts.get_caller_identity()["Arn"])
