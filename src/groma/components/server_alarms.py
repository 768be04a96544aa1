"""What is watched of a group of servers: its machines, and whether it has as many of them as it wants."""

from __future__ import annotations

import math
from typing import Protocol

from groma.answers import Alarm, Comparison, Expression, Metric, Ref, Runbook
from groma.components.watching import AGENT, ELSEWHERE, MEASURED, Burstable, alarm, running
from groma.sizing.candidates import MOST_BUSY
from groma.sizing.values import Size

MOST_MEMORY_PERCENT = 95
LEAST_FREE_GIB = 3
"""Of the volume: logs that wait for their rotation, an update of packages, and a release beside the one that
runs. What is logged is rotated by size, so that it does not grow from week to week."""
SHORT_MIN = FULL_MIN = 15


class Servers(Protocol):
    """What is asked of a group."""

    @property
    def id(self) -> str:
        """Of the component."""

    @property
    def size(self) -> Size:
        """What it was given."""

    @property
    def volume_gib(self) -> int:
        """Of each server."""


def server_alarms(group: Servers, zones: int) -> tuple[Alarm, ...]:
    """CPU, memory and disk of its servers, their credits, and whether there are as many as are wanted."""
    found = [_cpu(group), _memory(group), _disk(group), _short(group, zones)]
    if group.size.max > group.size.desired:
        found.append(_full(group))
    choice = group.size.choice
    if choice.baseline is not None:
        burstable = Burstable(
            group.id, choice.name, "AWS/EC2", _of(group), choice.vcpu, choice.baseline,
            group.size.utilisation_zone_lost,
        )  # fmt: skip
        found += burstable.alarms()
    return tuple(found)


def busy_percent(most_busy: float, at_least: float) -> int:
    """The CPU in percent beyond which the p99 goal is missed, above what is normal at peak."""
    return max(math.floor(100 * most_busy), math.floor(100 * at_least) + 1)


def breaks_at(size: Size) -> str:
    """Where the p99 goal is missed, in words."""
    if size.most_busy >= MOST_BUSY - 0.001:
        return f"the p99 goal is kept up to {MOST_BUSY:.0%} busy, beyond which waits are without measure"
    return f"beyond {size.most_busy:.0%} busy the p99 goal is missed"


def memory_percent(working_gib: float, mem_gib: float) -> int:
    """Halfway from the working set to the whole memory, in percent."""
    return min(math.ceil(50 * (working_gib + mem_gib) / mem_gib), MOST_MEMORY_PERCENT)


def _of(group: Servers) -> dict[str, str | Ref]:
    return {"AutoScalingGroupName": Ref(f"module.{group.id}.autoscaling_group_name")}


def _cpu(group: Servers) -> Alarm:
    size = group.size
    target = size.cpu_target_percent / 100
    limit = busy_percent(size.most_busy, max(size.utilisation_zone_lost, target))
    return alarm(
        group.id,
        "cpu",
        f"the {group.id} servers are so busy that requests become slow",
        f"{breaks_at(size)}; {size.utilisation_zone_lost:.0%} are busy at peak with a zone lost, and auto "
        f"scaling holds {size.cpu_target_percent} %",
        Metric("AWS/EC2", "CPUUtilization", "Average", _of(group), 300),
        (">", limit, 3),
        running("ticket"),
        Runbook(
            "Requests wait for a CPU, and the slowest of a hundred take longer than was promised.",
            "Has the group grown (`groma status`)? Is the load beyond what was planned, or did a release "
            "make requests heavier?",
            "If the group is at its maximum, raise the load in the workload file and `groma up`; after a "
            "release go back to the one before.",
        ),
    )


