"""Removes everything that the journey's users have left: accounts, items of the table, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chirp.functions.deployment import MEDIA, TABLE, UPLOADS
from groma.live.verify.reading import Site

PARTITIONS = ("account", "posts", "timeline", "following", "followers", "unfollowed", "request")
"""What a handle's partition keys begin with: `chirp.functions.table` says what lies in them."""


def clean(
    clients: Site, region: str, named: Mapping[str, str], handles: Iterable[str], pictures: Iterable[str]
) -> None:
    """Remove what there is; what is gone already is no error.

    Args:
        clients: the cloud.
        region: the stack's.
        named: Terraform's outputs with the names of pool, table and bucket.
        handles: the users.
        pictures: keys of what they uploaded.
    """
    cognito, table = clients.client("cognito-idp", region), clients.client("dynamodb", region)
    for handle in handles:
        for partition in PARTITIONS:
            _empty(table, named["table_name"], f"{partition}#{handle}")
        try:
            cognito.admin_delete_user(UserPoolId=named["user_pool_id"], Username=handle)
        except cognito.exceptions.UserNotFoundException:
            continue
    s3 = clients.client("s3", region)
    for key in pictures:
        _empty(table, named["table_name"], f"picture#{key}")
        for name in (UPLOADS + key, MEDIA + key, f"{MEDIA}thumbnails/{key}"):
            _erase(s3, named["media_bucket_name"], name)


def _empty(table: Any, name: str, partition: str) -> None:
    """Delete all items of a partition."""
    pages = table.get_paginator("query").paginate(
        TableName=name,
        KeyConditionExpression="#hash = :hash",
        ExpressionAttributeNames={"#hash": TABLE.hash_key},
        ExpressionAttributeValues={":hash": {"S": partition}},
    )
    for page in pages:
        for item in page["Items"]:
            key = {attribute: item[attribute] for attribute in (TABLE.hash_key, TABLE.range_key)}
            table.delete_item(TableName=name, Key=key)


def _erase(s3: Any, bucket: str, key: str) -> None:
    """Delete an object with all of its versions."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
