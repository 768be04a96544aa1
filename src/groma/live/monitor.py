"""What runs now: servers, databases, alarms, and what was changed behind Terraform's back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groma.alarms import alarms
from groma.architecture import Architecture
from groma.components.database import DatabaseServer
from groma.components.server_group import ServerGroup
from groma.live.provision import drift
from groma.live.stack import Stack
from groma.live.target import Target
from groma.live.terraform_cli import PlanSummary


@dataclass(frozen=True)
class Running:
    """One element and how it is."""

    element: str
    state: str
    detail: str = ""


@dataclass(frozen=True)
class Status:
    """A stack at one moment.

    Attributes:
        alarms: how many alarms are in each state.
        firing: the names of those that are on.
        drift: resources that are not as they were provisioned.
    """

    stack: str
    target: str
    running: tuple[Running, ...]
    alarms: Mapping[str, int]
    firing: tuple[str, ...]
    drift: tuple[str, ...]


def status(architecture: Architecture, stack: Stack, target: Target) -> Status:
    """Look at a stack. Raises InputError when it does not stand."""
    changes = drift(stack, target)
    states = _alarm_states(architecture, target)
    return Status(
        stack=stack.name,
        target=stack.target,
        running=(*_groups(architecture, target), *_databases(architecture, target)),
        alarms=dict(Counter(states.values())),
        firing=tuple(sorted(name for name, state in states.items() if state == "ALARM")),
        drift=_described(changes),
    )


def _described(changes: PlanSummary) -> tuple[str, ...]:
    """What Terraform would mend; what it only notes, such as a list that AWS fills in, does not count."""
    return tuple(f"{change.address}: {change.action}" for change in changes.changes)


def _groups(architecture: Architecture, target: Target) -> Iterator[Running]:
    names = {f"{architecture.name}-{g.id}": g for g in architecture.of_type(ServerGroup)}
    client = target.client("autoscaling", architecture.region)
    answer = client.describe_auto_scaling_groups(AutoScalingGroupNames=list(names))
    found = {group["AutoScalingGroupName"]: group for group in answer["AutoScalingGroups"]}
    for name, component in names.items():
        yield _group(component, found.get(name))


def _group(component: ServerGroup, group: dict[str, Any] | None) -> Running:
    if group is None:
        return Running(component.label, "missing")
    serving = [i for i in group["Instances"] if i["LifecycleState"] == "InService"]
    zones = Counter(instance["AvailabilityZone"] for instance in serving)
    spread = ", ".join(f"{count} in {zone}" for zone, count in sorted(zones.items()))
    return Running(component.label, f"{len(serving)} of {group['DesiredCapacity']} in service", spread)


def _databases(architecture: Architecture, target: Target) -> Iterator[Running]:
    pages = target.client("rds", architecture.region).get_paginator("describe_db_instances").paginate()
    found = {database["DBInstanceIdentifier"]: database for page in pages for database in page["DBInstances"]}
    for component in architecture.of_type(DatabaseServer):
        database = found.get(f"{architecture.name}-database-{component.role}")
        if database is None:
            yield Running(component.label, "missing")
        else:
            detail = f"{database['DBInstanceClass']} in {database.get('AvailabilityZone', 'no zone')}"
            yield Running(component.label, database["DBInstanceStatus"], detail)


def _alarm_states(architecture: Architecture, target: Target) -> dict[str, str]:
    names = [f"{architecture.name}-{alarm.id}" for alarm in alarms(architecture)]
    client = target.client("cloudwatch", architecture.region)
    found = client.describe_alarms(AlarmNames=names)["MetricAlarms"]
    states = {alarm["AlarmName"]: str(alarm["StateValue"]) for alarm in found}
    return {name: states.get(name, "missing") for name in names}
