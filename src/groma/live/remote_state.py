"""The bucket in which a team keeps Terraform's state: made safely, and never taken from anybody who uses it.

A bucket is Groma's when it carries Groma's tags; then its settings are put right. So is one of the same
account that has no tags, no policy and no objects: as a kill leaves it between its making and its tags. Every
other one is left as it is, and used only if somebody has set it up as safely.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groma.answers import Value
from groma.errors import CloudError, InputError
from groma.live.embedded.endpoints import PROFILE
from groma.live.target import PROFILE_FILE, Clients, EmbeddedTarget, Target
from groma.live.verify.bucket import refuses_http
from groma.terraform.backend import backend, state_key
from groma.workload import State

TAGS = {"ManagedBy": "groma", "Purpose": "terraform-state"}
BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
SAFE = ("versioned", "encrypted", "private", "reached over TLS only")


@dataclass(frozen=True)
class StateBucket:
    """What was done: `made` newly, or found and its settings put right, or only found."""

    bucket: str
    region: str
    made: bool
    ours: bool

    def lines(self, target: str) -> tuple[str, ...]:
        """How it is on a target."""
        how = "made" if self.made else ("as it should be" if self.ours else "not made by groma, and safe")
        state = "versioned, encrypted, private, TLS only"
        return (f"bucket {self.bucket} in {self.region} on {target}: {how}; {state}",)


def backend_override(state: State, stack: str, target: Target) -> str:
    """The override file that leads the backend to the embedded cloud; empty for AWS."""
    if not isinstance(target, EmbeddedTarget):
        return ""
    more: dict[str, Value] = {
        "profile": PROFILE,
        "shared_config_files": [PROFILE_FILE],
        "use_path_style": True,
        "skip_credentials_validation": True,
        "skip_metadata_api_check": True,
        "skip_region_validation": True,
        "skip_requesting_account_id": True,
        "endpoints": {"s3": target.endpoints.url("s3")},
    }
    head = "# Written by groma for the embedded cloud on this machine; AWS never sees this file.\n"
    return head + backend(state, stack, more)


def ready(state: State, target: Target) -> None:
    """Make sure that the bucket can take a state: it must be there; in the embedded cloud it is made before.

    Raises:
        InputError: it is not there, or is not safe.
    """
    if isinstance(target, EmbeddedTarget):
        make_bucket(state, target.as_root())
    owner = target.account()
    client = target.client("s3", state.region)
    if not _exists(client, state, owner):
        raise InputError(
            f"there is no bucket {state.bucket} for the state in account {owner}",
            where="state.bucket",
            hint="make it with `groma init --state --target aws`",
        )
    _must_be_safe(client, state, owner)


def read(state: State, stack: str, target: Clients) -> bytes | None:
    """The object that holds a stack's state; None where it cannot be read: Terraform says why then."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        found = target.client("s3", state.region).get_object(Bucket=state.bucket, Key=state_key(stack))
        content: bytes = found["Body"].read()
    except (BotoCoreError, ClientError):
        return None
    return content


def make_bucket(state: State, target: Target) -> StateBucket:
    """Make the bucket, or put its settings right; safe to repeat, also after a kill.

    Raises:
        InputError: the name is taken by somebody else, or by a bucket of this account that is used for
            something else, or it stands in another region.
        CloudError: AWS refused.
    """
    owner = target.account()
    client = target.client("s3", state.region)
    made = not _exists(client, state, owner)
    if made:
        _create(client, state)
    ours = made or _is_ours(client, state, owner)
    if ours:
        _put_settings(client, state, owner)
    _must_be_safe(client, state, owner)
    return StateBucket(state.bucket, state.region, made, ours)


