"""What of a stack is still in the cloud after it was taken down. Terraform's state is not asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

ENDED = frozenset({"terminated", "shutting-down", "deleted", "deleting", "PendingDeletion"})


class Clients(Protocol):
    """Where boto3 clients come from."""

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client."""


@dataclass(frozen=True)
class Listing:
    """How the things of one kind are listed: the client, its operation, and where the names stand.

    `tagged` says that things are known by their Stack tag rather than by the beginning of their name.
    """

    kind: str
    service: str
    operation: str
    result: str
    name: str
    tagged: bool = False


LISTINGS = (
    Listing("VPC", "ec2", "describe_vpcs", "Vpcs", "VpcId", tagged=True),
    Listing("subnet", "ec2", "describe_subnets", "Subnets", "SubnetId", tagged=True),
    Listing("NAT gateway", "ec2", "describe_nat_gateways", "NatGateways", "NatGatewayId", tagged=True),
    Listing("address", "ec2", "describe_addresses", "Addresses", "AllocationId", tagged=True),
    Listing("security group", "ec2", "describe_security_groups", "SecurityGroups", "GroupId", tagged=True),
    Listing("volume", "ec2", "describe_volumes", "Volumes", "VolumeId", tagged=True),
    Listing("launch template", "ec2", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateName"),
    Listing(
        "auto-scaling group", "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups",
        "AutoScalingGroupName",
    ),
    Listing("load balancer", "elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    Listing("target group", "elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName"),
    Listing("database", "rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
    Listing("bucket", "s3", "list_buckets", "Buckets", "Name"),
    Listing("alarm", "cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    Listing("dashboard", "cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    Listing("role", "iam", "list_roles", "Roles", "RoleName"),
    Listing("instance profile", "iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
)  # fmt: skip


def leftovers(stack: str, region: str, clients: Clients) -> tuple[str, ...]:
    """The kinds and names of everything that still belongs to a stack, instances included."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda listing: list(_listed(listing, stack, region, clients)), LISTINGS))
        instances = pool.submit(lambda: list(_instances(stack, clients.client("ec2", region)))).result()
    return tuple(sorted({name for names in [*found, instances] for name in names}))


def _listed(listing: Listing, stack: str, region: str, clients: Clients) -> Iterator[str]:
    client = clients.client(listing.service, region)
    for thing in _all_pages(client, listing.operation, listing.result):
        if thing.get("State") in ENDED:
            continue
        if _has_tag(thing, stack) if listing.tagged else _is_named(thing[listing.name], stack):
            yield f"{listing.kind} {thing[listing.name]}"


def _instances(stack: str, ec2: Any) -> Iterator[str]:
    for reservation in _all_pages(ec2, "describe_instances", "Reservations"):
        for instance in reservation["Instances"]:
            if instance["State"]["Name"] not in ENDED and _has_tag(instance, stack):
                yield f"instance {instance['InstanceId']}"


def _all_pages(client: Any, operation: str, result: str) -> Iterator[dict[str, Any]]:
    if client.can_paginate(operation):
        for page in client.get_paginator(operation).paginate():
            yield from page.get(result, [])
    else:
        yield from getattr(client, operation)().get(result, [])


def _has_tag(thing: dict[str, Any], stack: str) -> bool:
    tags: Iterable[dict[str, str]] = thing.get("Tags") or ()
    return any(tag["Key"] == "Stack" and tag["Value"] == stack for tag in tags)


def _is_named(name: str, stack: str) -> bool:
    return name == stack or name.startswith(f"{stack}-")
