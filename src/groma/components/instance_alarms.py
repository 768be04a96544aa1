"""What is watched of one server by itself, of which no load is stated."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Protocol

from groma import catalog
from groma.answers import Alarm, Metric, Ref, Runbook
from groma.components.public_network import SITE
from groma.components.server_alarms import LEAST_FREE_GIB
from groma.components.watching import AGENT, ELSEWHERE, Burstable, alarm, running
from groma.sizing.queueing import busy_when_doubled

MEMORY_LIMIT_PERCENT = 80


class Server(Protocol):
    """What is asked of a server."""

    @property
    def id(self) -> str:
        """Of the component."""

    @property
    def instance_type(self) -> str:
        """As AWS calls it."""

    @property
    def volume_gib(self) -> int:
        """Of its volume."""


def instance_alarms(server: Server) -> tuple[Alarm, ...]:
    """CPU, memory, disk, whether it runs, and what its credits cost."""
    found = (_cpu(server), _memory(server), _disk(server), _status(server))
    machine = catalog.instance_type(server.instance_type)
    if machine.burstable_baseline is None:
        return found
    # Charges alone: without a load nobody knows what a peak spends.
    one = Burstable(
        server.id, server.instance_type, "AWS/EC2", _of(), machine.vcpu,
        machine.burstable_baseline, machine.burstable_baseline,
    )  # fmt: skip
    (surplus,) = one.alarms()
    return (*found, replace(surplus, id=f"{server.id}-credits"))


def _cpu(server: Server) -> Alarm:
    vcpu = catalog.instance_type(server.instance_type).vcpu
    doubled = math.floor(100 * busy_when_doubled(vcpu))
    return alarm(
        server.id,
        "cpu",
        "the server is so busy that its work takes twice as long",
        f"no load is stated; at {doubled} % busy what {vcpu} vCPUs do waits as long as it takes (M/M/{vcpu})",
        Metric("AWS/EC2", "CPUUtilization", "Average", _of(), 300),
        (">", doubled, 3),
        ELSEWHERE,
        Runbook(
            "What it does is slow.",
            "`top` on the server, through Session Manager: which process?",
            "End it, or take a larger type: no server is added by itself.",
        ),
    )


def _memory(server: Server) -> Alarm:
    mem_gib = catalog.instance_type(server.instance_type).mem_gib
    free_mib = (1 - MEMORY_LIMIT_PERCENT / 100) * mem_gib * 1024
    return alarm(
        server.id,
        "memory",
        f"the server uses over {MEMORY_LIMIT_PERCENT} % of its memory",
        f"no working set is stated; of the {mem_gib:g} GiB of {server.instance_type} this leaves "
        f"{free_mib:,.0f} MiB, which an update of packages needs",
        Metric("CWAgent", "mem_used_percent", "Maximum", _of(), 300),
        (">", MEMORY_LIMIT_PERCENT, 2),
        AGENT,
        Runbook(
            "Nothing yet; when memory is used up, the system ends processes.",
            "`top` on the server, sorted by memory. Without data: is amazon-cloudwatch-agent active?",
            "End what should not be there, start the agent again, or take a larger type.",
        ),
    )


def _disk(server: Server) -> Alarm:
    return alarm(
        server.id,
        "disk",
        f"the server has less than {LEAST_FREE_GIB} GiB left on its disk",
        f"of {server.volume_gib} GiB {LEAST_FREE_GIB} must stay free for an update, and for logs until they "
        "are rotated",
        Metric("CWAgent", "disk_used_percent", "Maximum", _of(), 300),
        (">", math.floor(100 * (1 - LEAST_FREE_GIB / server.volume_gib)), 2),
        ELSEWHERE,
        Runbook(
            "Nothing yet; a full disk stops logs, then the server.",
            "`du -xh / | sort -h | tail` on the server, through Session Manager: which folder grows?",
            "Delete what is not needed, or move it to the bucket.",
        ),
    )


def _status(server: Server) -> Alarm:
    return alarm(
        server.id,
        "status",
        "the server fails its status checks, or has stopped",
        "1 is a failed check; EC2 looks every minute, and three in a row are no hiccup",
        Metric("AWS/EC2", "StatusCheckFailed", "Maximum", _of(), 60),
        (">=", 1, 3),
        running("page"),
        Runbook(
            "The server does nothing, and nothing replaces it.",
            "Its state in EC2 and its system log: AWS's fault (system check) or the server's own?",
            "System: stop and start it, on another machine. Its own: start it again. Gone: `groma up`.",
        ),
        "page",
    )


def _of() -> dict[str, str | Ref]:
    return {"InstanceId": Ref(f"module.{SITE}.instance_id")}
