"""A VPC that a file says exists: found by ids or tags, and told where it is not as the file says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from groma.errors import WorkloadError
from groma.live.guest_network import make_guest_network
from groma.live.networks import existing_network
from groma.live.preflight.networks import networks
from groma.workload import Workload, parse

TEXT = "name: chirp\nblueprint: three-tier\nusers: {total: 50_000}\nnetwork:\n"


@dataclass(frozen=True)
class Ec2:
    """An account by its one client of EC2, which takes long to be made."""

    api: Any

    def client(self, service: str, region: str | None = None) -> Any:
        assert (service, region) == ("ec2", "us-east-1")
        return self.api

    def vpc(self, name: str) -> str:
        tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": name}]}]
        return str(self.api.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=tags)["Vpc"]["VpcId"])

    def subnet(self, vpc: str, number: int, zone: str, tier: str) -> str:
        tags = [{"ResourceType": "subnet", "Tags": [{"Key": "tier", "Value": tier}]}]
        found = self.api.create_subnet(
            VpcId=vpc,
            CidrBlock=f"10.9.{number}.0/24",
            AvailabilityZone=f"us-east-1{zone}",
            TagSpecifications=tags,
        )
        return str(found["Subnet"]["SubnetId"])


@pytest.fixture(scope="module")
def aws() -> Iterator[Ec2]:
    with mock_aws():
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        yield Ec2(boto3.client("ec2", region_name="us-east-1", **keys))


def workload(network: str) -> Workload:
    return parse(TEXT + network, source="groma.yaml")


def by_tags(name: str) -> str:
    return (
        f"  vpc_tags: {{Name: {name}}}\n  public_tags: {{tier: public}}\n  private_tags: {{tier: private}}\n"
    )


def by_ids(vpc: str, public: list[str], private: list[str]) -> str:
    return (
        f"  vpc: {vpc}\n  public_subnets: [{', '.join(public)}]\n  private_subnets: [{', '.join(private)}]\n"
    )


def refused(aws: Ec2, network: str) -> WorkloadError:
    with pytest.raises(WorkloadError) as caught:
        existing_network(workload(network), aws)
    return caught.value


def test_of_a_vpc_that_is_to_be_made_nothing_is_asked(aws: Ec2) -> None:
    assert existing_network(workload("  zones: 3\n"), aws) == ""
    assert not list(networks(aws, workload("  zones: 3\n")))


def test_it_is_found_by_ids_and_by_tags(aws: Ec2) -> None:
    vpc = aws.vpc("vpc2")
    public = [aws.subnet(vpc, number, zone, "public") for number, zone in enumerate("ab")]
    private = [aws.subnet(vpc, 8 + number, zone, "private") for number, zone in enumerate("ab")]
    assert existing_network(workload(by_ids(vpc, public, private)), aws) == vpc
    assert existing_network(workload(by_tags("vpc2")), aws) == vpc
    (look,) = networks(aws, workload(by_tags("vpc2")))
    assert (look.outcome, look.found) == ("ok", f"{vpc}, with its subnets")
    swapped = refused(aws, by_ids(vpc, public[::-1], private))
    assert swapped.where == "groma.yaml:6: network.public_subnets"
    assert "stands for us-east-1a, us-east-1b in this order" in swapped.what
    assert "`availability_zones: [us-east-1b, us-east-1a]`" in swapped.hint
    aws.subnet(vpc, 20, "a", "public")
    assert "2 subnets tagged tier=public lie in us-east-1a" in refused(aws, by_tags("vpc2")).what


def test_subnets_that_all_lie_in_one_zone_are_refused(aws: Ec2) -> None:
    vpc = aws.vpc("vpc3")
    public = [aws.subnet(vpc, number, "a", "public") for number in range(2)]
    private = [aws.subnet(vpc, 8 + number, zone, "private") for number, zone in enumerate("ab")]
    by_id = refused(aws, by_ids(vpc, public, private))
    assert by_id.what == "all of these subnets lie in us-east-1a, which may be lost"
    assert "take subnets of two zones or more" in by_id.hint
    assert f"{private[1]} in us-east-1b" in by_id.hint
    by_tag = refused(aws, by_tags("vpc3"))
    assert (by_tag.what, by_tag.where) == (by_id.what, "groma.yaml:6: network.public_tags")


def test_ids_and_tags_that_nothing_has_are_named(aws: Ec2) -> None:
    unknown = refused(
        aws,
        by_ids(
            "vpc-0123abcd", ["subnet-0a000001", "subnet-0a000002"], ["subnet-0b000001", "subnet-0b000002"]
        ),
    )
    assert str(unknown).startswith(
        "groma.yaml:5: network.vpc: the account has no VPC vpc-0123abcd in us-east-1"
    )
    assert "leave `network.vpc` out" in unknown.hint
    vpc = aws.vpc("vpc4")
    there = aws.subnet(vpc, 0, "a", "public")
    lacking = refused(aws, by_ids(vpc, [there, "subnet-0a000002"], ["subnet-0b000001", "subnet-0b000002"]))
    assert (lacking.what, lacking.hint) == (f"{vpc} has no subnet-0a000002", f"it has {there} in us-east-1a")
    (look,) = networks(aws, workload(by_tags("vpc4").replace("tier: private", "tier: inner")))
    assert (look.outcome, look.found) == (
        "will fail",
        "all of these subnets lie in us-east-1a, which may be lost",
    )
    assert "no subnet of" in refused(aws, by_tags("vpc4").replace("tier: public", "tier: outer")).what
    aws.vpc("vpc4")
    assert refused(aws, by_tags("vpc4")).what == "2 VPCs are tagged Name=vpc4"


def test_the_embedded_cloud_is_given_one_once(aws: Ec2) -> None:
    """Of the ids the embedded cloud's own correction makes what the file says, as its probe shows."""
    assert make_guest_network(workload("  zones: 3\n"), aws) == ""
    assert make_guest_network(workload(by_tags("vpc5")), aws).startswith("made the VPC vpc-")
    assert make_guest_network(workload(by_tags("vpc5")), aws) == ""
    vpc = existing_network(workload(by_tags("vpc5")), aws)
    tables = aws.api.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    ways = [
        route for table in tables for route in table["Routes"] if route["DestinationCidrBlock"] == "0.0.0.0/0"
    ]
    assert sorted(key for way in ways for key in way if key in ("GatewayId", "NatGatewayId")) == [
        "GatewayId",
        "NatGatewayId",
    ]
