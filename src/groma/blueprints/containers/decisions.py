"""What was decided for the design of containers, and why."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from groma.application.boot import MIGRATION_S
from groma.application.times import times_of
from groma.blueprints import three_tier
from groma.blueprints.containers import schedule, workers
from groma.blueprints.containers.proxy import IMAGE
from groma.blueprints.containers.tiers import ONCE_START_S, TASK_START_S
from groma.blueprints.containers.workers import AGENT_GB
from groma.blueprints.network import zone_count
from groma.blueprints.three_tier.beside import schedule_of, workers_of
from groma.components.container_service import AGENT_MIB
from groma.components.heartbeat import periods
from groma.sizing.values import Decision, Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand


def decisions(workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> tuple[Decision, ...]:
    """Three-tier's, but for what runs beside on its servers, and what tasks add to them."""
    of_servers = {
        "migration",
        *(f"{name} worker" for name in workers_of(workload)),
        *(f"{name} at times" for name in schedule_of(workload)),
    }
    found = three_tier.decisions(workload, demand, plan, wish)
    return (
        *(each for each in found if each.about not in of_servers),
        *_of_migration(workload),
        *_of_workers(workload, plan),
        *_of_schedule(workload, plan),
        *_of_proxy(workload),
        *_of_agent(workload),
        Decision(
            "tasks",
            f"sent requests about {TASK_START_S:.0f} s after they are asked for",
            "twice as many may stand while a release comes in, none fewer; one that does not become healthy "
            "is taken back by the circuit breaker",
        ),
        *_of_purchase(workload),
    )


def _of_migration(workload: Workload) -> Iterator[Decision]:
    own = workload.own
    if own is None or not own.app.migrate or own.app.image is None:
        return
    yield Decision(
        "migration",
        f"{shlex.join(own.app.migrate)}, once for each release",
        f"by the first task of {own.app.image.name}, under a lock of the database's that others wait for; "
        f"where it fails or takes over {MIGRATION_S // 60} minutes, no new task serves and the old ones "
        f"stay; each task starts some {ONCE_START_S:.0f} s later, since it looks whether it is done",
    )


def _of_workers(workload: Workload, plan: Plan) -> Iterator[Decision]:
    for name, worker in workers_of(workload).items():
        step, each = workers.step_of(workload, plan), worker.processes
        yield Decision(
            f"{name} worker",
            f"{shlex.join(worker.command)}, {workers.tasks_of(workload, worker)} tasks of {step.vcpu:g} vCPU "
            f"and {step.memory_gb:g} GB",
            f"{each} in each of {zone_count(workload)} zones, at all times: {'a' if each == 1 else 'each'} "
            "process is a task of a service of its own, so that requests never wait for it; the least step "
            f"that holds load.app_working_gib{_and_agent(workload)}, since what work takes of a processor is "
            "not known",
        )


def _of_schedule(workload: Workload, plan: Plan) -> Iterator[Decision]:
    sent = schedule.sent_gb(workload)
    for name, due in schedule_of(workload).items():
        step, times, waits = workers.step_of(workload, plan), times_of(due.calendar), ""
        if periods(times.longest_gap_s) is None:
            waits = "; it is due so seldom that no alarm can tell when its clock stands still"
        yield Decision(
            f"{name} at times",
            f"{shlex.join(due.command)}, {due.stated} UTC, a task of {step.vcpu:g} vCPU and "
            f"{step.memory_gb:g} GB",
            f"EventBridge Scheduler starts it, some {times.per_month:,.0f} times a month, and each run pulls "
            f"its image{_and_agent(workload)} anew, {sent[schedule.id_of(name)].likely:,.0f} GB in all; it "
            f"may be started twice for one time, and begin before the last one has ended{waits}",
        )


def _and_agent(workload: Workload) -> str:
    """What stands in each task beside the application's own container."""
    return " and the agent that takes its traces" if workload.traced_share else ""


def _of_agent(workload: Workload) -> tuple[Decision, ...]:
    if not workload.traced_share:
        return ()
    because = (
        f"{AGENT_MIB} MiB of each task are its own, and each start pulls its image of some "
        f"{AGENT_GB * 1e3:.0f} MB from public.ecr.aws, at the same time as the application's; when it ends "
        "the task goes on"
    )
    return (Decision("agent", "the CloudWatch agent, a container of each task of the application", because),)


def _of_proxy(workload: Workload) -> tuple[Decision, ...]:
    if workload.own is None or workload.own.web is not None:
        return ()
    because = (
        "it holds slow clients off and answers while the application is out of reach; `web:` takes its place"
    )
    return (Decision("web image", f"{IMAGE}, a reverse proxy", because),)


def _of_purchase(workload: Workload) -> tuple[Decision, ...]:
    """That tasks are paid on demand whatever is bought."""
    if workload.purchase == "on-demand":
        return ()
    because = (
        "tasks cannot be reserved; a Compute Savings Plan would cover them, and no public copy of its prices "
        "is known here"
    )
    return (Decision("purchase of tasks", "on demand", because),)
