"""AWS's quotas that a large design meets in a region, by the names under which AWS raises them.

Defaults of new accounts, from AWS's General Reference (service quotas of EC2, Elastic Load Balancing, RDS,
ElastiCache and SNS), read 2026-11-22. What a component alone meets, it says itself.
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
TARGETS = "Targets per Application Load Balancer"
TARGETS_PER_BALANCER = 1_000
DATABASE_INSTANCES = 40
CACHE_NODES = 300
ELASTIC_IPS = 5
PUBLISHED_PER_S = {"us-east-1": 30_000, "us-west-2": 9_000, "eu-west-1": 9_000}


def quota_findings(architecture: Architecture) -> Iterator[Finding]:
    """What one region asks of AWS, against what AWS gives a new account there."""
    groups = architecture.of_type(ServerGroup)
    vcpus = sum(g.size.max * catalog.instance_type(g.size.choice.name).vcpu for g in groups)
    databases = sum(each.instances for each in architecture.of_type(GlobalDatabase))
    nodes = sum(each.size.nodes for each in architecture.of_type(Cache))
    addresses = len(architecture.of_type(NatGateway))
    asked = (
        ("ec2-vcpus", STANDARD, vcpus, STANDARD_VCPUS, " vCPUs"),
        ("targets", TARGETS, _targets(architecture), TARGETS_PER_BALANCER, ""),
        ("databases", "DB instances", databases, DATABASE_INSTANCES, ""),
        ("cache-nodes", "Nodes per Region", nodes, CACHE_NODES, " cache nodes"),
        ("addresses", "EC2-VPC Elastic IPs", addresses, ELASTIC_IPS, ""),
    )  # fmt: skip
    for id_, quota, needed, given, unit in asked:
        yield _finding(architecture.region, id_, quota, needed, given, unit)
    published = PUBLISHED_PER_S.get(architecture.region)
    if published is not None:
        per_s = round(
            sum(link.peak_per_s or 0 for link in architecture.links if _publishes(architecture, link))
        )
        quota = "Messages Published per Second"
        yield _finding(architecture.region, "published", quota, per_s, published, "")


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
