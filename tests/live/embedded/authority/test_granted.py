"""What a role holds, as the emulator of IAM keeps it."""

from __future__ import annotations

import json
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from groma.iam import Request, evaluate
from groma.live.embedded.authority import DeployerFile, RolesElsewhere, role_in_moto
from groma.live.embedded.authority.granted import of_role

A = "123456789012"


def allowing(action: str) -> str:
    row = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [row]})


@mock_aws
def test_inline_and_managed_policies_within_the_boundary(monkeypatch: pytest.MonkeyPatch) -> None:
    iam = boto3.client("iam", "us-east-1", aws_access_key_id=A, aws_secret_access_key="embedded")
    made = {
        name: iam.create_policy(PolicyName=name, PolicyDocument=allowing(action))["Policy"]["Arn"]
        for name, action in (("boundary", "s3:*"), ("managed", "s3:PutObject"))
    }
    iam.create_policy_version(
        PolicyArn=made["managed"], PolicyDocument=allowing("s3:DeleteObject"), SetAsDefault=True
    )
    trust = '{"Version": "2012-10-17", "Statement": []}'
    iam.create_role(RoleName="own", AssumeRolePolicyDocument=trust, PermissionsBoundary=made["boundary"])
    iam.attach_role_policy(RoleName="own", PolicyArn=made["managed"])
    for name, action in (("reads", "s3:GetObject"), ("queues", "sqs:*")):
        iam.put_role_policy(RoleName="own", PolicyName=name, PolicyDocument=allowing(action))
    held = role_in_moto("own")
    assert held is not None
    assert held["boundary_arn"] == made["boundary"]
    role = f"arn:aws:sts::{A}:assumed-role/own/x"
    actions = ("s3:GetObject", "s3:DeleteObject", "s3:PutObject", "sqs:SendMessage")
    found = {each: evaluate(Request(each, "*", role), of_role(held)).allowed for each in actions}
    assert found == dict(zip(actions, (True, True, False, False), strict=True))
    assert role_in_moto("other") is None


@mock_aws
def test_nothing_is_within_a_boundary_that_is_gone() -> None:
    iam = boto3.client("iam", "us-east-1", aws_access_key_id=A, aws_secret_access_key="embedded")
    arn = iam.create_policy(PolicyName="gone", PolicyDocument=allowing("*"))["Policy"]["Arn"]
    trust = '{"Version": "2012-10-17", "Statement": []}'
    iam.create_role(RoleName="own", AssumeRolePolicyDocument=trust, PermissionsBoundary=arn)
    iam.put_role_policy(RoleName="own", PolicyName="reads", PolicyDocument=allowing("s3:GetObject"))
    role = f"arn:aws:sts::{A}:assumed-role/own/x"
    for allowed in (True, False):
        held = role_in_moto("own")
        assert held is not None
        assert evaluate(Request("s3:GetObject", "*", role), of_role(held)).allowed is allowed
        if allowed:
            iam.delete_policy(PolicyArn=arn)


def test_where_nobody_answers_for_iam_there_is_no_role(tmp_path: Path) -> None:
    assert RolesElsewhere(tmp_path)("own") is None


def test_without_a_file_everything_is_allowed(tmp_path: Path) -> None:
    file = DeployerFile(tmp_path / "deployer.json")
    assert (file.exists, file.policies()) == (False, None)
