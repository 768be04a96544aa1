"""What a role may do, by the policies that are written into it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from groma.live.verify.findings import listed
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


def may_trace(name: str, region: str, reading: Reading) -> str | None:
    """The actions of the policy by which the agent of a group of machines sends traces."""
    written = statements(reading, f"{name}-{region}", "traces")
    if written is None:
        return None
    return listed(sorted(action for each in written for action in texts(each["Action"])))
