"""What is to be sized: three-tier's tiers, web and application of Fargate's steps of CPU and memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from groma import catalog
from groma.blueprints import three_tier
from groma.blueprints.machines import PROCESSORS
from groma.components.container_service import AGENT_MIB
from groma.errors import WorkloadError
from groma.sizing.values import Choice, Tier, Wish
from groma.workload import Workload
from groma.workload.demand import Demand

TASK_START_S = 80.0
"""From the decision to add a task until it is sent requests: a place and a network interface, a pull of the
image, which Fargate keeps nowhere, the start of the application, and two health checks. Most reports are of
30 to 60 s before the checks: a guess."""
ONCE_START_S = 10.0
"""What a task whose application migrates waits besides, where it is done already: for one more image, for the
database, and until a check every 5 s finds it so: a guess."""
GBPS_PER_VCPU = 0.5
"""What a task's network carries: AWS states nothing. A guess, on the low side."""
FAMILIES = {"arm64": "m6g", "x86_64": "m5"}
"""Whose speed a vCPU of Fargate is taken to have. AWS promises no generation of processors; these are among
the oldest that it runs on: an assumption."""
WHOLE_VCPU = 1.0


def tiers(workload: Workload, demand: Demand, wish: Wish) -> tuple[Tier, ...]:
    """The web, application and database tiers, in the order in which a request passes them."""
    web, app, database = three_tier.tiers(workload, demand, wish)
    own, load = workload.own, workload.load
    has_web_image = own is not None and own.web is not None
    tasks = _of_tasks(workload, app, app_gib(workload), has_image=True)
    if own is not None and own.app.migrate:
        tasks = replace(tasks, start_s=TASK_START_S + ONCE_START_S)
    return (
        _of_tasks(workload, web, load.web_working_gib.likely, has_image=has_web_image),
        tasks,
        database,
    )


def app_gib(workload: Workload) -> float:
    """What a task of the application needs of memory, with the agent that takes its traces."""
    agent_gib = AGENT_MIB / 1024 if workload.traced_share else 0.0
    return workload.load.app_working_gib.likely + agent_gib


def _of_tasks(workload: Workload, tier: Tier, working_gib: float, *, has_image: bool) -> Tier:
    """A tier of tasks: nothing of it lies on a volume that is to be read or written."""
    choices = task_choices(workload.regions[0])
    processor = PROCESSORS.get(workload.machines.architecture or ("x86" if has_image else "either"))
    left = tuple(each for each in choices if processor in (None, each.family))
    if not any(each.mem_gib >= working_gib for each in left):
        raise WorkloadError(
            f"a task has at most {max(each.mem_gib for each in left):g} GB, not {working_gib:g}",
            where=workload.where("load"),
            hint="lower load.app_working_gib or load.web_working_gib, or take three-tier",
        )
    near = _near(left, working_gib)
    return replace(tier, choices=near, working_gib=working_gib, volume_mbps=0.0, start_s=TASK_START_S)


def _near(choices: Sequence[Choice], working_gib: float) -> tuple[Choice, ...]:
    """Of each CPU the least memory that holds the working set, and its neighbours: more only costs more."""
    rows: dict[tuple[str, float], list[Choice]] = {}
    for choice in choices:
        rows.setdefault((choice.family, catalog.fargate_size(choice.name).vcpu), []).append(choice)
    found: list[Choice] = []
    for row in rows.values():
        short = sum(choice.mem_gib < working_gib for choice in row)
        found += row[max(0, short - 1) : short + 2]
    return tuple(found)


@catalog.memo_of_prices
def task_choices(region: str) -> tuple[Choice, ...]:
    """Every step of CPU and memory. A part of a vCPU is one processor that is so much slower: it is gone
    for the rest of each tenth of a second, short beside most waits.
    """
    return tuple(_choice(size, region) for size in catalog.fargate_sizes())


def _choice(size: catalog.FargateSize, region: str) -> Choice:
    speed = catalog.performance(FAMILIES[size.arch]).low
    return Choice(
        name=size.name,
        vcpu=max(1, int(size.vcpu)),
        mem_gib=size.memory_gb,
        speed=speed * min(size.vcpu, WHOLE_VCPU),
        network_gbps=GBPS_PER_VCPU * size.vcpu,
        baseline=None,
        usd_per_hour=catalog.fargate_usd(size, region),
        family=size.arch,
    )
