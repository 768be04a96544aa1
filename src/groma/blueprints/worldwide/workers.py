"""What nobody waits for in a region of the worldwide blueprint: topics, queues and their functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from groma import application
from groma.answers import Ref
from groma.application import Resource, filled
from groma.application.layout import function_archive
from groma.application.sample import built_in
from groma.architecture import Component
from groma.blueprints import roles
from groma.blueprints.flows import sent_on
from groma.blueprints.functions import function_tiers
from groma.blueprints.worldwide.load import World, scaled
from groma.blueprints.worldwide.region_plan import RegionPlan
from groma.blueprints.worldwide.tables import TIMELINES
from groma.components.function import Trigger
from groma.components.messaging import DeadLetterQueue, Queue, Topic
from groma.components.schedule import every_s
from groma.components.worker import HousekeepingSchedule, Worker
from groma.quantity import ZERO, Range
from groma.sizing.values import FunctionTier
from groma.workload import Workload
from groma.workload.demand import MONTH_S, Demand

WORKERS = ("fan-out", "pictures", "housekeeping")
OF_ALL = ("fan-out",)
"""Of these, those that take the messages of all regions: each fills timelines of its own region."""
MOST_CALLS, MOST_BUSY = 1_000, 0.8
"""Calls at once that an event source makes at most, and how many of them may be busy."""
SLOWEST = 0.7
"""Work of a vCPU of Lambda's slower processor over the reference family."""
WHAT = {"posted": "a post was made", "uploaded": "a picture was uploaded"}
USER_POOL = Resource("user-pool")
NO_POOL = {"user-pool.id": ""}
"""Accounts are in the database here, so that there is no user pool to keep."""


def workers(workload: Workload, demand: Demand) -> tuple[FunctionTier, ...]:
    """The functions of one region, to be sized for its own users; the fan-out for the posts of all.

    When another region is lost its messages wait longer for a while: that is what queues are for.
    """
    own = scaled(demand, max(World.of(workload).shares.values()))
    home = workload.model_copy(update={"regions": workload.regions[:1]})
    of_own, of_all = (function_tiers(home, each, workload.slo.p99_ms) for each in (own, demand))
    tiers = (whole if tier.name in OF_ALL else tier for tier, whole in zip(of_own, of_all, strict=True))
    return tuple(_within_reach(tier) for tier in tiers if tier.name in WORKERS)


def _within_reach(tier: FunctionTier) -> FunctionTier:
    """The function with no higher peak than one queue can bring it: what is more waits for a while.

    A queue calls its function at most 1,000 times at once, which do 1,000 / E[T] messages a second.
    """
    mean_s = sum(w.share * (w.cpu_s / SLOWEST + sum(n * each for n, each, _ in w.waits)) for w in tier.work)
    most_per_s = MOST_CALLS * MOST_BUSY / mean_s
    return replace(tier, high_per_s=max(tier.rate_per_s, min(tier.high_per_s, most_per_s)))


def worker_components(each: RegionPlan) -> tuple[Component, ...]:
    """Topics, queues, dead-letter queues, functions and the schedule of a region."""
    found: list[Component] = []
    for queue in built_in().queues.values():
        found += _messages(each, queue)
    housekeeping = built_in().functions["housekeeping"]
    clock = housekeeping.trigger
    assert isinstance(clock, application.Schedule)
    schedule = HousekeepingSchedule(
        id=each.id("housekeeping"),
        places=(each.region,),
        expression=clock.expression,
        function="housekeeping_function",
        what=housekeeping.purpose,
    )
    return (*found, schedule, _function(each, housekeeping, None))


def _messages(each: RegionPlan, queue: application.Queue) -> tuple[Component, ...]:
    """One way from a topic to its function."""
    function, of_all = built_in().functions[queue.name], queue.name in OF_ALL
    topic = Topic(
        id=each.id(f"{queue.topic}-topic"),
        places=(each.region,),
        topic=queue.topic,
        messages_per_month=_told(each.own)[queue.topic],
        what=WHAT[queue.topic],
        bucket="module.media.bucket_arn" if queue.topic == "uploaded" else "",
        listening=queue.name if of_all else "",
        elsewhere=each.others if of_all else (),
        sent_gb_per_month=sent_on(each.workload, each.own) if of_all else ZERO,
    )
    kept = Queue(
        id=each.id(f"{queue.name}-queue"),
        places=(each.region,),
        queue=queue.name,
        topic=queue.topic,
        messages_per_month=_taken(each, queue),
        function_timeout_s=function.timeout_s,
        max_receives=queue.max_receives,
        goal_s=each.workload.slo.freshness_s,
        elsewhere=each.others if of_all else (),
    )
    failed = DeadLetterQueue(
        id=each.id(f"{queue.name}-dead-letters"),
        places=(each.region,),
        queue=queue.name,
        topic=queue.topic,
        max_receives=queue.max_receives,
    )
    source = Trigger(f'module.{queue.topic}.queue_arns["{queue.name}"]', queue.batch_size)
    return (topic, kept, failed, _function(each, function, source))


def _told(demand: Demand) -> Mapping[str, Range]:
    """Messages of a month by topic: posts and uploads of these users."""
    return {"posted": demand.posts_per_month, "uploaded": demand.uploads_per_month}


def _taken(each: RegionPlan, queue: application.Queue) -> Range:
    """Messages of a month that a queue gets: of the region's own users, or of all."""
    return _told(each.demand if queue.name in OF_ALL else each.own)[queue.topic]


def _function(each: RegionPlan, function: application.Function, source: Trigger | None) -> Worker:
    trigger = function.trigger
    calls = _taken(each, trigger) if isinstance(trigger, application.Queue) else _by_the_clock(trigger)
    return Worker(
        id=each.id(f"{function.name}-function"),
        places=(each.region,),
        name=function.name,
        purpose=function.purpose,
        size=each.plan.function(function.name),
        handler=function.handler,
        runtime=built_in().runtime,
        timeout_s=function.timeout_s,
        environment=filled(function.settings, {**region_values(), **NO_POOL}),
        statements=tuple(
            {"actions": list(right.actions), "resources": [worker_arn(each, right.resource)]}
            for right in function.rights
            if right.resource != USER_POOL
        ),
        trigger=source,
        reserved=None if source else 1,
        calls_per_month=calls,
        log_kib=each.workload.load.call_log_kib,
        error_budget=1 - each.workload.slo.availability,
        package=function_archive(function.name, bool(function.native)),
    )


def _by_the_clock(trigger: object) -> Range:
    assert isinstance(trigger, application.Schedule)
    return Range.exactly(MONTH_S / every_s(trigger.expression))


def region_values() -> dict[str, Ref]:
    """Role → what it is to functions and servers of a region."""
    return {**roles.values(built_in()), "timelines.name": Ref(f"module.{TIMELINES}.name")}


def worker_arn(each: RegionPlan, resource: Resource) -> Ref:
    """The table's ARN is that of the copy in the home region: each function uses the copy of its own."""
    if resource.kind == "timelines":
        return Ref(f"module.{TIMELINES}.arn")
    arn = roles.arn(built_in(), resource)
    if resource.kind in ("table", "index") and each.region != each.home:
        return Ref(f'replace({arn}, ":{each.home}:", ":{each.region}:")')
    return Ref(arn)