def _call(operation: Any, where: str, **arguments: Any) -> Any:
    """One call whose failure is a CloudError that says where."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return operation(**arguments)
    except (BotoCoreError, ClientError) as error:
        raise CloudError(str(error), where=where, hint="let these credentials manage this bucket") from error


def _exists(client: Any, state: State, owner: str) -> bool:
    """Whether the account has the bucket in the region. Raises InputError when somebody else has it."""
    from botocore.exceptions import ClientError

    try:
        client.head_bucket(Bucket=state.bucket, ExpectedBucketOwner=owner)
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in ("404", "NoSuchBucket"):
            return False
        if code in ("403", "AccessDenied"):
            raise _taken(state) from None
        if code in ("301", "PermanentRedirect", "400"):
            raise _elsewhere(state, "another region") from None
        raise CloudError(str(error), where=state.bucket, hint="try again") from error
    found = _call(client.get_bucket_location, state.bucket, Bucket=state.bucket, ExpectedBucketOwner=owner)
    region = found.get("LocationConstraint") or "us-east-1"
    if region != state.region:
        raise _elsewhere(state, region)
    return True


def _taken(state: State) -> InputError:
    return InputError(
        f"the bucket {state.bucket} belongs to another account, or these credentials may not see it",
        where="state.bucket",
        hint="names of buckets are the world's: put your organisation's name into it",
    )


def _elsewhere(state: State, region: str) -> InputError:
    what = f"the bucket {state.bucket} stands in {region}, not in {state.region}"
    return InputError(what, where="state.region", hint="name its own region, or another bucket")


def _create(client: Any, state: State) -> None:
    from botocore.exceptions import ClientError

    place = {"LocationConstraint": state.region}
    arguments = {} if state.region == "us-east-1" else {"CreateBucketConfiguration": place}
    try:
        client.create_bucket(Bucket=state.bucket, ObjectOwnership="BucketOwnerEnforced", **arguments)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "BucketAlreadyExists":
            raise _taken(state) from None
        raise CloudError(str(error), where=state.bucket, hint="let these credentials make buckets") from error


def _is_ours(client: Any, state: State, owner: str) -> bool:
    """Whether Groma made it: by its tags, or because it is as bare as a kill before the tags leaves it."""
    tags = _tags(client, state, owner)
    if tags:
        return TAGS.items() <= tags.items()
    whose = {"Bucket": state.bucket, "ExpectedBucketOwner": owner}
    held = _call(client.list_object_versions, state.bucket, MaxKeys=1, **whose)
    empty = not held.get("Versions") and not held.get("DeleteMarkers")
    return empty and _asked(client.get_bucket_policy, state, owner) is None


def _tags(client: Any, state: State, owner: str) -> dict[str, str]:
    found = _asked(client.get_bucket_tagging, state, owner) or {}
    return {tag["Key"]: tag["Value"] for tag in found.get("TagSet", ())}


def _asked(operation: Any, state: State, owner: str) -> Mapping[str, Any] | None:
    """What a bucket's setting is; None where it has none."""
    from botocore.exceptions import ClientError

    try:
        answer: Mapping[str, Any] = operation(Bucket=state.bucket, ExpectedBucketOwner=owner)
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code.startswith("NoSuch") or code.endswith("NotFoundError") or code == "404":
            return None
        hint = "let these credentials read the bucket's settings"
        raise CloudError(str(error), where=state.bucket, hint=hint) from error
    return answer


def _put_settings(client: Any, state: State, owner: str) -> None:
    """Tags first: from then on the bucket is known as Groma's, whatever interrupts the rest."""
    encryption = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    settings = (
        (
            client.put_bucket_tagging,
            {"Tagging": {"TagSet": [{"Key": k, "Value": v} for k, v in TAGS.items()]}},
        ),
        (client.put_public_access_block, {"PublicAccessBlockConfiguration": dict.fromkeys(BLOCKS, True)}),
        (client.put_bucket_versioning, {"VersioningConfiguration": {"Status": "Enabled"}}),
        (client.put_bucket_encryption, {"ServerSideEncryptionConfiguration": encryption}),
        (client.put_bucket_policy, {"Policy": json.dumps(_tls_only(state.bucket))}),
    )
    for operation, arguments in settings:
        _call(operation, state.bucket, Bucket=state.bucket, ExpectedBucketOwner=owner, **arguments)


def _tls_only(bucket: str) -> dict[str, Any]:
    arn = f"arn:aws:s3:::{bucket}"
    statement = {
        "Sid": "OnlyOverTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _must_be_safe(client: Any, state: State, owner: str) -> None:
    missing = list(_missing(client, state, owner))
    if missing:
        raise InputError(
            f"the bucket {state.bucket} is not Groma's and not {', not '.join(missing)}",
            where="state.bucket",
            hint="Groma changes no bucket that others use: set this up yourself, or name another bucket",
        )


def _missing(client: Any, state: State, owner: str) -> Iterator[str]:
    """What of `SAFE` a bucket lacks."""
    versioned, encrypted, private, tls = SAFE
    versioning = _asked(client.get_bucket_versioning, state, owner) or {}
    if versioning.get("Status") != "Enabled":
        yield versioned
    if _asked(client.get_bucket_encryption, state, owner) is None:
        yield encrypted
    block = (_asked(client.get_public_access_block, state, owner) or {}).get("PublicAccessBlockConfiguration")
    if not all((block or {}).get(name) for name in BLOCKS):
        yield private
    policy = _asked(client.get_bucket_policy, state, owner)
    statements = json.loads(policy["Policy"])["Statement"] if policy else []
    if not any(map(refuses_http, statements if isinstance(statements, list) else [statements])):
        yield tls
