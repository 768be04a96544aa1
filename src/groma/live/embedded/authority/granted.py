"""Which policies apply to a caller: a role's, kept by the emulator of IAM, or the deployer's, of a file."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from groma.iam import Policies, Policy, parse
from groma.live.embedded.endpoints import ACCOUNT_ID
from groma.live.embedded.processes import LOOPBACK
from groma.live.embedded.record import read_record
from groma.live.embedded.routing import emulator_of

Held = Mapping[str, Any]
"""What a role holds: `{"policies": {name: document}, "boundary": document or None, "boundary_arn": …}`."""
RoleOf = Callable[[str], Held | None]
ROLE_PATH = "/_groma/role"
TOKEN_HEADER = "x-groma-token"  # noqa: S105 - a header's name
"""With it commands and servers say that they know the token of the record."""
DEPLOYER_FILE = "deployer.json"
"""Beside the cloud's record: `{"policies": [document, …] or null}`; null when all is allowed and noted."""
NOTHING = '{"Version": "2012-10-17", "Statement": []}'
_FRESH_S = 1.0
_TIMEOUT_S = 10.0


def role_in_moto(name: str) -> Held | None:
    """What a role holds, in the process that is the emulator of IAM; None when there is none."""
    from moto.iam.models import iam_backends

    backend = iam_backends[ACCOUNT_ID]["aws"]
    # Copies, made at one go: meanwhile moto answers others in another thread.
    role = next((each for each in list(backend.roles.values()) if each.name == name), None)
    if role is None:
        return None
    managed = {each.name: _in_force(each) for each in list(role.managed_policies.values())}
    boundary = role.permissions_boundary_arn
    return {
        "policies": {**managed, **dict(role.policies)},
        "boundary": _bounding(backend.managed_policies, boundary) if boundary else None,
        "boundary_arn": boundary or "",
    }


def _bounding(managed: Mapping[str, Any], arn: str) -> str:
    """The document of a boundary; where the policy is gone nothing is within it."""
    return _in_force(managed[arn]) if arn in managed else NOTHING


def _in_force(managed: Any) -> str:
    """The document of a managed policy's version that counts."""
    return str(next(each.document for each in managed.versions if each.is_default))


@dataclass
class RolesElsewhere:
    """The same from another process, asked at most once a second for each role."""

    directory: Path
    _kept: dict[str, tuple[float, Held | None]] = field(default_factory=dict)

    def __call__(self, name: str) -> Held | None:
        """What a role holds; None when there is none, or nobody answers for IAM."""
        asked_at, held = self._kept.get(name, (0.0, None))
        if time.monotonic() - asked_at > _FRESH_S:
            held = self._ask(name)
            self._kept[name] = (time.monotonic(), held)
        return held

    def _ask(self, name: str) -> Held | None:
        record = read_record(self.directory)
        server = None if record is None else record.servers.get(emulator_of("iam"))
        if record is None or server is None:
            return None
        connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=_TIMEOUT_S)
        try:
            headers = {TOKEN_HEADER: record.token}
            connection.request("GET", f"{ROLE_PATH}?name={quote(name)}", headers=headers)
            answer = connection.getresponse()
            content = json.loads(answer.read())
        finally:
            connection.close()
        return dict(content) if answer.status == 200 else None


def of_role(held: Held) -> Policies:
    """A role's policies, read."""
    identity = tuple(parse(document, name) for name, document in held["policies"].items())
    boundary = parse(held["boundary"], "the boundary") if held["boundary"] else None
    return Policies(identity, boundary)


@dataclass
class DeployerFile:
    """The deployer's policies, read anew when the file has changed.

    Attributes:
        path: the file, which need not exist.
    """

    path: Path
    _seen: tuple[float, int] = (0.0, 0)
    _policies: tuple[Policy, ...] | None = None

    @property
    def exists(self) -> bool:
        """Whether what the deployer does is noted."""
        return self.path.exists()

    def policies(self) -> tuple[Policy, ...] | None:
        """The deployer's policies; None when everything is allowed."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        seen = (status.st_mtime, status.st_size)
        if seen != self._seen:
            documents = json.loads(self.path.read_text(encoding="utf-8"))["policies"]
            self._seen = seen
            self._policies = (
                None
                if documents is None
                else tuple(parse(document, f"part {number}") for number, document in enumerate(documents, 1))
            )
        return self._policies
