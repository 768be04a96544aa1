"""Removes everything that the journey's users have left: accounts, items of the table, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groma.application import Table
from groma.application.journey import Traces
from groma.live.verify.reading import Site


def clean(clients: Site, region: str, named: Mapping[str, str], table: Table, traces: Traces) -> None:
    """Remove what there is; what is gone already is no error.

    Args:
        clients: the cloud.
        region: the stack's.
        named: Terraform's outputs with the names of pool, table and bucket.
        table: the table's keys.
        traces: what was left.
    """
    dynamodb = clients.client("dynamodb", region)
    for partition in traces.partitions:
        _empty(dynamodb, named["table_name"], table, partition)
    cognito = clients.client("cognito-idp", region)
    for user in traces.users:
        try:
            cognito.admin_delete_user(UserPoolId=named["user_pool_id"], Username=user)
        except cognito.exceptions.UserNotFoundException:
            continue
    s3 = clients.client("s3", region)
    for key in traces.objects:
        _erase(s3, named["media_bucket_name"], key)


def _empty(dynamodb: Any, name: str, table: Table, partition: str) -> None:
    """Delete all items of a partition."""
    pages = dynamodb.get_paginator("query").paginate(
        TableName=name,
        KeyConditionExpression="#hash = :hash",
        ExpressionAttributeNames={"#hash": table.hash_key},
        ExpressionAttributeValues={":hash": {"S": partition}},
    )
    for page in pages:
        for item in page["Items"]:
            key = {attribute: item[attribute] for attribute in (table.hash_key, table.range_key)}
            dynamodb.delete_item(TableName=name, Key=key)


def _erase(s3: Any, bucket: str, key: str) -> None:
    """Delete an object with all of its versions."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
