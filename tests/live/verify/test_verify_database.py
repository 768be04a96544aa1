"""Changes of the databases that verify has to find, and those that are none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chirp_cloud import Cloud
from chirp_design import MASTER, REGION, REPLICA, SECRET, VERSION, architecture

from groma.architecture import Finding
from groma.components.database import DatabaseServer
from groma.live.verify import Deployed
from groma.live.verify.database import database_server
from groma.live.verify.reading import Reading

COMMON = ("instance", "zone", "storage", "private", "security-group")
OTHER_KEY = "arn:aws:kms:us-east-1:111122223333:key/other"


def test_a_replica_that_was_deleted(chirp: Cloud) -> None:
    del chirp.databases[REPLICA]
    assert chirp.wrong() == {f"database-replica.{name}": "missing" for name in (*COMMON, "source")}


def test_a_master_that_was_deleted(chirp: Cloud) -> None:
    del chirp.databases[MASTER]
    names = (*COMMON, "standby", "password", "backups")
    assert chirp.wrong() == {f"database-master.{name}": "missing" for name in names}


def test_a_replica_that_was_promoted(chirp: Cloud) -> None:
    del chirp.databases[REPLICA]["ReadReplicaSourceDBInstanceIdentifier"]
    assert chirp.wrong() == {"database-replica.source": "nothing: alone"}


def test_another_class(chirp: Cloud) -> None:
    chirp.databases[MASTER]["DBInstanceClass"] = "db.t3.micro"
    assert chirp.wrong() == {"database-master.instance": "available, postgres, db.t3.micro"}


def test_a_database_that_is_stopped(chirp: Cloud) -> None:
    chirp.databases[REPLICA]["DBInstanceStatus"] = "stopped"
    assert chirp.wrong() == {"database-replica.instance": "stopped, postgres, db.m7g.large"}


def test_a_database_that_backs_up_serves(chirp: Cloud) -> None:
    chirp.databases[MASTER]["DBInstanceStatus"] = "backing-up"
    assert chirp.wrong() == {}


def test_both_in_one_zone(chirp: Cloud) -> None:
    chirp.databases[REPLICA]["AvailabilityZone"] = "us-east-1a"
    assert chirp.wrong() == {"database-replica.zone": "us-east-1a"}


def test_a_database_being_made_has_no_zone_yet(chirp: Cloud) -> None:
    del chirp.databases[REPLICA]["AvailabilityZone"]
    assert chirp.wrong() == {"database-replica.zone": "not known yet"}


def test_a_standby_that_nobody_designed(chirp: Cloud) -> None:
    chirp.databases[MASTER]["MultiAZ"] = True
    assert chirp.wrong() == {"database-master.standby": "in another zone"}


def with_standby(chirp: Cloud) -> dict[str, str]:
    """What is wrong with a master that was designed with a standby in the other zone."""
    whole = architecture()
    master = replace(whole.component("database-master"), standby="private-b")
    assert isinstance(master, DatabaseServer)
    found = database_server(master, whole, Reading(Deployed(chirp.outputs, chirp.clients()), "us-east-1"))
    return {finding.id: finding.actual for finding in found if not finding.ok}


@pytest.mark.parametrize("zones", [("us-east-1a", "us-east-1b"), ("us-east-1b", "us-east-1a")])
def test_master_and_standby_stand_in_either_zone(chirp: Cloud, zones: tuple[str, str]) -> None:
    chirp.databases[MASTER] |= {"MultiAZ": True, "AvailabilityZone": zones[0]}
    assert with_standby(chirp) == {}  # RDS says where the standby is only when it is there
    chirp.databases[MASTER] |= {"SecondaryAvailabilityZone": zones[1]}
    assert with_standby(chirp) == {}


def test_a_standby_that_is_missing_beside_the_master_or_far_away(chirp: Cloud) -> None:
    assert with_standby(chirp) == {"database-master.standby": "none"}
    chirp.databases[MASTER] |= {"MultiAZ": True, "SecondaryAvailabilityZone": "us-east-1a"}
    assert with_standby(chirp) == {"database-master.standby": "beside the master"}
    chirp.databases[MASTER] |= {"AvailabilityZone": "us-east-1c"}
    assert with_standby(chirp) == {"database-master.zone": "us-east-1c"}


def test_storage_that_has_grown_is_as_designed(chirp: Cloud) -> None:
    most = architecture().component("database-master").max_storage_gib  # type: ignore[attr-defined]
    chirp.databases[MASTER]["AllocatedStorage"] = most
    assert chirp.wrong() == {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"AllocatedStorage": 5}, "gp3, 5 GB"),
        ({"MaxAllocatedStorage": None}, "growing to no growth"),
        ({"StorageType": "gp2"}, "gp2, "),
        ({"StorageEncrypted": False}, "not encrypted"),
        ({"KmsKeyId": OTHER_KEY}, "encrypted with another key"),
    ],
    ids=str,
)
def test_other_storage(chirp: Cloud, change: dict[str, object], said: str) -> None:
    chirp.databases[MASTER] |= change
    chirp.databases[MASTER] = {k: v for k, v in chirp.databases[MASTER].items() if v is not None}
    wrong = chirp.wrong()
    assert set(wrong) == {"database-master.storage"}
    assert said in wrong["database-master.storage"]


def test_a_public_database(chirp: Cloud) -> None:
    chirp.databases[MASTER]["PubliclyAccessible"] = True
    private = "private us-east-1a, private us-east-1b"
    assert chirp.wrong() == {"database-master.private": f"publicly accessible, {private}"}


def test_a_database_in_public_subnets(chirp: Cloud) -> None:
    chirp.databases[REPLICA]["DBSubnetGroup"] = {"Subnets": [{"SubnetIdentifier": "subnet-pub-b"}]}
    assert chirp.wrong() == {"database-replica.private": "public us-east-1b"}


def test_a_database_open_to_others(chirp: Cloud) -> None:
    chirp.security_groups["database"]["IpPermissions"].append(
        {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}
    )
    found = "tcp 5432 from 10.0.0.0/16, tcp 5432 from chirp-app-servers"
    assert chirp.wrong() == {
        "database-master.security-group": found,
        "database-replica.security-group": found,
    }


def test_a_password_that_rds_keeps_itself(chirp: Cloud) -> None:
    chirp.databases[MASTER]["MasterUserSecret"] = {"SecretArn": SECRET, "SecretStatus": "active"}
    assert chirp.wrong() == {}


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ({"SecretStatus": "impaired"}, "in the stack's secret, which is impaired"),
        ({"SecretArn": f"{SECRET}-other"}, "in another secret"),
    ],
    ids=str,
)
def test_a_password_that_rds_keeps_elsewhere_or_not_well(
    chirp: Cloud, secret: dict[str, str], said: str
) -> None:
    kept = {"SecretArn": SECRET, "SecretStatus": "active", **secret}
    chirp.databases[MASTER]["MasterUserSecret"] = kept
    assert chirp.wrong() == {"database-master.password": said}


def test_a_password_that_no_secret_holds(chirp: Cloud) -> None:
    chirp.secrets[SECRET]["VersionIdsToStages"] = {VERSION: ["AWSPREVIOUS"]}
    assert chirp.wrong() == {"database-master.password": "in no secret"}


def test_a_password_being_rotated_is_managed(chirp: Cloud) -> None:
    chirp.databases[MASTER]["MasterUserSecret"] = {"SecretArn": SECRET, "SecretStatus": "rotating"}
    assert chirp.wrong() == {}


def test_backups_that_were_switched_off(chirp: Cloud) -> None:
    chirp.databases[MASTER]["BackupRetentionPeriod"] = 0
    assert chirp.wrong() == {"database-master.backups": "kept 0 days"}


def test_operations_of_io2_are_those_that_are_bought(chirp: Cloud) -> None:
    (master,) = (each for each in architecture().of_type(DatabaseServer) if each.role == "master")
    designed, found = replace(master, storage_class="io2", iops=3_000), chirp.databases[MASTER]

    def storage(kind: str, iops: int) -> Finding:
        chirp.databases[MASTER] = {**found, "StorageType": kind, "Iops": iops}
        reading = Reading(Deployed(chirp.outputs, chirp.clients()), REGION)
        findings = database_server(designed, architecture(), reading)
        return next(each for each in findings if each.id == "database-master.storage")

    assert storage("io2", 3_000).ok
    assert storage("io2", 3_000).expected.startswith("io2 with 3000 IOPS, ")
    assert not storage("io2", 1_000).ok
    assert not storage("gp3", 3_000).ok
