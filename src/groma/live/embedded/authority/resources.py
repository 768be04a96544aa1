"""The ARNs that a request is about: the templates of the service authorization reference, filled in.

What a request does not say becomes `*`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from groma.live.embedded.authority.reference import templates
from groma.live.embedded.endpoints import ACCOUNT_ID
from groma.live.embedded.gate.asked import Asked

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_PARTITION = "aws"
_ARN_PARTS = 6
_NAMED: Mapping[str, str] = {
    "autoscaling GroupFriendlyName": "AutoScalingGroupName",
    "budgets BudgetName": "BudgetName Budget.BudgetName",
    "cloudfront DistributionId": "Id",
    "cloudfront Name": "Name",
    "cloudwatch AlarmName": "AlarmName AlarmNames",
    "cloudwatch DashboardName": "DashboardName DashboardNames",
    "dynamodb TableName": "TableName RequestItems.* TransactItems.*.TableName",
    "ec2 AllocationId": "AllocationId",
    "ec2 SecurityGroupId": "GroupId",
    "ecs ClusterName": "cluster clusterName clusters",
    "ecs ServiceName": "serviceName service services",
    "ecs TaskDefinitionFamilyName": "family",
    "elasticloadbalancing LoadBalancerName": "Name",
    "elasticloadbalancing TargetGroupName": "Name",
    "events RuleName": "Name Rule",
    "iam InstanceProfileNameWithPath": "InstanceProfileName",
    "iam PolicyNameWithPath": "PolicyName",
    "iam RoleNameWithPath": "RoleName",
    "kms Alias": "AliasName",
    "kms KeyId": "KeyId TargetKeyId",
    "lambda FunctionName": "FunctionName",
    "lambda UUID": "UUID",
    "logs LogGroupName": "logGroupName",
    "logs LogStreamName": "logStreamName",
    "rds ClusterParameterGroupName": "DBClusterParameterGroupName",
    "rds DbClusterInstanceName": "DBClusterIdentifier",
    "rds DbInstanceName": "DBInstanceIdentifier",
    "rds GlobalCluster": "GlobalClusterIdentifier",
    "rds ParameterGroupName": "DBParameterGroupName",
    "rds SubnetGroupName": "DBSubnetGroupName",
    "route53 Id": "HostedZoneId Id ResourceId",
    "s3 BucketName": "Bucket",
    "s3 ObjectName": "Key Delete.Objects.Key",
    "scheduler GroupName": "GroupName",
    "scheduler ScheduleName": "Name",
    "secretsmanager SecretId": "Name SecretId",
    "sns TopicName": "Name",
    "sqs QueueName": "QueueName QueueUrl",
    "ssm ParameterNameWithoutLeadingSlash": "Name Names",
}
"""Service and variable of a template → the parameters that hold it, first found first."""
_DEFAULTS: Mapping[str, str] = {"events EventBusName": "default", "scheduler GroupName": "default"}
"""What is meant where a request names none."""
_HELD_TO_KINDS = frozenset({"ec2", "elasticloadbalancing"})
"""Services whose policies name the kind of what is made, though its id is not known yet."""
_CLASSIC = ":loadbalancer/${LoadBalancerName}"
_APPLICATION = ":loadbalancer/app/${LoadBalancerName}/${LoadBalancerId}"
"""The reference gives both APIs of load balancers one name, and mixes up their resources."""
_KINDS: Mapping[str, str] = {
    "acl": "network-acl",
    "dopt": "dhcp-options",
    "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "fl": "vpc-flow-log",
    "i": "instance",
    "igw": "internet-gateway",
    "lt": "launch-template",
    "nat": "natgateway",
    "pcx": "vpc-peering-connection",
    "pl": "prefix-list",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "subnet": "subnet",
    "vol": "volume",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
}
_JUDGED_BY_WHAT_IT_MAKES = frozenset({"rds:StartDBInstanceAutomatedBackupsReplication"})
"""Actions that are about what they make, too, whose id nobody knows before; of EC2's that holds for all."""
_SCOPED_BY = {"CLOUDFRONT": "global", "REGIONAL": "regional"}


def arns_of(action: str, asked: Asked) -> tuple[str, ...]:
    """The resources of a request, each once; `*` where the action knows none."""
    if _is_of_composites(action, asked):
        return ("*",)
    if asked.service in ("apigateway", "apigatewayv2"):
        return (f"arn:{_PARTITION}:apigateway:{asked.region}::{asked.path.removeprefix('/v2')}",)
    service = action.partition(":")[0]
    if (asked.service, asked.operation) in (("ec2", "CreateTags"), ("ec2", "DeleteTags")):
        return tuple(_by_id(each, asked.region) for each in asked.parameters["Resources"])
    needed: list[str] = []
    possible: list[str] = []
    only: tuple[str, ...] = ()
    fitting = tuple(_fitting(action, asked))
    for template, is_needed in fitting:
        given = _given(template, asked)
        filled = given or _filled(template, service, asked)
        if is_needed:
            needed += filled
        elif given or any("*" not in arn for arn in filled):
            possible += filled
        elif len(fitting) == 1 and service in _HELD_TO_KINDS:
            only = tuple(filled)
    found = tuple(dict.fromkeys(needed + possible)) or only or ("*",)
    exact = tuple(arn for arn in found if "*" not in arn)
    also_made = service == "ec2" or action in _JUDGED_BY_WHAT_IT_MAKES
    return exact if exact and not also_made else found


