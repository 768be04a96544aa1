"""What a request needs of IAM: actions, the resources that they are about, what conditions may ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from groma.live.embedded.authority.actions import actions_of
from groma.live.embedded.authority.dependents import dependents, tags_in
from groma.live.embedded.authority.resources import arns_of
from groma.live.embedded.gate.asked import Asked

Value = str | tuple[str, ...]
_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "cloudwatch:namespace": ("Namespace",),
    "iam:PolicyARN": ("PolicyArn",),
    "iam:PermissionsBoundary": ("PermissionsBoundary",),
    "iam:AWSServiceName": ("AWSServiceName",),
    "s3:prefix": ("Prefix",),
    "s3:delimiter": ("Delimiter",),
}
"""Condition key → parameter that holds it, of the service with the key's prefix."""


@dataclass(frozen=True)
class Need:
    """One action on one resource.

    Attributes:
        context: condition key → value, but for the keys of every request.
    """

    action: str
    resource: str
    context: Mapping[str, Value] = field(default_factory=dict)


def need_from(row: Mapping[str, Any]) -> Need:
    """A need from what was noted of it."""
    context = {key: tuple(v) if isinstance(v, list) else v for key, v in row["context"].items()}
    return Need(row["action"], row["resource"], context)


def needs_of(asked: Asked) -> tuple[Need, ...]:
    """Everything that must be allowed for a request to be done.

    Raises:
        UnknownActionError: nobody knows which action its operation needs.
    """
    return tuple(_needs(asked))


def _needs(asked: Asked) -> Iterator[Need]:
    context = _context(asked)
    for action in actions_of(asked):
        own = {key: value for key, value in context.items() if key.startswith(("aws:", action.split(":")[0]))}
        for resource in arns_of(action, asked):
            yield Need(action, resource, own)
    for each in dependents(asked):
        yield Need(each.action, each.resource, {"aws:RequestedRegion": asked.region, **each.context})


def _context(asked: Asked) -> dict[str, Value]:
    found: dict[str, Value] = {"aws:RequestedRegion": asked.region}
    if tags := tags_in(asked):
        found["aws:TagKeys"] = tuple(tags)
        found |= {f"aws:RequestTag/{name}": value for name, value in tags.items()}
    for key, names in _PARAMETERS.items():
        values = [asked.parameters[name] for name in names if isinstance(asked.parameters.get(name), str)]
        if values:
            found[key] = values[0]
    return found
