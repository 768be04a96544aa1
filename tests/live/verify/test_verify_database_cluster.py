"""Changes of an Aurora cluster of one region that verify has to find."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from worldwide_cloud import KEY, KEYS, verified

from groma.architecture import Architecture
from groma.components.database_cluster import DatabaseCluster
from groma.design import design
from groma.workload import parse

Row = dict[str, Any]
TEXT = """\
name: chirp
blueprint: three-tier
users: {total: 50_000}
application: {image: acme/shop:1.4, port: 8000, health: /up}
database: {engine: aurora-postgresql, replicas: 2}
"""
ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database"


@cache
def architecture() -> Architecture:
    return design(parse(TEXT), reasons=False).architecture


def cloud() -> tuple[Row, Row, list[Row]]:
    """Answers of a cluster as designed, the cluster, and its instances, to be changed."""
    (component,) = architecture().of_type(DatabaseCluster)
    members = [
        {"DBInstanceIdentifier": f"chirp-database-{number}", "IsClusterWriter": number == 2}
        for number in (1, 2, 3)
    ]
    cluster: Row = {
        "Status": "available",
        "Engine": "aurora-postgresql",
        "StorageEncrypted": True,
        "KmsKeyId": KEY,
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-data"}],
        "BackupRetentionPeriod": 7,
        "DBClusterMembers": members,
    }
    subnets = [{"SubnetIdentifier": f"subnet-{letter}"} for letter in "ab"]
    instances: list[Row] = [
        {
            "DBClusterIdentifier": "chirp-database",
            "DBInstanceStatus": "available",
            "DBInstanceClass": component.instance_class,
            "AvailabilityZone": f"us-east-1{zone}",
            "PubliclyAccessible": False,
            "DBSubnetGroup": {"Subnets": subnets},
        }
        for zone in "aba"
    ]
    caller = {"GroupId": "sg-app", "UserId": "111122223333"}
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [caller]}
    answers = {
        "rds.describe_db_clusters": {"DBClusters": [cluster]},
        "rds.describe_db_instances": {"DBInstances": instances},
        "ec2.describe_security_groups": {
            "SecurityGroups": [
                {"GroupId": "sg-data", "IpPermissions": [rule], "GroupName": "chirp-database"},
                {"GroupId": "sg-app", "IpPermissions": [], "GroupName": "chirp-app-servers"},
            ]
        },
        "kms.describe_key": KEYS,
        "secretsmanager.describe_secret": {"VersionIdsToStages": {"1" * 32: ["AWSCURRENT"]}},
    }
    return answers, cluster, instances


def found(answers: Row) -> dict[str, str]:
    (component,) = architecture().of_type(DatabaseCluster)
    outputs = {
        "database_cluster_id": "chirp-database",
        "vpc_id": "vpc-1",
        "database_secret_arn": ARN,
        "private_subnet_ids": {f"us-east-1{letter}": f"subnet-{letter}" for letter in "ab"},
    }
    return verified(component, architecture(), outputs, answers)


def test_a_cluster_as_designed_whichever_instance_writes() -> None:
    answers, _, _ = cloud()
    wrong = found(answers)
    assert wrong == {}


def test_a_cluster_that_is_gone() -> None:
    answers, _, _ = cloud()
    answers["rds.describe_db_clusters"] = {"DBClusters": []}
    assert set(found(answers).values()) == {"missing"}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"Status": "stopped"}, {"database.cluster": "stopped, aurora-postgresql"}),
        ({"DBClusterMembers": []}, {"database.writer": "nobody"}),
        ({"BackupRetentionPeriod": 1}, {"database.backups": "kept 1 days"}),
        ({"StorageEncrypted": False}, {"database.storage": "not encrypted"}),
        (
            {"MasterUserSecret": {"SecretArn": "arn:other", "SecretStatus": "active"}},
            {"database.password": "in another secret"},
        ),
    ],
)
def test_a_change_of_the_cluster(change: Row, wrong: dict[str, str]) -> None:
    answers, cluster, _ = cloud()
    cluster.update(change)
    assert found(answers) == wrong


def test_an_instance_that_is_gone() -> None:
    answers, _, instances = cloud()
    instances.pop()
    (component,) = architecture().of_type(DatabaseCluster)
    said = f"2 × {component.instance_class} in us-east-1a, us-east-1b"
    assert found(answers) == {"database.instances": said}


def test_an_instance_with_a_public_address() -> None:
    answers, _, instances = cloud()
    instances[1]["PubliclyAccessible"] = True
    assert found(answers)["database.private"].startswith("publicly accessible")
