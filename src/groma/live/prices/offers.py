"""The offers of AWS's price list that a refresh reads, and what no offer can tell.

The list is split into offers, one file each. SKUs change between publications, so products are told by their
attributes: mostly by the usage type, as AWS's bills and documents of 2025 and 2026 name it.
"""

from __future__ import annotations

from collections.abc import Mapping

from groma import catalog
from groma.live.prices.figures import Attributes, Figure, Offer, Select, unit
from groma.live.prices.machines import (
    AURORA_UNITS,
    CREDIT_UNITS,
    EC2_UNITS,
    RDS_UNITS,
    ec2,
    elasticache,
    rds,
)

Units = Mapping[str, tuple[str, str]]
"""Usage type → service and key of the catalog."""


def _names(*units: Units) -> tuple[str, ...]:
    return tuple(dict.fromkeys("/".join(name) for each in units for name in each.values()))


def _by_usage(units: Units) -> Select:
    def select(family: str, usage: str, attributes: Attributes) -> Figure | None:
        return unit(*units[usage]) if usage in units else None

    return select


def _simple(code: str, units: Units, *required: str, everywhere: bool = False) -> Offer:
    """An offer whose products are told by the usage type alone; without `required`, all are."""
    return Offer(code, _by_usage(units), _names(units), required or _names(units), everywhere)


BALANCER_UNITS = {"LoadBalancerUsage": ("elb", "alb_hour"), "LCUUsage": ("elb", "alb_lcu_hour")}


def _load_balancer(family: str, usage: str, attributes: Attributes) -> Figure | None:
    if family != "Load Balancer-Application" or usage not in BALANCER_UNITS:
        return None
    return unit(*BALANCER_UNITS[usage])


QUEUE_UNITS = {"Standard": ("sqs", "standard_request"), "FIFO": ("sqs", "fifo_request")}


def _queues(family: str, usage: str, attributes: Attributes) -> Figure | None:
    """By the type of queue: requests are `Requests-Tier1`, in us-east-1 `Requests-RBP`."""
    kind = attributes.get("queueType", "").split(" ")[0]
    if usage.removeprefix("Requests-FIFO-").removeprefix("Requests-") not in ("Tier1", "RBP"):
        return None
    return unit(*QUEUE_UNITS[kind]) if kind in QUEUE_UNITS else None


S3_UNITS = {
    "TimedStorage-ByteHrs": ("s3", "standard_storage"),
    "Requests-Tier1": ("s3", "put_copy_post_list"),
    "Requests-Tier2": ("s3", "get_and_other"),
}
TIME_CONTROL = {"S3RTC-Out-Bytes": ("s3", "replication_time_control")}


def _s3(family: str, usage: str, attributes: Attributes) -> Figure | None:
    """Intelligent-Tiering's overhead shares the usage type of standard storage; copies name both regions."""
    if usage.endswith("S3RTC-Out-Bytes"):
        return unit(*TIME_CONTROL["S3RTC-Out-Bytes"])
    if usage not in S3_UNITS or attributes.get("volumeType", "Standard") != "Standard":
        return None
    return unit(*S3_UNITS[usage])


OUT, ACROSS = ("datatransfer", "internet_out"), ("datatransfer", "cross_az_each_direction")
ABROAD = ("datatransfer", "inter_region_out")
VIRGINIA_AND_OHIO = {"us-east-1", "us-east-2"}


def _data_transfer(family: str, usage: str, attributes: Attributes) -> Figure | None:
    """Between regions: to those of the catalog, but for the cheaper way between Virginia and Ohio.

    Where destinations still differ there are two prices, and the figure is left out and named.
    """
    kind, to = attributes.get("transferType"), attributes.get("toLocation")
    if kind == "AWS Outbound" and to == "External":
        return unit(*OUT)
    if kind == "InterRegion Outbound" and usage.endswith("AWS-Out-Bytes"):
        ends = {attributes.get("fromRegionCode", ""), attributes.get("toRegionCode", "")}
        known = attributes.get("toRegionCode") in {region.name for region in catalog.regions()}
        return unit(*ABROAD) if known and ends != VIRGINIA_AND_OHIO else None
    return unit(*ACROSS) if kind == "IntraRegion" else None


EDGES = {
    "US": "us",
    "EU": "eu",
    "ZA": "za-me",
    "ME": "za-me",
    "SA": "sa",
    "JP": "jp",
    "AU": "au",
    "AP": "apac",
}
EDGES |= {"IN": "in"}
"""What usage types of CloudFront begin with → the place in the catalog."""
EDGE_UNITS = {
    "DataTransfer-Out-Bytes": ("cloudfront", "internet_out"),
    "DataTransfer-Out-OBytes": ("cloudfront", "origin_out"),
    "Requests-Tier2-HTTPS": ("cloudfront", "https_requests"),
    "Requests-Tier1": ("cloudfront", "http_requests"),
}


def _edges(family: str, usage: str, attributes: Attributes) -> Figure | None:
    place, _, rest = usage.partition("-")
    return unit(*EDGE_UNITS[rest], EDGES[place]) if place in EDGES and rest in EDGE_UNITS else None


