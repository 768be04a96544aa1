"""What runs now: servers, databases, alarms, and what was changed behind Terraform's back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from groma.architecture import Architecture
from groma.components.database import DatabaseServer
from groma.components.function import LambdaFunction
from groma.components.instance import Instance
from groma.components.messaging import DeadLetterQueue, Queue
from groma.components.server_group import ServerGroup
from groma.live.provision import drift
from groma.live.stack import Stack
from groma.live.target import Target
from groma.live.terraform_cli import PlanSummary
from groma.monitoring import alarms
from groma.words import Table, Words


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

    def words(self) -> Words:
        """What runs, which alarms are on, what was changed."""
        table = Table(
            f"{self.stack} in the {self.target} cloud",
            ("element", "state", ""),
            tuple((line.element, line.state, line.detail) for line in self.running),
        )
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.alarms.items()))
        changed = f"{len(self.drift)} resources changed behind Terraform's back"
        lines = (
            f"alarms  {states or 'none'}",
            *(f"        {name}" for name in self.firing),
            f"drift   {changed if self.drift else 'none'}",
            *(f"        {change}" for change in self.drift),
        )
        return Words(tables=(table,), lines=lines)

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def status(architecture: Architecture, stack: Stack, target: Target) -> Status:
    """Look at a stack. Raises InputError when it does not stand."""
    changes = drift(stack, target)
    parts = [part.architecture for part in architecture.parts]
    states = {name: state for part in parts for name, state in _alarm_states(part, target).items()}
    return Status(
        stack=stack.name,
        target=stack.target,
        running=tuple(
            replace(running, element=f"{part.scope}: {running.element}" if part.scope else running.element)
            for part in architecture.parts
            for running in _running(part.architecture, target)
        ),
        alarms=dict(Counter(states.values())),
        firing=tuple(sorted(name for name, state in states.items() if state == "ALARM")),
        drift=_described(changes),
    )


def _described(changes: PlanSummary) -> tuple[str, ...]:
    """What Terraform would mend; what it only notes, such as a list that AWS fills in, does not count."""
    return tuple(f"{change.address}: {change.action}" for change in changes.changes)


def _running(architecture: Architecture, target: Target) -> Iterator[Running]:
    """Everything in one region that can be up or down."""
    yield from _groups(architecture, target)
    yield from _instances(architecture, target)
    yield from _databases(architecture, target)
    yield from _functions(architecture, target)
    yield from _queues(architecture, target)


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


def _instances(architecture: Architecture, target: Target) -> Iterator[Running]:
    """Servers that stand by themselves, by the name that Terraform gave them."""
    components = architecture.of_type(Instance)
    if not components:
        return
    named = [{"Name": "tag:Name", "Values": [architecture.name]}]
    pages = (
        target.client("ec2", architecture.region).get_paginator("describe_instances").paginate(Filters=named)
    )
    rows = [row for page in pages for found in page["Reservations"] for row in found["Instances"]]
    living = [row for row in rows if row["State"]["Name"] != "terminated"]
    for component in components:
        if not living:
            yield Running(component.label, "missing")
        for row in living:
            detail = f"{row['InstanceType']} in {row['Placement']['AvailabilityZone']}"
            yield Running(component.label, row["State"]["Name"], detail)


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


def _functions(architecture: Architecture, target: Target) -> Iterator[Running]:
    """Functions with their memory; those that do not stand are missing."""
    components = architecture.of_type(LambdaFunction)
    if not components:
        return
    pages = target.client("lambda", architecture.region).get_paginator("list_functions").paginate()
    found = {function["FunctionName"]: function for page in pages for function in page["Functions"]}
    for component in components:
        function = found.get(f"{architecture.name}-{component.name}")
        state = "missing" if function is None else str(function.get("State", "Active"))
        yield Running(component.label, state, f"{function['MemorySize']} MB" if function else "")


def _queues(architecture: Architecture, target: Target) -> Iterator[Running]:
    """Queues with the messages that wait in them; those that do not stand are missing."""
    components = architecture.of_type(Queue) + architecture.of_type(DeadLetterQueue)
    if not components:
        return
    client = target.client("sqs", architecture.region)
    urls = client.list_queues(QueueNamePrefix=f"{architecture.name}-").get("QueueUrls", [])
    by_name = {url.rpartition("/")[2]: url for url in urls}
    for component in components:
        url = by_name.get(f"{architecture.name}-{component.topic}-{component.tail}")
        if url is None:
            yield Running(component.label, "missing")
            continue
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = client.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        waiting, taken = (int(counts[name]) for name in names)
        yield Running(component.label, f"{waiting} waiting", f"{taken} being done" if taken else "")


def _alarm_states(architecture: Architecture, target: Target) -> dict[str, str]:
    names = [f"{architecture.name}-{alarm.id}" for alarm in alarms(architecture)]
    client = target.client("cloudwatch", architecture.region)
    found = client.describe_alarms(AlarmNames=names)["MetricAlarms"]
    states = {alarm["AlarmName"]: str(alarm["StateValue"]) for alarm in found}
    return {name: states.get(name, "missing") for name in names}
