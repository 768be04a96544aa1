"""What a stack's whole life needs of IAM, found out by living it in a cloud of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from groma import __version__
from groma.design import Design
from groma.errors import CloudError
from groma.live.embedded import Account
from groma.live.embedded.authority import Need, need_from
from groma.live.monitor import status
from groma.live.preflight import preflight
from groma.live.provision import down, up
from groma.live.rehearsal import staged
from groma.live.reporting import Reporter
from groma.live.stack import Stack, write_at_once
from groma.live.standing_before import make_guests
from groma.live.target import EmbeddedTarget
from groma.live.understood import MISUNDERSTOOD
from groma.report.documents import documents

FOLDER = "permissions"
"""Below Groma's home: what was recorded, a file for each design."""


@dataclass(frozen=True)
class Recording:
    """What was seen of one life.

    Attributes:
        needs: what whoever deploys needed, each once.
        granted: the statements of the policies that the stack's roles were given.
    """

    needs: tuple[Need, ...]
    granted: tuple[Mapping[str, Any], ...]


def recorded(design: Design, home: Path, report: Reporter) -> Recording:
    """The life of a design's stack: of an earlier rehearsal when nothing has changed since, else played now.

    Raises:
        CloudError: the cloud refuses something, so that there was no whole life.
    """
    kept = recorded_before(design, home)
    if kept is not None:
        return kept
    found = _lived(design, home, report)
    write_at_once(_path(design, home), _as_text(found).encode())
    return found


def recorded_before(design: Design, home: Path) -> Recording | None:
    """What an earlier rehearsal of this design has recorded; None when there was none, or it is damaged."""
    if not (home / FOLDER).is_dir():  # the path of one takes the whole Terraform root
        return None
    try:
        return _from_text(_path(design, home).read_text(encoding="utf-8"))
    except (OSError, *MISUNDERSTOOD):
        return None


def _path(design: Design, home: Path) -> Path:
    return home / FOLDER / f"{design.architecture.name}-{_fingerprint(design)}.json"


def _fingerprint(design: Design) -> str:
    """The same as long as a recording holds: of the Terraform root and of this version."""
    digest = hashlib.sha256(__version__.encode())
    for path, content in sorted(documents(design).items()):
        if path.startswith("terraform/"):
            digest.update(path.encode() + b"\0" + content)
    return digest.hexdigest()[:16]


def _lived(design: Design, home: Path, report: Reporter) -> Recording:
    """Doctor, up, verify, status and down in a cloud that is thrown away."""
    report.step("rehearsing doctor, up, verify, status and down; this takes some minutes")
    with staged(Account.GROWN, home) as (stage, target):
        make_guests(design.workload, target, report)
        target.cloud.judge_deployer(None)
        preflight(design, target)
        stack = Stack(design.architecture.name, "embedded", stage)
        done = up(design, stack, target, report)
        status(design, stack, target, drift=True)
        granted = tuple(statements_of_roles(target))
        down(stack, target, report, keep_cloud=True)
        refused, unread = target.cloud.refused(), target.cloud.unread()
        if refused or unread or done.checks.failed:
            faults = (*(each["text"] for each in refused), *unread, "`groma verify` finds a difference")
            what = faults[0]
            raise CloudError(
                f"the rehearsal did not pass: {what}",
                where="the embedded cloud",
                hint="groma up --rehearse grown",
            )
        return Recording(target.cloud.needed(), granted)


def statements_of_roles(target: EmbeddedTarget) -> Iterable[Mapping[str, Any]]:
    """The statements of all policies of all roles, of AWS's managed ones, too."""
    iam = target.as_root().client("iam")
    for page in iam.get_paginator("list_roles").paginate():
        for role in page["Roles"]:
            for document in _documents(iam, role["RoleName"]):
                rows = document["Statement"]
                yield from rows if isinstance(rows, list) else [rows]


def _documents(iam: Any, role: str) -> Iterator[Mapping[str, Any]]:
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = attached["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        yield iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def _as_text(found: Recording) -> str:
    content = {"needs": [asdict(need) for need in found.needs], "granted": list(found.granted)}
    return json.dumps(content, indent=1)


def _from_text(text: str) -> Recording:
    content = json.loads(text)
    return Recording(tuple(map(need_from, content["needs"])), tuple(content["granted"]))
