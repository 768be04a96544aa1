"""A three-tier architecture of small components, for the tests of the diagram."""

from __future__ import annotations

from dataclasses import dataclass

from groma.architecture import Architecture, Component, Lane, Link, Place
from groma.diagram import TitleBlock

TITLE = TitleBlock("chirp", "Ada Example", "2025-11-22", "three-tier", "us-east-1", 3214.0, 312.0)


@dataclass(frozen=True, kw_only=True)
class Part(Component):
    """A component that is whatever a test says."""

    name: str
    kind: str = "part"  # type: ignore[misc]
    service: str = ""  # type: ignore[misc]
    icon: str = "general/general"  # type: ignore[misc]
    lane: Lane = "application"  # type: ignore[misc]
    one_per_place: bool = False  # type: ignore[misc]
    parameters: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.name

    @property
    def details(self) -> tuple[str, ...]:
        return self.parameters


PLACES = (
    Place("world", "world", "Internet"),
    Place("cloud", "cloud", "AWS Cloud"),
    Place("region", "region", "us-east-1", "cloud"),
    Place("vpc", "vpc", "chirp", "region", "10.0.0.0/16"),
    Place("zone-a", "zone", "us-east-1a", "vpc"),
    Place("zone-b", "zone", "us-east-1b", "vpc"),
    Place("public-a", "public-subnet", "", "zone-a", "10.0.0.0/20", "default route → internet gateway"),
    Place("private-a", "private-subnet", "", "zone-a", "10.0.32.0/20", "default route → NAT gateway"),
    Place("public-b", "public-subnet", "", "zone-b", "10.0.16.0/20", "default route → internet gateway"),
    Place("private-b", "private-subnet", "", "zone-b", "10.0.48.0/20", "default route → NAT gateway"),
)


def part(
    id_: str, lane: Lane, places: str, name: str, service: str, icon: str, *details: str, many: bool = False
) -> Part:
    return Part(
        id=id_,
        places=tuple(places.split()),
        name=name,
        service=service,
        icon=icon,
        lane=lane,
        one_per_place=many,
        parameters=details,
    )


ALB, ALB_ICON = "Application Load Balancer", "network/elb-application-load-balancer"
GROUP, EC2 = "Amazon EC2 Auto Scaling", "compute/ec2"
RDS, RDS_ICON = "Amazon RDS for PostgreSQL", "database/rds-postgresql-instance"
WATCH_ICON, LOGS_ICON = "management/cloudwatch", "network/vpc-flow-logs"
S3_ICON = "storage/simple-storage-service-s3"
SNS_ICON = "integration/simple-notification-service-sns"
KEY_ICON, SECRET_ICON = "security/key-management-service", "security/secrets-manager"
PUBLIC, PRIVATE = "public-a public-b", "private-a private-b"
WEB = ("2–6 × m7g.large", "gp3 20 GB", "target 50 % CPU")
APP = ("2–8 × c7g.xlarge", "gp3 20 GB", "target 50 % CPU")
DATABASE = ("db.m7g.large", "gp3 100 GB")

OUTSIDE = (
    part("users", "users", "world", "Users", "people", "general/users", "50,000 users", "20,000 a day"),
    part("client", "users", "world", "Client machines", "browsers and apps", "general/client"),
    part("cdn", "edge", "cloud", "CloudFront", "Amazon CloudFront", "network/cloudfront", "HTTPS · TLS 1.2"),
    part("site", "edge", "cloud", "S3 bucket", "Amazon S3", S3_ICON, "site and pictures", "120 GB"),
)
INSIDE = (
    part("igw", "public", "vpc", "Internet gateway", "Internet gateway", "network/internet-gateway"),
    part("nat", "public", "public-a", "NAT gateway", "NAT gateway", "network/nat-gateway", "1 Elastic IP"),
    part("web-lb", "public", PUBLIC, "web load balancer", ALB, ALB_ICON, "HTTP 80", "internet-facing"),
    part("web", "public", PUBLIC, "web servers", GROUP, EC2, *WEB, many=True),
    part("app-lb", "application", PRIVATE, "app load balancer", ALB, ALB_ICON, "HTTP 8080", "internal"),
    part("app", "application", PRIVATE, "app servers", GROUP, EC2, *APP, many=True),
    part("database-master", "data", "private-a", "Database master", RDS, RDS_ICON, *DATABASE),
    part("database-replica", "data", "private-b", "Read replica", RDS, RDS_ICON, *DATABASE),
)
OPERATIONS = (
    part(
        "alarms",
        "operations",
        "region",
        "CloudWatch",
        "Amazon CloudWatch",
        "management/cloudwatch",
        "32 alarms",
    ),
    part("mail", "operations", "region", "SNS topic", "Amazon SNS", SNS_ICON, "ops@example.com"),
    part(
        "flow-logs", "operations", "vpc", "VPC flow logs", "VPC Flow Logs", "network/vpc-flow-logs", "14 days"
    ),
    part("key", "operations", "region", "KMS key", "AWS KMS", KEY_ICON, "rotated yearly"),
    part("secret", "operations", "region", "Secrets Manager", "AWS Secrets Manager", SECRET_ICON, "password"),
    part("budget", "operations", "region", "Budget", "AWS Budgets", "cost/budgets", "$10,000 a month"),
)
COMPONENTS = (*OUTSIDE, *INSIDE, *OPERATIONS)

LINKS = (
    Link("users", "client", "uses"),
    Link("client", "cdn", "HTTPS", peak_per_s=420),
    Link("cdn", "site", "HTTPS (OAC)", peak_per_s=330),
    Link("cdn", "igw", "HTTP", peak_per_s=83),
    Link("igw", "web-lb", "HTTP", peak_per_s=83),
    Link("web-lb", "web", "HTTP", peak_per_s=83),
    Link("web", "app-lb", "HTTP", peak_per_s=83),
    Link("app-lb", "app", "HTTP", peak_per_s=83),
    Link("app", "database-master", "SQL writes", peak_per_s=9),
    Link("app", "database-replica", "SQL reads", peak_per_s=400),
    Link("database-master", "database-replica", "WAL replication", "replication"),
    Link("app", "nat", "egress", "egress"),
    Link("nat", "igw", "egress", "egress"),
    Link("web", "alarms", "metrics", "control"),
    Link("app", "alarms", "metrics", "control"),
    Link("alarms", "mail", "alarms", "control"),
    Link("mail", "users", "e-mail", "control"),
)


def three_tier(**changes: object) -> Architecture:
    """The sample, with parts of it exchanged."""
    values: dict[str, object] = {
        "name": "chirp", "owner": "Ada Example", "dated": "2025-11-22", "blueprint": "three-tier",
        "alerts": "ops@example.com", "region": "us-east-1",
        "places": PLACES, "components": COMPONENTS, "links": LINKS,
    }  # fmt: skip
    return Architecture(**{**values, **changes})  # type: ignore[arg-type]
