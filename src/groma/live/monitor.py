"""What runs now: elements and their states, alarms, and what was changed behind Terraform's back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from groma.answers import MISSING, Running
from groma.architecture import Architecture, Part
from groma.live.provision import drift_of, standing
from groma.live.reporting import Reporter
from groma.live.stack import Stack
from groma.live.target import Clients, Target
from groma.live.terraform_cli import PlanSummary
from groma.live.understood import understood
from groma.live.verify.reading import Deployed, Reading
from groma.monitoring import alarms, composites
from groma.terraform.calls import outputs_of
from groma.words import Table, Words

ALARMS_AT_ONCE = 100
"""DescribeAlarms takes 100 names, and gives 50 alarms in a page unless more are asked (API reference)."""


@dataclass(frozen=True)
class Status:
    """A stack at one moment.

    Attributes:
        running: elements that can be up or down, in the order of the design.
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


def status(
    architecture: Architecture, stack: Stack, target: Target, report: Reporter | None = None
) -> Status:
    """Look at a stack. Raises InputError when it does not stand."""
    terraform = standing(stack, target, report)
    changes, outputs = drift_of(terraform, target), terraform.output()
    parts = [part.architecture for part in architecture.parts]
    states = {name: state for part in parts for name, state in _alarm_states(part, target).items()}
    return Status(
        stack=stack.name,
        target=stack.target,
        running=tuple(each for part in architecture.parts for each in running(part, target, outputs)),
        alarms=dict(Counter(states.values())),
        firing=tuple(sorted(name for name, state in states.items() if state == "ALARM")),
        drift=_described(changes),
    )


def running(part: Part, clients: Clients, outputs: Mapping[str, object]) -> Iterator[Running]:
    """Everything of one region, or outside of them, that can be up or down, as its components say.

    Args:
        part: the region, or what stands outside of them.
        clients: the cloud.
        outputs: Terraform's, of the whole stack.
    """
    architecture = part.architecture
    ask = _Questions(Reading(Deployed(outputs_of(part, outputs), clients), architecture.region))
    for component in architecture.components:
        with understood(f"{component.label} in {architecture.region}"):
            found = tuple(component.running(architecture, ask))
        for each in found:
            yield replace(each, element=f"{part.scope}: {each.element}") if part.scope else each


@dataclass(frozen=True)
class _Questions:
    """The questions that a component may ask, see `groma.answers.Ask`."""

    reading: Reading

    def __call__(self, service: str, operation: str, **arguments: object) -> Mapping[str, Any] | None:
        return self.reading.ask(service, operation, **arguments)

    def output(self, name: str) -> str | None:
        return self.reading.output(name)


def _described(changes: PlanSummary) -> tuple[str, ...]:
    """What `up` would mend; what Terraform only notes, such as a list that AWS fills in, does not count."""
    return tuple(f"{change.address}: {change.action}" for change in changes.changes)


def _alarm_states(architecture: Architecture, target: Target) -> dict[str, str]:
    """The state of each designed alarm of a part, by its name.

    CloudWatch is asked for so many at once, and gives so many in a page.
    """
    by_region: dict[str, list[str]] = {architecture.region: [each.id for each in composites(architecture)]}
    for alarm in alarms(architecture):
        by_region.setdefault(alarm.region or architecture.region, []).append(alarm.id)
    found: dict[str, str] = {}
    for region, ids in by_region.items():
        names = [f"{architecture.name}-{each}" for each in ids]
        reading = Reading(Deployed({}, target), region)
        for first in range(0, len(names), ALARMS_AT_ONCE):
            asked = names[first : first + ALARMS_AT_ONCE]
            found |= dict.fromkeys(asked, MISSING) | _states(reading, asked)
    return found


def _states(reading: Reading, names: Sequence[str]) -> dict[str, str]:
    """The states of those of some alarms that exist."""
    with understood(f"alarms in {reading.region}"):
        answer = reading.ask(
            "cloudwatch", "describe_alarms", AlarmNames=names, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        rows = (*(answer or {}).get("MetricAlarms", ()), *(answer or {}).get("CompositeAlarms", ()))
        return {alarm["AlarmName"]: str(alarm["StateValue"]) for alarm in rows}
