"""Whether the credentials may do all that a rehearsal has needed, by recorded answers of IAM's simulation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from groma.live.permissions import Statement
from groma.live.preflight.rights import rights

A = "111122223333"
QUEUES = ("sqs:CreateQueue", "sqs:DeleteQueue")
WANTED = (
    Statement("ManageQueues", "", QUEUES, ("arn:aws:sqs:us-east-1:*:chirp-*",)),
    Statement(
        "HandRole",
        "",
        ("iam:PassRole",),
        ("arn:aws:iam::*:role/chirp-*",),
        (("iam:PassedToService", "ec2.amazonaws.com"),),
    ),
)


class Iam:
    """A target whose IAM denies some actions; it keeps what it was asked."""

    def __init__(self, caller: str, denied: tuple[str, ...] = (), forbidden: bool = False) -> None:
        self.caller, self.denied, self.forbidden = caller, denied, forbidden
        self.asked: list[Mapping[str, Any]] = []

    def client(self, service: str, region: str | None = None) -> Any:
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": self.caller}

    def get_paginator(self, name: str) -> Any:
        assert name == "simulate_principal_policy"
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        if self.forbidden:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "SimulatePrincipalPolicy")
        self.asked.append(asked)
        for action in asked["ActionNames"]:
            decision = "implicitDeny" if action in self.denied else "allowed"
            row: dict[str, Any] = {"EvalActionName": action, "EvalDecision": "implicitDeny"}
            row["ResourceSpecificResults"] = [{"EvalResourceDecision": decision}]
            yield {"EvaluationResults": [row]}


ROLE = f"arn:aws:sts::{A}:assumed-role/deployer/me"


def test_what_is_allowed_is_well() -> None:
    iam = Iam(ROLE)
    (look,) = rights(iam, WANTED)
    assert (look.outcome, look.found) == ("ok", "all 3 that a rehearsal has needed")
    assert {asked["PolicySourceArn"] for asked in iam.asked} == {f"arn:aws:iam::{A}:role/deployer"}
    assert iam.asked[0]["ResourceArns"] == [f"arn:aws:sqs:us-east-1:{A}:chirp-*"]
    (entry,) = iam.asked[1]["ContextEntries"]
    assert entry["ContextKeyName"] == "iam:PassedToService"
    assert entry["ContextKeyValues"] == ["ec2.amazonaws.com"]


def test_what_is_not_allowed_will_fail() -> None:
    (look,) = rights(Iam(ROLE, ("iam:PassRole",)), WANTED)
    assert (look.outcome, look.found) == ("will fail", "not allowed: iam:PassRole")
    assert "groma permissions" in look.hint


@pytest.mark.parametrize(
    ("iam", "outcome"),
    [(Iam(f"arn:aws:iam::{A}:root"), "ok"), (Iam(ROLE, forbidden=True), "cannot tell")],
)
def test_root_may_everything_and_not_everybody_may_ask(iam: Iam, outcome: str) -> None:
    (look,) = rights(iam, WANTED)
    assert look.outcome == outcome


def test_where_nothing_was_rehearsed_nothing_is_said() -> None:
    assert list(rights(Iam(ROLE), ())) == []
