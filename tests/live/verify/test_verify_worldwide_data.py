"""Changes of caches, databases, secrets and tables in several regions that verify has to find."""

from __future__ import annotations

import json
from typing import Any

import pytest
from worldwide_cloud import ACCOUNT, KEY, KEYS, REGION, Row, groups, parts, verified

from groma.components.cache import Cache
from groma.components.global_database import GlobalDatabase, GlobalSecret
from groma.components.global_table import GlobalTable
from groma.components.messaging import Topic
from groma.components.table import DynamoTable
from groma.live.verify.cache import CONNECT


def cache_cloud(component: Cache) -> tuple[Row, Row]:
    """The outputs and answers of a cache as designed, and its replication group, to be changed."""
    size = component.size
    members = [{"CacheClusterId": f"m{n}"} for n in range(2)]
    group: Row = {
        "Status": "available",
        "Engine": "valkey",
        "MemberClusters": [f"m{n}" for n in range(size.nodes)],
        "CacheNodeType": size.node_type,
        "NodeGroups": [{"NodeGroupMembers": members} for _ in range(size.shards)],
        "AutomaticFailover": "enabled",
        "MultiAZ": "enabled",
        "TransitEncryptionEnabled": True,
        "AtRestEncryptionEnabled": True,
        "KmsKeyId": KEY,
    }
    answers = {
        "elasticache.describe_replication_groups": {"ReplicationGroups": [group]},
        "elasticache.describe_cache_clusters": {
            "CacheClusters": [{"SecurityGroups": [{"SecurityGroupId": "sg-data"}]}]
        },
        "ec2.describe_security_groups": groups(6379),
        "kms.describe_key": KEYS,
        "iam.get_role_policy": {"PolicyDocument": policy([statement()])},
    }
    return answers, group


def statement(action: str = CONNECT, **other: Any) -> Row:
    """What lets a role sign in."""
    account = f"arn:aws:elasticache:{REGION}:{ACCOUNT}"
    arns = [f"{account}:replicationgroup:chirp-cache", f"{account}:user:chirp-cache-application"]
    return {"Effect": "Allow", "Action": action, "Resource": arns, **other}


def policy(written: object) -> str:
    """The policy of a role."""
    return json.dumps({"Statement": written})


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"CacheNodeType": "cache.t4g.micro"}, {"cache.nodes": "cache.t4g.micro"}),
        ({"AutomaticFailover": "disabled"}, {"cache.failover": "disabled, enabled"}),
        ({"KmsKeyId": None}, {"cache.encryption": "in transit, not encrypted"}),
        ({"TransitEncryptionEnabled": False}, {"cache.encryption": "plain in transit"}),
        ({"NodeGroups": []}, {"cache.shards": "0 × none"}),
        ({"Status": "deleting"}, {"cache.cache": "deleting, valkey"}),
    ],
)
def test_a_cache(change, found):
    architecture = parts()[REGION]
    component = architecture.of_type(Cache)[0]
    answers, group = cache_cloud(component)
    group.update({k: v for k, v in change.items() if v is not None})
    for name in (k for k, v in change.items() if v is None):
        del group[name]
    wrong = verified(component, architecture, {"cache_id": "chirp-cache", "vpc_id": "vpc-1"}, answers)
    assert set(wrong) == set(found)
    assert all(text in wrong[name] for name, text in found.items())


ONE, USER = statement()["Resource"]
CONDITION = {"StringEquals": {"aws:SourceVpc": "vpc-2"}}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ([statement("elasticache:*")], "elasticache:* to chirp-cache as chirp-cache-application"),
        ([statement(Resource=[ONE, f"{USER}-2"])], f"{CONNECT} to chirp-cache as chirp-cache-application-2"),
        ([statement(Resource=USER)], f"{CONNECT} to none as chirp-cache-application"),
        ([statement(Resource=[f"{ONE}-2", USER])], f"{CONNECT} to chirp-cache-2 as chirp-cache-application"),
        ([statement(Effect="Deny")], "none to none as none"),
        ([statement(Condition=CONDITION)], "none to none as none"),
        ([], "none to none as none"),
    ],
)  # fmt: skip
def test_servers_that_may_do_something_else_at_a_cache(written: object, found: str):
    assert signs_in(written) == {"cache.app-sign-in": found}


