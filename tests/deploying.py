"""What a life cycle needs of IAM: the policies that it runs under, kept in tests/golden, and their proof."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from groma.files import write_atomically
from groma.iam import Policies, parse
from groma.live.embedded import ACCOUNT_ID, EmbeddedCloud
from groma.live.embedded.authority import DEPLOYER_FILE, Need, decided
from groma.live.permissions import PUBLIC_PARAMETERS, Names, Permissions, Recording, permissions
from groma.live.permissions.answer import ONLY_HERE
from groma.live.permissions.parts import MOST_CHARACTERS, MOST_PARTS, characters
from groma.live.permissions.statements import DEPLOYER
from workloads import ROOT

GOLDEN = ROOT / "tests" / "golden"
WAITED = frozenset(
    f"{service}:{action}"
    for service, actions in {
        "autoscaling": ("DescribeScalingActivities", "DescribeInstanceRefreshes"),
        "ec2": ("DescribeNetworkInterfaces",),
    }.items()
    for action in actions
)
"""What is asked only where something has to be waited for."""


def regenerating(request: pytest.FixtureRequest) -> bool:
    """Whether the policies are written anew: then everything is allowed, and only noted."""
    return bool(request.config.getoption("--regenerate"))


def kept(name: str) -> list[dict[str, Any]]:
    """The policies for an example's stack, as they were last reviewed."""
    return list(json.loads((GOLDEN / name).read_text(encoding="utf-8")))


def held_to(cloud: EmbeddedCloud, policies: Sequence[dict[str, Any]] | None) -> None:
    """Let a cloud that has not been started judge whoever deploys; with None only note what is needed."""
    cloud.directory.mkdir(parents=True, exist_ok=True)
    cloud.judge_deployer(policies)


@contextmanager
def unjudged(cloud: EmbeddedCloud) -> Iterator[None]:
    """Within it whoever deploys may do everything, and nothing of it is noted."""
    file = cloud.directory / DEPLOYER_FILE
    held = file.read_bytes()
    file.unlink()
    try:
        yield
    finally:
        write_atomically(file, held)


def refused(cloud: EmbeddedCloud) -> list[str]:
    """What was refused, in AWS's words, but what the provider asks in the embedded cloud alone."""
    texts = [each["text"] for each in cloud.refused()]
    return [text for text in texts if not any(f" {action} on " in text for action in ONLY_HERE)]


def prove(found: Permissions, name: str, request: pytest.FixtureRequest) -> None:
    """Show that the policies allow all that was needed, and that each statement and action is needed."""
    if regenerating(request):
        (GOLDEN / name).write_text(text_of(found), encoding="utf-8")
    policies = kept(name)
    assert denied(found.needs, policies) == []
    assert idle(found.needs, policies) == []
    assert unneeded(found.needs, policies) == set()
    assert len(policies) <= MOST_PARTS
    assert all(characters(each) <= MOST_CHARACTERS for each in policies)


def derived(cloud: EmbeddedCloud, stack: str, *others: str, bounded: bool = False) -> Permissions:
    """The permissions that follow from what was noted; with a boundary, those of one account."""
    names = Names(stack, (PUBLIC_PARAMETERS, *others), ACCOUNT_ID if bounded else "*")
    return permissions(Recording(cloud.needed(), ()), names, bounded=bounded)


def text_of(found: Permissions) -> str:
    """The policies as they are kept."""
    return json.dumps(list(found.policies), indent=1) + "\n"


def without(policies: Sequence[dict[str, Any]], sid: str) -> list[dict[str, Any]]:
    """The policies but for one statement."""
    left = [
        {**each, "Statement": [row for row in each["Statement"] if row["Sid"] != sid]} for each in policies
    ]
    assert sum(len(each["Statement"]) for each in left) == len(sids(policies)) - 1
    return [each for each in left if each["Statement"]]


def sids(policies: Iterable[dict[str, Any]]) -> list[str]:
    """The names of all statements."""
    return [row["Sid"] for each in policies for row in each["Statement"]]


def denied(needs: Sequence[Need], policies: Sequence[dict[str, Any]]) -> list[Need]:
    """The needs that these policies do not allow."""
    applied = Policies(tuple(parse(document) for document in policies))
    return [need for need in needs if not decided(need, DEPLOYER, applied).allowed]


def idle(needs: Sequence[Need], policies: Sequence[dict[str, Any]]) -> list[str]:
    """The statements without which everything would be allowed as well."""
    allowing: dict[str, list[int]] = {}
    for each in policies:
        for row in each["Statement"]:
            actions = {row["Action"]} if isinstance(row["Action"], str) else set(row["Action"])
            alone = Policies((parse({**each, "Statement": [row]}),))
            allowing[row["Sid"]] = [
                number
                for number, need in enumerate(needs)
                if need.action in actions and decided(need, DEPLOYER, alone).allowed
            ]
    counted = Counter(number for numbers in allowing.values() for number in numbers)
    return [sid for sid, numbers in allowing.items() if all(counted[number] > 1 for number in numbers)]


def unneeded(needs: Iterable[Need], policies: Iterable[dict[str, Any]]) -> set[str]:
    """The actions that are allowed and that nobody needed, but what only waiting needs."""
    allowed: set[str] = set()
    for each in policies:
        for row in each["Statement"]:
            allowed |= {row["Action"]} if isinstance(row["Action"], str) else set(row["Action"])
    return allowed - {need.action for need in needs} - WAITED
