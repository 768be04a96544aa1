"""Changes of what stands in several regions that verify has to find."""

from __future__ import annotations

import copy
from functools import cache, partial
from typing import Any

import pytest
from fake_cloud import FakeClients, missing

from groma.architecture import Architecture, Component
from groma.components.cache import Cache
from groma.components.global_database import GlobalDatabase, GlobalSecret
from groma.components.global_distribution import GlobalDistribution
from groma.components.global_table import GlobalTable
from groma.components.latency_records import LatencyRecords
from groma.components.replicated_bucket import ReplicatedBucket
from groma.design import design
from groma.live.verify.reading import Deployed, Reading
from groma.live.verify.registry import VERIFIERS
from groma.workload import parse

WORKLOAD = """\
name: chirp
blueprint: worldwide
regions: [us-east-1, us-west-2]
domain: chirp.example.com
users: {total: 200_000, concurrent: 10_000}
"""
ACCOUNT, REGION = "111122223333", "us-west-2"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
KINDS = (
    Cache, GlobalDatabase, GlobalSecret, GlobalDistribution, GlobalTable, LatencyRecords, ReplicatedBucket,
)  # fmt: skip
Row = dict[str, Any]


@cache
def parts() -> dict[str, Architecture]:
    whole = design(parse(WORKLOAD), reasons=False).architecture
    return {part.scope: part.architecture for part in whole.parts}


def answered(value: Row, **_: object) -> Row:
    return copy.deepcopy(value)


def verified(component: Component, architecture: Architecture, outputs: Row, answers: Row) -> dict[str, str]:
    """What is not as designed: finding → what was found."""
    clients = FakeClients({name: partial(answered, value) for name, value in answers.items()})
    reading = Reading(Deployed(outputs, clients), architecture.region)
    return {f.id: f.actual for f in VERIFIERS[type(component)](component, architecture, reading) if not f.ok}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_never_deployed_is_missing(kind):
    architecture = next(part for part in parts().values() if part.of_type(kind))
    component = architecture.of_type(kind)[0]
    reading = Reading(Deployed({}, FakeClients({})), architecture.region)
    found = list(VERIFIERS[kind](component, architecture, reading))
    assert found
    assert not any(finding.ok for finding in found)
    assert {finding.actual for finding in found} == {"missing"}


def groups(port: int) -> Row:
    """One security group that lets in the application servers."""
    pair = {"GroupId": "sg-app", "UserId": ACCOUNT}
    rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [pair]}
    return {
        "SecurityGroups": [
            {"GroupId": "sg-data", "GroupName": "data", "IpPermissions": [rule]},
            {"GroupId": "sg-app", "GroupName": "chirp-usw2-app-servers", "IpPermissions": []},
        ]
    }


KEYS: Row = {"KeyMetadata": {"KeyId": "1", "Arn": KEY}}


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
    }
    return answers, group


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


def records_cloud() -> tuple[Row, Row]:
    """The latency records as designed, and one of them."""
    records = [
        {
            "Name": "regions.chirp.example.com.",
            "Type": "A",
            "Region": region,
            "AliasTarget": {"HostedZoneId": "Z1", "DNSName": "lb.", "EvaluateTargetHealth": True},
            "HealthCheckId": f"check-{region}",
        }
        for region in ("us-east-1", "us-west-2")
    ]
    config = {
        "Type": "HTTP", "Port": 80, "ResourcePath": "/healthz", "FailureThreshold": 3, "RequestInterval": 10,
    }  # fmt: skip
    answers = {
        "route53.list_resource_record_sets": {"ResourceRecordSets": records},
        "route53.get_health_check": {"HealthCheck": {"HealthCheckConfig": config}},
    }
    return answers, {"records": records, "config": config}


def records_found(answers: Row) -> dict[str, str]:
    architecture = parts()[""]
    checks = {region: f"check-{region}" for region in ("us-east-1", "us-west-2")}
    outputs = {"zone_id": "Z1", "health_check_ids": checks}
    return verified(architecture.of_type(LatencyRecords)[0], architecture, outputs, answers)


def test_latency_records_as_designed():
    assert records_found(records_cloud()[0]) == {}


def test_a_region_without_its_record():
    answers, rows = records_cloud()
    del rows["records"][1]
    assert records_found(answers) == {"regions.record-us-west-2": "missing"}


def test_a_record_that_no_longer_asks_for_health():
    answers, rows = records_cloud()
    rows["records"][0]["AliasTarget"]["EvaluateTargetHealth"] = False
    assert set(records_found(answers)) == {"regions.record-us-east-1"}


def test_a_slow_health_check():
    answers, rows = records_cloud()
    rows["config"]["RequestInterval"] = 30
    assert set(records_found(answers)) == {"regions.check-us-east-1", "regions.check-us-west-2"}


def test_a_table_that_lost_its_copy():
    architecture = parts()[""]
    component = architecture.of_type(GlobalTable)[0]
    table: Row = {"TableName": "chirp", "Replicas": [{"RegionName": REGION, "ReplicaStatus": "ACTIVE"}]}
    table |= {"TableStatus": "ACTIVE", "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}
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


def test_a_bucket_that_is_copied_nowhere():
    architecture = parts()[REGION]
    component = architecture.of_type(ReplicatedBucket)[0]
    name = f"chirp-media-{ACCOUNT}-{REGION}"

    def gone(**_: object) -> Row:
        raise missing("ReplicationConfigurationNotFoundError")

    clients = FakeClients(
        {
            "s3.get_bucket_location": lambda **_: {"LocationConstraint": REGION},
            "s3.get_public_access_block": gone,
            "s3.get_bucket_encryption": gone,
            "s3.get_bucket_versioning": lambda **_: {},
            "s3.get_bucket_policy": gone,
            "s3.get_bucket_replication": gone,
            "s3.get_bucket_notification_configuration": lambda **_: {},
        }
    )
    reading = Reading(Deployed({"media_bucket_name": name}, clients), REGION)
    found = {f.id: f for f in VERIFIERS[ReplicatedBucket](component, architecture, reading)}
    assert found["media.copies"].actual == "nowhere"
    assert found["media.copies"].expected == f"chirp-media-{ACCOUNT}-us-east-1 in 15 minutes"
    assert found["media.notification"].actual == "nobody"
