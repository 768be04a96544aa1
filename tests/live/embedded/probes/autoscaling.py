from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

from groma.live.embedded import Endpoints
from probes.network import two_subnets, unique

IMAGE = "ami-0123456789abcdef0"


def _template(aws: Endpoints, *types: str) -> str:
    """A launch template with one version per instance type; the first stays the default."""
    ec2 = aws.client("ec2")
    first, *others = [{"ImageId": IMAGE, "InstanceType": kind} for kind in types]
    made = ec2.create_launch_template(LaunchTemplateName=unique("template"), LaunchTemplateData=first)
    template: str = made["LaunchTemplate"]["LaunchTemplateId"]
    for data in others:
        ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData=data)
    return template


def _group(aws: Endpoints, size: int, template: str = "", version: str = "1", **settings: Any) -> str:
    name = unique("group")
    aws.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate={"LaunchTemplateId": template or _template(aws, "t4g.small"), "Version": version},
        MinSize=0,
        MaxSize=10,
        DesiredCapacity=size,
        VPCZoneIdentifier=",".join(two_subnets(aws)[1]),
        **settings,
    )
    return name


def group_defaults(aws: Endpoints) -> None:
    name = _group(aws, 0)
    client = aws.client("autoscaling")
    (found,) = client.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    assert found["CapacityReservationSpecification"] == {"CapacityReservationPreference": "default"}
    assert found["AvailabilityZoneDistribution"] == {"CapacityDistributionStrategy": "balanced-best-effort"}


def keep_mixed_policies(aws: Endpoints) -> None:
    template, client, name = _template(aws, "t4g.small"), aws.client("autoscaling"), unique("group")
    policy = {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": template, "Version": "1"},
            "Overrides": [{"InstanceType": "t4g.small"}, {"InstanceType": "t4g.medium"}],
        },
        "InstancesDistribution": {
            "OnDemandBaseCapacity": 1,
            "OnDemandPercentageAboveBaseCapacity": 0,
            "SpotAllocationStrategy": "price-capacity-optimized",
        },
    }
    client.create_auto_scaling_group(
        AutoScalingGroupName=name,
        MixedInstancesPolicy=policy,
        MinSize=1,
        MaxSize=10,
        DesiredCapacity=4,
        VPCZoneIdentifier=",".join(two_subnets(aws)[1]),
    )
    assert _zones(aws, name) == [2, 2]
    client.update_auto_scaling_group(AutoScalingGroupName=name, MaxSize=8, CapacityRebalance=True)
    found = _describe(aws, name)
    assert [
        each["InstanceType"] for each in found["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"]
    ] == [
        "t4g.small",
        "t4g.medium",
    ]
    said = found["MixedInstancesPolicy"]["InstancesDistribution"]
    assert (said["OnDemandBaseCapacity"], said["SpotAllocationStrategy"]) == (1, "price-capacity-optimized")
    assert found["CapacityRebalance"] is True
    assert len(found["Instances"]) == 4
    client.update_auto_scaling_group(
        AutoScalingGroupName=name, LaunchTemplate={"LaunchTemplateId": template, "Version": "1"}
    )
    assert "MixedInstancesPolicy" not in _describe(aws, name)


def _describe(aws: Endpoints, name: str) -> Any:
    client = aws.client("autoscaling")
    return client.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]


def _zones(aws: Endpoints, name: str) -> list[int]:
    """How many instances each zone has, fewest first."""
    counts = Counter(instance["AvailabilityZone"] for instance in _describe(aws, name)["Instances"])
    return sorted(counts.values())


def spread_over_subnets(aws: Endpoints) -> None:
    template = _template(aws, "t4g.small", "t4g.large")
    name = _group(aws, 5, template, version="2")
    assert _zones(aws, name) == [2, 3]
    ids = [instance["InstanceId"] for instance in _describe(aws, name)["Instances"]]
    reservations = aws.client("ec2").describe_instances(InstanceIds=ids)["Reservations"]
    instances = [instance for reservation in reservations for instance in reservation["Instances"]]
    assert {instance["InstanceType"] for instance in instances} == {"t4g.large"}
    versions = {
        tag["Value"]
        for instance in instances
        for tag in instance["Tags"]
        if tag["Key"] == "aws:ec2launchtemplate:version"
    }
    assert versions == {"2"}


def shrink_evenly(aws: Endpoints) -> None:
    name = _group(aws, 6)
    for size, zones in ((5, [2, 3]), (4, [2, 2]), (2, [1, 1])):
        aws.client("autoscaling").set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=size)
        assert _zones(aws, name) == zones


def leave_target_groups(aws: Endpoints) -> None:
    elb, client = aws.client("elbv2"), aws.client("autoscaling")
    vpc, _ = two_subnets(aws)
    made = elb.create_target_group(Name=unique("targets"), Protocol="HTTP", Port=80, VpcId=vpc)
    arn = made["TargetGroups"][0]["TargetGroupArn"]
    name = _group(aws, 2, TargetGroupARNs=[arn])

    def targets() -> set[str]:
        rows = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        return {row["Target"]["Id"] for row in rows}

    before = {instance["InstanceId"] for instance in _describe(aws, name)["Instances"]}
    assert targets() == before
    client.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)
    after = {instance["InstanceId"] for instance in _describe(aws, name)["Instances"]}
    assert targets() == after
    assert len(after) == 1