def _memory(group: Servers) -> Alarm:
    size, choice = group.size, group.size.choice
    limit = memory_percent(size.working_gib, choice.mem_gib)
    return alarm(
        group.id,
        "memory",
        f"the {group.id} servers use over {limit} % of their memory",
        f"the working set of {size.working_gib:g} GiB was planned on the {choice.mem_gib:g} GiB of "
        f"{choice.name}; halfway from the one to the other something grows that should not",
        Metric("CWAgent", "mem_used_percent", "Maximum", _of(group), 300),
        (">", limit, 2),
        AGENT,
        Runbook(
            "Nothing yet; when memory is used up, the server kills processes and fails its health check.",
            "Which server, and since when: does it grow with the hours (a leak) or with the load?",
            "Of a leak, end the server that is worst: the group replaces it. Else raise the working set in "
            "the workload file (load.app_working_gib, load.web_working_gib).",
        ),
    )


def _disk(group: Servers) -> Alarm:
    limit = math.floor(100 * (1 - LEAST_FREE_GIB / group.volume_gib))
    return alarm(
        group.id,
        "disk",
        f"the {group.id} servers use over {limit} % of their disk",
        f"of {group.volume_gib} GiB {LEAST_FREE_GIB} must stay free: logs that wait for their rotation, an "
        "update, and a release beside the one that runs",
        Metric("CWAgent", "disk_used_percent", "Maximum", _of(group), 300),
        (">", limit, 2),
        MEASURED,
        Runbook(
            "Nothing yet; a full disk stops logs, then releases, then the server.",
            "`du -xh / | sort -h | tail` on the server, through Session Manager: which folder grows?",
            "End the server: the group starts a new one with an empty disk. If all grow alike, mend what "
            "writes.",
        ),
    )


def _short(group: Servers, zones: int) -> Alarm:
    least = math.ceil(10_000 * max(zones - 1, 1) / zones) / 100
    watches = Expression(
        "servers in service of those that are wanted, %",
        "IF(wanted > 0, 100 * serving / wanted, 100)",
        {
            "serving": Metric("AWS/AutoScaling", "GroupInServiceInstances", "Minimum", _of(group)),
            "wanted": Metric("AWS/AutoScaling", "GroupDesiredCapacity", "Maximum", _of(group)),
        },
    )
    comparison: Comparison = "<=" if zones > 1 else "<"
    return alarm(
        group.id,
        "short",
        f"the {group.id} group has not the servers that it wants",
        f"sized to carry the peak when one of {zones} zones is lost, which leaves {least:g} %; so few for "
        f"{SHORT_MIN} min, and the next loss is one of users",
        watches,
        (comparison, least, SHORT_MIN),
        ELSEWHERE,
        Runbook(
            "Nothing yet: what is left carries the peak, and nothing more may be lost.",
            "Activity of the auto-scaling group: has AWS no machines in a zone, or do servers fail as they "
            "start?",
            "If they fail, read /var/log/cloud-init-output.log of one; if AWS has none, take a neighbouring "
            "instance type (`groma plan --why`).",
        ),
    )


def _full(group: Servers) -> Alarm:
    """At its maximum, and busier than auto scaling holds it: at the one it is in a normal evening."""
    most, target = group.size.max, group.size.cpu_target_percent
    metrics = {
        "wanted": Metric("AWS/AutoScaling", "GroupDesiredCapacity", "Minimum", _of(group)),
        "cpu": Metric("AWS/EC2", "CPUUtilization", "Average", _of(group)),
    }
    return alarm(
        group.id,
        "full",
        f"the {group.id} group is as large as it may be, and still too busy",
        f"{most} servers are the maximum, for the high end of the load; the likely peak needs "
        f"{group.size.desired}; for {FULL_MIN} min it wants no fewer, and they are busier than the "
        f"{target} % that auto scaling holds",
        Expression("wanted while too busy, servers", f"IF(cpu > {target}, wanted, 0)", metrics),
        (">=", most, FULL_MIN),
        ELSEWHERE,
        Runbook(
            "Nothing yet; more load than this makes requests slow, since no server is added.",
            "Requests of the load balancer: more than was planned, or heavier than before?",
            "Raise the load in the workload file, look at `groma plan`, and `groma up`.",
        ),
    )
