"""What requests do not reach themselves: the functions, and the topics and queues between them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from groma import application
from groma.answers import Ref
from groma.application import filled
from groma.application.layout import function_archive
from groma.application.sample import built_in
from groma.architecture import Component
from groma.blueprints import roles
from groma.blueprints.functions import BATCH
from groma.components.function import LambdaFunction, Trigger
from groma.components.messaging import DeadLetterQueue, Queue, Topic
from groma.components.schedule import Schedule, every_s
from groma.quantity import ZERO, Range
from groma.sizing.values import Plan
from groma.workload import Workload
from groma.workload.demand import MONTH_S, Demand

RESERVE = 2
LEAST_RESERVE = 50
"""Calls at once that are kept for the API: twice what the high peak needs, so that a slow table is stood."""


def functions(workload: Workload, demand: Demand, plan: Plan) -> tuple[Component, ...]:
    """All functions, each with its trigger, its settings and its rights."""
    calls = {
        "api": demand.requests_per_month,
        "fan-out": demand.posts_per_month,
        "pictures": demand.uploads_per_month,
    }
    return tuple(_function(workload, plan, each, calls) for each in built_in().functions.values())


def _function(
    workload: Workload, plan: Plan, function: application.Function, calls: Mapping[str, Range]
) -> LambdaFunction:
    size, trigger, reserved, source = plan.function(function.name), function.trigger, None, None
    if isinstance(trigger, application.Http):
        reserved = max(LEAST_RESERVE, RESERVE * size.concurrency_high)
    elif isinstance(trigger, application.Queue):
        queue = f'module.{trigger.topic}.queue_arns["{trigger.name}"]'
        source = Trigger(queue, trigger.batch_size)
    else:
        reserved = 1
    return LambdaFunction(
        id=f"{function.name}-function",
        places=("region",),
        name=function.name,
        purpose=function.purpose,
        size=size,
        handler=function.handler,
        runtime=built_in().runtime,
        timeout_s=function.timeout_s,
        environment=filled(function.settings, roles.values(built_in())),
        statements=tuple(
            {"actions": list(right.actions), "resources": [Ref(roles.arn(built_in(), right.resource))]}
            for right in function.rights
        ),
        trigger=source,
        reserved=reserved,
        calls_per_month=calls.get(function.name) or _by_the_clock(trigger),
        log_kib=workload.load.call_log_kib,
        error_budget=1 - workload.slo.availability,
        package=function_archive(function.name, bool(function.native)),
        answers=isinstance(trigger, application.Http),
    )


def _by_the_clock(trigger: object) -> Range:
    """Calls in a month of 730 hours."""
    assert isinstance(trigger, application.Schedule)
    return Range.exactly(MONTH_S / every_s(trigger.expression))


def _largest_post(workload: Workload, plan: Plan) -> tuple[str, float]:
    """The post that most followers wait for: F · (an entry and its share of a batch), one after the other."""
    load, power = workload.load, plan.function("fan-out").choice.power
    followers = math.ceil(workload.users.total * load.most_followed_share.likely)
    entry_ms = load.entry_cpu_ms.likely / power + load.table_write_ms.likely / BATCH
    return f"a post for {followers:,} followers, the most, reaches all", followers * entry_ms / 1000


def messages(workload: Workload, demand: Demand, plan: Plan) -> tuple[Component, ...]:
    """Topics, queues and their dead-letter queues, and the schedule."""
    told = {
        "posted": (demand.posts_per_month, "a post was made", ""),
        "uploaded": (demand.uploads_per_month, "a picture was uploaded", "module.media.bucket_arn"),
    }
    found: list[Component] = []
    for queue in built_in().queues.values():
        messages, what, bucket = told.get(queue.topic, (ZERO, "", ""))
        found += [
            Topic(
                id=f"{queue.topic}-topic",
                places=("region",),
                topic=queue.topic,
                messages_per_month=messages,
                what=what,
                bucket=bucket,
            ),
            Queue(
                id=f"{queue.name}-queue",
                places=("region",),
                queue=queue.name,
                topic=queue.topic,
                messages_per_month=messages,
                function_timeout_s=built_in().functions[queue.name].timeout_s,
                max_receives=queue.max_receives,
                goal_s=workload.slo.freshness_s,
                largest=_largest_post(workload, plan) if queue.name == "fan-out" else None,
            ),
            DeadLetterQueue(
                id=f"{queue.name}-dead-letters",
                places=("region",),
                queue=queue.name,
                topic=queue.topic,
                max_receives=queue.max_receives,
            ),
        ]
    housekeeping = built_in().functions["housekeeping"]
    clock = housekeeping.trigger
    assert isinstance(clock, application.Schedule)
    schedule = Schedule(
        id="housekeeping",
        places=("region",),
        expression=clock.expression,
        function="housekeeping_function",
        what=housekeeping.purpose,
    )
    return (*found[:3], schedule, *found[3:])
