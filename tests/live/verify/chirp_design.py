"""The stack that the tests verify: its workload, its architecture, and Terraform's outputs of it."""

from __future__ import annotations

from functools import cache

from groma.architecture import Architecture
from groma.blueprints import BLUEPRINTS
from groma.sizing.values import NO_WISH, Choice, Plan, Size
from groma.workload import parse
from groma.workload.demand import demand

ACCOUNT = "111122223333"
REGION = "us-east-1"
ZONES = ("us-east-1a", "us-east-1b")
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:chirp-alarms"
TICKETS = f"arn:aws:sns:{REGION}:{ACCOUNT}:chirp-tickets"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:chirp-database-a1b2c3"
VERSION = "01234567-89ab-cdef-0123-456789abcdef"
FLOW_LOG_GROUP = "/aws/vpc/chirp/flow-logs"
DISTRIBUTION = "E1"
BUCKET = "chirp-site-111122223333"
RELEASES = "chirp-artifact-111122223333-us-east-1"
MASTER, REPLICA = "chirp-database-master", "chirp-database-replica"

WORKLOAD = """
name: chirp
blueprint: three-tier
regions: [us-east-1]
alerts: ops@example.com
waf: off
users: {total: 50_000}
"""

OUTPUTS: dict[str, object] = {
    "vpc_id": "vpc-1",
    "internet_gateway_id": "igw-1",
    "public_subnet_ids": {"us-east-1a": "subnet-pub-a", "us-east-1b": "subnet-pub-b"},
    "private_subnet_ids": {"us-east-1a": "subnet-pri-a", "us-east-1b": "subnet-pri-b"},
    "nat_gateway_ids": {"us-east-1a": "nat-1"},
    "web_load_balancer_dns_name": "web.elb.amazonaws.com",
    "app_load_balancer_dns_name": "app.elb.amazonaws.com",
    "web_load_balancer_arn_suffix": "app/chirp-web/1",
    "app_load_balancer_arn_suffix": "app/chirp-app/1",
    "web_target_group_arn_suffix": "targetgroup/chirp-web/2",
    "app_target_group_arn_suffix": "targetgroup/chirp-app/2",
    "web_autoscaling_group_name": "chirp-web",
    "app_autoscaling_group_name": "chirp-app",
    "database_master_id": MASTER,
    "database_replica_id": REPLICA,
    "database_secret_arn": SECRET,
    "distribution_id": DISTRIBUTION,
    "site_bucket_name": BUCKET,
    "artifact_bucket_name": RELEASES,
    "dashboard_name": "chirp",
    "alarm_topic_arn": TOPIC,
    "ticket_topic_arn": TICKETS,
}


@cache
def architecture() -> Architecture:
    """The three-tier architecture, with sizes of the tests' own."""
    workload = parse(WORKLOAD)
    sizes = (
        _size("web", "m7g.large", 2, 6),
        _size("app", "c7g.xlarge", 2, 8),
        _size("database", "db.m7g.large", 1, 1),
    )
    return BLUEPRINTS["three-tier"].assemble(workload, demand(workload), Plan(sizes), NO_WISH)


def _size(tier: str, name: str, least: int, most: int) -> Size:
    choice = Choice(name, 2, 8.0, 1.0, 1.0, None, 0.1)
    return Size(tier, choice, least, least, most, float(least), 55, 0.4, 0.8, 100.0)
