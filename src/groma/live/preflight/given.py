"""The key and the permissions boundary that a file says exist: whether they do, and are of use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from groma.architecture.account import KEY_USERS, Account, KeyUser
from groma.iam import Policies, Policy, PolicyError, Request, evaluate, parse
from groma.live.preflight.look import Look, looks
from groma.live.target import Clients, Target

KEY, BOUNDARY = "the key that exists", "the permissions boundary"
HINT = "mend it, or leave it out of the file: the stack then makes one of its own"
OF_NO_ACCOUNT = Look(
    BOUNDARY,
    "cannot tell",
    "the embedded cloud has no policies of your account",
    "groma doctor --target aws",
)
EVERY_MACHINE_NEEDS = (
    "cloudwatch:PutMetricData",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "secretsmanager:GetSecretValue",
)
"""What no server or task of a stack does without: to report, to log, and to read the database's login."""


def given(target: Target, asked: Account) -> Iterator[Look]:
    """A look at each; nothing of what the file does not name."""
    if asked.kms_key:
        yield _key(target, asked.kms_key)
    if asked.boundary:
        yield _boundary(target, asked.boundary) if target.name == "aws" else OF_NO_ACCOUNT


@looks(KEY)
def _key(clients: Clients, arn: str) -> Look:
    region = arn.split(":")[3]
    kms = clients.client("kms", region)
    try:
        found = kms.describe_key(KeyId=arn)["KeyMetadata"]
    except kms.exceptions.NotFoundException:
        return Look(KEY, "will fail", f"there is no {arn}", HINT)
    wrong = _unfit(found)
    if wrong:
        return Look(KEY, "will fail", f"{found['KeyId']} {wrong}", HINT)
    try:
        policy = parse(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"], "the key's policy")
    except PolicyError as error:
        return Look(KEY, "cannot tell", f"its policy is not understood: {error}", "look at it by hand")
    out = [user.service for user in KEY_USERS if not _may(user, policy, arn)]
    if out:
        found_so = f"its policy does not let in {', '.join(out)}"
        return Look(KEY, "will fail", found_so, "let them in; `groma plan --decisions` names what each does")
    return Look(KEY, "ok", f"{found['KeyId']} is enabled, and lets in all {len(KEY_USERS)} that use it")


def _unfit(key: Mapping[str, Any]) -> str:
    """Why a key cannot encrypt a stack; empty where it can."""
    if key.get("KeyState", "Enabled") != "Enabled":
        return f"is {key['KeyState']}"
    if key.get("KeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
        return f"is of {key['KeySpec']}: what AWS encrypts takes a symmetric key"
    if key.get("KeyManager") == "AWS":
        return "is AWS's own, of one service: its policy cannot be changed"
    return ""


def _may(user: KeyUser, policy: Policy, arn: str) -> bool:
    """Whether a service may do with a key all that it has to."""
    _, partition, _, region, account, _ = arn.split(":", 5)
    named = {"partition": partition, "region": region, "account": account}
    context = {key: value.format(**named) for key, value in user.context}
    principal = user.principal.format(**named)
    return all(
        evaluate(Request(f"kms:{action}", arn, principal, context), Policies(resource=policy)).allowed
        for action in user.actions
    )


@looks(BOUNDARY)
def _boundary(clients: Clients, arn: str) -> Look:
    iam = clients.client("iam", "us-east-1")
    try:
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    except iam.exceptions.NoSuchEntityException:
        hint = "`groma permissions --boundary` writes one; or leave it out of the file"
        return Look(BOUNDARY, "will fail", f"there is no {arn}", hint)
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    try:
        policy = parse(
            unquote(document) if isinstance(document, str) else json.dumps(document), "the boundary"
        )
    except PolicyError as error:
        return Look(BOUNDARY, "cannot tell", f"it is not understood: {error}", "look at it by hand")
    lacking = [each for each in EVERY_MACHINE_NEEDS if not _mentions(policy, each)]
    if lacking:
        hint = "let the boundary allow it: `groma permissions` writes what the stack's roles do"
        return Look(BOUNDARY, "will fail", f"it allows no {', '.join(lacking)}", hint)
    return Look(BOUNDARY, "ok", f"{arn.rpartition('/')[2]} allows what every machine needs")


def _mentions(policy: Policy, action: str) -> bool:
    """Whether some statement allows an action on anything at all."""
    return any(
        evaluate(Request(action, resource, "arn:aws:iam::1:role/a"), Policies(identity=(policy,))).allowed
        for statement in policy.statements
        for resource in (statement.resource or ("*",))
    )
