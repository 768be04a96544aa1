"""Rows of equal machines behind a load balancer that come and go with the load: servers, or tasks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from groma.architecture import Architecture, Component
from groma.sizing.values import Size


@dataclass(frozen=True, kw_only=True)
class MachineGroup(Component):
    """A row of machines, spread evenly over the zones of its places.

    Attributes:
        size: what each of them is, and how many there are.
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


def machine_groups(architecture: Architecture, ids: Collection[str]) -> tuple[MachineGroup, ...]:
    """The groups that have one of these ids, in the order of the architecture."""
    groups = (each for each in architecture.components if isinstance(each, MachineGroup))
    return tuple(group for group in groups if group.id in ids)


def machine_group(architecture: Architecture, id_: str) -> MachineGroup:
    """The group of that id."""
    group = architecture.component(id_)
    assert isinstance(group, MachineGroup)
    return group
