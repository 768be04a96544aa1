"""From needs to the statements of a policy: few that allow all of them, and none that nobody needs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from groma.iam import Policies, parse
from groma.live.embedded.authority import Need, decided, is_read, templates
from groma.live.permissions.general import Names, least, template_of
from groma.live.permissions.subjects import subject_of

Condition = tuple[tuple[str, str], ...]
"""Condition key → the value that it must have."""
CONDITIONED = ("iam:PassedToService", "iam:AWSServiceName", "iam:PermissionsBoundary", "iam:PolicyARN")
_VARIABLE = re.compile(r"\$\{[^}]*\}")
DEPLOYER = f"arn:aws:sts::{'1' * 12}:assumed-role/deployer/groma"


@dataclass(frozen=True)
class Statement:
    """One statement of the policy.

    Attributes:
        sid: says what it is for; unique in all parts.
        comment: the same in words.
    """

    sid: str
    comment: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Condition = ()

    def document(self) -> dict[str, Any]:
        """As IAM reads it."""
        row: dict[str, Any] = {"Sid": self.sid, "Effect": "Allow"}
        row |= {"Action": _one_or_all(self.actions), "Resource": _one_or_all(self.resources)}
        return row | ({"Condition": {"StringEquals": dict(self.condition)}} if self.condition else {})


@dataclass(frozen=True)
class _Group:
    """What may become one statement: of one service, looking or changing, under one condition."""

    service: str
    is_read: bool
    resources: tuple[str, ...]
    condition: Condition


def statements(needs: Iterable[Need], names: Names) -> tuple[Statement, ...]:
    """The statements that allow these needs, in the order of their services."""
    distinct = tuple(needs)
    made = _named(_grouped(distinct, names))
    return _without_idle(made, distinct)


def _grouped(needs: Sequence[Need], names: Names) -> Mapping[_Group, tuple[str, ...]]:
    """Group → its actions. What is looked at anywhere is one group, whatever the service."""
    wanted: dict[tuple[str, Condition], set[str]] = {}
    for need in needs:
        key = (need.action, _condition(need))
        wanted.setdefault(key, set()).add(names.general(need.resource))
    groups: dict[_Group, set[str]] = {}
    for (action, condition), found in wanted.items():
        resources, service = tuple(least(found)), action.partition(":")[0]
        looks = is_read(action)
        anywhere = looks and resources == ("*",) and not condition
        group = _Group("" if anywhere else service, looks, resources, condition)
        groups.setdefault(group, set()).add(action)
    joined = _joined(groups)
    order = sorted(joined, key=lambda each: (each.service, not each.is_read, each.condition, each.resources))
    return {group: tuple(sorted(joined[group])) for group in order}


def _joined(groups: Mapping[_Group, set[str]]) -> dict[_Group, set[str]]:
    """Groups alike are one, where no action comes to a resource that it knows and did not have before."""
    joined: dict[_Group, set[str]] = {}
    for group, actions in groups.items():
        for other in joined:
            if _may_join(group, actions, other, joined[other]):
                both = tuple(sorted({*group.resources, *other.resources}))
                joined[replace(other, resources=both)] = joined.pop(other) | actions
                break
        else:
            joined[group] = set(actions)
    return joined


def _may_join(one: _Group, its: set[str], other: _Group, others: set[str]) -> bool:
    alike = (one.service, one.is_read, one.condition) == (other.service, other.is_read, other.condition)
    if not alike or one.service in ("", "apigateway") or "*" in (*one.resources, *other.resources):
        return False
    if all(map(_is_anonymous, (*one.resources, *other.resources))):
        return True
    return not _knows(its, other.resources) and not _knows(others, one.resources)


def _is_anonymous(resource: str) -> bool:
    """Whether a pattern holds no name, only kinds: `arn:aws:ec2:us-east-1:*:vpc/*`."""
    template = template_of(resource)
    return template is not None and resource.split(":", 5)[5] == _VARIABLE.sub("*", template.split(":", 5)[5])


def _knows(actions: set[str], resources: Sequence[str]) -> bool:
    """Whether one of the actions can be about one of the resources."""
    kinds = {template for action in actions for template, _ in templates(action)}
    return any(template_of(resource) in kinds or template_of(resource) is None for resource in resources)


def _condition(need: Need) -> Condition:
    return tuple((key, str(need.context[key])) for key in CONDITIONED if key in need.context)


def _named(groups: Mapping[_Group, tuple[str, ...]]) -> list[Statement]:
    counted: Counter[str] = Counter()
    found = []
    for group, actions in groups.items():
        word, words = _told(group, actions)
        counted[word] += 1
        sid = word if counted[word] == 1 else f"{word}{counted[word]}"
        found.append(Statement(sid, words, actions, group.resources, group.condition))
    return found


def _told(group: _Group, actions: tuple[str, ...]) -> tuple[str, str]:
    """A word and words for what a statement is for."""
    if not group.service:
        return "LookAround", "look at what there is, where IAM knows no resources to hold it to"
    subject = subject_of(group.service)
    if actions == ("iam:PassRole",):
        service = dict(group.condition).get("iam:PassedToService", "")
        return f"HandRoleTo{_camel(service)}", f"hand the stack's roles to {service}, and to nobody else"
    if actions == ("iam:CreateServiceLinkedRole",):
        service = dict(group.condition).get("iam:AWSServiceName", "")
        return f"LetServiceMakeItsRole{_camel(service)}", f"let {service} make its own role in a new account"
    if group.is_read:
        return f"Read{subject.word}", f"read {subject.words}: plans, `verify` and `status` compare them"
    return f"Manage{subject.word}", f"make, change and take down {subject.words}"


def _camel(service: str) -> str:
    parts = service.removesuffix(".amazonaws.com").replace("-", ".").split(".")
    return "".join(part.capitalize() for part in parts)


def _without_idle(made: Sequence[Statement], needs: Sequence[Need]) -> tuple[Statement, ...]:
    """The statements but those whose every need another one allows."""
    allowing = {each.sid: _allowed(each, needs) for each in made}
    counted = Counter(chain.from_iterable(allowing.values()))
    kept = []
    for each in made:
        if all(counted[number] > 1 for number in allowing[each.sid]):
            counted.subtract(allowing[each.sid])
        else:
            kept.append(each)
    return tuple(kept)


def _allowed(statement: Statement, needs: Sequence[Need]) -> frozenset[int]:
    """The numbers of the needs that a statement allows by itself."""
    policies = Policies((parse({"Version": "2012-10-17", "Statement": [statement.document()]}),))
    actions = set(statement.actions)
    return frozenset(
        number
        for number, need in enumerate(needs)
        if need.action in actions and decided(need, DEPLOYER, policies).allowed
    )


def _one_or_all(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
