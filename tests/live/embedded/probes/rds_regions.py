from __future__ import annotations

from typing import Any

from groma.live.embedded import Endpoints
from probes.databases import master_with_backups
from probes.network import unique

AWAY = "us-west-2"


def replica_in_its_own_region(aws: Endpoints) -> None:
    home, away, name, made = _pair(aws)
    replica = _told(away, name)
    assert replica["ReadReplicaSourceDBInstanceIdentifier"] == made["DBInstanceArn"]
    assert replica["DBInstanceArn"].split(":")[3] == AWAY
    assert replica["AvailabilityZone"] == f"{AWAY}b"
    assert replica["DBSubnetGroup"]["DBSubnetGroupName"] == name
    assert f".{AWAY}." in replica["Endpoint"]["Address"]
    assert _told(home, name)["ReadReplicaDBInstanceIdentifiers"] == [replica["DBInstanceArn"]]
    away.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)
    assert _told(home, name)["ReadReplicaDBInstanceIdentifiers"] == []


def promoted_for_good(aws: Endpoints) -> None:
    home, away, name, _ = _pair(aws)
    away.promote_read_replica(DBInstanceIdentifier=name)
    assert "ReadReplicaSourceDBInstanceIdentifier" not in _told(away, name)
    assert _told(home, name)["ReadReplicaDBInstanceIdentifiers"] == []
    away.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)


def _pair(aws: Endpoints) -> tuple[Any, Any, str, Any]:
    """A master, and elsewhere a replica of its name in a subnet group that only that region has."""
    home, away, name = aws.client("rds"), aws.client("rds", AWAY), unique("master")
    made = master_with_backups(home, name)
    subnets = [each["SubnetId"] for each in aws.client("ec2", AWAY).describe_subnets()["Subnets"][:2]]
    away.create_db_subnet_group(DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=subnets)
    away.create_db_instance_read_replica(
        DBInstanceIdentifier=name,
        SourceDBInstanceIdentifier=made["DBInstanceArn"],
        DBSubnetGroupName=name,
        AvailabilityZone=f"{AWAY}b",
    )
    return home, away, name, made


def _told(rds: Any, name: str) -> Any:
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
