"""A VPC that the embedded cloud has because a workload file says that it exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from groma.blueprints.network import region_with_zones, zone_count
from groma.live.embedded.guests import GUEST_TAG
from groma.live.networks import tag_filters
from groma.live.target import Clients
from groma.workload import Workload

CIDR, SUBNET = "10.111.0.0/16", "10.111.{}.0/20"
EVERYWHERE = "0.0.0.0/0"


def make_guest_network(workload: Workload, clients: Clients) -> str:
    """Let the embedded cloud have the VPC that the file says exists; what was done, empty when nothing.

    It has what its owner would have made: a public and a private subnet in each zone, an internet gateway and
    a NAT gateway. It is not the stack's: `down` leaves it, as it would on AWS, and it goes with the cloud.
    """
    stated = workload.network
    if not stated.exists:
        return ""
    region = region_with_zones(workload)
    ec2 = clients.client("ec2", region.name)
    filters = [{"Name": "vpc-id", "Values": [stated.vpc]}] if stated.vpc else tag_filters(stated.vpc_tags)
    if ec2.describe_vpcs(Filters=filters)["Vpcs"]:
        return ""
    vpc = ec2.create_vpc(CidrBlock=CIDR, TagSpecifications=_tags("vpc", stated.vpc, stated.vpc_tags))["Vpc"][
        "VpcId"
    ]
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": True}})
    zones = region.zones[: zone_count(workload)]
    public = _subnets(ec2, vpc, zones, 0, stated.public_subnets, stated.public_tags)
    private = _subnets(ec2, vpc, zones, 128, stated.private_subnets, stated.private_tags)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    _lead(ec2, vpc, public, {"GatewayId": gateway})
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=public[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    _lead(ec2, vpc, private, {"NatGatewayId": nat})
    return f"made the VPC {vpc} in the embedded cloud, since the file says it exists"


def _subnets(
    ec2: Any, vpc: str, zones: Sequence[str], first: int, ids: Sequence[str], tags: Mapping[str, str]
) -> list[str]:
    """A subnet in each zone, in their order."""
    made = []
    for number, zone in enumerate(zones):
        asked = _tags("subnet", ids[number] if ids else None, tags)
        range_ = SUBNET.format(first + 16 * number)
        found = ec2.create_subnet(VpcId=vpc, CidrBlock=range_, AvailabilityZone=zone, TagSpecifications=asked)
        made.append(str(found["Subnet"]["SubnetId"]))
    return made


def _lead(ec2: Any, vpc: str, subnets: Sequence[str], target: Mapping[str, str]) -> None:
    """Lead all that leaves the VPC from these subnets to a gateway."""
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=EVERYWHERE, **target)
    for subnet in subnets:
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)


def _tags(kind: str, id_: str | None, tags: Mapping[str, str]) -> list[dict[str, Any]]:
    """Its own tags, and the id that it is to have."""
    all_ = {**tags, **({GUEST_TAG: id_} if id_ else {})}
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in all_.items()]}]
