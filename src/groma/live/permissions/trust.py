"""Who may take on the deploying role: workflows of one repository at GitHub, without any stored key.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html and
https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws,
read 2026-11-28.
"""

from __future__ import annotations

import re
from typing import Any

from groma.errors import InputError

ISSUER = "token.actions.githubusercontent.com"
_REPOSITORY = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)(?:@(?P<ref>\S+))?")
MAIN = "main"


def github_trust(stated: str, account: str) -> dict[str, Any]:
    """The trust policy for `OWNER/REPO[@ref]`.

    Args:
        stated: the ref is a branch (`main` when left out), `refs/tags/…`, or `environment:NAME`.
        account: the number of the account that has GitHub as an OIDC provider.

    Raises:
        InputError: that names no repository.
    """
    found = _REPOSITORY.fullmatch(stated)
    if found is None:
        raise InputError(
            f"{stated} names no repository",
            where="--github",
            hint="write it as OWNER/REPO or OWNER/REPO@branch",
        )
    subject = f"repo:{found['repository']}:{_claim(found['ref'] or MAIN)}"
    operator = "StringLike" if "*" in subject else "StringEquals"
    audience = {"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com"}}
    condition = {**audience, operator: {**audience.get(operator, {}), f"{ISSUER}:sub": subject}}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "WorkflowsOfOneRepository",
                "Effect": "Allow",
                "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{ISSUER}"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": condition,
            }
        ],
    }


def _claim(ref: str) -> str:
    """The end of a token's subject."""
    if ref.startswith(("environment:", "ref:")):
        return ref
    return f"ref:{ref}" if ref.startswith("refs/") else f"ref:refs/heads/{ref}"
