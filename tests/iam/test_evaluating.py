"""AWS's worked examples of evaluation, each by the page that it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from groma.iam import Policies, PolicyError, Request, evaluate, parse

CARLOS = "arn:aws:iam::123456789012:user/carlossalazar"
ROLE = "arn:aws:iam::111122223333:role/examplerole"
SESSION = "arn:aws:sts::111122223333:assumed-role/examplerole/examplerolesessionname"
VERSION = "2012-10-17"


def statement(effect: str, action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def policy(*rows: Mapping[str, Any], name: str = "policy") -> Any:
    return parse({"Version": VERSION, "Statement": list(rows)}, name)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
OF_CARLOS = policy(
    statement(
        "Allow",
        [
            "s3:GetBucketLocation",
            "s3:GetAccountPublicAccessBlock",
            "s3:ListAccessPoints",
            "s3:ListAllMyBuckets",
        ],
        "arn:aws:s3:::*",
        Sid="AllowS3ListRead",
    ),
    statement(
        "Allow", "s3:*", ["arn:aws:s3:::carlossalazar/*", "arn:aws:s3:::carlossalazar"], Sid="AllowS3Self"
    ),
    statement("Deny", "s3:*", "arn:aws:s3:::*log*", Sid="DenyS3Logs"),
)
OF_HIS_BUCKET = policy(
    statement(
        "Allow",
        "s3:*",
        ["arn:aws:s3:::carlossalazar/*", "arn:aws:s3:::carlossalazar"],
        Principal={"AWS": CARLOS},
    )
)


@pytest.mark.parametrize(
    ("action", "resource", "allowed", "why"),
    [
        ("s3:PutObject", "arn:aws:s3:::carlossalazar-logs/file", False, "DenyS3Logs of policy denies it"),
        ("s3:PutObject", "arn:aws:s3:::carlossalazar/file", True, "statement 1 of policy allows it"),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::others", True, "AllowS3ListRead of policy allows it"),
        (
            "s3:GetObject",
            "arn:aws:s3:::others/file",
            False,
            "no statement of an identity-based policy allows s3:GetObject on arn:aws:s3:::others/file",
        ),
    ],
)
def test_identity_and_resource_policies(action: str, resource: str, allowed: bool, why: str) -> None:
    decision = evaluate(Request(action, resource, CARLOS), Policies((OF_CARLOS,), resource=OF_HIS_BUCKET))
    assert (decision.allowed, decision.why) == (allowed, why)


def test_either_of_them_is_enough_in_one_account() -> None:
    asked = Request("s3:PutObject", "arn:aws:s3:::carlossalazar/file", CARLOS)
    assert evaluate(asked, Policies(resource=OF_HIS_BUCKET)).allowed
    assert evaluate(asked, Policies((OF_CARLOS,))).allowed


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html
REPORTS = policy(
    statement("Allow", ["iam:Get*", "iam:List*"], "*", Sid="AllowGetList"),
    statement("Deny", "iam:*Report", "*", Sid="DenyReports"),
)


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("iam:GetUser", ""),
        ("iam:CreatePolicy", "because no identity-based policy allows the iam:CreatePolicy action"),
        ("iam:GetOrganizationsAccessReport", "with an explicit deny in an identity-based policy"),
        ("iam:GenerateCredentialReport", "with an explicit deny in an identity-based policy"),
    ],
)
def test_explicit_and_implicit_denies(action: str, told: str) -> None:
    more = policy(statement("Allow", "iam:GenerateCredentialReport", "*"), name="more")
    assert evaluate(Request(action, "*", CARLOS), Policies((REPORTS, more))).told == told


# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
OF_SHIRLEY = policy(statement("Allow", ["s3:*", "cloudwatch:*", "ec2:*"], "*"), name="boundary")


@pytest.mark.parametrize(
    ("granted", "action", "allowed"),
    [
        ("iam:CreateUser", "iam:CreateUser", False),
        ("ec2:RunInstances", "ec2:RunInstances", True),
        ("ec2:RunInstances", "s3:GetObject", False),
    ],
)
def test_a_boundary_limits_and_grants_nothing(granted: str, action: str, allowed: bool) -> None:
    identity = policy(statement("Allow", granted, "*"))
    user = "arn:aws:iam::123456789012:user/ShirleyRodriguez"
    assert evaluate(Request(action, "*", user), Policies((identity,), OF_SHIRLEY)).allowed == allowed


DELEGATED = policy(
    statement(
        "Allow",
        ["iam:CreateUser", "iam:AttachUserPolicy"],
        "*",
        Condition={
            "StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/XCompanyBoundaries"}
        },
    ),
    statement("Deny", "iam:DeleteUserPermissionsBoundary", "*", Sid="NoBoundaryUserDelete"),
)


@pytest.mark.parametrize(
    ("action", "boundary", "allowed"),
    [
        ("iam:CreateUser", "arn:aws:iam::111122223333:policy/XCompanyBoundaries", True),
        ("iam:CreateUser", "arn:aws:iam::111122223333:policy/Other", False),
        ("iam:CreateUser", None, False),
        ("iam:DeleteUserPermissionsBoundary", None, False),
    ],
)
def test_zhang_makes_users_only_with_the_boundary(action: str, boundary: str | None, allowed: bool) -> None:
    everything = policy(statement("Allow", "iam:*", "*"))
    context = {} if boundary is None else {"iam:PermissionsBoundary": boundary}
    asked = Request(action, "*", "arn:aws:iam::111122223333:user/Zhang", context)
    assert evaluate(asked, Policies((everything,), DELEGATED)).allowed == allowed


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
@pytest.mark.parametrize(("principal", "allowed"), [(ROLE, False), (SESSION, True)])
def test_only_what_names_the_session_itself_is_not_limited(principal: str, allowed: bool) -> None:
    resource = policy(statement("Allow", "s3:GetObject", "*", Principal={"AWS": principal}))
    limits = policy(statement("Allow", "ec2:*", "*"))
    asked = Request("s3:GetObject", "arn:aws:s3:::bucket/key", SESSION)
    assert evaluate(asked, Policies((), limits, resource=resource)).allowed == allowed
    assert evaluate(asked, Policies((), session=(limits,), resource=resource)).allowed == allowed
    assert evaluate(asked, Policies((), resource=resource)).allowed


# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
def test_a_session_has_what_both_its_policies_and_the_roles_allow() -> None:
    role = policy(statement("Allow", ["s3:GetObject", "s3:PutObject"], "*"))
    session = policy(statement("Allow", ["s3:GetObject", "ec2:RunInstances"], "*"))
    answers = {
        action: evaluate(Request(action, "*", SESSION), Policies((role,), session=(session,))).allowed
        for action in ("s3:GetObject", "s3:PutObject", "ec2:RunInstances")
    }
    assert answers == {"s3:GetObject": True, "s3:PutObject": False, "ec2:RunInstances": False}


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
@pytest.mark.parametrize(("identity", "resource", "allowed"), [(1, 1, True), (1, 0, False), (0, 1, False)])
def test_across_accounts_both_sides_must_allow(identity: int, resource: int, allowed: bool) -> None:
    ours = (policy(statement("Allow", "s3:PutObject", "arn:aws:s3:::Production/*")),) * identity
    theirs = policy(statement("Allow", "s3:PutObject", "*", Principal={"AWS": "111122223333"}))
    asked = Request("s3:PutObject", "arn:aws:s3:::Production/key", SESSION, owner="444455556666")
    assert evaluate(asked, Policies(ours, resource=theirs if resource else None)).allowed == allowed


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
def test_not_action() -> None:
    no_iam = policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})
    found = {
        action: evaluate(Request(action, "*", CARLOS), Policies((no_iam,))).allowed
        for action in ("iam:CreateUser", "s3:DeleteBucket")
    }
    assert found == {"iam:CreateUser": False, "s3:DeleteBucket": True}


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
def test_not_resource() -> None:
    both = policy(
        statement("Allow", "s3:*", "*"),
        {
            "Effect": "Deny",
            "Action": "s3:*",
            "NotResource": ["arn:aws:s3:::HRBucket/Payroll", "arn:aws:s3:::HRBucket/Payroll/*"],
        },
    )
    found = {
        key: evaluate(
            Request("s3:GetObject", f"arn:aws:s3:::HRBucket/{key}", CARLOS), Policies((both,))
        ).allowed
        for key in ("Payroll/2026.csv", "Secrets/2026.csv")
    }
    assert found == {"Payroll/2026.csv": True, "Secrets/2026.csv": False}


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
def test_not_principal() -> None:
    but_bob = policy(
        statement("Deny", "s3:*", "*", NotPrincipal={"AWS": "arn:aws:iam::444455556666:user/Bob"}),
    )
    everything = policy(statement("Allow", "s3:*", "*"))
    found = {
        name: evaluate(
            Request("s3:GetObject", "*", f"arn:aws:iam::444455556666:user/{name}"),
            Policies((everything,), resource=but_bob),
        ).allowed
        for name in ("Bob", "Eve")
    }
    assert found == {"Bob": True, "Eve": False}


@pytest.mark.parametrize(
    "document",
    [
        "no JSON",
        {"Version": VERSION},
        {"Version": VERSION, "Statement": [{"Effect": "Maybe", "Action": "*", "Resource": "*"}]},
        {"Version": VERSION, "Statement": [{"Effect": "Allow", "Resource": "*"}]},
        {"Version": VERSION, "Statement": [{"Effect": "Allow", "Action": "*", "Resources": "*"}]},
    ],
)
def test_what_is_no_policy_is_refused(document: Any) -> None:
    with pytest.raises(PolicyError):
        parse(document)
