"""Whoever calls is held to its policies, and refused in AWS's words with ours behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sending import Sending

from groma.live.embedded.authority import ROOT_TOKEN, role_token
from groma.live.embedded.gate import Http

A = "123456789012"
API = f"arn:aws:iam::{A}:role/chirp-api"
TOKEN = role_token(API, "chirp-api")
TABLE = f"arn:aws:dynamodb:us-east-1:{A}:table/chirp"


def allowing(*actions: str, resource: str = "*", effect: str = "Allow") -> dict[str, Any]:
    row = {"Sid": "S", "Effect": effect, "Action": list(actions), "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [row]}


@pytest.fixture
def sending(tmp_path: Path) -> Sending:
    made = Sending(tmp_path)
    policies = {"function": allowing("dynamodb:GetItem", resource=TABLE)}
    made.roles["chirp-api"] = {"policies": policies, "boundary": None, "boundary_arn": ""}
    return made


def deployer(sending: Sending, *documents: dict[str, Any]) -> None:
    content = {"policies": list(documents) or None}
    (sending.folder / "deployer.json").write_text(json.dumps(content))


def test_a_role_may_what_its_policy_says_on_the_resource_that_it_names(sending: Sending) -> None:
    assert sending.refused("dynamodb", "get_item", TOKEN, TableName="chirp", Key={}) == {}
    refused = sending.refused("dynamodb", "get_item", TOKEN, TableName="other", Key={})
    other = f"arn:aws:dynamodb:us-east-1:{A}:table/other"
    assert refused["Code"] == "AccessDeniedException"
    assert refused["Status"] == 403
    assert refused["Message"] == (
        f"User: arn:aws:sts::{A}:assumed-role/chirp-api/chirp-api is not authorized to perform: "
        f"dynamodb:GetItem on resource: {other} because no identity-based policy allows the dynamodb:GetItem "
        "action [Groma: role chirp-api: no statement of an identity-based policy allows dynamodb:GetItem "
        f"on {other}]"
    )


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code"),
    [
        ("s3", "get_object", {"Bucket": "b", "Key": "k"}, "AccessDenied"),
        ("sqs", "send_message", {"QueueUrl": f"http://x/{A}/q", "MessageBody": "m"}, "AccessDenied"),
        (
            "sns",
            "publish",
            {"TopicArn": f"arn:aws:sns:us-east-1:{A}:t", "Message": "m"},
            "AuthorizationError",
        ),
        ("ec2", "describe_instances", {}, "UnauthorizedOperation"),
        ("lambda", "list_functions", {}, "AccessDeniedException"),
        ("rds", "describe_db_instances", {}, "AccessDenied"),
    ],
)
def test_each_service_says_no_in_its_own_way(
    sending: Sending, service: str, operation: str, parameters: Any, code: str
) -> None:
    assert sending.refused(service, operation, TOKEN, **parameters)["Code"] == code


def test_a_role_that_iam_does_not_know_may_nothing(sending: Sending) -> None:
    stranger = role_token(f"arn:aws:iam::{A}:role/stranger", "s")
    assert sending.refused("dynamodb", "get_item", stranger, TableName="chirp", Key={})["Status"] == 403


def test_a_boundary_limits_a_role(sending: Sending) -> None:
    held = dict(sending.roles["chirp-api"])
    sending.roles["chirp-api"] = {**held, "boundary": json.dumps(allowing("s3:*"))}
    refused = sending.refused("dynamodb", "get_item", TOKEN, TableName="chirp", Key={})
    assert "because no permissions boundary allows" in refused["Message"]


def test_nobody_else_is_judged_until_a_deployer_is(sending: Sending) -> None:
    assert sending.refused("sqs", "create_queue", QueueName="q") == {}
    assert not (sending.folder / "asked.jsonl").exists()


def test_a_deployer_is_held_to_the_policies_of_the_file(sending: Sending) -> None:
    deployer(sending, allowing("sqs:CreateQueue"), allowing("sqs:TagQueue"))
    assert sending.refused("sqs", "create_queue", QueueName="q", tags={"a": "b"}) == {}
    refused = sending.refused("sqs", "delete_queue", QueueUrl=f"http://127.0.0.1:9/{A}/q")
    assert "assumed-role/deployer/groma is not authorized to perform: sqs:DeleteQueue" in refused["Message"]
    assert sending.refused("sqs", "delete_queue", ROOT_TOKEN, QueueUrl=f"http://127.0.0.1:9/{A}/q") == {}
    (noted,) = [json.loads(line) for line in (sending.folder / "refused.jsonl").read_text().splitlines()]
    assert noted["refused"] == "sqs.DeleteQueue"


def test_a_policy_that_is_changed_counts_at_once(sending: Sending) -> None:
    deployer(sending, allowing("sqs:CreateQueue"))
    assert sending.refused("sqs", "create_queue", QueueName="q") == {}
    deployer(sending, allowing("sqs:CreateQueue", effect="Deny"))
    told = sending.refused("sqs", "create_queue", QueueName="q")["Message"]
    assert "with an explicit deny in an identity-based policy" in told
    assert "[Groma: the deployer: S of part 1 denies it]" in told


def test_a_condition_on_a_boundary_is_met_where_iam_knows_it_and_nowhere_else(sending: Sending) -> None:
    arn = "arn:aws:iam::123456789012:policy/most"
    sending.roles["chirp-api"] = {**sending.roles["chirp-api"], "boundary_arn": arn}
    only = allowing("iam:GetRole", "iam:DeleteRolePolicy")
    only["Statement"][0]["Condition"] = {"StringEquals": {"iam:PermissionsBoundary": arn}}
    deployer(sending, only)
    assert sending.refused("iam", "delete_role_policy", RoleName="chirp-api", PolicyName="own") == {}
    assert "iam:GetRole" in sending.refused("iam", "get_role", RoleName="chirp-api")["Message"]


def test_what_a_deployer_needs_is_noted_once(sending: Sending) -> None:
    deployer(sending)
    for _ in range(2):
        assert sending.refused("sqs", "create_queue", QueueName="q") == {}
    (line,) = (sending.folder / "asked.jsonl").read_text().splitlines()
    (need,) = json.loads(line)["needs"]
    assert (need["action"], need["resource"]) == ("sqs:CreateQueue", f"arn:aws:sqs:us-east-1:{A}:q")


def test_what_is_done_with_a_role_is_done_under_its_boundary(sending: Sending) -> None:
    deployer(sending)
    boundary = f"arn:aws:iam::{A}:policy/b"
    sending.roles["chirp-api"] = {**sending.roles["chirp-api"], "boundary_arn": boundary}
    sending.send("iam", "delete_role_policy", RoleName="chirp-api", PolicyName="own")
    (line,) = (sending.folder / "asked.jsonl").read_text().splitlines()
    (need,) = json.loads(line)["needs"]
    assert need["context"]["iam:PermissionsBoundary"] == boundary


def test_a_form_is_its_signers(sending: Sending) -> None:
    fields = {"key": "uploads/a.png", "x-amz-credential": f"{A}/20261128/us-east-1/s3/aws4_request"}
    fields["x-amz-security-token"] = TOKEN
    parts = [f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    headers = {"content-type": "multipart/form-data; boundary=x", "host": "127.0.0.1"}
    form = Http("POST", "/media", "", headers, "".join(parts).encode())
    assert sending.gate.concerns(form)
    _, refused = sending.gate.judge(form)
    assert refused is not None
    assert b"s3:PutObject on resource: arn:aws:s3:::media/uploads/a.png" in refused.body
    sending.roles["chirp-api"] = {
        "policies": {"p": allowing("s3:PutObject", resource="arn:aws:s3:::media/uploads/*")},
        "boundary": None,
        "boundary_arn": "",
    }
    assert sending.gate.judge(form)[1] is None


def test_an_address_that_was_signed_is_its_signers(sending: Sending) -> None:
    scope = f"{A}%2F20261128%2Fus-east-1%2Fs3%2Faws4_request"
    query = f"X-Amz-Credential={scope}&X-Amz-Security-Token={quote(TOKEN, safe='')}"
    asked = Http("GET", "/media/a.png", query, {"host": "127.0.0.1"})
    assert sending.gate.concerns(asked)
    _, refused = sending.gate.judge(asked)
    assert refused is not None
    assert b"s3:GetObject on resource: arn:aws:s3:::media/a.png" in refused.body


def test_who_signs_nothing_is_not_judged(sending: Sending) -> None:
    deployer(sending, allowing("sqs:CreateQueue"))
    assert not sending.gate.concerns(Http("GET", "/media/a.png", "", {"host": "127.0.0.1"}))
