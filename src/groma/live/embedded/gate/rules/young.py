"""What an account is not given on its first day, or on the free plan."""

from __future__ import annotations

import math

from groma import catalog
from groma.errors import InputError
from groma.live.embedded.gate.account import Account, Stage
from groma.live.embedded.gate.answers import YOUNG_ZONES
from groma.live.embedded.gate.asked import Asked
from groma.live.embedded.gate.refusal import Refusal
from groma.live.embedded.gate.registry import rule, takes
from groma.live.embedded.gate.rules.servers import type_of

QUOTAS = "https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html"
FREE_BACKUP_DAYS = 1
FREE_TYPES = frozenset({"t3.micro", "t3.small", "t4g.micro", "t4g.small", "c7i-flex.large", "m7i-flex.large"})
"""https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-free-tier-usage.html, since July 2025."""


@rule("elbv2", "CreateLoadBalancer", source="public issues; AWS Support answers by hand")
def load_balancers(asked: Asked, stage: Stage) -> Refusal | None:
    """A new account is given no load balancer until AWS has verified it."""
    if not stage.account.is_young:
        return None
    message = (
        "This AWS account currently does not support creating load balancers. For more information, please "
    )
    return Refusal("OperationNotPermitted", message + "contact AWS Support.", "open a case with AWS Support")


@rule("cloudfront", "CreateDistribution", "CreateDistributionWithTags", source="public issues")
def distributions(asked: Asked, stage: Stage) -> Refusal | None:
    """A new account is given no distribution until AWS has verified it."""
    if not stage.account.is_young:
        return None
    message = (
        "Your account must be verified before you can add new CloudFront resources. To verify your account, "
    )
    message += (
        "please contact AWS Support (https://console.aws.amazon.com/support/home#/) and include this error "
    )
    return Refusal("AccessDenied", message + "message.", "open a case with AWS Support; a day or two")


@rule(
    "lambda",
    "PutFunctionConcurrency",
    source="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
)
def reserved_calls(asked: Asked, stage: Stage) -> Refusal | None:
    """Of an account's calls at once, 100 stay unreserved; of the 10 of a new account, all."""
    given = _quota("lambda-concurrency", stage)
    least = int(min(100, given))
    asked_for = int(asked.parameters["ReservedConcurrentExecutions"])
    others = stage.sum_of("reserved", asked.region, but=str(asked.parameters["FunctionName"]))
    if given - others - asked_for >= least:
        return None
    message = "Specified ReservedConcurrentExecutions for function decreases account's "
    message += f"UnreservedConcurrentExecution below its minimum value of [{least}]."
    why = f"the account has {given:,.0f} calls at once, of which {others + asked_for:,.0f} would be reserved"
    return Refusal("InvalidParameterValueException", message, why)


@takes("lambda", "PutFunctionConcurrency")
def remember_reserved(asked: Asked, stage: Stage) -> None:
    """What a function has reserved."""
    name = str(asked.parameters["FunctionName"])
    stage.held["reserved", asked.region, name] = int(asked.parameters["ReservedConcurrentExecutions"])


@takes("lambda", "DeleteFunctionConcurrency", "DeleteFunction")
def forget_reserved(asked: Asked, stage: Stage) -> None:
    """A function reserves nothing any longer."""
    stage.held.pop(("reserved", asked.region, str(asked.parameters["FunctionName"])), None)


@rule("autoscaling", "CreateAutoScalingGroup", "UpdateAutoScalingGroup", source=QUOTAS)
def servers(asked: Asked, stage: Stage) -> Refusal | None:
    """All running servers together have no more vCPUs than the account's quota."""
    given, needed = _quota("ec2-vcpus", stage), _vcpus(asked, stage)[0]
    others = stage.sum_of("vcpus", asked.region, but=str(asked.parameters["AutoScalingGroupName"]))
    if others + needed <= given:
        return None
    message = (
        f"You have requested more vCPU capacity than your current vCPU limit of {given:.0f} allows for the "
    )
    message += "instance bucket that the specified instance type belongs to. Please visit "
    message += "http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit."
    why = f"{others + needed:.0f} vCPUs; on AWS the group would be made, and wait ten minutes for its servers"
    return Refusal("VcpuLimitExceeded", message, why)


@rule(
    "autoscaling",
    "CreateAutoScalingGroup",
    "UpdateAutoScalingGroup",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html",
)
def spot_servers(asked: Asked, stage: Stage) -> Refusal | None:
    """All running Spot servers together have no more vCPUs than a quota of their own."""
    given, needed = _quota("ec2-spot-vcpus", stage), _vcpus(asked, stage)[1]
    others = stage.sum_of("spot-vcpus", asked.region, but=str(asked.parameters["AutoScalingGroupName"]))
    if others + needed <= given:
        return None
    why = f"{others + needed:.0f} vCPUs of Spot for {given:.0f}; on AWS the group would be made, and be short"
    return Refusal("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded", why)


