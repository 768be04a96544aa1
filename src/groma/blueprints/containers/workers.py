"""What runs beside the application in services of its own: workers, each with a fixed number of tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from groma import catalog
from groma.answers import Ref
from groma.application.choice import application_of
from groma.application.own import Worker, small_pools
from groma.architecture import Component, Link
from groma.blueprints.containers.tiers import app_gib, task_choices
from groma.blueprints.engines import writer_id
from groma.blueprints.flows import gb
from groma.blueprints.network import zone_count
from groma.blueprints.three_tier.beside import workers_of
from groma.blueprints.three_tier.elements import LOG_DAYS
from groma.blueprints.three_tier.own import IMAGE_GB
from groma.components.artifact import RELEASES_PER_MONTH
from groma.components.container_service import ContainerService
from groma.components.container_worker import ContainerWorker
from groma.components.work_queue import POLL_S, TASKS, SetAside, WorkQueue, call_of
from groma.quantity import Range
from groma.sizing.values import Plan
from groma.terms import CALCULATOR_HOURS
from groma.workload import Workload
from groma.workload.demand import Demand

GB_PER_POLL = 1.5e-6
"""A poll that finds nothing, question and answer, TLS included: a guess."""

ONCE_GB = 0.11
"""The image with psql beside a migration, compressed, which each start pulls: about what PostgreSQL's own for
Alpine Linux has."""

AGENT_GB = 0.15
"""The image of the CloudWatch agent, compressed, which each start of a traced task pulls: a guess."""


def agent_gb(workload: Workload) -> float:
    """What each start of a task pulls for its agent, in GB."""
    return AGENT_GB if workload.traced_share else 0.0


def tasks_of(workload: Workload, worker: Worker) -> int:
    """Tasks of a worker: as many processes in every zone as the file states, a task each."""
    return worker.processes * zone_count(workload)


def step_of(workload: Workload, plan: Plan) -> catalog.FargateSize:
    """What each task of a worker is: the cheapest step, for the application's processors, that holds its
    working set. What work takes of a processor is not known.
    """
    arch, working = plan.of("app").choice.family, app_gib(workload)
    enough = (
        each for each in task_choices(workload.regions[0]) if each.family == arch and each.mem_gib >= working
    )
    sizes = [catalog.fargate_size(each.name) for each in enough]
    return min(sizes, key=lambda size: (size.vcpu, size.memory_gb))


def workers(
    workload: Workload, demand: Demand, plan: Plan, app: ContainerService
) -> tuple[ContainerWorker, ...]:
    """A service for each worker, of the application's image, with its settings."""
    printed, settings = printed_gb(workload, demand), application_of(workload.own).servers.settings
    pools = small_pools(settings)
    return tuple(
        ContainerWorker(
            id=id_of(name),
            places=app.places,
            beside=app.id,
            worker=name,
            image=app.image,
            command=worker.command,
            environment={"QUEUE_URL": Ref(f"module.{call_of(name)}.url"), **pools},
            secrets=tuple(sorted(app.secrets)),
            tasks=tasks_of(workload, worker),
            step=step_of(workload, plan),
            working_gib=app_gib(workload),
            log_gb_per_month=printed[id_of(name)],
            log_days=workload.log_days or LOG_DAYS,
        )
        for name, worker in workers_of(workload).items()
    )


def id_of(worker: str) -> str:
    """The id of the component that works off a worker's queue."""
    return f"{worker}-worker"


def of_tasks(workload: Workload, component: Component) -> Component:
    """A queue of three-tier's as tasks work it off; anything else as it is."""
    if isinstance(component, WorkQueue):
        pollers = Range.exactly(float(tasks_of(workload, workers_of(workload)[component.worker])))
        return replace(component, pollers=pollers, runner=TASKS)
    return replace(component, runner=TASKS) if isinstance(component, SetAside) else component


def printed_gb(workload: Workload, demand: Demand) -> dict[str, Range]:
    """What workers print in a month, in GB: a line for each message, as long as that of a request."""
    return {
        id_of(name): gb(demand.requests_per_month * worker.per_request, workload.load.call_log_kib)
        for name, worker in workers_of(workload).items()
    }


def sent_gb(workload: Workload, demand: Demand) -> dict[str, Range]:
    """What workers send out and fetch in a month, in GB, by their ids: what they print, polls of their
    queues, and the images that they pull with each release. Their messages are counted with the queue.
    """
    printed = printed_gb(workload, demand)
    polls = CALCULATOR_HOURS * 3600 / POLL_S * GB_PER_POLL
    image = IMAGE_GB + agent_gb(workload)
    return {
        id_of(name): printed[id_of(name)] + (image * RELEASES_PER_MONTH + polls) * tasks_of(workload, worker)
        for name, worker in workers_of(workload).items()
    }


def links(workload: Workload, connected: Sequence[Link]) -> Iterator[Link]:
    """From each queue to those that work it off, and from them to the database."""
    into = {link.target: link.peak_per_s for link in connected}
    for name in workers_of(workload):
        queue = f"{name}-queue"
        yield Link(queue, id_of(name), "messages", peak_per_s=into.get(queue), note="work")
        yield Link(id_of(name), writer_id(workload), "SQL", note="work")
