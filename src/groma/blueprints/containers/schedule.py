"""What is run at times: tasks of the application's image that a clock starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from groma.application.choice import application_of
from groma.application.own import Due, small_pools
from groma.application.times import times_of
from groma.architecture import Component, Link
from groma.blueprints.containers.workers import ONCE_GB, agent_gb, step_of
from groma.blueprints.endpoints import pulls_from_ecr
from groma.blueprints.engines import writer_id
from groma.blueprints.three_tier.beside import schedule_of
from groma.blueprints.three_tier.elements import LOG_DAYS
from groma.blueprints.three_tier.own import IMAGE_GB
from groma.components.container_service import ContainerService
from groma.components.failed_runs import ID as FAILED
from groma.components.failed_runs import FailedRuns
from groma.components.timed_task import TimedTask
from groma.quantity import ZERO, Range
from groma.sizing.values import Plan
from groma.workload import Workload

GB_PER_RUN = Range(1e-5, 1e-4, 1e-2)
"""What a run prints: 10 kB to 10 MB, a guess."""


def id_of(run: str) -> str:
    """The id of the component that runs at times."""
    return f"{run}-task"


def timed_tasks(workload: Workload, plan: Plan, app: ContainerService) -> tuple[TimedTask, ...]:
    """A task for each command, of the application's image, with its settings."""
    settings = application_of(workload.own).servers.settings
    pools = small_pools(settings)
    return tuple(
        TimedTask(
            id=id_of(name),
            places=("region",),
            beside=app.id,
            run=name,
            image=app.image,
            command=due.command,
            environment=pools,
            secrets=tuple(sorted(app.secrets)),
            stated=due.stated,
            times=times_of(due.calendar),
            takes_s=due.takes_s,
            step=step_of(workload, plan),
            log_gb_per_month=_printed(due),
            log_days=workload.log_days or LOG_DAYS,
        )
        for name, due in schedule_of(workload).items()
    )


def with_schedule(workload: Workload, plan: Plan, app: ContainerService) -> tuple[Component, ...]:
    """What is run at times, where what failed of it is set aside, and the service that knows what it is."""
    tasks = timed_tasks(workload, plan, app)
    if not tasks:
        return (app,)
    runs = {each.run: each.definition() for each in tasks}
    failed = FailedRuns(id=FAILED, places=("region",), runs=tuple(runs))
    return (replace(app, runs=runs), *tasks, failed)


def _printed(due: Due) -> Range:
    return GB_PER_RUN * times_of(due.calendar).per_month


def sent_gb(workload: Workload) -> dict[str, Range]:
    """What runs send out and fetch in a month, in GB, by their ids: what they print, and their image, which
    each of them pulls. Amazon ECR keeps layers in S3, which has a way of its own.
    """
    own = workload.own
    image = ZERO if pulls_from_ecr(workload) else IMAGE_GB
    pulled = image + ONCE_GB * bool(own is not None and own.app.migrate) + agent_gb(workload)
    return {
        id_of(name): _printed(due) + pulled * times_of(due.calendar).per_month
        for name, due in schedule_of(workload).items()
    }


def links(workload: Workload) -> Iterator[Link]:
    """From each to the database, and to where it is set aside when it failed."""
    for name in schedule_of(workload):
        yield Link(id_of(name), writer_id(workload), "SQL", note="at times")
        yield Link(id_of(name), FAILED, "failed")
