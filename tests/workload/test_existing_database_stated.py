"""`database: {existing: …}` in a workload file: what is refused, with its line and what is allowed."""

from __future__ import annotations

import pytest

from groma.errors import WorkloadError
from groma.workload import parse
from workloads import MINIMAL

IMAGE = "application: {image: 'acme/shop:1.4'}\n"
VPC = "network: {vpc: vpc-0a1b2c3d, public_tags: {tier: public}, private_tags: {tier: private}}\n"


def refused(text: str) -> str:
    with pytest.raises(WorkloadError) as caught:
        parse(MINIMAL + text, source="groma.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("existing", "said"),
    [
        ("{}", "database.existing.secret: is required"),
        ("prod/shop/db", "database.existing: must be keys with values"),
        (
            "{secret: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf'}",
            "cannot be used\n  hint: allowed: the name of a secret, such as prod/shop/db",
        ),
        ("{secret: prod/shop/db, port: 70_000}", "database.existing.port: must be at most 65,535"),
        (
            "{secret: prod/shop/db, security_group: database}",
            "allowed: the id of a security group, such as sg-0a1b2c3d4e5f60718",
        ),
        ("{secret: prod/shop/db, host: db}", "there is no key 'host'"),
    ],
)
def test_one_that_cannot_be_found_is_refused_with_its_line(existing: str, said: str) -> None:
    found = refused(f"{IMAGE}database: {{existing: {existing}}}\n")
    assert found.startswith("groma.yaml:5: database.existing")
    assert said in found


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("version: '16'", "states version of a database that exists, which is what it is: leave it out"),
        ("replicas: 2, multi_az: true", "states multi_az and replicas of a database that exists"),
        ("storage: gp3", "states storage of a database that exists"),
    ],
)
def test_what_is_its_owners_to_say_is_refused_beside_it(more: str, said: str) -> None:
    found = refused(f"{IMAGE}database: {{existing: {{secret: prod/shop/db}}, {more}}}\n")
    assert found.startswith("groma.yaml:5: database")
    assert said in found


def test_the_sample_takes_a_database_of_its_own() -> None:
    found = refused("database: {existing: {secret: prod/shop/db}}\n")
    assert found.startswith("groma.yaml:4: database: exists, and the sample takes one of its own")
    assert "name an `application` of your own" in found


def test_a_security_group_is_named_in_a_vpc_that_exists_alone() -> None:
    stated = "database: {existing: {secret: prod/shop/db, security_group: sg-0a1b2c3d}}\n"
    assert "name the database's VPC as `network.vpc`" in refused(IMAGE + stated)
    assert parse(MINIMAL + IMAGE + VPC + stated).database.existing is not None


@pytest.mark.parametrize("engine", ["postgresql", "mysql"])
def test_its_engine_is_what_the_application_speaks(engine: str) -> None:
    stated = f"database: {{engine: {engine}, existing: {{secret: prod/shop/db}}}}\n"
    found = parse(MINIMAL + IMAGE + stated)
    assert found.database.engine == engine
    assert found.own is not None
    assert found.own.finds_database
    assert not parse(MINIMAL + IMAGE).own.finds_database  # type: ignore[union-attr]
