"""What a role may do, by the policies that are written into it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from groma.architecture import Architecture, Finding
from groma.components.machine_group import MachineGroup
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Reading

TRACES = "xray:PutTelemetryRecords, xray:PutTraceSegments"
"""What sends traces."""


def statements(reading: Reading, role: str, policy: str) -> list[Mapping[str, Any]] | None:
    """The statements of one policy of a role; None where there is no such policy."""
    answer = reading.ask("iam", "get_role_policy", RoleName=role, PolicyName=policy)
    if answer is None:
        return None
    document = answer["PolicyDocument"]
    found = (json.loads(document) if isinstance(document, str) else document)["Statement"]
    return found if isinstance(found, list) else [found]


def texts(value: object) -> list[str]:
    """The actions or resources of a statement, which has one or a list."""
    return [value] if isinstance(value, str) else [str(item) for item in value]  # type: ignore[attr-defined]


def may_trace(group: MachineGroup, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """By which actions the agent of a group's machines sends traces; nothing where it sends none."""
    if not group.traced:
        return
    written = statements(reading, f"{architecture.name}-{group.id}-{architecture.region}", "traces")
    found = written and listed(sorted(action for each in written for action in texts(each["Action"])))
    yield compare(f"{group.id}.traces", f"what the {group.label} may tell X-Ray", TRACES, found or None)