@takes("autoscaling", "CreateAutoScalingGroup", "UpdateAutoScalingGroup")
def remember_servers(asked: Asked, stage: Stage) -> None:
    """The vCPUs of a group."""
    name = str(asked.parameters["AutoScalingGroupName"])
    vcpus, spot = _vcpus(asked, stage)
    stage.held["vcpus", asked.region, name] = vcpus
    stage.held["spot-vcpus", asked.region, name] = spot


@takes("autoscaling", "DeleteAutoScalingGroup")
def forget_servers(asked: Asked, stage: Stage) -> None:
    """A group has none any longer."""
    for kind in ("vcpus", "spot-vcpus"):
        stage.held.pop((kind, asked.region, str(asked.parameters["AutoScalingGroupName"])), None)


def _vcpus(asked: Asked, stage: Stage) -> tuple[float, float]:
    """The vCPUs of a group as it was asked for, on demand and as Spot, by the type of its launch template."""
    name, policy = str(asked.parameters["AutoScalingGroupName"]), asked.parameters.get("MixedInstancesPolicy")
    template = asked.parameters.get("LaunchTemplate") or {}
    servers = int(asked.parameters.get("DesiredCapacity") or asked.parameters.get("MinSize") or 0)
    on_demand = servers
    if policy:
        template = (policy.get("LaunchTemplate") or {}).get("LaunchTemplateSpecification") or {}
        said = policy.get("InstancesDistribution") or {}
        base = min(int(said.get("OnDemandBaseCapacity") or 0), servers)
        share = int(said.get("OnDemandPercentageAboveBaseCapacity", 100)) / 100
        on_demand = base + math.ceil((servers - base) * share)
    known = stage.held.get(("type", asked.region, str(template.get("LaunchTemplateName") or name)))
    try:
        vcpu = catalog.instance_type(str(known)).vcpu if known else 0
    except InputError:
        vcpu = 0
    return on_demand * vcpu, (servers - on_demand) * vcpu


@rule(
    "ec2", "AllocateAddress", source="https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
)
def addresses(asked: Asked, stage: Stage) -> Refusal | None:
    """A young account has five addresses in a region."""
    if not stage.account.is_young or stage.sum_of("addresses", asked.region) < _quota("addresses", stage):
        return None
    message = "The maximum number of addresses has been reached."
    return Refusal("AddressLimitExceeded", message, "ask for more in Service Quotas, EC2-VPC Elastic IPs")


@takes("ec2", "AllocateAddress")
def remember_address(asked: Asked, stage: Stage) -> None:
    """One address more."""
    held = stage.held.get(("addresses", asked.region, ""), 0)
    stage.held["addresses", asked.region, ""] = float(held) + 1


@takes("ec2", "ReleaseAddress")
def forget_address(asked: Asked, stage: Stage) -> None:
    """One address less."""
    held = stage.held.get(("addresses", asked.region, ""), 0)
    stage.held["addresses", asked.region, ""] = max(0.0, float(held) - 1)


@rule("ec2", "CreateSubnet", source="public issues, Coalfire-Research/npk 10")
def zone(asked: Asked, stage: Stage) -> Refusal | None:
    """An account may lack a zone that others have, such as us-west-1b."""
    wanted, given = str(asked.parameters.get("AvailabilityZone") or ""), YOUNG_ZONES.get(asked.region)
    if not stage.account.is_young or not wanted or given is None or wanted in given:
        return None
    message = f"Value ({wanted}) for parameter availabilityZone is invalid. Subnets can currently only be "
    message += f"created in the following availability zones: {', '.join(given)}."
    return Refusal("InvalidParameterValue", message, "zones differ by account: write `availability_zones`")


@rule(
    "rds",
    "CreateDBInstance",
    source="public issues; https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/free-tier.html",
)
def free_backups(asked: Asked, stage: Stage) -> Refusal | None:
    """On the free plan backups are kept for a day at most."""
    days = int(asked.parameters.get("BackupRetentionPeriod") or 0)
    if stage.account is not Account.FREE or days <= FREE_BACKUP_DAYS:
        return None
    message = "The specified backup retention period exceeds the maximum available to free tier customers."
    return Refusal("FreeTierRestrictionError", message, "upgrade the account to the paid plan")


@rule(
    "ec2",
    "RunInstances",
    "CreateLaunchTemplate",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-free-tier-usage.html",
)
def free_types(asked: Asked, stage: Stage) -> Refusal | None:
    """On the free plan there are few types of servers."""
    name = type_of(asked.parameters)
    if stage.account is not Account.FREE or not name or name in FREE_TYPES:
        return None
    message = "The specified instance type is not eligible for Free Tier."
    return Refusal("InvalidParameterCombination", message, f"{name} needs the paid plan")


def _quota(name: str, stage: Stage) -> float:
    """What the account has: a grown one as much as it asks for, where AWS raises the quota on request."""
    quota = catalog.quota(name)
    if stage.account.is_young:
        return quota.new
    return math.inf if quota.is_raised else quota.grown