def _is_of_composites(action: str, asked: Asked) -> bool:
    """Whether a request makes composite alarms or tells of them, which asks for a permission scoped to `*`
    (CloudWatch API reference, PutCompositeAlarm and DescribeAlarms, read 2026-11-28).
    """
    tells = "CompositeAlarm" in (asked.parameters.get("AlarmTypes") or ())
    return action == "cloudwatch:PutCompositeAlarm" or (action == "cloudwatch:DescribeAlarms" and tells)


def _by_id(identifier: str, region: str) -> str:
    """A resource of EC2 by its id, whose beginning says of which kind it is."""
    kind = _KINDS.get(identifier.partition("-")[0], "*")
    return f"arn:{_PARTITION}:ec2:{region}:{ACCOUNT_ID}:{kind}/{identifier}"


def _fitting(action: str, asked: Asked) -> Iterator[tuple[str, bool]]:
    """The templates of an action, but those of other types than the request names."""
    kind = asked.parameters.get("ResourceType") if asked.service == "route53" else None
    index = asked.parameters.get("IndexName") if asked.service == "dynamodb" else None
    for template, is_needed in templates(action):
        if kind is not None and f":{kind}/" not in template:
            continue
        if index is not None and "/index/" not in template:
            continue
        if ":web-function/" in template:
            continue
        if asked.service == "elbv2":
            template = template.replace(_CLASSIC, _APPLICATION)
        yield template, is_needed


def _given(template: str, asked: Asked) -> list[str]:
    """ARNs among the parameters that are of this template; a subscription's is its topic's and an id."""
    pattern = _pattern(template)
    arns = (text for text in texts_in(asked.parameters) if text.startswith("arn:"))
    if asked.service == "sns":
        arns = (":".join(arn.split(":")[:_ARN_PARTS]) for arn in arns)
    return [arn for arn in arns if pattern.fullmatch(arn)]


def _pattern(template: str) -> re.Pattern[str]:
    parts = _VARIABLE.split(template)
    inner = [re.escape(part) if number % 2 == 0 else "[^:]+?" for number, part in enumerate(parts)]
    return re.compile("".join(inner).removesuffix("+?") + ("+" if inner[-1] == "" else ""))


def _filled(template: str, service: str, asked: Asked) -> list[str]:
    """The template with the parameters filled in: an ARN for each combination of their values."""
    known = {"Partition": [_PARTITION], "Region": [asked.region], "Account": [ACCOUNT_ID]}
    parts = _VARIABLE.split(template)
    choices = [
        [part] if number % 2 == 0 else known.get(part) or _values(part, service, asked)
        for number, part in enumerate(parts)
    ]
    return ["".join(each) for each in itertools.product(*choices)]


def _values(variable: str, service: str, asked: Asked) -> list[str]:
    if variable == "Scope":
        return [_SCOPED_BY.get(str(asked.parameters.get("Scope")), "*")]
    if variable == "GroupName" and asked.operation.endswith("ScheduleGroup"):
        variable = "Name"
    for path in _NAMED.get(f"{service} {variable}", variable).split():
        if found := list(_at(path, asked.parameters)):
            is_alias = variable == "KeyId" and found[0].startswith("alias/")
            names = ["*"] if is_alias else [_plain(each) for each in found]
            return [name.lstrip("/") for name in names] if service == "ssm" else names
    wanted = (variable.lower(), f"{variable.lower()}s")
    alike = (value for name, value in asked.parameters.items() if name.lower() in wanted)
    exact = [_plain(each) for value in alike for each in _at("", value)]
    return exact or [_DEFAULTS.get(f"{service} {variable}", "*")]


def _at(path: str, value: Any) -> Iterator[str]:
    """The texts at a path such as `Delete.Objects.Key`, through lists; `*` is every key of a mapping."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from _at(path, each)
    elif not path and isinstance(value, str | int):
        yield str(value)
    elif isinstance(value, Mapping):
        name, _, rest = path.partition(".")
        if name == "*" and not rest:
            yield from map(str, value)
        elif name == "*":
            for each in value.values():
                yield from _at(rest, each)
        elif name in value and value[name] is not None:
            yield from _at(rest, value[name])


def _plain(value: str) -> str:
    """A name, where a URL, an ARN or a path may stand for it."""
    if value.startswith("arn:"):
        return re.split("[:/]", value)[-1]
    if value.startswith("http"):
        return value.rpartition("/")[2]
    for beginning in ("alias/", "/hostedzone/", "/change/"):
        value = value.removeprefix(beginning)
    return value or "*"


def texts_in(value: Any) -> Iterator[str]:
    """Every text among parameters, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_in(each)
