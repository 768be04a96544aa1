"""A database that a file says exists: found by its secret, and told where the secret will not do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from groma.errors import WorkloadError
from groma.live.databases import existing_database
from groma.live.guest_database import make_guest_database
from groma.live.preflight.databases import databases
from groma.workload import Workload, parse

TEXT = "name: shop\nblueprint: three-tier\nusers: {total: 50_000}\napplication: {image: 'acme/shop:1.4'}\n"
VPC = "network: {vpc_tags: {Name: main}, public_tags: {tier: public}, private_tags: {tier: private}}\n"
WHOLE = {"host": "db.internal", "port": 5432, "username": "shop", "password": "p4ssw0rd", "dbname": "shop"}


class Account:
    """Clients of an account, each made once."""

    def __init__(self) -> None:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        self.clients = {name: boto3.client(name, **keys) for name in ("ec2", "secretsmanager")}

    def client(self, service: str, region: str | None = None) -> Any:
        assert region == "us-east-1"
        return self.clients[service]


@pytest.fixture(scope="module")
def aws() -> Iterator[Account]:
    with mock_aws():
        yield Account()


def workload(secret: str, more: str = "", engine: str = "postgresql", network: str = "") -> Workload:
    database = f"database: {{engine: {engine}, existing: {{secret: {secret}{more}}}}}\n"
    return parse(TEXT + network + database, source="groma.yaml")


def keep(aws: Account, name: str, text: str) -> None:
    aws.clients["secretsmanager"].create_secret(Name=name, SecretString=text)


def refused(aws: Account, stated: Workload) -> str:
    with pytest.raises(WorkloadError) as caught:
        existing_database(stated, aws)
    (look,) = databases(aws, stated)
    assert look.outcome == "will fail"
    assert look.found == caught.value.what
    assert "p4ssw0rd" not in f"{caught.value}{look}"
    return str(caught.value)


def test_of_a_database_that_is_to_be_made_nothing_is_asked(aws: Account) -> None:
    made = parse(TEXT)
    assert existing_database(made, aws) == ""
    assert not list(databases(aws, made))
    assert make_guest_database(made, aws) == ""


def test_a_secret_as_secrets_manager_writes_it_will_do(aws: Account) -> None:
    keep(aws, "whole/db", json.dumps({**WHOLE, "engine": "postgres"}))
    assert existing_database(workload("whole/db"), aws) == "whole/db"
    (look,) = databases(aws, workload("whole/db"))
    assert look.outcome == "ok"
    assert "p4ssw0rd" not in str(look)


def test_what_may_be_left_out_may_be_left_out(aws: Account) -> None:
    keep(aws, "short/db", json.dumps({key: value for key, value in WHOLE.items() if key != "port"}))
    assert existing_database(workload("short/db"), aws) == "short/db"


def test_an_aurora_cluster_is_a_database_of_its_engine(aws: Account) -> None:
    keep(aws, "aurora/db", json.dumps({**WHOLE, "engine": "aurora-mysql", "port": "3306"}))
    assert existing_database(workload("aurora/db", engine="mysql"), aws) == "aurora/db"
    assert "is of another engine than postgres" in refused(aws, workload("aurora/db"))


def test_a_secret_that_is_not_there_is_told_with_its_line(aws: Account) -> None:
    said = refused(aws, workload("no/db"))
    assert said.startswith(
        "groma.yaml:5: database.existing.secret: the account has no secret no/db in us-east-1"
    )


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("p4ssw0rd", "holds no JSON object"),
        ('["p4ssw0rd"]', "holds no JSON object"),
        (json.dumps({"username": "shop", "password": "p4ssw0rd"}), "lacks host and dbname"),
        (json.dumps({**WHOLE, "host": ""}), "lacks host"),
        (json.dumps({**WHOLE, "port": 6432}), "names another port than 5432"),
        (json.dumps({**WHOLE, "engine": "oracle"}), "is of another engine than postgres"),
    ],
)
def test_what_nobody_could_connect_by_is_told_without_what_it_holds(
    aws: Account, held: str, said: str
) -> None:
    name = f"wrong/{abs(hash(held))}"
    keep(aws, name, held)
    assert f"database.existing.secret: {name} {said}" in refused(aws, workload(name))


def test_another_port_is_said_by_the_file(aws: Account) -> None:
    keep(aws, "port/db", json.dumps({**WHOLE, "port": 6432}))
    assert existing_database(workload("port/db", ", port: 6432"), aws) == "port/db"


def test_one_that_is_about_to_be_deleted_will_not_do(aws: Account) -> None:
    keep(aws, "old/db", json.dumps(WHOLE))
    aws.clients["secretsmanager"].delete_secret(SecretId="old/db", RecoveryWindowInDays=7)
    assert "old/db is to be deleted" in refused(aws, workload("old/db"))


def test_a_security_group_has_to_be_there(aws: Account) -> None:
    keep(aws, "group/db", json.dumps(WHOLE))
    stated = workload("group/db", ", security_group: sg-0123456789abcdef0", network=VPC)
    said = refused(aws, stated)
    assert "database.existing.security_group: the account has no security group sg-0123456789abcdef0" in said
    made = aws.clients["ec2"].create_security_group(GroupName="db", Description="of a database")["GroupId"]
    there = workload("group/db", f", security_group: {made}", network=VPC)
    assert existing_database(there, aws) == "group/db"


def test_the_embedded_cloud_is_given_a_secret_that_will_do_and_none_twice(aws: Account) -> None:
    stated = workload("guest/db", ", port: 6432")
    assert make_guest_database(stated, aws) == (
        "made the secret guest/db in the embedded cloud, since the file says so"
    )
    assert existing_database(stated, aws) == "guest/db"
    assert make_guest_database(stated, aws) == ""
