"""What AWS asks for and a rehearsal of one life does not show, each with why and where it was read.

A row is of an action that was needed → further ones on the same resources.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from groma.live.embedded import ACCOUNT_ID
from groma.live.embedded.authority import Need

CHANGED = "a later `up` changes it, or `down` lifts its protection"
CHANGES_SOURCE = "the updates of the resources of hashicorp/aws 5.100, read 2026-11-28"
_CHANGES = """
    apigateway:DELETE                        PATCH PUT
    autoscaling:DeleteAutoScalingGroup       UpdateAutoScalingGroup StartInstanceRefresh
    autoscaling:DeleteAutoScalingGroup       CancelInstanceRefresh DeleteTags
    autoscaling:PutScalingPolicy             DeletePolicy
    cloudfront:DeleteDistribution            UpdateDistribution UntagResource
    cloudfront:DeleteFunction                UpdateFunction PublishFunction
    cloudfront:DeleteOriginAccessControl     UpdateOriginAccessControl
    cloudfront:DeleteResponseHeadersPolicy   UpdateResponseHeadersPolicy
    cloudwatch:DeleteAlarms                  UntagResource
    cognito-idp:DeleteUserPool               UpdateUserPool UntagResource
    cognito-idp:DeleteUserPoolClient         UpdateUserPoolClient
    dynamodb:DeleteTable                     UpdateTable UntagResource
    ec2:AuthorizeSecurityGroupEgress         RevokeSecurityGroupEgress
    ec2:AuthorizeSecurityGroupIngress        RevokeSecurityGroupIngress
    ec2:CreateRoute                          ReplaceRoute
    ec2:CreateTags                           DeleteTags
    ec2:DeleteLaunchTemplate                 CreateLaunchTemplateVersion ModifyLaunchTemplate
    ec2:DeleteVpcEndpoints                   ModifyVpcEndpoint
    ec2:TerminateInstances                   ModifyInstanceAttribute StartInstances StopInstances
    ecs:DeleteCluster                        UpdateCluster UntagResource
    ecs:DeleteService                        UpdateService UntagResource
    elasticache:DeleteReplicationGroup       ModifyReplicationGroup IncreaseReplicaCount
    elasticache:DeleteReplicationGroup       DecreaseReplicaCount
    elasticloadbalancing:DeleteListener      ModifyListener
    elasticloadbalancing:DeleteLoadBalancer  ModifyLoadBalancerAttributes SetSecurityGroups RemoveTags
    elasticloadbalancing:DeleteTargetGroup   ModifyTargetGroup ModifyTargetGroupAttributes
    events:DeleteRule                        UntagResource
    iam:DeleteRole                           UpdateAssumeRolePolicy UpdateRole UntagRole
    kms:ScheduleKeyDeletion                  PutKeyPolicy UpdateKeyDescription UntagResource
    lambda:DeleteEventSourceMapping          UpdateEventSourceMapping
    lambda:DeleteFunction                    UpdateFunctionCode UpdateFunctionConfiguration
    lambda:DeleteFunction                    UntagResource
    logs:DeleteLogGroup                      PutRetentionPolicy UntagResource
    rds:DeleteDBCluster                      ModifyDBCluster
    rds:DeleteDBInstance                     ModifyDBInstance RebootDBInstance RemoveTagsFromResource
    rds:DeleteDBParameterGroup               ModifyDBParameterGroup
    rds:DeleteDBSubnetGroup                  ModifyDBSubnetGroup
    rds:DeleteGlobalCluster                  ModifyGlobalCluster
    route53:DeleteHealthCheck                UpdateHealthCheck
    scheduler:DeleteSchedule                 UpdateSchedule
    scheduler:DeleteScheduleGroup            UntagResource
    secretsmanager:DeleteSecret              UpdateSecret PutSecretValue UntagResource
    sns:DeleteTopic                          UntagResource
    sqs:DeleteQueue                          UntagQueue
    wafv2:DeleteWebACL                       UpdateWebACL UntagResource
"""


@dataclass(frozen=True)
class Beyond:
    """What one needed action brings with it.

    Attributes:
        trigger: an action that was needed.
        actions: what is needed besides, with their service.
        resource: on what; the trigger's own resources when empty. `{region}` is the trigger's.
        context: condition key → value that it is held to.
    """

    trigger: str
    actions: tuple[str, ...]
    why: str
    source: str
    resource: str = ""
    context: Mapping[str, str] | None = None


def _changes() -> Iterator[Beyond]:
    for row in _CHANGES.strip().splitlines():
        trigger, *names = row.split()
        service = trigger.partition(":")[0]
        yield Beyond(trigger, tuple(f"{service}:{name}" for name in names), CHANGED, CHANGES_SOURCE)


_OWN_ROLES = """
    autoscaling:CreateAutoScalingGroup       autoscaling           AutoScaling
    ecs:CreateService                        ecs                   ECS
    elasticache:CreateReplicationGroup       elasticache           ElastiCache
    elasticloadbalancing:CreateLoadBalancer  elasticloadbalancing  ElasticLoadBalancing
    rds:CreateDBCluster                      rds                   RDS
    rds:CreateDBInstance                     rds                   RDS
    dynamodb:CreateTableReplica              replication.dynamodb  DynamoDBReplication
"""


def _own_roles() -> Iterator[Beyond]:
    for row in _OWN_ROLES.strip().splitlines():
        trigger, name, role = row.split()
        service = f"{name}.amazonaws.com"
        yield Beyond(
            trigger,
            ("iam:CreateServiceLinkedRole",),
            f"in an account that has none yet, {service} makes its own role in the caller's name",
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html",
            f"arn:aws:iam::{ACCOUNT_ID}:role/aws-service-role/{service}/AWSServiceRoleFor{role}",
            {"iam:AWSServiceName": service},
        )


BEYOND: tuple[Beyond, ...] = (
    *_changes(),
    *_own_roles(),
    Beyond(
        "autoscaling:DeleteAutoScalingGroup",
        ("autoscaling:DescribeInstanceRefreshes", "autoscaling:DescribeScalingActivities"),
        "a roll of the servers is waited for, and what a group fails at is told",
        CHANGES_SOURCE,
        "*",
    ),
    Beyond(
        "ec2:DeleteSecurityGroup",
        ("ec2:DescribeNetworkInterfaces",),
        "AWS takes interfaces of load balancers and functions away late, and they are waited for",
        CHANGES_SOURCE,
        "*",
    ),
)


def with_beyond(needs: Iterable[Need]) -> tuple[Need, ...]:
    """The needs that were recorded, and those that they bring with them."""
    recorded = tuple(needs)
    found = {(need.action, need.resource, str(need.context)): need for need in recorded}
    for each in BEYOND:
        for need in recorded:
            if need.action == each.trigger:
                for action in each.actions:
                    more = _brought(need, action, each)
                    found.setdefault((more.action, more.resource, str(more.context)), more)
    return tuple(found.values())


def _brought(need: Need, action: str, each: Beyond) -> Need:
    context = {"aws:RequestedRegion": need.context.get("aws:RequestedRegion", ""), **(each.context or {})}
    return replace(need, action=action, resource=each.resource or need.resource, context=context)
