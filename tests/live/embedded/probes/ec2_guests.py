from __future__ import annotations

from groma.live.embedded import Endpoints
from groma.live.embedded.guests import GUEST_TAG


def network_of_ids(aws: Endpoints) -> None:
    """What is made as a guest has the id of its tag; what is made otherwise an id of its own."""
    ec2, vpc, subnet = aws.client("ec2"), "vpc-0a1b2c3d4e5f60718", "subnet-0a1b2c3d"

    def tagged(kind: str, value: str) -> list[dict[str, object]]:
        return [{"ResourceType": kind, "Tags": [{"Key": GUEST_TAG, "Value": value}]}]

    made = ec2.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=tagged("vpc", vpc))["Vpc"]
    assert made["VpcId"] == vpc
    inside = ec2.create_subnet(
        VpcId=vpc, CidrBlock="10.9.0.0/20", TagSpecifications=tagged("subnet", subnet)
    )["Subnet"]
    assert inside["SubnetId"] == subnet
    group = "sg-0a1b2c3d4e5f60718"
    asked = {"Description": "of a guest", "TagSpecifications": tagged("security-group", group)}
    assert ec2.create_security_group(GroupName="guest", VpcId=vpc, **asked)["GroupId"] == group
    drawn = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.16.0/20")["Subnet"]["SubnetId"]
    assert drawn not in ("", subnet)
    assert ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"] != vpc
