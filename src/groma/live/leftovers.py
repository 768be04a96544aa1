"""What of a stack is still in the cloud after it was taken down, by asking the cloud itself.

A thing belongs to the stack when it carries the stack's tag, or when it has a name or id that Terraform's
state held before the destroy. A name that merely begins like the stack's may be another stack's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from groma.live.target import Clients

ENDED = frozenset({"terminated", "shutting-down", "deleted", "deleting", "pendingdeletion"})
IDENTIFYING = ("id", "name", "arn", "identifier", "bucket", "uuid", "url")
"""What a resource is known by; not `zone_id`, which of a record is that of a zone that may be anybody's."""
GLOBAL_REGION = "us-east-1"

Reach = Literal["", "global", "edge"]
"""Where a kind is listed: in each region, in none of them, or in each region and also for CloudFront."""


@dataclass(frozen=True)
class Listing:
    """How the things of one kind are listed: client, operation, and where things and names stand.

    `name` is empty where the operation lists bare names; `arguments` are those that it needs.
    """

    kind: str
    service: str
    operation: str
    result: str
    name: str
    reach: Reach = ""
    arguments: Mapping[str, str | int] = field(default_factory=dict)

    def regions(self, stack_regions: Sequence[str]) -> tuple[str, ...]:
        """Where to ask for a stack of these regions."""
        own = () if self.reach == "global" else tuple(stack_regions)
        return tuple(dict.fromkeys((*own, *((GLOBAL_REGION,) if self.reach else ()))))


def _listing(row: str) -> Listing:
    kind, service, operation, result, name, *more = (cell.strip() for cell in row.split("|"))
    reach = cast(Reach, more[0] if more else "")
    pairs = (pair.split("=") for pair in (more[1].split() if more[1:] else ()))
    arguments = {key: int(value) if value.isdigit() else value for key, value in pairs}
    return Listing(kind, service, operation, result, name, reach, arguments)


