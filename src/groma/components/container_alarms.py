"""What is watched of a service of containers: its tasks, and whether as many run as the load needs.

ECS publishes CPU and memory of each service by the minute, free of charge. As many samples as these have, so
many tasks run (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html, RUNNING
task count, from memory of the page): no Container Insights are needed.
"""

from __future__ import annotations

import math
from typing import Protocol

from groma.answers import Alarm, Expression, Metric, Ref, Runbook
from groma.components.container_cluster import MODULE as CLUSTER
from groma.components.server_alarms import FULL_MIN, SHORT_MIN, breaks_at, busy_percent, memory_percent
from groma.components.watching import ELSEWHERE, alarm, running
from groma.sizing.values import Size

NAMESPACE = "AWS/ECS"
BALANCER = "AWS/ApplicationELB"


class Tasks(Protocol):
    """What is asked of a service."""

    @property
    def id(self) -> str:
        """Of the component."""

    @property
    def size(self) -> Size:
        """What it was given."""

    @property
    def peak_per_s(self) -> float:
        """Requests per second at the likely peak."""


def container_alarms(tasks: Tasks, zones: int) -> tuple[Alarm, ...]:
    """CPU and memory of its tasks, and whether as many run as the load needs."""
    found = [_cpu(tasks), _memory(tasks), _short(tasks, zones)]
    if tasks.size.max > tasks.size.desired:
        found.append(_full(tasks))
    return tuple(found)


def _of(tasks: Tasks) -> dict[str, str | Ref]:
    return {
        "ClusterName": Ref(f"module.{CLUSTER}.name"),
        "ServiceName": Ref(f"module.{tasks.id}.service_name"),
    }


def _running(tasks: Tasks) -> Metric:
    """How many tasks run: each tells its CPU once a minute."""
    return Metric(NAMESPACE, "CPUUtilization", "SampleCount", _of(tasks))


def _cpu(tasks: Tasks) -> Alarm:
    size = tasks.size
    limit = busy_percent(size.most_busy, max(size.utilisation_zone_lost, size.cpu_target_percent / 100))
    return alarm(
        tasks.id,
        "cpu",
        f"the {tasks.id} tasks are so busy that requests become slow",
        f"{breaks_at(size)}; {size.utilisation_zone_lost:.0%} are busy at peak with a zone lost, and target "
        f"tracking holds {size.cpu_target_percent} %",
        Metric(NAMESPACE, "CPUUtilization", "Average", _of(tasks), 300),
        (">", limit, 3),
        running("page"),
        Runbook(
            "Requests wait for a CPU, and the slowest of a hundred take longer than was promised. No data: "
            "no task runs at all.",
            "Has the service grown (`groma status`)? Is the load beyond what was planned, or did a release "
            "make requests heavier? Without data: events of the service, why do its tasks stop?",
            "If the service is at its maximum, raise the load in the workload file and `groma up`; after a "
            "release go back to the image before.",
        ),
    )


def _memory(tasks: Tasks) -> Alarm:
    size, choice = tasks.size, tasks.size.choice
    limit = memory_percent(size.working_gib, choice.mem_gib)
    return alarm(
        tasks.id,
        "memory",
        f"the {tasks.id} tasks use over {limit} % of their memory",
        f"the working set of {size.working_gib:g} GiB was planned in the {choice.mem_gib:g} GiB of "
        f"{choice.name}; halfway from the one to the other something grows that should not",
        Metric(NAMESPACE, "MemoryUtilization", "Maximum", _of(tasks), 300),
        (">", limit, 2),
        ELSEWHERE,
        Runbook(
            "Nothing yet; when a task's memory is used up it is killed, and ECS starts another.",
            "Since when: does it grow with the hours (a leak) or with the load? Was a task stopped with "
            "OutOfMemoryError (events of the service)?",
            "Of a leak, start all tasks anew: `aws ecs update-service --force-new-deployment`. Else raise "
            "the working set in the workload file (load.app_working_gib, load.web_working_gib).",
        ),
    )


def _short(tasks: Tasks, zones: int) -> Alarm:
    """Fewer tasks than carry the requests that come, and fewer than ever with a zone lost; of two one, after
    which the next loss is that of the service."""
    size = tasks.size
    survivors = size.desired * max(zones - 1, 1) / zones
    left = math.ceil(size.min * max(zones - 1, 1) / zones)
    least, are = (left, "left of the fewest") if left > 1 else (size.min, "the fewest")
    each_per_min = round(60 * tasks.peak_per_s / survivors, 3)
    asked = Metric(
        BALANCER,
        "RequestCount",
        "Sum",
        {"LoadBalancer": Ref(f"module.{tasks.id}.load_balancer_arn_suffix")},
    )
    needed = f"FILL(requests, 0) / {each_per_min:.15g}"
    return alarm(
        tasks.id,
        "short",
        f"fewer {tasks.id} tasks run than the load needs",
        f"{survivors:g} tasks carry the peak of {tasks.peak_per_s:.3g} requests/s when one of {zones} zones "
        f"is lost, {each_per_min / 60:.3g}/s each, and {least} are {are}; for {SHORT_MIN} min fewer run "
        "than the requests need",
        Expression(
            "too few for the load, tasks",
            f"IF(running > 0, IF({needed} > {least}, {needed}, {least}) - running, 0)",
            {"running": _running(tasks), "requests": asked},
        ),
        (">", 0, SHORT_MIN),
        ELSEWHERE,
        Runbook(
            "Requests become slow, and the next loss is one of users.",
            "Events of the service: has AWS no capacity, has the account no vCPUs left (quota), can the "
            "image not be pulled, or do tasks stop as they start?",
            "If tasks stop, read the log group of the service; a release that does not start is taken back "
            "by the circuit breaker. For a quota, ask in Service Quotas, AWS Fargate.",
        ),
    )


def _full(tasks: Tasks) -> Alarm:
    """At its maximum, and busier than target tracking holds it: at the one it is in a normal evening."""
    most, target = tasks.size.max, tasks.size.cpu_target_percent
    metrics = {
        "running": _running(tasks),
        "cpu": Metric(NAMESPACE, "CPUUtilization", "Average", _of(tasks)),
    }
    return alarm(
        tasks.id,
        "full",
        f"the {tasks.id} service is as large as it may be, and still too busy",
        f"{most} tasks are the maximum, for the high end of the load; the likely peak needs "
        f"{tasks.size.desired}; for {FULL_MIN} min no fewer run, and they are busier than the {target} % "
        "that target tracking holds",
        Expression("running while too busy, tasks", f"IF(cpu > {target}, running, 0)", metrics),
        (">=", most, FULL_MIN),
        ELSEWHERE,
        Runbook(
            "Nothing yet; more load than this makes requests slow, since no task is added.",
            "Requests of the load balancer: more than was planned, or heavier than before?",
            "Raise the load in the workload file, look at `groma plan`, and `groma up`.",
        ),
    )
