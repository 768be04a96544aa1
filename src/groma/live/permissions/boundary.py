"""A permissions boundary: what the roles that a stack makes may at most do, and who may make them.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html, read 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from groma.errors import InputError
from groma.live.embedded.authority import Need
from groma.live.permissions.general import Names, least
from groma.live.permissions.parts import MOST_CHARACTERS, characters
from groma.live.permissions.subjects import subject_of

HELD = frozenset(
    f"iam:{action}"
    for action in ("AttachRolePolicy", "CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy")
)
"""What gives a role more than it had, and so may only be done to one that has the boundary."""

CONDITION = "iam:PermissionsBoundary"


def boundary_arn(names: Names) -> str:
    """The ARN of a stack's boundary."""
    return f"arn:aws:iam::{names.account}:policy/{names.stack}-boundary"


def boundary(granted: Iterable[Mapping[str, Any]], names: Names) -> dict[str, Any]:
    """The boundary that allows what the stack's roles were given, and nothing else.

    Args:
        granted: the statements of all their policies.

    Raises:
        InputError: it is longer than a policy may be.
    """
    allowed: dict[str, tuple[set[str], set[str]]] = {}
    for row in granted:
        for action in _listed(row.get("Action")):
            actions, resources = allowed.setdefault(action.partition(":")[0], (set(), set()))
            actions.add(action)
            resources |= {names.general(each) for each in _listed(row.get("Resource"))}
    rows = [
        {
            "Sid": f"Use{subject_of(service).word}",
            "Effect": "Allow",
            "Action": sorted(actions),
            "Resource": least(resources),
        }
        for service, (actions, resources) in sorted(allowed.items())
    ]
    document = {"Version": "2012-10-17", "Statement": rows}
    if characters(document) > MOST_CHARACTERS:
        raise InputError(
            f"the boundary of {names.stack} would have {characters(document):,} characters, "
            f"and a policy may have {MOST_CHARACTERS:,}",
            hint="write a wider one by hand, with `*` for resources",
        )
    return document


def held_to(needs: Iterable[Need], arn: str) -> tuple[Need, ...]:
    """The needs, of which those that give roles anything are held to roles with the boundary."""
    found: list[Need] = []
    for need in needs:
        if need.action in HELD:
            need = replace(need, context={**need.context, CONDITION: arn})
        found.append(need)
        if need.action == "iam:CreateRole":  # of a stack that stood before it had a boundary
            found.append(replace(need, action="iam:PutRolePermissionsBoundary"))
    return tuple(found)


def looked_at(needs: Iterable[Need]) -> tuple[Need, ...]:
    """What `groma doctor` needs to read the boundaries that roles are made with."""
    arns = dict.fromkeys(str(need.context[CONDITION]) for need in needs if CONDITION in need.context)
    return tuple(Need(action, arn) for arn in arns for action in ("iam:GetPolicy", "iam:GetPolicyVersion"))


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)
