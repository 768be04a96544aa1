"""The key and the boundary that a file says exist, by recorded answers of KMS and IAM."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from groma.architecture import Architecture
from groma.architecture.account import KEY_USERS, Account
from groma.design import design
from groma.live.preflight.given import ROLES_NEED, given
from groma.workload import parse

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/team"


def allow(principal: dict[str, str], actions: list[str], condition: object = None) -> dict[str, Any]:
    row: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": "*"}
    return row if condition is None else {**row, "Condition": condition}


USES = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
ROLE = KEY_USERS[-1].of(KEY).principal
LOGS = allow(
    {"Service": "logs.us-east-1.amazonaws.com"},
    USES,
    {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:*"}},
)
MESSAGES = [
    allow(
        {"Service": f"{name}.amazonaws.com"},
        ["kms:Decrypt", "kms:GenerateDataKey*"],
        {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    )
    for name in ("sns", "cloudwatch", "budgets", "cloudfront")
]
SERVERS = [
    allow({"AWS": ROLE}, USES),
    allow({"AWS": ROLE}, ["kms:CreateGrant"], {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
]
OWNER = allow({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, ["kms:*"])


class Missing(Exception):
    pass


class Answers:
    """KMS and IAM of an account, of which some things do not exist."""

    name = "aws"
    NotFoundException = NoSuchEntityException = Missing

    def __init__(self, statements: list[dict[str, Any]] | None, boundary: object, **key: str) -> None:
        self.statements, self.boundary, self.key = statements, boundary, key

    @property
    def exceptions(self) -> Answers:
        return self

    def client(self, service: str, region: str | None = None) -> Answers:
        assert (service, region) in {("kms", "us-east-1"), ("iam", "us-east-1")}
        return self

    def describe_key(self, KeyId: str) -> object:
        if self.statements is None:
            raise Missing
        return {"KeyMetadata": {"KeyId": KeyId.rpartition("/")[2], "KeyState": "Enabled", **self.key}}

    def get_key_policy(self, KeyId: str, PolicyName: str) -> object:
        return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": self.statements})}

    def get_policy(self, PolicyArn: str) -> object:
        if self.boundary is None:
            raise Missing
        return {"Policy": {"DefaultVersionId": "v3"}}

    def get_policy_version(self, PolicyArn: str, VersionId: str) -> object:
        assert VersionId == "v3"
        found = self.boundary
        if isinstance(found, str) or (isinstance(found, list) and isinstance(found[0], str)):
            found = {"Effect": "Allow", "Action": found, "Resource": "*"}
        return {"PolicyVersion": {"Document": {"Version": "2012-10-17", "Statement": found}}}


ALL = [OWNER, LOGS, *MESSAGES, *SERVERS]


@cache
def asked(blueprint: str) -> Architecture:
    users = "regions: [us-east-1]" if blueprint == "starter" else "users: {total: 5_000}"
    own = {
        "containers": "application: {image: 'acme/shop:1', schedule: {a: {when: 0 3 * * *, command: b}}}",
        "serverless": "domain: shop.acme.dev\nslo: {availability: 0.99}",
    }
    made = design(
        parse(f"name: shop\nblueprint: {blueprint}\n{users}\n{own.get(blueprint, '')}\n")
    ).architecture
    return replace(made, account=Account(BOUNDARY, KEY))


def outcomes(answers: Any, blueprint: str = "three-tier") -> list[tuple[str, str]]:
    return [(look.outcome, look.found) for look in given(answers, asked(blueprint))]


def test_what_is_there_and_lets_everybody_in_is_well() -> None:
    key, boundary = outcomes(Answers(ALL, "*"))
    assert key == ("ok", "1234abcd-12ab-34cd-56ef-1234567890ab is enabled, and lets in all 7 that use it")
    assert boundary == ("ok", "team allows what the stack's roles begin with")


def test_what_is_not_there_will_fail() -> None:
    assert outcomes(Answers(None, None)) == [
        ("will fail", f"there is no {KEY}"),
        ("will fail", f"there is no {BOUNDARY}"),
    ]


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ({"KeyState": "PendingDeletion"}, "is PendingDeletion"),
        ({"KeySpec": "RSA_2048"}, "is of RSA_2048"),
        ({"KeyManager": "AWS"}, "is AWS's own"),
    ],
)
def test_a_key_that_cannot_encrypt_will_fail(key: dict[str, str], why: str) -> None:
    outcome, found = outcomes(Answers(ALL, "*", **key))[0]
    assert outcome == "will fail"
    assert why in found


@pytest.mark.parametrize("number", range(len(ALL)))
def test_whom_its_policy_does_not_let_in_is_named(number: int) -> None:
    outcome, found = outcomes(Answers([each for each in ALL if each is not ALL[number]], "*"))[0]
    assert outcome == "will fail"
    named = [user for user in KEY_USERS if user.service in found]
    assert len(named) == 1


@pytest.mark.parametrize("number", [1, 2, 6])
def test_conditions_of_its_own_are_for_people_to_judge(number: int) -> None:
    narrow = {**ALL[number], "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}
    outcome, found = outcomes(Answers([*ALL[:number], narrow, *ALL[number + 1 :]], "*"))[0]
    assert outcome == "cannot tell"
    assert "under conditions of its own" in found


def test_an_account_may_be_named_by_its_number() -> None:
    owner = {**OWNER, "Principal": {"AWS": ACCOUNT}}
    assert outcomes(Answers([owner, *ALL[1:]], "*"))[0][0] == "ok"


@pytest.mark.parametrize("blueprint", ["three-tier", "containers", "serverless", "starter"])
def test_a_boundary_is_asked_for_what_the_roles_of_the_blueprint_do_and_no_more(blueprint: str) -> None:
    needed = {a for each in asked(blueprint).components for a in ROLES_NEED.get(each.kind, ())}
    assert needed
    assert outcomes(Answers(ALL, sorted(needed)), blueprint)[1][0] == "ok"
    for action in needed:
        left = sorted(needed - {action}) or ["s3:GetObject"]
        assert outcomes(Answers(ALL, left), blueprint)[1] == ("will fail", f"it allows no {action}")


def test_what_is_denied_elsewhere_or_allowed_here_alone_does_not_stop_a_boundary() -> None:
    region = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    elsewhere = {"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": region},
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": elsewhere},
    ]
    assert outcomes(Answers(ALL, statements))[1][0] == "ok"


def test_nothing_is_looked_at_that_no_file_names() -> None:
    plain = replace(asked("starter"), account=Account())
    assert list(given(Answers(None, None), plain)) == []  # type: ignore[arg-type]
