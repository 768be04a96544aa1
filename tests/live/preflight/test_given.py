"""The key and the boundary that a file says exist, by recorded answers of KMS and IAM."""

from __future__ import annotations

import json
from typing import Any

import pytest

from groma.architecture.account import KEY_USERS, NOTHING_ASKED, Account
from groma.blueprints.account import USERS_OF_KEY
from groma.live.preflight.given import EVERY_MACHINE_NEEDS, given

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/team"


def allow(principal: dict[str, str], actions: list[str], condition: object = None) -> dict[str, Any]:
    row: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": "*"}
    return row if condition is None else {**row, "Condition": condition}


USES = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
ROLE = KEY_USERS[-1].principal.format(partition="aws", account=ACCOUNT)
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
        statement = {"Effect": "Allow", "Action": self.boundary, "Resource": "*"}
        return {"PolicyVersion": {"Document": {"Version": "2012-10-17", "Statement": statement}}}


ALL = [OWNER, LOGS, *MESSAGES, *SERVERS]


def outcomes(answers: Any) -> list[tuple[str, str]]:
    return [(look.outcome, look.found) for look in given(answers, Account(BOUNDARY, KEY))]


def test_what_is_there_and_lets_everybody_in_is_well() -> None:
    key, boundary = outcomes(Answers(ALL, "*"))
    assert key == ("ok", "1234abcd-12ab-34cd-56ef-1234567890ab is enabled, and lets in all 6 that use it")
    assert boundary == ("ok", "team allows what every machine needs")


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


@pytest.mark.parametrize("number", range(1, len(ALL)))
def test_whom_its_policy_does_not_let_in_is_named(number: int) -> None:
    outcome, found = outcomes(Answers([each for each in ALL if each is not ALL[number]], "*"))[0]
    assert outcome == "will fail"
    named = [user for user in KEY_USERS if user.service in found]
    assert len(named) == 1


@pytest.mark.parametrize("action", EVERY_MACHINE_NEEDS)
def test_a_boundary_that_stops_every_machine_will_fail(action: str) -> None:
    outcome, found = outcomes(Answers(ALL, [each for each in EVERY_MACHINE_NEEDS if each != action]))[1]
    assert (outcome, found) == ("will fail", f"it allows no {action}")


def test_nothing_is_looked_at_that_no_file_names() -> None:
    assert list(given(Answers(None, None), NOTHING_ASKED)) == []  # type: ignore[arg-type]


def test_the_plan_names_everybody_who_has_to_be_let_in() -> None:
    assert all(user.service in USERS_OF_KEY for user in KEY_USERS)
