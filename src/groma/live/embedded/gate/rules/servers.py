"""What EC2, auto scaling and load balancers refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from groma.live.embedded.gate.account import Stage
from groma.live.embedded.gate.asked import Asked
from groma.live.embedded.gate.refusal import Refusal
from groma.live.embedded.gate.registry import rule, takes
from groma.live.embedded.gate.rules import regional

_RULE_TEXT = re.compile(r"[0-9A-Za-z_ .:/()#,@\[\]+=&;{}!$*-]{0,255}")
_ALLOWED = "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
UNSUPPORTED = (
    "The requested configuration is currently not supported. Please check the documentation for supported "
    "configurations."
)


@rule(
    "ec2",
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html",
)
def described(asked: Asked, stage: Stage) -> Refusal | None:
    """A rule of a security group is described in letters, digits and a few signs, at most 255."""
    for text in _descriptions(asked.parameters):
        if not _RULE_TEXT.fullmatch(text):
            message = (
                "Invalid rule description. Valid descriptions are strings less than 256 characters from the "
            )
            return Refusal("InvalidParameterValue", f"{message}following set: {_ALLOWED}", f"not {text!r}")
    return None


def _descriptions(parameters: Mapping[str, Any]) -> Iterator[str]:
    for permission in parameters.get("IpPermissions") or ():
        for ranges in permission.values():
            if isinstance(ranges, list):
                yield from (str(each.get("Description") or "") for each in ranges if isinstance(each, dict))


@rule(
    "ec2",
    "RunInstances",
    "CreateLaunchTemplate",
    "CreateLaunchTemplateVersion",
    source="cfn-lint, instance types by region",
)
def instance_type(asked: Asked, stage: Stage) -> Refusal | None:
    """A region has the instance type."""
    name = type_of(asked.parameters)
    if not name or regional.has_instance_type(asked.region, name):
        return None
    return Refusal(
        "Unsupported", UNSUPPORTED, f"{asked.region} has no {name}; `groma plan` chooses among others"
    )


def type_of(parameters: Mapping[str, Any]) -> str:
    """The instance type that a request, or its launch template's data, asks for; empty for none."""
    data = parameters.get("LaunchTemplateData") or parameters
    return str(data.get("InstanceType") or "")


@rule(
    "autoscaling",
    "CreateAutoScalingGroup",
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-capacity-limits.html",
)
def group_size(asked: Asked, stage: Stage) -> Refusal | None:
    """The capacity that is desired of a group lies between its least and its most."""
    least, most = int(asked.parameters["MinSize"]), int(asked.parameters["MaxSize"])
    desired = asked.parameters.get("DesiredCapacity")
    if least > most:
        message = f"Max bound, {most}, must be greater than or equal to min bound, {least}"
        return Refusal("ValidationError", message, "the group could hold no number of servers")
    if desired is not None and not least <= int(desired) <= most:
        message = (
            f"Desired capacity:{desired} must be between the specified min size:{least} and max size:{most}"
        )
        return Refusal("ValidationError", message, "the group cannot begin with so many")
    return None


@rule(
    "elbv2",
    "CreateLoadBalancer",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
)
def two_subnets(asked: Asked, stage: Stage) -> Refusal | None:
    """An application load balancer stands in two subnets at least."""
    subnets = asked.parameters.get("Subnets") or asked.parameters.get("SubnetMappings") or ()
    if asked.parameters.get("Type", "application") != "application" or len(subnets) >= 2:
        return None
    message = "At least two subnets in two different Availability Zones must be specified"
    return Refusal("ValidationError", message, "an application load balancer spans zones")


@rule(
    "elbv2",
    "CreateTargetGroup",
    "ModifyTargetGroup",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
)
def health_check(asked: Asked, stage: Stage) -> Refusal | None:
    """A health check is given up before the next begins."""
    timeout = asked.parameters.get("HealthCheckTimeoutSeconds")
    interval = asked.parameters.get("HealthCheckIntervalSeconds", 30)
    if timeout is None or int(timeout) < int(interval):
        return None
    message = f"Health check interval must be greater than the timeout ({interval} and {timeout} seconds)"
    return Refusal("ValidationError", message, "shorten the time-out")


@takes("ec2", "CreateLaunchTemplate", "CreateLaunchTemplateVersion")
def remember_type(asked: Asked, stage: Stage) -> None:
    """The type of a launch template, for the groups that use it."""
    if name := asked.parameters.get("LaunchTemplateName"):
        stage.held["type", asked.region, str(name)] = type_of(asked.parameters)
