"""Roles that AWS's services make for themselves: RDS refuses its first database until it has its own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html, read 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture
from groma.live.preflight.look import Look, looks
from groma.live.target import Clients

PATH = "/aws-service-role/"


def service_roles(clients: Clients, architecture: Architecture) -> Iterator[Look]:
    """A look at those that the design's services act by; none where no service has one."""
    needed = dict.fromkeys(
        service for component in architecture.components for service in component.service_roles
    )
    if needed:
        yield _roles(clients, tuple(needed))


@looks("roles of AWS's services")
def _roles(clients: Clients, services: tuple[str, ...]) -> Look:
    pages = clients.client("iam", "us-east-1").get_paginator("list_roles").paginate(PathPrefix=PATH)
    there = {role["Path"].removeprefix(PATH).strip("/") for page in pages for role in page["Roles"]}
    missing = [service for service in services if service not in there]
    title = "roles of AWS's services"
    if not missing:
        return Look(title, "ok", f"all {len(services)} are there")
    hint = f"aws iam create-service-linked-role --aws-service-name {missing[0]}"
    found = f"made at the first use, where that is allowed: {', '.join(missing)}"
    return Look(title, "cannot tell", found, hint)