def test_a_policy_of_one_statement_is_read_as_a_list_of_one():
    assert signs_in(statement()) == {}


def signs_in(written: object) -> dict[str, str]:
    """What is not as designed of a cache, where this is the policy."""
    architecture = parts()[REGION]
    component = architecture.of_type(Cache)[0]
    answers, _ = cache_cloud(component)
    answers["iam.get_role_policy"] = {"PolicyDocument": policy(written)}
    return verified(component, architecture, {"cache_id": "chirp-cache", "vpc_id": "vpc-1"}, answers)


def database_cloud(component: GlobalDatabase) -> tuple[Row, Row, list[Row], Row]:
    """A secondary cluster as designed: answers, the cluster, its instances, the global database's members."""
    cluster: Row = {
        "Status": "available",
        "Engine": "aurora-postgresql",
        "StorageEncrypted": True,
        "KmsKeyId": KEY,
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-data"}],
        "BackupRetentionPeriod": 7,
    }
    zones = [f"{REGION}{letter}" for letter in "abc"]
    instances = [
        {
            "DBClusterIdentifier": "chirp-database-us-west-2",
            "DBInstanceStatus": "available",
            "DBInstanceClass": component.size.choice.name,
            "AvailabilityZone": zones[n % 3],
        }
        for n in range(component.instances)
    ]
    arn = f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:chirp-database-us-west-2"
    member: Row = {"DBClusterArn": arn, "IsWriter": False}
    answers = {
        "rds.describe_db_clusters": {"DBClusters": [cluster]},
        "rds.describe_db_instances": {"DBInstances": instances},
        "rds.describe_global_clusters": {"GlobalClusters": [{"GlobalClusterMembers": [member]}]},
        "ec2.describe_security_groups": groups(5432),
        "kms.describe_key": KEYS,
    }
    return answers, cluster, instances, member


def database_found(answers: Row) -> dict[str, str]:
    architecture = parts()[REGION]
    component = architecture.of_type(GlobalDatabase)[0]
    outputs = {"database_cluster_id": "chirp-database-us-west-2", "vpc_id": "vpc-1"}
    return verified(component, architecture, outputs, answers)


def test_a_secondary_cluster_as_designed():
    component = parts()[REGION].of_type(GlobalDatabase)[0]
    assert component.role == "secondary"
    assert database_found(database_cloud(component)[0]) == {}


def test_an_instance_that_is_gone():
    answers, _, instances, _ = database_cloud(parts()[REGION].of_type(GlobalDatabase)[0])
    instances.pop()
    assert set(database_found(answers)) == {"database.instances"}


def test_a_secondary_that_was_promoted():
    answers, _, _, member = database_cloud(parts()[REGION].of_type(GlobalDatabase)[0])
    member["IsWriter"] = True
    assert database_found(answers) == {"database.role": "primary of chirp-database"}


def test_a_cluster_that_was_taken_out_of_the_global_database():
    answers, _, _, _ = database_cloud(parts()[REGION].of_type(GlobalDatabase)[0])
    answers["rds.describe_global_clusters"] = {"GlobalClusters": [{"GlobalClusterMembers": []}]}
    assert database_found(answers) == {"database.role": "none of chirp-database"}


def test_backups_that_were_shortened():
    answers, cluster, _, _ = database_cloud(parts()[REGION].of_type(GlobalDatabase)[0])
    cluster["BackupRetentionPeriod"] = 1
    assert database_found(answers) == {"database.backups": "kept 1 days"}


