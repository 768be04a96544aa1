"""Which emulator answers for which AWS service: one table.

Two emulators are right for different services. moto knows the infrastructure services faithfully but
runs nothing; ministack really runs functions, queues, topics, buckets and tables, but invents the
placement of servers. So each service goes to the one that does it right. Whatever is not in the table
goes to moto.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Emulator(StrEnum):
    """A program that answers AWS API calls on loopback."""

    MOTO = "moto"
    MINISTACK = "ministack"


@dataclass(frozen=True)
class Service:
    """One AWS service under the names by which its endpoint is set.

    Attributes:
        client: the name that `boto3.client` takes.
        service_id: the AWS service id; upper-cased, it ends the variable `AWS_ENDPOINT_URL_<…>`.
        emulator: who answers.
    """

    client: str
    service_id: str
    emulator: Emulator

    @property
    def key(self) -> str:
        """The key of this service in a section `services` of an AWS configuration file."""
        return self.service_id.lower().replace(" ", "_")

    @property
    def variable(self) -> str:
        """The environment variable that SDKs and the Terraform provider read for this service."""
        return f"AWS_ENDPOINT_URL_{self.key.upper()}"


def _table(emulator: Emulator, rows: str) -> tuple[Service, ...]:
    """Parse rows of `client | service id`."""
    cells = [[cell.strip() for cell in row.split("|")] for row in rows.strip().splitlines()]
    return tuple(Service(client, service_id, emulator) for client, service_id in cells)


DEFAULT = Emulator.MOTO

SERVICES: tuple[Service, ...] = _table(
    Emulator.MOTO,
    """
    acm                      | ACM
    application-autoscaling  | Application Auto Scaling
    autoscaling              | Auto Scaling
    backup                   | Backup
    budgets                  | Budgets
    cloudtrail               | CloudTrail
    cloudwatch               | CloudWatch
    ec2                      | EC2
    elasticache              | ElastiCache
    elbv2                    | Elastic Load Balancing v2
    iam                      | IAM
    kms                      | KMS
    logs                     | CloudWatch Logs
    rds                      | RDS
    resource-groups          | Resource Groups
    resourcegroupstaggingapi | Resource Groups Tagging API
    route53                  | Route 53
    secretsmanager           | Secrets Manager
    ssm                      | SSM
    sts                      | STS
    wafv2                    | WAFV2
    """,
) + _table(
    Emulator.MINISTACK,
    """
    apigateway               | API Gateway
    apigatewayv2             | ApiGatewayV2
    cloudfront               | CloudFront
    cognito-idp              | Cognito Identity Provider
    dynamodb                 | DynamoDB
    events                   | EventBridge
    lambda                   | Lambda
    s3                       | S3
    s3control                | S3 Control
    scheduler                | Scheduler
    sns                      | SNS
    sqs                      | SQS
    stepfunctions            | SFN
    """,
)

_BY_CLIENT = {service.client: service for service in SERVICES}


def emulator_of(client: str) -> Emulator:
    """Name the emulator that answers for the service that boto3 calls `client`."""
    service = _BY_CLIENT.get(client)
    return service.emulator if service else DEFAULT
