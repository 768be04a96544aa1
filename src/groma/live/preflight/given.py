"""The key and the permissions boundary that a file says exist: whether they do, and are of use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from groma.architecture import Architecture
from groma.architecture.account import KEY_USERS, KeyUser
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
LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
ROLES_NEED: Mapping[str, tuple[str, ...]] = {
    "server-group": ("cloudwatch:PutMetricData", "secretsmanager:GetSecretValue"),
    "container-service": (*LOGS, "secretsmanager:GetSecretValue"),
    "timed-task": ("ecs:RunTask", "iam:PassRole", "sqs:SendMessage"),
    "function": LOGS,
    "instance": ("cloudwatch:PutMetricData",),
}
"""Kind of component → some of what its roles are given, without which it does not work."""


def given(target: Target, architecture: Architecture) -> Iterator[Look]:
    """A look at each; nothing of what the file does not name."""
    asked = architecture.account
    if asked.kms_key:
        yield _key(target, asked.kms_key)
    if asked.boundary:
        needed = dict.fromkeys(
            action for each in architecture.components for action in ROLES_NEED.get(each.kind, ())
        )
        yield _boundary(target, asked.boundary, tuple(needed)) if target.name == "aws" else OF_NO_ACCOUNT


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
    users = [user.of(arn) for user in KEY_USERS]
    out = [user.service for user in users if not _may(user, unconditional(policy), arn)]
    if out:
        found_so = f"its policy does not let in {', '.join(out)}"
        return Look(KEY, "will fail", found_so, "let them in; `groma plan --decisions` names what each does")
    unsure = [user.service for user in users if not _may(user, policy, arn)]
    if unsure:
        found_so = f"its policy lets in under conditions of its own: {', '.join(unsure)}"
        return Look(KEY, "cannot tell", found_so, "compare the conditions with what the stack is called")
    return Look(KEY, "ok", f"{found['KeyId']} is enabled, and lets in all {len(users)} that use it")


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
    """Whether somebody may do with a key all that has to be done; an account is also named by its number."""
    account = user.principal.split(":")[4] if user.principal.endswith(":root") else user.principal
    return all(
        any(
            evaluate(
                Request(f"kms:{action}", arn, principal, dict(user.context)), Policies(resource=policy)
            ).allowed
            for principal in (user.principal, account)
        )
        for action in user.actions
    )


def unconditional(policy: Policy) -> Policy:
    """A policy as if all conditions were met that allow, and none that deny."""
    kept = (each for each in policy.statements if each.effect == "Allow" or not each.conditions)
    return Policy(policy.name, tuple(replace(each, conditions={}) for each in kept))


@looks(BOUNDARY)
def _boundary(clients: Clients, arn: str, needed: Sequence[str]) -> Look:
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
    lacking = [each for each in needed if not _mentions(unconditional(policy), each)]
    if lacking:
        hint = "let it allow that: `groma permissions --boundary` writes what the stack's roles do"
        return Look(BOUNDARY, "will fail", f"it allows no {', '.join(lacking)}", hint)
    return Look(BOUNDARY, "ok", f"{arn.rpartition('/')[2]} allows what the stack's roles begin with")


def _mentions(policy: Policy, action: str) -> bool:
    """Whether some statement allows an action on anything at all."""
    return any(
        evaluate(Request(action, resource, "arn:aws:iam::1:role/a"), Policies(identity=(policy,))).allowed
        for statement in policy.statements
        for resource in (statement.resource or ("*",))
    )
