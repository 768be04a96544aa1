"""Whether names that the design takes are free: of buckets in the world, of secrets in the account."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture
from groma.components.operations import DatabaseSecret
from groma.live.preflight.look import Look, looks
from groma.live.target import Clients


def names(clients: Clients, architecture: Architecture) -> Iterator[Look]:
    """A look at what bears the stack's name already, where nothing of the stack stands yet."""
    yield _stack(clients, architecture.region, architecture.name)
    if architecture.of_type(DatabaseSecret):
        yield _secrets(clients, architecture.region, architecture.name)


@looks("{0}: things of the stack's name")
def _stack(clients: Clients, region: str, name: str) -> Look:
    asked = {"TagFilters": [{"Key": "Stack", "Values": [name]}], "ResourcesPerPage": 1}
    tagging = clients.client("resourcegroupstaggingapi", region)
    found = tagging.get_resources(**asked)["ResourceTagMappingList"]
    title = f"{region}: things of the stack's name"
    if not found:
        return Look(title, "ok", "none")
    hint = "take another `name` in the workload, or provision from where the stack's state is kept"
    return Look(title, "will fail", f"{found[0]['ResourceARN']} carries Stack={name}", hint)


@looks("{0}: secrets of the stack's name")
def _secrets(clients: Clients, region: str, name: str) -> Look:
    """A deleted secret keeps its name until its days are over."""
    pages = (
        clients.client("secretsmanager", region)
        .get_paginator("list_secrets")
        .paginate(IncludePlannedDeletion=True, Filters=[{"Key": "name", "Values": [f"{name}-", f"{name}/"]}])
    )
    pending = [each["Name"] for page in pages for each in page["SecretList"] if "DeletedDate" in each]
    title = f"{region}: secrets of the stack's name"
    if not pending:
        return Look(title, "ok", "none waits to be deleted")
    hint = f"aws secretsmanager delete-secret --force-delete-without-recovery --secret-id {pending[0]}"
    return Look(title, "will fail", f"{', '.join(pending)} still waits to be deleted", hint)
