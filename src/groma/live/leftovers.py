"""What of a stack is still in the cloud after it was taken down, by asking the cloud itself.

A thing belongs to the stack when it carries the stack's tag, or when it has a name or id that Terraform's
state held before the destroy. A name that merely begins like the stack's may be another stack's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

ENDED = frozenset({"terminated", "shutting-down", "deleted", "deleting", "PendingDeletion"})
IDENTIFYING = ("id", "name", "arn", "identifier", "bucket")


class Clients(Protocol):
    """Where boto3 clients come from."""

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client."""


@dataclass(frozen=True)
class Listing:
    """How the things of one kind are listed: client, operation, and where things and names stand."""

    kind: str
    service: str
    operation: str
    result: str
    name: str


LISTINGS = tuple(
    Listing(*(cell.strip() for cell in row.split("|")))
    for row in """
        VPC | ec2 | describe_vpcs | Vpcs | VpcId
        subnet | ec2 | describe_subnets | Subnets | SubnetId
        internet gateway | ec2 | describe_internet_gateways | InternetGateways | InternetGatewayId
        route table | ec2 | describe_route_tables | RouteTables | RouteTableId
        NAT gateway | ec2 | describe_nat_gateways | NatGateways | NatGatewayId
        address | ec2 | describe_addresses | Addresses | AllocationId
        endpoint | ec2 | describe_vpc_endpoints | VpcEndpoints | VpcEndpointId
        security group | ec2 | describe_security_groups | SecurityGroups | GroupId
        volume | ec2 | describe_volumes | Volumes | VolumeId
        flow log | ec2 | describe_flow_logs | FlowLogs | FlowLogId
        launch template | ec2 | describe_launch_templates | LaunchTemplates | LaunchTemplateId
        server group | autoscaling | describe_auto_scaling_groups | AutoScalingGroups | AutoScalingGroupName
        load balancer | elbv2 | describe_load_balancers | LoadBalancers | LoadBalancerArn
        target group | elbv2 | describe_target_groups | TargetGroups | TargetGroupArn
        database | rds | describe_db_instances | DBInstances | DBInstanceIdentifier
        subnet group | rds | describe_db_subnet_groups | DBSubnetGroups | DBSubnetGroupName
        parameter group | rds | describe_db_parameter_groups | DBParameterGroups | DBParameterGroupName
        secret | secretsmanager | list_secrets | SecretList | ARN
        bucket | s3 | list_buckets | Buckets | Name
        distribution | cloudfront | list_distributions | DistributionList.Items | Id
        topic | sns | list_topics | Topics | TopicArn
        alarm | cloudwatch | describe_alarms | MetricAlarms | AlarmName
        dashboard | cloudwatch | list_dashboards | DashboardEntries | DashboardName
        log group | logs | describe_log_groups | logGroups | logGroupName
        key alias | kms | list_aliases | Aliases | AliasName
        role | iam | list_roles | Roles | RoleName
        instance profile | iam | list_instance_profiles | InstanceProfiles | InstanceProfileName
    """.strip().splitlines()
)


def leftovers(stack: str, names: Collection[str], region: str, clients: Clients) -> tuple[str, ...]:
    """The kinds and names of everything that still belongs to a stack, instances included.

    Args:
        stack: the value of the Stack tag.
        names: names and ids from Terraform's state before the destroy, see `names_in`.
        region: where the stack stood.
        clients: how the cloud is asked.
    """
    known = frozenset(names)
    with ThreadPoolExecutor(8) as pool:
        listed = pool.map(lambda listing: list(_listed(listing, stack, known, region, clients)), LISTINGS)
        found = {name for names_of_kind in listed for name in names_of_kind}
    return tuple(sorted(found | set(_instances(stack, clients.client("ec2", region)))))


def names_in(state: dict[str, Any]) -> frozenset[str]:
    """The names, ids and ARNs of all managed resources in a state as `terraform show -json` describes it."""
    return frozenset(_names_of(state.get("values", {}).get("root_module", {})))


def _names_of(module: dict[str, Any]) -> Iterator[str]:
    for resource in module.get("resources", ()):
        if resource.get("mode") == "managed":
            values = resource.get("values", {})
            yield from (values[key] for key in IDENTIFYING if isinstance(values.get(key), str))
    for child in module.get("child_modules", ()):
        yield from _names_of(child)


def _listed(
    listing: Listing, stack: str, names: frozenset[str], region: str, clients: Clients
) -> Iterator[str]:
    client = clients.client(listing.service, region)
    for thing in _all_pages(client, listing.operation, listing.result):
        if _has_ended(thing):
            continue
        if _has_tag(thing, stack) or thing[listing.name] in names:
            yield f"{listing.kind} {thing[listing.name]}"


def _has_ended(thing: dict[str, Any]) -> bool:
    """Whether a thing is only still listed. Some services give a state as a word, some as an object."""
    state = thing.get("State")
    return (isinstance(state, str) and state in ENDED) or "DeletedDate" in thing


def _instances(stack: str, ec2: Any) -> Iterator[str]:
    for reservation in _all_pages(ec2, "describe_instances", "Reservations"):
        for instance in reservation["Instances"]:
            if instance["State"]["Name"] not in ENDED and _has_tag(instance, stack):
                yield f"instance {instance['InstanceId']}"


def _all_pages(client: Any, operation: str, result: str) -> Iterator[dict[str, Any]]:
    if client.can_paginate(operation):
        pages: Iterable[dict[str, Any]] = client.get_paginator(operation).paginate()
    else:
        pages = [getattr(client, operation)()]
    for page in pages:
        things: Any = page
        for part in result.split("."):
            things = things.get(part) or {}
        yield from things


def _has_tag(thing: dict[str, Any], stack: str) -> bool:
    tags: Iterable[dict[str, str]] = thing.get("Tags") or ()
    return any(tag.get("Key") == "Stack" and tag.get("Value") == stack for tag in tags)
