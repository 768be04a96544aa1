"""Rows of equal machines behind a load balancer that come and go with the load: servers, or tasks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from groma import catalog
from groma.answers import BillLine, Ref, Uptime, Value
from groma.architecture import Architecture, Component, Finding
from groma.components.pricing import Meter
from groma.quantity import ZERO, Range
from groma.sizing.values import Size

TRACKING_ALARMS = 2
"""Alarms that target tracking makes for each group."""


@dataclass(frozen=True, kw_only=True)
class MachineGroup(Component):
    """A row of machines, spread evenly over the zones of its places.

    Attributes:
        size: what each of them is, and how many there are.
        traces_per_month: requests that they tell X-Ray of, by an agent beside them.
        tier_module: the Terraform module that makes it together with its load balancer.
        let_in: the output of that module with the security group of its machines.
        noun: what one of them is called.
        replaced_by: who starts a new one for one that fails; activity: where that says what it does.
        times_rolling: how many times as many there may be while a release comes in.
        start_log: what to read where new ones fail as they start; log: where the application's log is.
    """

    tier_module: ClassVar[str]
    let_in: ClassVar[str]
    noun: ClassVar[str]
    times_rolling: ClassVar[int]
    replaced_by: ClassVar[str]
    activity: ClassVar[str]
    start_log: ClassVar[str]
    log: ClassVar[str]

    size: Size
    traces_per_month: Range = ZERO

    @property
    def traced(self) -> bool:
        """Whether any request is traced."""
        return self.traces_per_month.high > 0

    def traces(self, meter: Meter) -> tuple[BillLine, ...]:
        """What X-Ray takes for them."""
        line = meter.volume("traces", self.traces_per_month, "xray", "traces_recorded", "kept by X-Ray")
        return (line,) if self.traced else ()

    def uptime(self, architecture: Architecture) -> Uptime:
        """1 - (1 - a)²: the group was sized to lose one zone, so it takes two zones at once to stop it.

        `a` is AWS's agreement for a single instance, taken for all machines of a zone together; there is
        none for a single task.
        """
        single = catalog.sla("ec2-instance").availability
        zones = len(architecture.zones_of(self))
        share = 1 - (1 - single) ** min(zones, 2)
        return Uptime(self.id, share, f"{self.noun}s in {zones} zones, each up {single:.1%} of the time")

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        return (in_zones(self, architecture, self.size.min),)


def in_zones(component: Component, architecture: Architecture, fewest: int) -> Finding:
    """Whether a component stands in more than one zone, with at least one of its members in each."""
    zones = len(architecture.zones_of(component))
    return Finding(
        id=f"{component.id}-zones",
        what=f"{component.label} stand in more than one zone",
        expected="2 or more",
        actual=str(zones),
        ok=zones >= 2 and fewest >= zones,
    )


def machine_groups(architecture: Architecture, ids: Collection[str]) -> tuple[MachineGroup, ...]:
    """The groups that have one of these ids, in the order of the architecture."""
    groups = (each for each in architecture.components if isinstance(each, MachineGroup))
    return tuple(group for group in groups if group.id in ids)


def machine_group(architecture: Architecture, id_: str) -> MachineGroup:
    """The group of that id."""
    group = architecture.component(id_)
    assert isinstance(group, MachineGroup)
    return group


def security_groups_of(architecture: Architecture, ids: Collection[str]) -> dict[str, Value]:
    """Group → the security group of its machines, as modules take those that they let in."""
    return {g.id: Ref(f"module.{g.id}.{g.let_in}") for g in machine_groups(architecture, ids)}
