"""`network:` and `database:` in a workload file: what is refused, with its line and what is allowed."""

from __future__ import annotations

import pytest

from groma.errors import WorkloadError
from groma.workload import parse
from workloads import MINIMAL

IDS = (
    "public_subnets: [subnet-0a000001, subnet-0a000002], private_subnets: [subnet-0b000001, subnet-0b000002]"
)
VPC = "vpc: vpc-0a1b2c3d4e5f60718"
IMAGE = "application: {image: 'acme/shop:1.4'}\n"


def refused(text: str) -> str:
    with pytest.raises(WorkloadError) as caught:
        parse(MINIMAL + text, source="groma.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ("{zones: 4}", "network.zones: 4 does not exist\n  hint: allowed: 2, 3 or 'up to 3'"),
        ("{cidr: 10.0.0.0/8}", "network.cidr: must be between /16 and /22"),
        ("{cidr: 10.0.0.0/23}", "network.cidr: must be between /16 and /22"),
        ("{cidr: 10.0.0.1/16}", "network.cidr: is no range of addresses"),
        ("{cidr: 8.8.0.0/16}", "network.cidr: holds addresses of others"),
        ("{cidr: 172.17.0.0/18}", "network.cidr: overlaps 172.17.0.0/16, which Docker takes"),
        ("{nat: two}", "network.nat: 'two' does not exist\n  hint: allowed: 'per-zone', 'one' or 'none'"),
        ("{zone: 3}", "did you mean 'zones'?"),
        ("{vpc: main}", "network.vpc: 'main' cannot be used\n  hint: allowed: the id of a VPC"),
        (f"{{{VPC}, public_subnets: [main, two]}}", "network.public_subnets"),
        (f"{{{VPC}}}", "network: names no public_subnets and no private_subnets"),
        ("{private_tags: {tier: private}}", "network: names no vpc and no public_subnets"),
        (f"{{{VPC}, vpc_tags: {{Name: main}}, {IDS}}}", "network: names vpc twice, by id and by tags"),
        (f"{{{VPC}, {IDS}, nat: one}}", "network: states nat of a VPC that exists"),
        (f"{{{VPC}, {IDS}, cidr: 10.1.0.0/16}}", "network: states cidr of a VPC that exists"),
        (f"{{{VPC}, {IDS}, zones: 3}}", "network: names 2 public subnets for 3 zones"),
        (
            f"{{{VPC}, public_subnets: [subnet-0a000001], private_tags: {{tier: private}}}}",
            "network: has its public subnets in one zone, which may be lost",
        ),
        (
            f"{{{VPC}, public_subnets: [subnet-0a000001, subnet-0a000002], "
            "private_subnets: [subnet-0a000001, subnet-0b000002]}",
            "network.private_subnets: names subnet-0a000001 twice",
        ),
    ],
)
def test_a_network_that_cannot_be_is_refused_with_its_line(network: str, said: str) -> None:
    found = refused(f"network: {network}\n")
    assert found.startswith("groma.yaml:4: network")
    assert said in found


@pytest.mark.parametrize(
    ("database", "said"),
    [
        (
            "{engine: oracle}",
            "database.engine: 'oracle' does not exist\n"
            "  hint: allowed: 'postgresql', 'mysql' or 'aurora-postgresql'",
        ),
        (
            "{version: '13'}",
            "database: names no version of postgresql that RDS keeps at no surcharge: 14 to 17",
        ),
        ("{engine: mysql, version: '8.0'}", "of mysql that RDS keeps at no surcharge: '8.4'"),
        ("{version: 17}", "database.version: must be text, not 17\n  hint: write it in quotation marks"),
        ("{multi_az: 2}", "database.multi_az"),
        (
            "{storage: magnetic}",
            "database.storage: 'magnetic' does not exist\n  hint: allowed: 'gp3' or 'io2'",
        ),
        ("{storage: io1}", "database.storage: is io1, the previous generation"),
        (
            "{iops: 3_000}",
            "database: states iops of gp3, whose operations come with the volume: add `storage: io2`",
        ),
        ("{storage: io2, iops: 500}", "database.iops: must be at least 1,000"),
        ("{motor: mysql}", "there is no key 'motor'"),
        ("{aurora: true}", "database: has no key aurora: write `engine: aurora-postgresql`"),
        ("{engine: aurora}", "database: names Aurora by another name: write `engine: aurora-postgresql`"),
        ("{engine: aurora-mysql}", "no price of it is known: RDS's MySQL is `engine: mysql`"),
        ("{engine: aurora-postgresql, multi_az: true}", "whose readers take over by themselves"),
        ("{engine: aurora-postgresql, storage: gp3}", "database: states storage of Aurora, whose one volume"),
        (
            "{engine: aurora-postgresql, storage: io2, iops: 3_000}",
            "database: states storage and iops of Aurora, whose one volume grows by itself",
        ),
        ("{engine: aurora-postgresql, version: '13'}", "names no version of aurora-postgresql"),
        ("{engine: aurora-postgresql, replicas: 16}", "database.replicas: must be at most 15"),
        (
            "{engine: aurora-postgresql, existing: {secret: prod/shop/db}}",
            "of a database that exists, which is made by nobody here and asked as PostgreSQL",
        ),
    ],
)
def test_a_database_that_cannot_be_is_refused_with_its_line(database: str, said: str) -> None:
    found = refused(f"{IMAGE}database: {database}\n")
    assert found.startswith("groma.yaml:5: database")
    assert said in found


def test_the_sample_follows_no_reader_of_aurora() -> None:
    found = refused("database: {engine: aurora-postgresql}\n")
    assert "is Aurora, and the sample follows how far a replica of RDS has replayed" in found


def test_the_sample_speaks_no_mysql() -> None:
    found = refused("database: {engine: mysql}\n")
    assert found.startswith("groma.yaml:4: database: is of an engine that the sample does not speak")
    assert "name an `application` of your own" in found
    assert parse(MINIMAL + IMAGE + "database: {engine: mysql}\n").database.engine == "mysql"


def test_what_runs_once_is_not_locked_by_mysql() -> None:
    migrates = IMAGE.replace("}", ", migrate: [flask, upgrade]}")
    found = refused(f"{migrates}database: {{engine: mysql}}\n")
    assert "`migrate` and `schedule` run once by a lock of PostgreSQL's" in found


def test_logs_of_a_vpc_that_exists_are_its_owners() -> None:
    assert "log_days: is of a VPC that exists already" in refused(
        f"log_days: 90\nnetwork: {{{VPC}, {IDS}}}\n"
    )


def test_as_many_zones_as_subnets_are_named() -> None:
    three = IDS.replace("]", ", subnet-0{}000003]").replace("{}", "a", 1).replace("{}", "b", 1)
    assert parse(f"{MINIMAL}network: {{{VPC}, {IDS}}}\n").network.zone_count == 2
    assert parse(f"{MINIMAL}network: {{{VPC}, {three}}}\n").network.zone_count == 3
    assert parse(f"{MINIMAL}network: {{zones: 3}}\n").network.zone_count == 3
    assert not parse(MINIMAL).network.exists
