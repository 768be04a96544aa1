"""AWS's quotas that a large design meets in a region, by the names under which AWS raises them.

Defaults of new accounts, each with the page that publishes it, read 2026-11-22 (ElastiCache's and SNS's
in copies of it). What a component alone meets, it says itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from groma import catalog
from groma.architecture import Architecture, Finding, Link
from groma.components.cache import Cache
from groma.components.global_database import GlobalDatabase
from groma.components.load_balancer import LoadBalancer
from groma.components.messaging import Topic
from groma.components.nat_gateway import NatGateway
from groma.components.server_group import ServerGroup

STANDARD = "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances"
STANDARD_VCPUS = 5
"""L-1216C47A; AWS raises it by itself as an account grows.
https://docs.aws.amazon.com/cli/latest/userguide/cli_service-quotas_code_examples.html shows the default."""
TARGETS = "Targets per Application Load Balancer"
TARGETS_PER_BALANCER = 1_000
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html"""
DATABASE_INSTANCES = {"ap-south-1": 20}
DATABASE_INSTANCES_ELSEWHERE = 40
"""https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Limits.html; RDS and Aurora together."""
CACHE_NODES = 300
"""L-DFE45DF3; https://docs.aws.amazon.com/general/latest/gr/elasticache-service.html"""
ELASTIC_IPS = 5
"""https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""
SLOWER = (
    "us-east-2", "us-west-1", "ap-south-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2",
    "ap-northeast-1", "eu-central-1",
)  # fmt: skip
PUBLISHED_PER_S = {
    "us-east-1": 30_000,
    "us-west-2": 9_000,
    "eu-west-1": 9_000,
    **dict.fromkeys(SLOWER, 1_500),
}
PUBLISHED_ELSEWHERE_PER_S = 300
"""L-F8E2BA85, to standard topics, each message of a batch counted; https://docs.aws.amazon.com/general/latest/gr/sns.html"""


def quota_findings(architecture: Architecture) -> Iterator[Finding]:
    """What one region asks of AWS, against what AWS gives a new account there."""
    groups = architecture.of_type(ServerGroup)
    vcpus = sum(g.size.max * catalog.instance_type(g.size.choice.name).vcpu for g in groups)
    region = architecture.region
    databases = sum(each.instances for each in architecture.of_type(GlobalDatabase))
    nodes = sum(each.size.nodes for each in architecture.of_type(Cache))
    addresses = len(architecture.of_type(NatGateway))
    given_databases = DATABASE_INSTANCES.get(region, DATABASE_INSTANCES_ELSEWHERE)
    published = PUBLISHED_PER_S.get(region, PUBLISHED_ELSEWHERE_PER_S)
    asked = (
        ("ec2-vcpus", STANDARD, vcpus, STANDARD_VCPUS, " vCPUs"),
        ("targets", TARGETS, _targets(architecture), TARGETS_PER_BALANCER, ""),
        ("databases", "DB instances", databases, given_databases, ""),
        ("cache-nodes", "Nodes per Region", nodes, CACHE_NODES, " cache nodes"),
        ("addresses", "EC2-VPC Elastic IPs", addresses, ELASTIC_IPS, ""),
        ("published", "Messages Published per Second", _published_per_s(architecture), published, ""),
    )  # fmt: skip
    for id_, quota, needed, given, unit in asked:
        yield _finding(region, id_, quota, needed, given, unit)


def _published_per_s(architecture: Architecture) -> int:
    """Messages to all topics, one for each request."""
    return round(sum(link.peak_per_s or 0 for link in architecture.links if _publishes(architecture, link)))


def _publishes(architecture: Architecture, link: Link) -> bool:
    return isinstance(architecture.component(link.target), Topic)


def _targets(architecture: Architecture) -> int:
    """Servers behind the largest load balancer, at the most that its group may grow to."""
    groups = {group.id: group.size.max for group in architecture.of_type(ServerGroup)}
    return max((groups.get(lb.group, 0) for lb in architecture.of_type(LoadBalancer)), default=0)


def _finding(region: str, id_: str, quota: str, needed: int, given: int, unit: str) -> Finding:
    return Finding(
        id=f"quota-{id_}",
        what=f'quota of {region}: "{quota}"',
        expected=f"at most {given:,}{unit} in a new account",
        actual=f"{needed:,}{unit}",
        ok=needed <= given,
        severity="warning",
        hint=f"ask AWS for {needed:,} before `groma up --target aws`",
    )
