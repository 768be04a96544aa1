from __future__ import annotations

from typing import Any

from groma.live.embedded import Endpoints
from probes.network import security_group, two_subnets, unique

DEPLOYED = {
    "deploymentCircuitBreaker": {"enable": True, "rollback": True},
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
}


def _service(aws: Endpoints) -> tuple[Any, str, str, str]:
    """ECS, a cluster, a service of two tasks in it, and its target group."""
    ecs, (vpc, subnets), name = aws.client("ecs"), two_subnets(aws), unique("service")
    group = aws.client("elbv2").create_target_group(
        Name=name, Protocol="HTTP", Port=8000, VpcId=vpc, TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    ecs.create_cluster(clusterName=name)
    ecs.register_task_definition(
        family=name, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
        containerDefinitions=[{"name": "application", "image": "acme/shop:1.4"}],
    )  # fmt: skip
    ecs.create_service(
        cluster=name, serviceName=name, taskDefinition=name, desiredCount=2, launchType="FARGATE",
        deploymentConfiguration=DEPLOYED, healthCheckGracePeriodSeconds=90, enableECSManagedTags=True,
        availabilityZoneRebalancing="ENABLED",
        loadBalancers=[{"targetGroupArn": group, "containerName": "application", "containerPort": 8000}],
        networkConfiguration={
            "awsvpcConfiguration": {"subnets": subnets, "securityGroups": [security_group(aws, vpc)]}
        },
    )  # fmt: skip
    return ecs, name, name, group


def _described(ecs: Any, cluster: str, service: str) -> Any:
    return ecs.describe_services(cluster=cluster, services=[service])["services"][0]


def _zones(aws: Endpoints, group: str) -> list[str]:
    """The third number of each healthy target's address, which is that of its subnet."""
    rows = aws.client("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert {row["TargetHealth"]["State"] for row in rows} <= {"healthy"}
    return sorted(row["Target"]["Id"].split(".")[2] for row in rows)


def settings_of_services(aws: Endpoints) -> None:
    ecs, cluster, service, _ = _service(aws)
    found = _described(ecs, cluster, service)
    assert found["deploymentConfiguration"] == DEPLOYED
    assert (found["healthCheckGracePeriodSeconds"], found["availabilityZoneRebalancing"]) == (90, "ENABLED")
    assert found["enableECSManagedTags"] is True
    ecs.update_service(cluster=cluster, service=service, healthCheckGracePeriodSeconds=30)
    found = _described(ecs, cluster, service)
    assert (found["healthCheckGracePeriodSeconds"], found["deploymentConfiguration"]) == (30, DEPLOYED)


def tasks_run(aws: Endpoints) -> None:
    ecs, cluster, service, _ = _service(aws)
    found = _described(ecs, cluster, service)
    assert (found["runningCount"], found["pendingCount"]) == (2, 0)
    assert [each["rolloutState"] for each in found["deployments"]] == ["COMPLETED"]
    ecs.delete_service(cluster=cluster, service=service, force=True)
    assert _described(ecs, cluster, service)["runningCount"] == 0


def tasks_are_targets(aws: Endpoints) -> None:
    ecs, cluster, service, group = _service(aws)
    assert _zones(aws, group) == ["0", "1"]
    ecs.update_service(cluster=cluster, service=service, desiredCount=4)
    assert _zones(aws, group) == ["0", "0", "1", "1"]
    ecs.delete_service(cluster=cluster, service=service, force=True)
    assert _zones(aws, group) == []
