"""What several probes need first."""

from __future__ import annotations

from uuid import uuid4

from groma.live.embedded import Endpoints


def unique(prefix: str) -> str:
    """A name that no other probe uses."""
    return f"{prefix}-{uuid4().hex[:8]}"


def two_subnets(aws: Endpoints) -> tuple[str, list[str]]:
    """A VPC and two subnets, in us-east-1a and us-east-1b."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")
        for n, zone in enumerate("ab")
    ]
    return vpc, [subnet["Subnet"]["SubnetId"] for subnet in made]


def security_group(aws: Endpoints, vpc: str) -> str:
    """An empty security group."""
    name = unique("group")
    group: str = aws.client("ec2").create_security_group(GroupName=name, Description=name, VpcId=vpc)[
        "GroupId"
    ]
    return group
