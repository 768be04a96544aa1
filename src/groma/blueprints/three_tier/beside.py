"""What runs beside an application of one's own: workers with their queues, and commands at times."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from groma.answers import Ref, Value
from groma.application.container import queue_role
from groma.application.own import Due, Worker
from groma.application.times import times_of
from groma.architecture import Component, Link
from groma.architecture.elements import Way
from groma.blueprints.endpoints import has_no_way_out
from groma.components.due_there import DueThere
from groma.components.work_queue import SetAside, WorkQueue, call_of
from groma.quantity import ZERO, Range
from groma.workload import Workload
from groma.workload.demand import Demand

GB_PER_MESSAGE = 4e-6
"""Sent, received and deleted, 4 kB in all: a guess; polls that find nothing are of what servers send out."""


def workers_of(workload: Workload) -> Mapping[str, Worker]:
    """The workers that the file states, by name."""
    return {} if workload.own is None else workload.own.app.workers


def schedule_of(workload: Workload) -> Mapping[str, Due]:
    """What the file states to be run at times, by name."""
    return {} if workload.own is None else workload.own.app.schedule


def beside(workload: Workload) -> dict[str, Value]:
    """What the script of an application server is told of what runs beside the application."""
    found: dict[str, Value] = {}
    if workers_of(workload):
        found["workers"] = {
            name: {
                "command": shlex.join(worker.command),
                "processes": worker.processes,
                "queue_url": Ref(f"module.{call_of(name)}.url"),
            }
            for name, worker in workers_of(workload).items()
        }
    if schedule_of(workload):
        found["schedule"] = {
            name: {"command": shlex.join(due.command), "when": due.calendar}
            for name, due in schedule_of(workload).items()
        }
    return found


def workers(workload: Workload) -> int:
    """How many processes work off queues on each application server."""
    return sum(worker.processes for worker in workers_of(workload).values())


def due(workload: Workload) -> dict[str, DueThere]:
    """What an application server runs at times, by name."""
    return {
        name: DueThere(each.stated, times_of(each.calendar), each.takes_s.high)
        for name, each in schedule_of(workload).items()
    }


def queue_urls(workload: Workload) -> dict[str, Value]:
    """Role → where the queue of a worker is."""
    return {queue_role(name): Ref(f"module.{call_of(name)}.url") for name in workers_of(workload)}


def queue_policies(workload: Workload) -> dict[str, Value]:
    """What application servers may do with the queues of workers, as policies by name."""
    return {f"queue-{name}": Ref(f"module.{call_of(name)}.policy") for name in workers_of(workload)}


def queues(workload: Workload, demand: Demand, servers: Range) -> tuple[Component, ...]:
    """The queues of workers, each with where it sets aside what fails; `servers` run on average."""
    found: list[Component] = []
    for name, worker in workers_of(workload).items():
        found += [
            WorkQueue(
                id=f"{name}-queue",
                places=("region",),
                worker=name,
                messages_per_month=demand.requests_per_month * worker.per_request,
                pollers=servers * worker.processes,
                within_s=worker.within_s,
                timeout_s=worker.timeout_s,
                tries=worker.tries,
            ),
            SetAside(id=f"{name}-dead-letters", places=("region",), worker=name, tries=worker.tries),
        ]
    return tuple(found)


def queue_gb(workload: Workload, demand: Demand) -> Range:
    """What goes to the queues of workers and comes from them in a month, in GB, through the NAT gateways."""
    total = ZERO
    for worker in workers_of(workload).values():
        total = total + demand.requests_per_month * worker.per_request * GB_PER_MESSAGE
    return total


def queue_links(workload: Workload, demand: Demand) -> tuple[Link, ...]:
    """What goes into the queues of workers and comes out of them."""
    way: Way | None = "interface-endpoint" if has_no_way_out(workload) else "nat"
    return tuple(
        link
        for name, worker in workers_of(workload).items()
        for link in (
            Link(
                "app",
                f"{name}-queue",
                "messages",
                peak_per_s=demand.peak_per_s.likely * worker.per_request.likely,
                note="work",
                gb_per_month=demand.requests_per_month * worker.per_request * GB_PER_MESSAGE,
                way=None if workload.network.exists else way,
            ),
            Link(f"{name}-queue", f"{name}-dead-letters", "given up"),
        )
    )
