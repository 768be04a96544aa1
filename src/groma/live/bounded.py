"""Roles with a permissions boundary: an override file in each module that makes roles.

Modules stay as they are published; Terraform lays the file over them
(https://developer.hashicorp.com/terraform/language/files/override, read 2026-11-28).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from groma.errors import InputError
from groma.words import abridged

FILE = "groma_boundary_override.tf"
_POLICY = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/[\w+=,.@/-]{1,512}", re.ASCII)
_ROLE = re.compile(r'^resource "aws_iam_role" "([^"]+)"', re.MULTILINE)


def check_boundary(boundary: str) -> None:
    """Refuse what is no ARN of a managed policy, before anything is made. Raises InputError."""
    if boundary and not _POLICY.fullmatch(boundary):
        what = f"{abridged(boundary)} is no ARN of a managed policy"
        raise InputError(what, where="--boundary", hint="arn:aws:iam::123456789012:policy/NAME")


def check_one_boundary(boundary: str, stated: str | None, where: str) -> None:
    """Refuse a boundary that is not the file's own. Raises InputError."""
    if boundary and stated and boundary != stated:
        what = f"the file asks for {stated}, and --boundary for {boundary}"
        raise InputError(what, where=where, hint="leave one of them out")


def bounded(documents: Mapping[str, bytes], boundary: str) -> dict[str, bytes]:
    """The files that give every role of these modules a boundary, by path.

    Args:
        documents: path → content of a Terraform root with its modules.
        boundary: ARN of a managed policy.
    """
    roles: dict[str, list[str]] = {}
    for path, content in sorted(documents.items()):
        folder, _, name = path.rpartition("/")
        if "/modules/" in path and name.endswith(".tf") and folder.rpartition("/")[2] != "tests":
            roles.setdefault(folder, []).extend(_ROLE.findall(content.decode()))
    head = (
        "# Written by groma: the roles of this module have the boundary that `groma up --boundary` names.\n"
    )
    return {
        f"{folder}/{FILE}": (head + "\n".join(_block(name, boundary) for name in names)).encode()
        for folder, names in roles.items()
        if names
    }


def _block(name: str, boundary: str) -> str:
    return f'resource "aws_iam_role" "{name}" {{\n  permissions_boundary = {json.dumps(boundary)}\n}}\n'
