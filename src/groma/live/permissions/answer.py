"""The permissions of a stack: policies in parts, and how they are told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from groma.live.embedded.authority import Need
from groma.live.permissions.beyond import BEYOND, with_beyond
from groma.live.permissions.boundary import boundary, boundary_arn, held_to, looked_at
from groma.live.permissions.general import Names
from groma.live.permissions.parts import MOST_CHARACTERS, characters, parts, policy
from groma.live.permissions.recording import Recording
from groma.live.permissions.statements import Statement, statements
from groma.live.permissions.trust import github_trust
from groma.words import Table, Words

ONLY_HERE = frozenset({"iam:GetUser"})
"""What Terraform's provider asks for in the embedded cloud alone, where it checks no credentials."""


@dataclass(frozen=True)
class Permissions:
    """What whoever deploys a stack has to be allowed.

    Attributes:
        stack: its name.
        parts: the statements of each managed policy.
        needs: what they allow, as it was recorded and as AWS asks for it besides.
        more: name → document of further policies: a boundary, a trust policy.
    """

    stack: str
    parts: tuple[tuple[Statement, ...], ...]
    needs: tuple[Need, ...]
    more: Mapping[str, Mapping[str, Any]]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements, in their order."""
        return tuple(chain.from_iterable(self.parts))

    @property
    def policies(self) -> tuple[dict[str, Any], ...]:
        """The managed policies."""
        return tuple(policy(part) for part in self.parts)

    def files(self) -> dict[str, bytes]:
        """File name → content: each policy as IAM takes it, and what each statement is for."""
        named: dict[str, Mapping[str, Any]] = {
            f"{self.stack}-deploy-{number}.json": each for number, each in enumerate(self.policies, 1)
        }
        named |= {f"{self.stack}-{name}.json": document for name, document in self.more.items()}
        texts = {name: (json.dumps(each, indent=2) + "\n").encode() for name, each in named.items()}
        return texts | {"README.md": self._readme().encode()}

    def words(self) -> Words:
        """A row for each statement, then the size of each part."""
        rows = tuple((each.sid, each.comment) for each in self.statements)
        sizes = [
            f"part {number}: {characters(each):,} of {MOST_CHARACTERS:,} characters"
            for number, each in enumerate(self.policies, 1)
        ]
        return Words(
            tables=(Table(f"to deploy {self.stack}", ("statement", "is there to"), rows),), lines=tuple(sizes)
        )

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        comments = {each.sid: each.comment for each in self.statements}
        return {"policies": list(self.policies), "comments": comments, **self.more}

    def _readme(self) -> str:
        rows = [f"| `{each.sid}` | {each.comment} |" for each in self.statements]
        triggers = {need.action for need in self.needs}
        beyond = [
            f"| `{', '.join(each.actions)}` | {each.why} | {each.source} |"
            for each in BEYOND
            if each.trigger in triggers
        ]
        return "\n".join(
            (
                f"# Who may deploy {self.stack}",
                "",
                "Attach each `deploy` policy to the role that runs `groma up`, `verify`, `status`, `down`.",
                "",
                "| statement | is there to |",
                "| --- | --- |",
                *rows,
                "",
                "Beyond what a rehearsal shows:",
                "",
                "| actions | why | source |",
                "| --- | --- | --- |",
                *beyond,
                "",
            )
        )


def permissions(
    recording: Recording, names: Names, *, bounded: bool = False, github: str = ""
) -> Permissions:
    """The least permissions with which a stack can be deployed.

    Args:
        bounded: whether its roles are to have a boundary, which is written, too.
        github: `OWNER/REPO[@ref]`, whose workflows may take on the deploying role; nobody's when empty.

    Raises:
        InputError: they do not fit into the policies that a role can have.
    """
    needs = tuple(need for need in with_beyond(recording.needs) if need.action not in ONLY_HERE)
    more: dict[str, Mapping[str, Any]] = {}
    if bounded:
        needs = held_to(needs, boundary_arn(names))
        more["boundary"] = boundary(recording.granted, names)
    needs = (*needs, *looked_at(needs))
    if github:
        more["trust"] = github_trust(github, names.account)
    return Permissions(names.stack, parts(statements(needs, names)), needs, more)
