"""Policies and their statements, as they are written.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html, read 2026-11-28.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Effect = Literal["Allow", "Deny"]
Conditions = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Operator → key → values: `{"StringEquals": {"aws:username": ("anna",)}}`."""
_KNOWN = frozenset(
    ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition", "Principal")
) | {"NotPrincipal"}


class PolicyError(ValueError):
    """A text that is no policy."""


@dataclass(frozen=True)
class Statement:
    """One statement. Of each pair (action, not_action …) one at most is not empty.

    Attributes:
        sid: its name; `statement 2` for one that has none.
        principal, not_principal: kind → names, such as `{"AWS": ("*",)}`; None in an identity's policy.
    """

    sid: str
    effect: Effect
    action: tuple[str, ...] = ()
    not_action: tuple[str, ...] = ()
    resource: tuple[str, ...] = ()
    not_resource: tuple[str, ...] = ()
    conditions: Conditions = field(default_factory=dict)
    principal: Mapping[str, tuple[str, ...]] | None = None
    not_principal: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Policy:
    """A policy: its name, and its statements in their order."""

    name: str
    statements: tuple[Statement, ...]


def parse(document: str | Mapping[str, Any], name: str = "policy") -> Policy:
    """Read a policy from its JSON, or from what JSON holds.

    Raises:
        PolicyError: it is no policy.
    """
    try:
        text = document if isinstance(document, str) else json.dumps(document)
        content = json.loads(text)
        if content.get("Version") != "2012-10-17":  # before that version there were no variables
            content = json.loads(text.replace("${", "${$}{"))
        rows = _listed(content["Statement"])
        statements = tuple(_statement(row, number) for number, row in enumerate(rows, 1))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PolicyError(f"{name}: {error}") from None
    return Policy(name, statements)


def _statement(row: Mapping[str, Any], number: int) -> Statement:
    if unknown := set(row) - _KNOWN:
        raise PolicyError(f"statement {number} has the unknown element {min(unknown)}")
    if row["Effect"] not in ("Allow", "Deny"):
        raise PolicyError(f"statement {number} has the effect {row['Effect']}")
    if ("Action" in row) == ("NotAction" in row):
        raise PolicyError(f"statement {number} needs one of Action and NotAction")
    return Statement(
        str(row.get("Sid") or f"statement {number}"),
        row["Effect"],
        _texts(row.get("Action")),
        _texts(row.get("NotAction")),
        _texts(row.get("Resource")),
        _texts(row.get("NotResource")),
        {
            operator: {key: _texts(values) for key, values in keys.items()}
            for operator, keys in row.get("Condition", {}).items()
        },
        _principals(row.get("Principal")),
        _principals(row.get("NotPrincipal")),
    )


def _principals(value: Any) -> Mapping[str, tuple[str, ...]] | None:
    if value is None:
        return None
    if value == "*":
        return {"*": ("*",)}
    return {kind: _texts(names) for kind, names in value.items()}


def _texts(value: Any) -> tuple[str, ...]:
    return () if value is None else tuple(_text(each) for each in _listed(value))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
