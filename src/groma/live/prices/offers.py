"""Which products of AWS's price list are which figures of the catalog.

The list is split into offers, one file each. SKUs change between publications, so products are told by their
attributes. A product becomes either a `Machine`, which is paid by the hour in several ways, or a `Unit`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from groma import catalog

Attributes = Mapping[str, str]
PREFIX = re.compile(r"^(?:EU|[A-Z]{2,3}\d)-")
"""What usage types of a region begin with: nothing or `USE1-`, `USW2-`, `EU-`, `APS1-` …"""


@dataclass(frozen=True)
class Machine:
    """Paid by the hour: where each purchase goes, as purchase → (table, key) of the catalog.

    `upfront_3y` says that the three-year price is that of partial upfront, spread over the term.
    """

    places: Mapping[str, tuple[str, str]]
    upfront_3y: bool = False


@dataclass(frozen=True)
class Unit:
    """Paid by quantity: service, key and unit of the catalog."""

    service: str
    key: str
    unit: str


Figure = Machine | Unit


@dataclass(frozen=True)
class Offer:
    """One file of the price list.

    Attributes:
        code: AWS's name of it.
        select: tells which figure a product is, from its family, its usage type without the region's
            prefix, and its attributes; None for the many that the catalog does not have.
        required: units (`service/key`) or tables of which the file must have something; otherwise its
            layout is not the one known here.
        everywhere: whether its prices are the same in all regions and only in the global file.
    """

    code: str
    select: Callable[[str, str, Attributes], Figure | None]
    required: tuple[str, ...]
    everywhere: bool = False


def usage_type(attributes: Attributes) -> str:
    """A product's usage type without the region's prefix."""
    return PREFIX.sub("", attributes.get("usagetype", ""), count=1)


def _by_usage(units: Mapping[str, tuple[str, str]]) -> Callable[[str, str, Attributes], Figure | None]:
    def select(family: str, usage: str, attributes: Attributes) -> Figure | None:
        return _unit(*units[usage]) if usage in units else None

    return select


def _unit(service: str, key: str) -> Unit:
    return Unit(service, key, next(u for s, k, u in catalog.unit_keys() if (s, k) == (service, key)))


@cache
def _known_types() -> frozenset[str]:
    return frozenset(machine.name for machine in catalog.instance_types())


EC2_UNITS = {
    "EBS:VolumeUsage.gp3": ("ebs", "gp3_storage"),
    "EBS:VolumeP-IOPS.gp3": ("ebs", "gp3_iops_over_3000"),
    "EBS:VolumeP-Throughput.gp3": ("ebs", "gp3_throughput_over_125"),
    "NatGateway-Hours": ("natgateway", "hour"),
    "NatGateway-Bytes": ("natgateway", "gb_processed"),
}
EC2_ATTRIBUTES = {
    "operatingSystem": "Linux",
    "tenancy": "Shared",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
    "licenseModel": "No License required",
}


def _ec2(family: str, usage: str, attributes: Attributes) -> Figure | None:
    if usage in EC2_UNITS:
        return _unit(*EC2_UNITS[usage])
    name = attributes.get("instanceType", "")
    if family != "Compute Instance" or usage != f"BoxUsage:{name}" or name not in _known_types():
        return None
    if any(attributes.get(key) != value for key, value in EC2_ATTRIBUTES.items()):
        return None
    terms = ("reserved-1y", "reserved-3y")
    return Machine(
        {"on-demand": ("ec2_on_demand", name), **{t: ("ec2_reserved", f"{t}/{name}") for t in terms}}
    )


def _load_balancer(family: str, usage: str, attributes: Attributes) -> Figure | None:
    keys = {"LoadBalancerUsage": "alb_hour", "LCUUsage": "alb_lcu_hour"}
    if family != "Load Balancer-Application" or usage not in keys:
        return None
    return _unit("elb", keys[usage])


RDS_UNITS = {
    "RDS:GP3-Storage": ("rds", "storage_gp3_single"),
    "RDS:Multi-AZ-GP3-Storage": ("rds", "storage_gp3_multi"),
    "RDS:ChargedBackupUsage": ("rds", "backup_over_free"),
}
RDS_ENGINES = {"PostgreSQL": "postgres", "MySQL": "mysql"}
AURORA_ENGINES = ("Aurora PostgreSQL", "Aurora MySQL")


def _rds(family: str, usage: str, attributes: Attributes) -> Figure | None:
    """The class is read from its attribute: usage types shorten it (`db.r6g.xl`)."""
    engine, name = attributes.get("databaseEngine", ""), attributes.get("instanceType", "")
    if usage in RDS_UNITS and engine in (*RDS_ENGINES, "Any"):
        return _unit(*RDS_UNITS[usage])
    deployments = {"InstanceUsage:db.": "single-az", "Multi-AZUsage:db.": "multi-az"}
    deployment = next((d for start, d in deployments.items() if usage.startswith(start)), None)
    if deployment is None or not name.startswith("db."):
        return None
    purchases = ("on-demand", "reserved-1y", "reserved-3y")
    if engine in RDS_ENGINES:
        start = f"{RDS_ENGINES[engine]}/{deployment}"
        return Machine({p: ("rds", f"{start}/{p}/{name}") for p in purchases}, upfront_3y=True)
    if engine in AURORA_ENGINES and deployment == "single-az":
        return Machine({p: ("aurora", f"{p}/{name}") for p in purchases}, upfront_3y=True)
    return None


def _elasticache(family: str, usage: str, attributes: Attributes) -> Figure | None:
    engine, name = attributes.get("cacheEngine", "").lower(), attributes.get("instanceType", "")
    if not usage.startswith("NodeUsage:cache.") or engine not in ("redis", "valkey"):
        return None
    purchases = ("on-demand", "reserved-1y", "reserved-3y")
    return Machine({p: ("elasticache", f"{engine}/{p}/{name}") for p in purchases})


def _queues(family: str, usage: str, attributes: Attributes) -> Figure | None:
    kind = attributes.get("queueType", "")
    if usage not in ("Requests-Tier1", "Requests-FIFO-Tier1"):
        return None
    if kind == "Standard":
        return _unit("sqs", "standard_request")
    return _unit("sqs", "fifo_request") if kind.startswith("FIFO") else None


def _data_transfer(family: str, usage: str, attributes: Attributes) -> Figure | None:
    """Prices between regions are left out: they differ by destination, of which the catalog keeps none."""
    kind, to = attributes.get("transferType"), attributes.get("toLocation")
    if kind == "AWS Outbound" and to == "External":
        return _unit("datatransfer", "internet_out")
    return _unit("datatransfer", "cross_az_each_direction") if kind == "IntraRegion" else None


OFFERS = (
    Offer("AmazonEC2", _ec2, ("ec2_on_demand", "ec2_reserved", *map("/".join, EC2_UNITS.values()))),
    Offer("AWSELB", _load_balancer, ("elb/alb_hour", "elb/alb_lcu_hour")),
    Offer("AmazonRDS", _rds, ("rds",)),
    Offer("AmazonElastiCache", _elasticache, ("elasticache",)),
    Offer("AWSDataTransfer", _data_transfer, ("datatransfer/internet_out",)),
    Offer(
        "AmazonVPC",
        _by_usage({"PublicIPv4:InUseAddress": ("vpc", "public_ipv4_in_use")}),
        ("vpc/public_ipv4_in_use",),
    ),
    Offer(
        "AmazonS3",
        _by_usage(
            {
                "TimedStorage-ByteHrs": ("s3", "standard_storage"),
                "Requests-Tier1": ("s3", "put_copy_post_list"),
                "Requests-Tier2": ("s3", "get_and_other"),
            }
        ),
        ("s3/standard_storage", "s3/put_copy_post_list", "s3/get_and_other"),
    ),
    Offer(
        "AmazonCloudWatch",
        _by_usage(
            {
                "CW:MetricMonitorUsage": ("cloudwatch", "custom_metric"),
                "CW:AlarmMonitorUsage": ("cloudwatch", "alarm_standard"),
                "DataProcessing-Bytes": ("cloudwatch", "logs_ingest_standard"),
            }
        ),
        ("cloudwatch/custom_metric", "cloudwatch/alarm_standard", "cloudwatch/logs_ingest_standard"),
    ),
    Offer(
        "AWSLambda",
        _by_usage(
            {
                "Request": ("lambda", "requests"),
                "Request-ARM": ("lambda", "requests_arm"),
                "Lambda-GB-Second": ("lambda", "gb_second_x86"),
                "Lambda-GB-Second-ARM": ("lambda", "gb_second_arm"),
            }
        ),
        ("lambda/requests", "lambda/gb_second_x86"),
    ),
    Offer(
        "AmazonApiGateway",
        _by_usage(
            {
                "ApiGatewayHttpRequest": ("apigateway", "http_requests"),
                "ApiGatewayRequest": ("apigateway", "rest_requests"),
            }
        ),
        ("apigateway/http_requests", "apigateway/rest_requests"),
    ),
    Offer(
        "AmazonDynamoDB",
        _by_usage(
            {
                "ReadRequestUnits": ("dynamodb", "ondemand_read"),
                "WriteRequestUnits": ("dynamodb", "ondemand_write"),
                "ReplWriteRequestUnits": ("dynamodb", "ondemand_replicated_write"),
            }
        ),
        ("dynamodb/ondemand_read", "dynamodb/ondemand_write"),
    ),
    Offer("AWSQueueService", _queues, ("sqs/standard_request",)),
    Offer(
        "AmazonRoute53",
        _by_usage({"HostedZone": ("route53", "hosted_zone")}),
        ("route53/hosted_zone",),
        everywhere=True,
    ),
)
"""The offers that a refresh reads. CloudFront's prices by place are not among them."""
