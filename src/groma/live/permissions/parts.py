"""Statements in policies that IAM takes: each below its limit of size, and few enough for one role.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, read 2026-11-28.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from groma.errors import InputError
from groma.live.permissions.statements import Statement

MOST_CHARACTERS = 6_144
"""Of a managed policy; white space does not count."""
MOST_PARTS = 10
"""Managed policies on one role, by default."""
_FRAME = {"Version": "2012-10-17", "Statement": []}


def policy(statements: Iterable[Statement]) -> dict[str, Any]:
    """The policy of these statements."""
    return {**_FRAME, "Statement": [each.document() for each in statements]}


def characters(document: object) -> int:
    """How many characters of a policy IAM counts."""
    return len(json.dumps(document, separators=(",", ":")))


def parts(statements: Iterable[Statement]) -> tuple[tuple[Statement, ...], ...]:
    """The statements in as many groups as their size needs, in their order.

    Raises:
        InputError: they need more policies than one role can have.
    """
    found: list[list[Statement]] = [[]]
    for each in statements:
        for piece in _pieces(each):
            if characters(policy([*found[-1], piece])) > MOST_CHARACTERS:
                found.append([])
            found[-1].append(piece)
    if len(found) > MOST_PARTS:
        raise InputError(
            f"these permissions take {len(found)} policies, and a role can have {MOST_PARTS}",
            hint="ask AWS for more managed policies a role (quota L-0DA4ABF3), or deploy fewer regions",
        )
    return tuple(map(tuple, found))


def _pieces(statement: Statement) -> Iterator[Statement]:
    """The statement, or several that say the same, where it is too long for one policy."""
    if characters(policy([statement])) <= MOST_CHARACTERS:
        yield statement
        return
    longer = "resources" if len(str(statement.resources)) > len(str(statement.actions)) else "actions"
    values: tuple[str, ...] = getattr(statement, longer)
    half = len(values) // 2
    for letter, some in (("A", values[:half]), ("B", values[half:])):
        named = replace(statement, sid=f"{statement.sid}{letter}")
        yield from _pieces(
            replace(named, actions=some) if longer == "actions" else replace(named, resources=some)
        )
