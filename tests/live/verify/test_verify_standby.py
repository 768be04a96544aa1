"""Changes of a warm standby that verify has to find: names, buckets, database, secret."""

from __future__ import annotations

import json
from functools import cache

import pytest
from fake_cloud import FakeClients
from worldwide_cloud import ACCOUNT, Row, verified

from groma.architecture import Architecture
from groma.components.delivery import SiteBucket
from groma.components.failover import Failover
from groma.components.operations import DatabaseSecret
from groma.components.standby_bucket import StandbyBucket
from groma.components.standby_database import StandbyDatabase
from groma.design import design
from groma.live.verify.reading import Deployed, Reading
from groma.live.verify.registry import VERIFIERS
from groma.workload import parse

WEST = "us-west-2"
TEXT = f"""\
name: chirp
blueprint: three-tier
users: {{total: 50_000}}
domain: chirp.acme.dev
standby: {WEST}
"""
HOME_BUCKET = f"chirp-site-{ACCOUNT}"
THERE_BUCKET = f"{HOME_BUCKET}-{WEST}"


@cache
def parts() -> dict[str, Architecture]:
    made = design(parse(TEXT), reasons=False).architecture
    return {part.scope: part.architecture for part in made.parts}


def records_found(second: Row | None = None, *, first: Row | None = None, **checks: Row) -> Row:
    """What is wrong with the failover records, as designed but for some answers."""
    balancer = {"HostedZoneId": "Z1", "DNSName": "chirp-web-1.us-east-1.elb.amazonaws.com."}
    there = {"HostedZoneId": "Z2", "DNSName": "chirp-usw2-web-1.us-west-2.elb.amazonaws.com."}
    own = {"Name": "origin.chirp.acme.dev.", "Type": "A"}
    records = [
        {**own, "Failover": "PRIMARY", "HealthCheckId": "both", "AliasTarget": balancer, **(first or {})},
        {**own, "Failover": "SECONDARY", "AliasTarget": there, **(second or {})},
    ]
    asked = {"Type": "HTTPS", "Port": 443, "FailureThreshold": 3, "RequestInterval": 10}
    configs = {
        "home": {**asked, "ResourcePath": "/api/healthz", **checks.get("home", {})},
        "there": {**asked, "ResourcePath": "/api/writable", "Inverted": True, **checks.get("there", {})},
        "both": {
            "Type": "CALCULATED", "HealthThreshold": 2, "ChildHealthChecks": ["home", "there"],
            **checks.get("both", {}),
        },
    }  # fmt: skip

    def check(HealthCheckId: str) -> Row:
        return {"HealthCheck": {"HealthCheckConfig": configs[HealthCheckId]}}

    clients = FakeClients(
        {
            "route53.list_resource_record_sets": lambda **_: {"ResourceRecordSets": records},
            "route53.get_health_check": check,
        }
    )
    (component,) = parts()[""].of_type(Failover)
    ids = {"home": "home", "unpromoted": "there", "home-leads": "both"}
    reading = Reading(Deployed({"zone_id": "Z1", "health_check_ids": ids}, clients), "us-east-1")
    found = VERIFIERS[Failover](component, parts()[""], reading)
    return {each.id: each.actual for each in found if not each.ok}


def test_records_as_designed() -> None:
    assert records_found() == {}


def test_a_health_check_that_somebody_made_fail_for_good() -> None:
    assert "/lost" in records_found(home={"ResourcePath": "/lost"})["failover.home"]


def test_a_standby_that_keeps_nobody_once_it_is_promoted() -> None:
    assert set(records_found(there={"Inverted": False})) == {"failover.unpromoted"}
    assert records_found(both={"HealthThreshold": 1}) == {"failover.home-leads": "1 of home, there are well"}
    assert set(records_found(first={"HealthCheckId": "home"})) == {"failover.first"}


def test_a_standby_that_leads_home() -> None:
    home = {"HostedZoneId": "Z1", "DNSName": "chirp-web-1.us-east-1.elb.amazonaws.com."}
    assert "chirp-web-1" in records_found({"AliasTarget": home})["failover.second"]


def test_a_standby_that_is_lost() -> None:
    assert records_found({"Failover": "PRIMARY"})["failover.second"] == "missing"