def test_a_table_that_lost_its_copy():
    architecture = parts()[""]
    component = architecture.of_type(GlobalTable)[0]
    table: Row = {"TableName": "chirp", "Replicas": [{"RegionName": REGION, "ReplicaStatus": "ACTIVE"}]}
    table |= {"TableStatus": "ACTIVE", "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}
    assert component.index is not None
    name, hash_key, range_key = component.index

    def schema(*names: str) -> list[Row]:
        kinds = zip(names, ("HASH", "RANGE"), strict=True)
        return [{"AttributeName": each, "KeyType": kind} for each, kind in kinds]

    table["KeySchema"] = schema(component.hash_key, component.range_key)
    table["GlobalSecondaryIndexes"] = [{"IndexName": name, "KeySchema": schema(hash_key, range_key)}]
    answers = {
        "dynamodb.describe_table": {"Table": table},
        "dynamodb.describe_time_to_live": {
            "TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": component.ttl}
        },
        "dynamodb.describe_continuous_backups": {
            "ContinuousBackupsDescription": {
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"},
            }
        },
    }
    outputs = {"table_name": "chirp"}
    assert verified(component, architecture, outputs, answers) == {}
    table["Replicas"] = []
    assert verified(component, architecture, outputs, answers) == {"table.copies": "us-east-1"}


def test_a_secret_without_its_copy():
    architecture = parts()["us-east-1"]
    component = architecture.of_type(GlobalSecret)[0]
    secret: Row = {"KmsKeyId": KEY, "ReplicationStatus": [{"Region": REGION, "Status": "InSync"}]}
    answers = {"secretsmanager.describe_secret": secret, "kms.describe_key": KEYS}
    outputs = {"database_secret_arn": "arn:secret"}
    assert verified(component, architecture, outputs, answers) == {}
    secret["ReplicationStatus"] = [{"Region": REGION, "Status": "Failed"}]
    assert verified(component, architecture, outputs, answers) == {"secret.copies": "none"}


def test_a_topic_that_a_region_does_not_hear():
    architecture = parts()[REGION]
    component = next(each for each in architecture.of_type(Topic) if each.topic == "posted")
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:chirp-usw2-posted"
    rows = [
        {"Endpoint": f"arn:aws:sqs:{region}:{ACCOUNT}:chirp-{code}-posted-fan-out", "SubscriptionArn": code}
        for region, code in (("us-east-1", "use1"), (REGION, "usw2"))
    ]
    subscriptions: Row = {"Subscriptions": rows}
    answers = {
        "sns.get_topic_attributes": {"Attributes": {"KmsMasterKeyId": KEY}},
        "sns.list_subscriptions_by_topic": subscriptions,
        "kms.describe_key": KEYS,
    }
    assert verified(component, architecture, {"posted_topic_arn": topic}, answers) == {}
    del rows[0]
    found = verified(component, architecture, {"posted_topic_arn": topic}, answers)
    assert found == {"posted-topic.subscribers": "chirp-usw2-posted-fan-out"}


def test_timelines_are_a_table_without_an_index():
    architecture = parts()[REGION]
    (component,) = architecture.of_type(DynamoTable)
    table: Row = {"TableStatus": "ACTIVE", "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}
    keys = zip((component.hash_key, component.range_key), ("HASH", "RANGE"), strict=True)
    table["KeySchema"] = [{"AttributeName": name, "KeyType": kind} for name, kind in keys]
    backups = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}}
    answers = {
        "dynamodb.describe_table": {"Table": table},
        "dynamodb.describe_time_to_live": {
            "TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": component.ttl}
        },
        "dynamodb.describe_continuous_backups": {"ContinuousBackupsDescription": backups},
    }
    outputs = {"timelines_name": "chirp-usw2-timelines"}
    assert verified(component, architecture, outputs, answers) == {}
    assert set(verified(component, architecture, {"table_name": "chirp"}, answers)) == {
        f"timelines.{what}" for what in ("table", "keys", "ttl", "backups")
    }