OFFERS = (
    Offer(
        "AmazonEC2",
        ec2,
        ("ec2_on_demand", "ec2_reserved", *_names(EC2_UNITS)),
        ("ec2_on_demand", "ec2_reserved", *_names(EC2_UNITS)),
    ),
    Offer("AWSELB", _load_balancer, _names(BALANCER_UNITS), _names(BALANCER_UNITS)),
    Offer("AmazonRDS", rds, ("rds", "aurora", *_names(RDS_UNITS, CREDIT_UNITS, AURORA_UNITS)), ("rds",)),
    Offer("AmazonElastiCache", elasticache, ("elasticache",), ("elasticache",)),
    Offer("AWSDataTransfer", _data_transfer, tuple(map("/".join, (OUT, ACROSS, ABROAD))), ("/".join(OUT),)),
    _simple(
        "AmazonVPC",
        {
            "PublicIPv4:InUseAddress": ("vpc", "public_ipv4_in_use"),
            "VpcEndpoint-Hours": ("vpc", "interface_endpoint_hour"),
            "VpcEndpoint-Bytes": ("vpc", "interface_endpoint_gb"),
        },
    ),
    Offer("AmazonS3", _s3, _names(S3_UNITS, TIME_CONTROL), _names(S3_UNITS)),
    _simple(
        "AmazonCloudWatch",
        {
            "CW:MetricMonitorUsage": ("cloudwatch", "custom_metric"),
            "CW:AlarmMonitorUsage": ("cloudwatch", "alarm_standard"),
            "CW:CompositeAlarmMonitorUsage": ("cloudwatch", "alarm_composite"),
            "DataProcessing-Bytes": ("cloudwatch", "logs_ingest_standard"),
            "TimedStorage-ByteHrs": ("cloudwatch", "logs_storage"),
            "VendedLog-Bytes": ("cloudwatch", "vended_logs"),
        },
        *("cloudwatch/custom_metric", "cloudwatch/alarm_standard", "cloudwatch/logs_ingest_standard"),
    ),
    _simple(
        "AmazonCloudWatch",
        {"DashboardsUsageHour": ("cloudwatch", "dashboard")},
        everywhere=True,
    ),
    _simple(
        "AWSLambda",
        {
            "Request": ("lambda", "requests"),
            "Request-ARM": ("lambda", "requests_arm"),
            "Lambda-GB-Second": ("lambda", "gb_second_x86"),
            "Lambda-GB-Second-ARM": ("lambda", "gb_second_arm"),
        },
        *("lambda/requests", "lambda/gb_second_x86"),
    ),
    _simple(
        "AmazonECS",
        {
            "Fargate-vCPU-Hours:perCPU": ("fargate", "vcpu_hour_x86"),
            "Fargate-GB-Hours": ("fargate", "gb_hour_x86"),
            "Fargate-ARM-vCPU-Hours:perCPU": ("fargate", "vcpu_hour_arm"),
            "Fargate-ARM-GB-Hours": ("fargate", "gb_hour_arm"),
        },
        *("fargate/vcpu_hour_x86", "fargate/gb_hour_x86"),
    ),
    _simple(
        "AmazonApiGateway",
        {
            "ApiGatewayHttpRequest": ("apigateway", "http_requests"),
            "ApiGatewayRequest": ("apigateway", "rest_requests"),
        },
    ),
    _simple(
        "AmazonDynamoDB",
        {
            "ReadRequestUnits": ("dynamodb", "ondemand_read"),
            "WriteRequestUnits": ("dynamodb", "ondemand_write"),
            "ReplWriteRequestUnits": ("dynamodb", "ondemand_replicated_write"),
            "ReadCapacityUnit-Hrs": ("dynamodb", "provisioned_read"),
            "WriteCapacityUnit-Hrs": ("dynamodb", "provisioned_write"),
            "TimedStorage-ByteHrs": ("dynamodb", "storage_standard"),
            "TimedPITRStorage-ByteHrs": ("dynamodb", "pitr"),
        },
        *("dynamodb/ondemand_read", "dynamodb/ondemand_write"),
    ),
    Offer("AWSQueueService", _queues, _names(QUEUE_UNITS), ("sqs/standard_request",)),
    _simple(
        "AmazonSNS",
        {
            "Requests-Tier1": ("sns", "api_requests"),
            "DeliveryAttempts-SMTP": ("sns", "email_notifications"),
        },
        "sns/api_requests",
    ),
    _simple("awskms", {"KMS-Keys": ("kms", "key"), "KMS-Requests": ("kms", "requests")}, "kms/key"),
    _simple(
        "AWSSecretsManager",
        {
            "AWSSecretsManager-Secrets": ("secretsmanager", "secret"),
            "AWSSecretsManagerAPIRequest": ("secretsmanager", "api_request"),
        },
        "secretsmanager/secret",
    ),
    _simple(
        "awswaf",
        {
            "WebACLV2": ("waf", "web_acl"),
            "RuleV2": ("waf", "rule"),
            "RequestV2-Tier1": ("waf", "requests"),
            "AMR-BotControl": ("waf", "bot_control"),
            "AMR-BotControl-Request": ("waf", "bot_control_requests"),
        },
        "waf/web_acl",
    ),
    _simple("AWSXRay", {"XRay-TracesStored": ("xray", "traces_recorded")}),
    _simple("AmazonCognito", {"CognitoLiteMAU": ("cognito", "mau_lite")}),
    _simple(
        "AmazonRoute53",
        {
            "HostedZone": ("route53", "hosted_zone"),
            "DNS-Queries": ("route53", "queries_standard"),
            "Health-Check-AWS": ("route53", "health_check_aws_endpoint"),
            "Health-Check-Option-AWS": ("route53", "health_check_option_aws"),
        },
        "route53/hosted_zone",
        everywhere=True,
    ),
    Offer("AmazonCloudFront", _edges, _names(EDGE_UNITS), ("cloudfront/internet_out",), everywhere=True),
)

UNREAD = {
    "budgets/cost_budget": "two budgets are free and no design has a third; what the list sells is reports",
}
"""What components ask a price for and no offer tells, with the reason."""
