"""What the functions stand on, made as their description says: in moto, or where given clients lead."""

from __future__ import annotations

import copy
import functools
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.dynamodb import models as dynamodb_models
from moto.dynamodb.models import DynamoDBBackend, Table
from moto.dynamodb.models.dynamo_type import DynamoType

from chirp.functions.names import UPLOADS
from chirp.shipping.functions import QUEUES, TABLE
from groma.application import Queue
from groma.live.embedded.quicker import draw_at_once, remember_what_stays

remember_what_stays()
draw_at_once()

REGION = "us-east-1"
BUCKET = "media-of-the-application"
EDGE_KEY = "3f1c5a52-2d43-4b0e-9d55-4e6f8f0f7f11"
"""What a distribution would send; there is none here."""


class _CopyOfTouched:
    """In place of moto's module `copy`: a table's copy, for a rollback, holds only what a transaction may
    touch.

    moto copies the whole table once for each action of each transaction, which makes tests slower the more
    they write.
    """

    def __init__(self, touched: set[tuple[str, str]]) -> None:
        self._touched = touched

    def deepcopy(self, value: Any) -> Any:
        if not isinstance(value, Table):
            return copy.deepcopy(value)
        kept = copy.copy(value)
        kept.items = copy.copy(value.items)
        for pk, sk in self._touched:
            partition, key = DynamoType({"S": pk}), DynamoType({"S": sk})
            if key in value.items.get(partition, {}):
                kept.items[partition] = {
                    **kept.items[partition],
                    key: copy.deepcopy(value.items[partition][key]),
                }
            else:
                kept.items[partition] = dict(kept.items[partition])
        return kept


def _transact(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    actions = [next(iter(action.values())) for action in transact_items]
    keys = [action.get("Key") or action["Item"] for action in actions]
    touched = {(key["pk"]["S"], key["sk"]["S"]) for key in keys}
    with patch.object(dynamodb_models, "copy", _CopyOfTouched(touched)):
        _TRANSACT(backend, transact_items)


_TRANSACT = DynamoDBBackend.transact_write_items


@functools.cache
def session() -> boto3.Session:
    """One session for all, because it keeps what it has read of the services' models."""
    return boto3.Session("testing", "testing", region_name=REGION)


def make_table(dynamodb: Any, name: str) -> None:
    """The table as its description says."""
    used = (TABLE.hash_key, TABLE.range_key, TABLE.index_hash_key, TABLE.index_range_key)
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": a, "AttributeType": TABLE.types[a]} for a in used],
        KeySchema=_keys(TABLE.hash_key, TABLE.range_key),
        GlobalSecondaryIndexes=[
            {
                "IndexName": TABLE.index,
                "KeySchema": _keys(TABLE.index_hash_key, TABLE.index_range_key),
                "Projection": {"ProjectionType": TABLE.index_projection},
            }
        ],
    )
    dynamodb.update_time_to_live(
        TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": TABLE.ttl}
    )


def _keys(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]


def make_queues(sns: Any, sqs: Any) -> dict[str, str]:
    """Every topic, its queue and that queue's dead-letter queue; returns their ARNs and URLs by role."""
    made: dict[str, str] = {}
    for queue in QUEUES.values():
        topic = sns.create_topic(Name=queue.topic)["TopicArn"]
        made |= make_queue(sqs, queue) | {f"{queue.topic}-topic.arn": topic}
        sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=made[f"{queue.name}-queue.arn"],
            Attributes={"RawMessageDelivery": "true"},
        )
    return made


def make_queue(sqs: Any, queue: Queue) -> dict[str, str]:
    """A queue and its dead-letter queue."""
    dead_url = sqs.create_queue(QueueName=f"{queue.name}-dead")["QueueUrl"]
    redrive = {"deadLetterTargetArn": _arn(sqs, dead_url), "maxReceiveCount": queue.max_receives}
    attributes = {"VisibilityTimeout": str(queue.visibility_s), "RedrivePolicy": json.dumps(redrive)}
    url = sqs.create_queue(QueueName=queue.name, Attributes=attributes)["QueueUrl"]
    return {
        f"{queue.name}-queue.url": url,
        f"{queue.name}-queue.arn": _arn(sqs, url),
        f"{queue.name}-dead.url": dead_url,
    }


def make_bucket(s3: Any, topic: str) -> dict[str, str]:
    """The bucket, which tells the topic of uploads."""
    s3.create_bucket(Bucket=BUCKET)
    told = {
        "TopicArn": topic,
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": UPLOADS}]}},
    }
    s3.put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"TopicConfigurations": [told]}
    )
    return {"bucket.name": BUCKET}


def make_pool(cognito: Any) -> dict[str, str]:
    """The user pool and its client."""
    length_only = {
        "MinimumLength": 10,
        "RequireUppercase": False,
        "RequireLowercase": False,
        "RequireNumbers": False,
        "RequireSymbols": False,
    }
    pool = cognito.create_user_pool(
        PoolName="people", Policies={"PasswordPolicy": length_only}, AutoVerifiedAttributes=["email"]
    )["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="api", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    return {"user-pool.id": pool, "user-pool.client_id": client}


def _arn(sqs: Any, url: str) -> str:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


def make_everything(clients: Mapping[str, Any]) -> dict[str, str]:
    """All that the functions stand on; returns what their variables hold."""
    make_table(clients["dynamodb"], "social")
    queues = make_queues(clients["sns"], clients["sqs"])
    bucket = make_bucket(clients["s3"], queues["uploaded-topic.arn"])
    edge = {"edge.header": "X-Origin-Key", "edge.key_sha256": hashlib.sha256(EDGE_KEY.encode()).hexdigest()}
    tables = dict.fromkeys(("table.name", "timelines.name"), "social")
    return {**tables, **queues, **bucket, **edge, **make_pool(clients["cognito-idp"])}


def with_own_timelines(
    clients: Mapping[str, Any], resources: Mapping[str, str], name: str = "social-timelines"
) -> dict[str, str]:
    """The same with a new table of timelines, as each of several regions has one."""
    if name in clients["dynamodb"].list_tables()["TableNames"]:
        clients["dynamodb"].delete_table(TableName=name)
    make_table(clients["dynamodb"], name)
    return {**resources, "timelines.name": name}


def empty(clients: Mapping[str, Any], resources: Mapping[str, str]) -> None:
    """Remove all that functions and people have left; quicker than another cloud."""
    clients["dynamodb"].delete_table(TableName=resources["table.name"])
    make_table(clients["dynamodb"], resources["table.name"])
    for queue in QUEUES.values():
        for what in ("queue", "dead"):
            clients["sqs"].delete_queue(QueueUrl=resources[f"{queue.name}-{what}.url"])
        make_queue(clients["sqs"], queue)
    for left in clients["s3"].list_objects_v2(Bucket=BUCKET).get("Contents", []):
        clients["s3"].delete_object(Bucket=BUCKET, Key=left["Key"])
    pool = resources["user-pool.id"]
    for user in clients["cognito-idp"].list_users(UserPoolId=pool)["Users"]:
        clients["cognito-idp"].admin_delete_user(UserPoolId=pool, Username=user["Username"])


@contextmanager
def emulated() -> Iterator[tuple[Mapping[str, Any], Mapping[str, str]]]:
    """Clients of moto, and what the functions stand on."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    faster = patch.object(DynamoDBBackend, "transact_write_items", _transact)
    with patch.dict(os.environ, plain, clear=True), mock_aws(), faster:
        services = ("cognito-idp", "dynamodb", "s3", "sns", "sqs")
        clients = {service: session().client(service) for service in services}
        yield clients, make_everything(clients)
