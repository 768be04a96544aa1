"""What an account asks of everything: that each role of the stack has the boundary that it is to have."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Reading


def boundary(architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """One line where a boundary is asked for: those of all roles that carry the stack's tag."""
    wanted = architecture.account.boundary
    if not wanted:
        return
    found = set[str]()
    for row in reading.all("iam", "list_roles", "Roles"):
        if not row["RoleName"].startswith(architecture.name):
            continue
        answer = reading.ask("iam", "get_role", RoleName=row["RoleName"]) or {"Role": {}}
        tags = {tag["Key"]: tag["Value"] for tag in answer["Role"].get("Tags", ())}
        if tags.get("Stack") == architecture.name:
            bounded = answer["Role"].get("PermissionsBoundary") or {}
            found.add(bounded.get("PermissionsBoundaryArn", f"none of {row['RoleName']}"))
    yield compare(
        "roles.boundary", "permissions boundary of all roles", wanted, listed(sorted(found)) or None
    )
