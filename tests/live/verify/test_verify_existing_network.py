"""What verify has to find of a VPC that exists, and of a database of another engine."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from chirp_cloud import Cloud
from chirp_design import REGION, WORKLOAD

from groma.architecture import Architecture
from groma.components.existing_network import ExistingNetwork
from groma.components.mysql import MysqlServer
from groma.design import design
from groma.live.verify import Deployed
from groma.live.verify.database import database_server
from groma.live.verify.existing_network import existing_network
from groma.live.verify.reading import Reading
from groma.workload import parse

EXISTS = "network: {vpc: vpc-0000000a, public_tags: {tier: public}, private_tags: {tier: private}}\n"
OTHER_WAY = "network.subnet.private-a.route"


@cache
def architecture(more: str) -> Architecture:
    return design(parse(WORKLOAD + more), reasons=False).architecture


def wrong(chirp: Cloud) -> dict[str, str]:
    """What is not as the file says, of the same VPC found by tags."""
    made = architecture(EXISTS)
    network = replace(made.of_type(ExistingNetwork)[0], vpc_id="")
    reading = Reading(Deployed(chirp.outputs, chirp.clients()), REGION)
    found = list(existing_network(network, made, reading))
    assert len(found) == 10
    return {each.id: each.actual for each in found if not each.ok}


def way_out(chirp: Cloud, table: str) -> dict[str, Any]:
    return chirp.route_tables[table]["Routes"][-1]


def test_a_vpc_as_the_file_says(chirp: Cloud) -> None:
    assert wrong(chirp) == {}


def test_any_way_out_will_do_that_lets_nobody_in(chirp: Cloud) -> None:
    way_out(chirp, "private-a").pop("NatGatewayId")
    way_out(chirp, "private-a")["TransitGatewayId"] = "tgw-1"
    assert wrong(chirp) == {}
    way_out(chirp, "private-a").pop("TransitGatewayId")
    way_out(chirp, "private-a")["GatewayId"] = "igw-1"
    assert wrong(chirp) == {OTHER_WAY: "0.0.0.0/0 → internet gateway"}
    chirp.route_tables["private-a"]["Routes"].pop()
    assert wrong(chirp) == {OTHER_WAY: "no way out"}


def test_a_subnet_of_another_zone_and_a_public_one_that_is_not(chirp: Cloud) -> None:
    chirp.subnets[2]["AvailabilityZone"] = "us-east-1c"
    chirp.route_tables["public"]["Routes"].pop()
    assert wrong(chirp) == {
        "network.subnet.private-a": "us-east-1c",
        "network.subnet.public-a.route": "no way out",
        "network.subnet.public-b.route": "no way out",
    }


def test_a_vpc_of_another_id(chirp: Cloud) -> None:
    made = architecture(EXISTS)
    reading = Reading(Deployed(chirp.outputs, chirp.clients()), REGION)
    first = next(iter(existing_network(made.of_type(ExistingNetwork)[0], made, reading)))
    assert (first.expected, first.actual, first.ok) == ("vpc-0000000a, available", "vpc-1, available", False)


def test_a_mysql_database_is_asked_for_by_its_engine_and_port(chirp: Cloud) -> None:
    made = architecture("application: {image: 'acme/shop:1.4'}\ndatabase: {engine: mysql}\n")
    master = next(each for each in made.of_type(MysqlServer) if each.role == "master")
    reading = Reading(Deployed(chirp.outputs, chirp.clients()), REGION)
    found = {each.id: each for each in database_server(master, made, reading)}
    assert found["database-master.instance"].expected.startswith("available, mysql, db.")
    assert found["database-master.instance"].actual.startswith("available, postgres, db.")
    callers = found["database-master.security-group"]
    assert (callers.expected, callers.actual) == (
        "tcp 3306 from chirp-app-servers",
        "tcp 5432 from chirp-app-servers",
    )
