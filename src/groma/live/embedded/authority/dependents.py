"""What a request needs besides: a role is passed, what is made is tagged, a key is used.

Sources, read 2026-11-28: the column "Dependent actions" of the service's page of
https://docs.aws.amazon.com/service-authorization/latest/reference/, and what is named beside a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groma.live.embedded.authority.actions import PREFIXES
from groma.live.embedded.authority.resources import arns_of, texts_in
from groma.live.embedded.endpoints import ACCOUNT_ID
from groma.live.embedded.gate.asked import Asked

_ROLE = re.compile(r"arn:[^:]+:iam::\d+:role/\S+")
_GIVING = re.compile(r"Create|Put|Update|Modify|Run|Associate|Set|Register|Start|Add")
PASSED_TO: Mapping[str, str] = {
    "ec2": "vpc-flow-logs.amazonaws.com",
    "ecs": "ecs-tasks.amazonaws.com",
    "rds": "monitoring.rds.amazonaws.com",
}
"""Who is handed a role in requests of a service, where it is not `<service>.amazonaws.com`: EC2's flow logs
(https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html), tasks of ECS
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html) and Enhanced Monitoring
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html)."""

TAGGING: Mapping[str, str] = {
    "acm RequestCertificate": "acm:AddTagsToCertificate",
    "autoscaling CreateAutoScalingGroup": "autoscaling:CreateOrUpdateTags",
    "backup Create": "backup:TagResource",
    "budgets CreateBudget": "budgets:TagResource",
    "cloudfront CreateDistributionWithTags": "cloudfront:TagResource distribution/*",
    "cloudwatch Put": "cloudwatch:TagResource",
    "cognito-idp CreateUserPool": "cognito-idp:TagResource userpool/*",
    "dynamodb CreateTable": "dynamodb:TagResource",
    "ecs Create": "ecs:TagResource",
    "ecs RegisterTaskDefinition": "ecs:TagResource task-definition/{family}:*",
    "elasticache Create": "elasticache:AddTagsToResource",
    "elbv2 CreateListener": "elasticloadbalancing:AddTags listener/app/*",
    "elbv2 CreateLoadBalancer": "elasticloadbalancing:AddTags loadbalancer/app/{Name}/*",
    "elbv2 CreateRule": "elasticloadbalancing:AddTags listener-rule/app/*",
    "elbv2 CreateTargetGroup": "elasticloadbalancing:AddTags targetgroup/{Name}/*",
    "events PutRule": "events:TagResource rule/{Name}",
    "iam CreateInstanceProfile": "iam:TagInstanceProfile",
    "iam CreatePolicy": "iam:TagPolicy",
    "iam CreateRole": "iam:TagRole",
    "kms CreateKey": "kms:TagResource",
    "lambda CreateEventSourceMapping": "lambda:TagResource event-source-mapping:*",
    "lambda CreateFunction": "lambda:TagResource",
    "logs CreateLogGroup": "logs:TagResource",
    "rds Create": "rds:AddTagsToResource",
    "scheduler CreateScheduleGroup": "scheduler:TagResource",
    "secretsmanager CreateSecret": "secretsmanager:TagResource",
    "sns CreateTopic": "sns:TagResource",
    "sqs CreateQueue": "sqs:TagQueue",
    "wafv2 CreateWebACL": "wafv2:TagResource */webacl/*",
}
"""Service and beginning of an operation → what it needs when what is made gets tags at once; and on what,
where the request does not say it."""
_TAGS = (
    "Tags",
    "tags",
    "tagList",
    "Tag",
    "TagList",
    "UserPoolTags",
    "ResourceTags",
    "DistributionConfigWithTags",
)

KEYS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "dynamodb CreateTable": ("SSESpecification", ("CreateGrant", "DescribeKey")),
    "elasticache CreateReplicationGroup": ("KmsKeyId", ("CreateGrant", "DescribeKey")),
    "lambda Create": ("KMSKeyArn", ("CreateGrant", "Encrypt")),
    "lambda UpdateFunctionConfiguration": ("KMSKeyArn", ("CreateGrant", "Encrypt")),
    "rds Create": ("KmsKeyId", ("CreateGrant", "DescribeKey")),
    "rds StartDBInstanceAutomatedBackupsReplication": ("KmsKeyId", ("CreateGrant", "DescribeKey")),
    "secretsmanager CreateSecret": ("KmsKeyId", ("Decrypt", "GenerateDataKey")),
}
"""Service and beginning of an operation → the parameter with a key of one's own, and what is done with it:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html,
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html,
https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html,
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html,
https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html."""


@dataclass(frozen=True)
class Dependent:
    """One more action that a request needs.

    Attributes:
        context: what its conditions may ask for besides.
    """

    action: str
    resource: str
    context: Mapping[str, str]


def dependents(asked: Asked) -> Iterator[Dependent]:
    """Every further action of a request."""
    yield from _passing(asked)
    yield from _tagging(asked)
    yield from _keys(asked)
    if (asked.service, asked.operation) == ("autoscaling", "CreateAutoScalingGroup"):
        yield from _launching(asked)


def _passing(asked: Asked) -> Iterator[Dependent]:
    """The roles that a service is handed."""
    if asked.service == "iam":
        if asked.operation == "AddRoleToInstanceProfile":
            role = f"arn:aws:iam::{ACCOUNT_ID}:role/{asked.parameters['RoleName']}"
            yield Dependent("iam:PassRole", role, {"iam:PassedToService": "ec2.amazonaws.com"})
        return
    if not _GIVING.match(asked.operation):
        return
    prefix = PREFIXES.get(asked.service, asked.service)
    to = PASSED_TO.get(asked.service, f"{prefix}.amazonaws.com")
    for text in dict.fromkeys(texts_in(asked.parameters)):
        if _ROLE.fullmatch(text):
            yield Dependent("iam:PassRole", text, {"iam:PassedToService": to})


def _tagging(asked: Asked) -> Iterator[Dependent]:
    if asked.service == "ec2":
        for each in asked.parameters.get("TagSpecifications") or ():
            if each.get("Tags") and asked.operation != "CreateTags":
                resource = f"arn:aws:ec2:{asked.region}:{ACCOUNT_ID}:{each['ResourceType']}/*"
                yield Dependent("ec2:CreateTags", resource, {"ec2:CreateAction": asked.operation})
        return
    row = _row(TAGGING, asked)
    if row is not None and tags_in(asked):
        action, _, relative = row.partition(" ")
        for resource in [_arn(action, relative, asked)] if relative else arns_of(action, asked):
            yield Dependent(action, resource, {})


def _arn(action: str, relative: str, asked: Asked) -> str:
    service = action.partition(":")[0]
    region = "" if service == "cloudfront" else asked.region
    return f"arn:aws:{service}:{region}:{ACCOUNT_ID}:{relative.format(**asked.parameters)}"


def _keys(asked: Asked) -> Iterator[Dependent]:
    row = _row(KEYS, asked)
    if row is None:
        return
    parameter, actions = row
    for text in texts_in(asked.parameters.get(parameter)):
        if text.startswith("arn:") and ":key/" in text:
            for action in actions:
                yield Dependent(f"kms:{action}", text, {})


def _launching(asked: Asked) -> Iterator[Dependent]:
    """A group starts servers of a launch template in the name of who makes it.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
    """
    region = asked.region
    for kind in ("instance", "network-interface", "volume", "subnet", "security-group", "launch-template"):
        yield Dependent("ec2:RunInstances", f"arn:aws:ec2:{region}:{ACCOUNT_ID}:{kind}/*", {})
    yield Dependent("ec2:RunInstances", f"arn:aws:ec2:{region}::image/*", {})
    for kind in ("instance", "volume", "network-interface"):
        context = {"ec2:CreateAction": "RunInstances"}
        yield Dependent("ec2:CreateTags", f"arn:aws:ec2:{region}:{ACCOUNT_ID}:{kind}/*", context)


def _row(table: Mapping[str, Any], asked: Asked) -> Any:
    for name, row in table.items():
        service, _, beginning = name.partition(" ")
        if service == asked.service and asked.operation.startswith(beginning):
            return row
    return None


def tags_in(asked: Asked) -> dict[str, str]:
    """The tags that a request gives, name → value."""
    found: dict[str, str] = {}
    for name in _TAGS:
        _collect(asked.parameters.get(name), found)
    for each in asked.parameters.get("TagSpecifications") or ():
        _collect(each.get("Tags"), found)
    return found


def _collect(value: Any, found: dict[str, str]) -> None:
    if isinstance(value, list | tuple):
        for each in value:
            _collect(each, found)
    elif isinstance(value, Mapping):
        key = value.get("Key", value.get("TagKey"))
        if isinstance(key, str):
            found[key] = str(value.get("Value", value.get("TagValue", "")))
        elif "Tags" in value or "Items" in value:
            _collect(value.get("Tags") or value.get("Items"), found)
        else:
            found.update({name: text for name, text in value.items() if isinstance(text, str)})
