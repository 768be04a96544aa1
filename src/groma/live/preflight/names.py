"""Whether names that the design takes are free: of buckets in the world, of all else in the account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from groma.architecture import Architecture
from groma.components.operations import DatabaseSecret
from groma.live.preflight.look import Look, looks
from groma.live.target import Clients, Target


def names(target: Target, architecture: Architecture) -> Iterator[Look]:
    """A look at what bears the stack's name already, where nothing of the stack stands yet."""
    for region in architecture.regions:
        yield _stack(target, region, architecture.name)
    buckets = bucket_names(architecture, target.account())
    if buckets:
        yield _buckets(target, buckets)
    if architecture.of_type(DatabaseSecret):
        yield _secrets(target, architecture.region, architecture.name)


def bucket_names(architecture: Architecture, account: str) -> tuple[str, ...]:
    """The names of all buckets that a design makes in an account."""
    return tuple(
        name.format(account=account)
        for part in architecture.parts
        for component in part.architecture.components
        for name in component.buckets(part.architecture)
    )


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


@looks("names of buckets")
def _buckets(clients: Clients, buckets: tuple[str, ...]) -> Look:
    """A name that answers at all is taken: by this account, or by another one, which lets nobody see."""
    s3 = clients.client("s3", "us-east-1")
    own = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    taken = [name for name in buckets if name in own or _answers(s3, name)]
    if not taken:
        return Look("names of buckets", "ok", f"all {len(buckets)} are free")
    whose = "this account's" if taken[0] in own else "another account's"
    hint = "take another `name` in the workload" + (", or delete the bucket" if taken[0] in own else "")
    return Look("names of buckets", "will fail", f"{taken[0]} is {whose}", hint)


def _answers(s3: Any, bucket: str) -> bool:
    from botocore.exceptions import ClientError

    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] != 404)
    return True


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
