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
    """One AWS service under the three names by which its endpoint is set.

    Attributes:
        client: the name that `boto3.client` takes.
        service_id: the AWS service id; upper-cased, it ends the variable `AWS_ENDPOINT_URL_<…>`.
        terraform: the key in the `endpoints` block of the provider `hashicorp/aws`.
        emulator: who answers.
    """

    client: str
    service_id: str
    terraform: str
    emulator: Emulator

    @property
    def variable(self) -> str:
        """The environment variable that SDKs and the Terraform provider read for this service."""
        return "AWS_ENDPOINT_URL_" + self.service_id.upper().replace(" ", "_")


def _table(emulator: Emulator, rows: str) -> tuple[Service, ...]:
    """Parse rows of `client | service id | terraform key`."""
    cells = [[cell.strip() for cell in row.split("|")] for row in rows.strip().splitlines()]
    return tuple(Service(client, service_id, key, emulator) for client, service_id, key in cells)


DEFAULT = Emulator.MOTO

SERVICES: tuple[Service, ...] = _table(
    Emulator.MOTO,
    """
    acm                      | ACM                         | acm
    application-autoscaling  | Application Auto Scaling    | appautoscaling
    autoscaling              | Auto Scaling                | autoscaling
    backup                   | Backup                      | backup
    budgets                  | Budgets                     | budgets
    cloudtrail               | CloudTrail                  | cloudtrail
    cloudwatch               | CloudWatch                  | cloudwatch
    ec2                      | EC2                         | ec2
    elasticache              | ElastiCache                 | elasticache
    elbv2                    | Elastic Load Balancing v2   | elbv2
    iam                      | IAM                         | iam
    kms                      | KMS                         | kms
    logs                     | CloudWatch Logs             | logs
    rds                      | RDS                         | rds
    resource-groups          | Resource Groups             | resourcegroups
    resourcegroupstaggingapi | Resource Groups Tagging API | resourcegroupstaggingapi
    route53                  | Route 53                    | route53
    secretsmanager           | Secrets Manager             | secretsmanager
    ssm                      | SSM                         | ssm
    sts                      | STS                         | sts
    wafv2                    | WAFV2                       | wafv2
    """,
) + _table(
    Emulator.MINISTACK,
    """
    apigateway               | API Gateway                 | apigateway
    apigatewayv2             | ApiGatewayV2                | apigatewayv2
    cloudfront               | CloudFront                  | cloudfront
    cognito-idp              | Cognito Identity Provider   | cognitoidp
    dynamodb                 | DynamoDB                    | dynamodb
    events                   | EventBridge                 | eventbridge
    lambda                   | Lambda                      | lambda
    s3                       | S3                          | s3
    s3control                | S3 Control                  | s3control
    scheduler                | Scheduler                   | scheduler
    sns                      | SNS                         | sns
    sqs                      | SQS                         | sqs
    stepfunctions            | SFN                         | sfn
    """,
)

_BY_CLIENT = {service.client: service for service in SERVICES}


def emulator_of(client: str) -> Emulator:
    """Name the emulator that answers for the service that boto3 calls `client`."""
    service = _BY_CLIENT.get(client)
    return service.emulator if service else DEFAULT
