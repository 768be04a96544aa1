"""Services of containers, and their task definitions."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.ecs.models import EC2ContainerServiceBackend as Backend
from moto.ecs.models import Service
from moto.ecs.responses import EC2ContainerServiceResponse as Response
from moto.elbv2.models import elbv2_backends

from groma.live.embedded.corrections.registry import correction

KEPT = {
    "deploymentConfiguration": "deployment_configuration",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "enableExecuteCommand": "enable_execute_command",
}
"""What a request states → the attribute of a service from which an answer is made."""


@correction(seen_in="5.2.5")
def settings_of_services() -> None:
    """Upstream: forgets how a service is deployed, its grace period, its balance over zones, its tags by ECS.

    Effect: they are kept, changed and told.
    """
    create, update = Response.create_service, Response.update_service

    def created(self: Any) -> ActionResult:
        answer: ActionResult = create(self)
        _keep(self, answer)
        return answer

    def updated(self: Any) -> ActionResult:
        answer: ActionResult = update(self)
        _keep(self, answer)
        return answer

    Response.create_service, Response.update_service = created, updated


def _keep(response: Any, answer: ActionResult) -> None:
    service = answer.result["service"]
    for name, attribute in KEPT.items():
        value = response._get_param(name)
        if value is not None:
            setattr(service, attribute, value)


@correction(seen_in="5.2.5")
def tasks_run() -> None:
    """Upstream: starts no task of a service, so that it never becomes stable.

    Effect: as many run as are wanted, in a deployment that is completed; those of a deleted service are gone.
    """
    create, update, delete = Backend.create_service, Backend.update_service, Backend.delete_service

    def created(self: Any, *args: Any, **kwargs: Any) -> Service:
        return _run(create(self, *args, **kwargs))

    def updated(self: Any, service_properties: dict[str, Any]) -> Service:
        task_definition = service_properties.get("task_definition")
        service = update(self, service_properties)
        if task_definition:
            service.task_definition = self.describe_task_definition(task_definition).arn
        return _run(service)

    def deleted(self: Any, *args: Any, **kwargs: Any) -> Service:
        service: Service = delete(self, *args, **kwargs)
        service.desired_count = service.running_count = 0
        return service

    Backend.create_service, Backend.update_service, Backend.delete_service = created, updated, deleted


def _run(service: Service) -> Service:
    service.running_count, service.pending_count = service.desired_count, 0
    for deployment in service.deployments:
        deployment |= {
            "taskDefinition": service.task_definition,
            "desiredCount": service.desired_count,
            "runningCount": service.desired_count,
            "pendingCount": 0,
            "rolloutState": "COMPLETED",
            "rolloutStateReason": f"ECS deployment {deployment['id']} completed.",
        }
    return service


@correction(seen_in="5.2.5")
def tasks_are_targets() -> None:
    """Upstream: puts no task of a service into its target group.

    Effect: each is one by an address in a subnet of the service, over which they are spread evenly; those
    that are gone are taken out.
    """
    create, update, delete = Backend.create_service, Backend.update_service, Backend.delete_service

    def created(self: Any, *args: Any, **kwargs: Any) -> Service:
        return _register(self, create(self, *args, **kwargs))

    def updated(self: Any, service_properties: dict[str, Any]) -> Service:
        return _register(self, update(self, service_properties))

    def deleted(self: Any, *args: Any, **kwargs: Any) -> Service:
        service: Service = delete(self, *args, **kwargs)
        return _register(self, service, 0)

    Backend.create_service, Backend.update_service, Backend.delete_service = created, updated, deleted


def _register(backend: Any, service: Any, wanted: int | None = None) -> Service:
    """Give as many addresses as tasks are wanted to the target groups of a service."""
    addresses: list[str] = service.__dict__.setdefault("task_addresses", [])
    count = service.desired_count if wanted is None else wanted
    before = list(addresses)
    while len(addresses) < count:
        addresses.append(_address(backend, service, len(addresses)))
    del addresses[count:]
    groups = elbv2_backends[backend.account_id][backend.region_name].target_groups
    for each in service.load_balancers:
        group, port = groups.get(each.get("targetGroupArn")), each.get("containerPort")
        if group is not None:
            group.deregister([{"Id": gone} for gone in before if gone not in addresses])
            group.register([{"Id": new, "Port": port} for new in addresses if new not in before])
    return service


def _address(backend: Any, service: Any, number: int) -> str:
    """A free address in the subnet whose turn it is."""
    subnets = service.network_configuration["awsvpcConfiguration"]["subnets"]
    subnet_id = sorted(subnets)[number % len(subnets)]
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    (subnet,) = ec2.describe_subnets(subnet_ids=[subnet_id])
    return str(subnet.get_available_subnet_ip(f"{service.arn}/{number}"))