def lost_target_groups(aws: Endpoints) -> None:
    balancing, scaling = aws.client("elbv2"), aws.client("autoscaling")
    vpc, _ = two_subnets(aws)

    def made() -> str:
        asked = {"Name": unique("targets"), "Protocol": "HTTP", "Port": 80, "VpcId": vpc}
        arn: str = balancing.create_target_group(**asked)["TargetGroups"][0]["TargetGroupArn"]
        return arn

    lost, other = made(), made()
    name = _group(aws, 1, TargetGroupARNs=[lost])
    balancing.delete_target_group(TargetGroupArn=lost)
    scaling.update_auto_scaling_group(AutoScalingGroupName=name, MaxSize=5)
    scaling.detach_load_balancer_target_groups(AutoScalingGroupName=name, TargetGroupARNs=[lost])
    scaling.attach_load_balancer_target_groups(AutoScalingGroupName=name, TargetGroupARNs=[other])
    assert _describe(aws, name)["TargetGroupARNs"] == [other]
    health = balancing.describe_target_health(TargetGroupArn=other)["TargetHealthDescriptions"]
    assert len(health) == 1


def keep_group_settings(aws: Endpoints) -> None:
    name = _group(aws, 0, DefaultInstanceWarmup=90, MaxInstanceLifetime=604800)
    group = _describe(aws, name)
    assert (group["DefaultInstanceWarmup"], group["MaxInstanceLifetime"]) == (90, 604800)
    aws.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=name, DefaultInstanceWarmup=30)
    group = _describe(aws, name)
    assert (group["DefaultInstanceWarmup"], group["MaxInstanceLifetime"]) == (30, 604800)


def metrics_collection(aws: Endpoints) -> None:
    client, name = aws.client("autoscaling"), _group(aws, 0)

    def enabled() -> set[str]:
        return {row["Metric"] for row in _describe(aws, name)["EnabledMetrics"]}

    for metric in ("GroupMinSize", "GroupMaxSize"):
        client.enable_metrics_collection(AutoScalingGroupName=name, Granularity="1Minute", Metrics=[metric])
    assert enabled() == {"GroupMinSize", "GroupMaxSize"}
    client.disable_metrics_collection(AutoScalingGroupName=name, Metrics=["GroupMinSize"])
    assert enabled() == {"GroupMaxSize"}
    client.disable_metrics_collection(AutoScalingGroupName=name)
    assert enabled() == set()


def _track(aws: Endpoints, group: str, name: str, target: float) -> None:
    metric = {"PredefinedMetricType": "ASGAverageCPUUtilization"}
    aws.client("autoscaling").put_scaling_policy(
        AutoScalingGroupName=group,
        PolicyName=name,
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={"TargetValue": target, "PredefinedMetricSpecification": metric},
    )


def _policies(aws: Endpoints, group: str) -> Any:
    return aws.client("autoscaling").describe_policies(AutoScalingGroupName=group)["ScalingPolicies"]


def policy_defaults(aws: Endpoints) -> None:
    group = _group(aws, 0)
    _track(aws, group, "cpu", 50)
    (policy,) = _policies(aws, group)
    assert policy["Enabled"] is True
    assert "PredictiveScalingConfiguration" not in policy


def policies_by_group(aws: Endpoints) -> None:
    first, second = _group(aws, 0), _group(aws, 0)
    _track(aws, first, "cpu", 50)
    _track(aws, second, "cpu", 60)
    targets = [
        _policies(aws, group)[0]["TargetTrackingConfiguration"]["TargetValue"] for group in (first, second)
    ]
    assert targets == [50, 60]
    aws.client("autoscaling").delete_policy(AutoScalingGroupName=first, PolicyName="cpu")
    assert [len(_policies(aws, group)) for group in (first, second)] == [0, 1]
    aws.client("autoscaling").delete_policy(PolicyName=_policies(aws, second)[0]["PolicyARN"])
    assert _policies(aws, second) == []
    with pytest.raises(ClientError, match="PolicyName not found"):
        aws.client("autoscaling").delete_policy(AutoScalingGroupName=first, PolicyName="cpu")


def instance_refresh(aws: Endpoints) -> None:
    client = aws.client("autoscaling")
    template = _template(aws, "t4g.small", "t4g.large")
    name = _group(aws, 2, template)
    before = {instance["InstanceId"] for instance in _describe(aws, name)["Instances"]}
    specification = {"LaunchTemplateId": template, "Version": "2"}
    client.update_auto_scaling_group(AutoScalingGroupName=name, LaunchTemplate=specification)
    refresh = client.start_instance_refresh(AutoScalingGroupName=name)["InstanceRefreshId"]
    (row,) = client.describe_instance_refreshes(AutoScalingGroupName=name)["InstanceRefreshes"]
    assert (row["InstanceRefreshId"], row["Status"]) == (refresh, "Successful")
    instances = _describe(aws, name)["Instances"]
    assert len(instances) == 2
    assert {instance["InstanceType"] for instance in instances} == {"t4g.large"}
    assert before.isdisjoint(instance["InstanceId"] for instance in instances)
