"""Which IAM actions an API operation needs: its own name mostly, and where not, a table.

Sources, read 2026-11-28: for S3 https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html,
for the rest the service's page of https://docs.aws.amazon.com/service-authorization/latest/reference/.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from groma.live.embedded.authority.reference import is_action, spelled
from groma.live.embedded.gate.asked import Asked, UnreadableError

PREFIXES = {
    "apigatewayv2": "apigateway",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "service-quotas": "servicequotas",
    "stepfunctions": "states",
}
"""IAM's name of a service, where boto3's is another."""
NEEDS_NOTHING = frozenset({"sts:GetCallerIdentity", "sts:GetSessionToken"})
"""What everybody may ask: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html."""

_TABLE = """
    s3 HeadBucket                            ListBucket
    s3 ListObjects                           ListBucket
    s3 ListObjectsV2                         ListBucket
    s3 ListObjectVersions                    ListBucketVersions
    s3 ListMultipartUploads                  ListBucketMultipartUploads
    s3 ListParts                             ListMultipartUploadParts
    s3 ListBuckets                           ListAllMyBuckets
    s3 HeadObject                            GetObject
    s3 CopyObject                            PutObject
    s3 CreateMultipartUpload                 PutObject
    s3 UploadPart                            PutObject
    s3 CompleteMultipartUpload               PutObject
    s3 PostObject                            PutObject
    s3 DeleteObjects                         DeleteObject
    s3 GetBucketEncryption                   GetEncryptionConfiguration
    s3 PutBucketEncryption                   PutEncryptionConfiguration
    s3 DeleteBucketEncryption                PutEncryptionConfiguration
    s3 GetBucketLifecycleConfiguration       GetLifecycleConfiguration
    s3 PutBucketLifecycleConfiguration       PutLifecycleConfiguration
    s3 DeleteBucketLifecycle                 PutLifecycleConfiguration
    s3 GetBucketReplication                  GetReplicationConfiguration
    s3 PutBucketReplication                  PutReplicationConfiguration
    s3 DeleteBucketReplication               PutReplicationConfiguration
    s3 GetBucketAccelerateConfiguration      GetAccelerateConfiguration
    s3 GetBucketNotificationConfiguration    GetBucketNotification
    s3 PutBucketNotificationConfiguration    PutBucketNotification
    s3 GetObjectLockConfiguration            GetBucketObjectLockConfiguration
    s3 PutObjectLockConfiguration            PutBucketObjectLockConfiguration
    s3 GetPublicAccessBlock                  GetBucketPublicAccessBlock
    s3 PutPublicAccessBlock                  PutBucketPublicAccessBlock
    s3 DeletePublicAccessBlock               PutBucketPublicAccessBlock
    s3 DeleteBucketOwnershipControls         PutBucketOwnershipControls
    s3 DeleteBucketTagging                   PutBucketTagging
    s3 DeleteBucketCors                      PutBucketCORS
    s3 GetBucketMetadataConfiguration        GetBucketMetadataTableConfiguration
    lambda Invoke                            InvokeFunction
    sqs SendMessageBatch                     SendMessage
    sqs DeleteMessageBatch                   DeleteMessage
    sqs ChangeMessageVisibilityBatch         ChangeMessageVisibility
    sns PublishBatch                         Publish
    dynamodb TransactGetItems                GetItem
    budgets DescribeBudget                   ViewBudget
    budgets DescribeBudgets                  ViewBudget
    budgets DescribeNotificationsForBudget   ViewBudget
    budgets DescribeSubscribersForNotification ViewBudget
    budgets CreateBudget                     ModifyBudget
    budgets UpdateBudget                     ModifyBudget
    budgets DeleteBudget                     ModifyBudget
    budgets CreateNotification               ModifyBudget
    budgets UpdateNotification               ModifyBudget
    budgets DeleteNotification               ModifyBudget
    budgets CreateSubscriber                 ModifyBudget
    budgets DeleteSubscriber                 ModifyBudget
    cloudfront CreateDistributionWithTags    CreateDistribution
"""
_NAMES: Mapping[tuple[str, str], str] = {
    (service, operation): action for service, operation, action in map(str.split, _TABLE.strip().splitlines())
}


class UnknownActionError(UnreadableError):
    """An operation for which no action is known."""


def actions_of(asked: Asked) -> tuple[str, ...]:
    """The actions that a request needs by its operation; none for what everybody may do.

    Raises:
        UnknownActionError: neither the reference nor the table knows its operation.
    """
    service = PREFIXES.get(asked.service, asked.service)
    own = _BY_PARAMETERS.get((asked.service, asked.operation))
    names = own(asked.parameters) if own else (_name(asked),)
    found = tuple(f"{service}:{name}" for name in names)
    if set(found) <= NEEDS_NOTHING:
        return ()
    if unknown := [action for action in found if not is_action(action)]:
        raise UnknownActionError(f"{asked.service} {asked.operation} needs {unknown[0]}, which IAM lacks")
    return tuple(map(spelled, found))


def _name(asked: Asked) -> str:
    if asked.service in ("apigateway", "apigatewayv2"):
        return asked.method
    service = "s3" if asked.service == "s3control" else asked.service
    return _NAMES.get((service, asked.operation), asked.operation)


def _of_transaction(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """What each part of a transaction does."""
    named = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}
    parts = {name for item in parameters.get("TransactItems") or () for name, part in item.items() if part}
    return tuple(sorted(named.get(part, "ConditionCheckItem") for part in parts))


def _of_object(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    return ("GetObjectVersion" if parameters.get("VersionId") else "GetObject",)


def _of_deletion(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    return ("DeleteObjectVersion" if parameters.get("VersionId") else "DeleteObject",)


def _of_deletions(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    objects = (parameters.get("Delete") or {}).get("Objects") or ()
    return tuple(sorted({_of_deletion(each)[0] for each in objects}))


def _of_object_tags(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    return ("GetObjectVersionTagging" if parameters.get("VersionId") else "GetObjectTagging",)


_BY_PARAMETERS: Mapping[tuple[str, str], Callable[[Mapping[str, Any]], tuple[str, ...]]] = {
    ("dynamodb", "TransactWriteItems"): _of_transaction,
    ("s3", "GetObject"): _of_object,
    ("s3", "HeadObject"): _of_object,
    ("s3", "DeleteObject"): _of_deletion,
    ("s3", "DeleteObjects"): _of_deletions,
    ("s3", "GetObjectTagging"): _of_object_tags,
}