LISTINGS = tuple(
    _listing(row)
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
        database cluster | rds | describe_db_clusters | DBClusters | DBClusterIdentifier
        global database | rds | describe_global_clusters | GlobalClusters | GlobalClusterIdentifier
        subnet group | rds | describe_db_subnet_groups | DBSubnetGroups | DBSubnetGroupName
        parameter group | rds | describe_db_parameter_groups | DBParameterGroups | DBParameterGroupName
        cluster parameter group | rds | describe_db_cluster_parameter_groups | DBClusterParameterGroups \
            | DBClusterParameterGroupName
        cache | elasticache | describe_replication_groups | ReplicationGroups | ReplicationGroupId
        cache subnet group | elasticache | describe_cache_subnet_groups | CacheSubnetGroups \
            | CacheSubnetGroupName
        cache user | elasticache | describe_users | Users | UserId
        cache user group | elasticache | describe_user_groups | UserGroups | UserGroupId
        table | dynamodb | list_tables | TableNames |
        queue | sqs | list_queues | QueueUrls |
        function | lambda | list_functions | Functions | FunctionName
        event source mapping | lambda | list_event_source_mappings | EventSourceMappings | UUID
        user pool | cognito-idp | list_user_pools | UserPools | Id | | MaxResults=60
        API | apigatewayv2 | get_apis | Items | ApiId
        REST API | apigateway | get_rest_apis | items | id
        event rule | events | list_rules | Rules | Name
        schedule | scheduler | list_schedules | Schedules | Name
        certificate | acm | list_certificates | CertificateSummaryList | CertificateArn | edge
        web ACL | wafv2 | list_web_acls | WebACLs | ARN | | Scope=REGIONAL
        web ACL | wafv2 | list_web_acls | WebACLs | ARN | global | Scope=CLOUDFRONT
        secret | secretsmanager | list_secrets | SecretList | ARN
        bucket | s3 | list_buckets | Buckets | Name | global
        distribution | cloudfront | list_distributions | DistributionList.Items | Id | global
        origin access control | cloudfront | list_origin_access_controls | OriginAccessControlList.Items \
            | Id | global
        hosted zone | route53 | list_hosted_zones | HostedZones | Id | global
        health check | route53 | list_health_checks | HealthChecks | Id | global
        topic | sns | list_topics | Topics | TopicArn
        alarm | cloudwatch | describe_alarms | MetricAlarms | AlarmName
        dashboard | cloudwatch | list_dashboards | DashboardEntries | DashboardName
        log group | logs | describe_log_groups | logGroups | logGroupName
        key alias | kms | list_aliases | Aliases | AliasName
        role | iam | list_roles | Roles | RoleName | global
        instance profile | iam | list_instance_profiles | InstanceProfiles | InstanceProfileName | global
    """.replace("\\\n", "")
    .strip()
    .splitlines()
)


def leftovers(
    stack: str, names: Collection[str], regions: Sequence[str], clients: Clients
) -> tuple[str, ...]:
    """The kinds and names of everything that still belongs to a stack, instances included.

    Args:
        stack: the value of the Stack tag.
        names: names and ids from Terraform's state before the destroy, see `names_in`.
        regions: where the stack stood, the home region first; things of the others are given with theirs.
        clients: how the cloud is asked.
    """
    known = frozenset(names)
    asked = [(listing, region) for listing in LISTINGS for region in listing.regions(regions)]
    with ThreadPoolExecutor(8) as pool:
        listed = list(pool.map(lambda ask: list(_listed(ask[0], ask[1], stack, known, clients)), asked))
    found = {
        _placed(name, region, listing.reach, regions[0])
        for (listing, region), names_found in zip(asked, listed, strict=True)
        for name in names_found
    }
    instances = {
        _placed(name, region, "", regions[0])
        for region in regions
        for name in _instances(stack, clients.client("ec2", region))
    }
    return tuple(sorted(found | instances))


def _placed(name: str, region: str, reach: Reach, home: str) -> str:
    return name if reach == "global" or region == home else f"{name} in {region}"


def names_in(state: Mapping[str, Any]) -> frozenset[str]:
    """The names, ids and ARNs of all managed resources in a state, as Terraform keeps it.

    "default" is left out: a VPC's default security group, which Terraform adopts, has the name of things
    that every account has.
    """
    managed = [resource for resource in state.get("resources", ()) if resource["mode"] == "managed"]
    known = [instance.get("attributes") or {} for resource in managed for instance in resource["instances"]]
    found = (attributes.get(key) for attributes in known for key in IDENTIFYING)
    return frozenset(name for name in found if isinstance(name, str) and name != "default")


def _listed(
    listing: Listing, region: str, stack: str, names: frozenset[str], clients: Clients
) -> Iterator[str]:
    client = clients.client(listing.service, region)
    for thing in _all_pages(client, listing):
        name = str(thing[listing.name] if listing.name else thing).removeprefix("/hostedzone/")
        known = thing if listing.name else {}
        if (name in names or _has_tag(known, stack)) and not _has_ended(known):
            yield f"{listing.kind} {name}"


def _has_ended(thing: dict[str, Any]) -> bool:
    """Whether a thing is only still listed. Some services give a state as a word, some as an object."""
    states = (thing.get("State"), thing.get("Status"))
    return any(isinstance(s, str) and s.lower() in ENDED for s in states) or "DeletedDate" in thing


def _instances(stack: str, ec2: Any) -> Iterator[str]:
    listing = Listing("instance", "ec2", "describe_instances", "Reservations", "")
    for reservation in _all_pages(ec2, listing):
        for instance in reservation["Instances"]:
            if instance["State"]["Name"] not in ENDED and _has_tag(instance, stack):
                yield f"instance {instance['InstanceId']}"


def _all_pages(client: Any, listing: Listing) -> Iterator[Any]:
    if client.can_paginate(listing.operation):
        pages: Iterable[dict[str, Any]] = client.get_paginator(listing.operation).paginate(
            **listing.arguments
        )
    else:
        pages = [getattr(client, listing.operation)(**listing.arguments)]
    for page in pages:
        things: Any = page
        for part in listing.result.split("."):
            things = things.get(part) or {}
        yield from things


def _has_tag(thing: dict[str, Any], stack: str) -> bool:
    """Whether a thing carries the stack's tag. Services give tags as a list or as an object, or none."""
    tags: Any = thing.get("Tags") or thing.get("TagList") or thing.get("tags") or ()
    if isinstance(tags, dict):
        return bool(tags.get("Stack") == stack)
    return any(tag.get("Key") == "Stack" and tag.get("Value") == stack for tag in tags)