def database_found(**changed: object) -> Row:
    """Of what the standby database is said to copy, and of its backups, what is not as designed."""
    source = f"arn:aws:rds:us-east-1:{ACCOUNT}:db:chirp-database-master"
    database = {
        "DBInstanceStatus": "available",
        "BackupRetentionPeriod": 7,
        "ReadReplicaSourceDBInstanceIdentifier": source,
        "PubliclyAccessible": False,
        "DBSubnetGroup": {"Subnets": []},
        "VpcSecurityGroups": [],
        "Engine": "postgres",
        "DBInstanceClass": "db.t4g.large",
        **changed,
    }
    database = {name: value for name, value in database.items() if value is not None}
    answers = {
        "rds.describe_db_instances": {"DBInstances": [database]},
        "ec2.describe_subnets": {"Subnets": []},
        "ec2.describe_security_groups": {"SecurityGroups": []},
    }
    (component,) = parts()[WEST].of_type(StandbyDatabase)
    outputs = {"database_master_id": "chirp-usw2-database-master"}
    found = verified(component, parts()[WEST], outputs, answers)
    return {id_: said for id_, said in found.items() if id_.endswith((".source", ".backups"))}


def test_a_database_that_copies_home() -> None:
    assert database_found() == {}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"ReadReplicaSourceDBInstanceIdentifier": None}, {"database-master.source": "nothing: alone"}),
        ({"BackupRetentionPeriod": 0}, {"database-master.backups": "kept 0 days"}),
        (
            {"ReadReplicaSourceDBInstanceIdentifier": f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:shop"},
            {"database-master.source": "shop in eu-west-1"},
        ),
    ],
)
def test_a_database_that_does_not(changed: Row, found: Row) -> None:
    assert database_found(**changed) == found


def rule(bucket: str) -> Row:
    time = {"Status": "Enabled", "Time": {"Minutes": 15}}
    destination = {"Bucket": f"arn:aws:s3:::{bucket}", "ReplicationTime": time}
    return {"Status": "Enabled", "Filter": {"Prefix": "media/"}, "Destination": destination}


def copies_found(component: SiteBucket | StandbyBucket, region: str, bucket: str, rules: list[Row]) -> Row:
    """What is wrong with the copies of one of both buckets."""
    answers = {
        "s3.get_bucket_location": {} if region == "us-east-1" else {"LocationConstraint": region},
        "s3.get_public_access_block": {"PublicAccessBlockConfiguration": {}},
        "s3.get_bucket_encryption": {"ServerSideEncryptionConfiguration": {"Rules": []}},
        "s3.get_bucket_versioning": {},
        "s3.get_bucket_policy": {"Policy": json.dumps({"Statement": []})},
        "s3.get_bucket_replication": {"ReplicationConfiguration": {"Rules": rules}},
        "s3.get_bucket_cors": {"CORSRules": []},
        "s3.head_object": {"ContentType": "text/html"},
    }
    architecture = parts()["" if region == "us-east-1" else region]
    found = verified(component, architecture, {"site_bucket_name": bucket}, answers)
    return {id_: said for id_, said in found.items() if id_.endswith(".copies")}


def test_pictures_that_are_copied_to_the_standby_and_back() -> None:
    (home,), (there,) = parts()[""].of_type(SiteBucket), parts()[WEST].of_type(StandbyBucket)
    assert copies_found(home, "us-east-1", HOME_BUCKET, [rule(THERE_BUCKET)]) == {}
    assert copies_found(there, WEST, THERE_BUCKET, [rule(HOME_BUCKET)]) == {}
    assert copies_found(home, "us-east-1", HOME_BUCKET, []) == {"site.copies": "nowhere"}
    elsewhere = copies_found(there, WEST, THERE_BUCKET, [rule("another")])
    assert elsewhere == {"site.copies": "another in 15 minutes"}


@pytest.mark.parametrize(("status", "found"), [("InSync", {}), ("Failed", {"secret.copies": "none"})])
def test_a_secret_that_has_or_lacks_its_copy(status: str, found: Row) -> None:
    (component,) = parts()[""].of_type(DatabaseSecret)
    rows = [{"Region": WEST, "Status": status}]
    answers = {
        "secretsmanager.describe_secret": {"KmsKeyId": "k", "ReplicationStatus": rows},
        "kms.describe_key": {"KeyMetadata": {"KeyId": "k"}},
    }
    said = verified(component, parts()[""], {"database_secret_arn": "arn"}, answers)
    assert {id_: what for id_, what in said.items() if id_ == "secret.copies"} == found
