"""The functions of the application, as they are to be sized: what each asks, how often, and how soon."""

from __future__ import annotations

import math
from dataclasses import replace

from groma import catalog
from groma.application import Schedule
from groma.application.sample import built_in
from groma.blueprints.places import home_region
from groma.components.schedule import every_s
from groma.quantity import Range
from groma.sizing.values import FunctionChoice, FunctionTier, FunctionWork
from groma.workload import RequestClass, Workload
from groma.workload.demand import MONTH_S, Demand

MEMORIES_MIB = (*range(128, 1024, 64), 1024, 1152, 1280, 1408, 1536, 1664, 1769, 2048, 2560, 3008)
PROCESSORS = {
    "arm64": ("m6g", "gb_second_arm", "requests_arm"),
    "x86_64": ("m5", "gb_second_x86", "requests"),
}
"""Processor → the EC2 family with the same one (Graviton2; Xeon of 2.5 to 3.1 GHz), and its prices."""
BATCH = 25
"""Writes in one batch."""
FOLLOWERS_PAGE = 1_000
"""Followers that one read lists."""
STORAGE_CALLS = 4
"""Operations on objects for one picture: read, write copy and thumbnail, delete."""
HOUSEKEEPING_READS = 16
"""Shards of the index, for each of the two things that are looked for."""
HOUSEKEEPING_CPU_S = 0.05


def function_tiers(workload: Workload, demand: Demand, p99_ms: float) -> tuple[FunctionTier, ...]:
    """All functions; the one that requests wait for first.

    Args:
        p99_ms: its goal.
    """
    choices = function_choices(home_region(workload).name)
    return (
        _api(workload, demand, choices, p99_ms),
        _fan_out(workload, demand, choices),
        _pictures(workload, demand, choices),
        _housekeeping(workload, demand, choices),
    )


def function_choices(region: str) -> tuple[FunctionChoice, ...]:
    """Every memory with either processor, with its price in a region.

    The speed is the low end of what was measured for the EC2 family with the same processor.
    """
    found = []
    for processor, (family, second, request) in PROCESSORS.items():
        speed = catalog.performance(family).low
        prices = [catalog.unit_price("lambda", key, region) for key in (request, second)]
        found += [FunctionChoice(processor, mib, speed, *prices) for mib in MEMORIES_MIB]
    return tuple(found)


def _api(
    workload: Workload, demand: Demand, choices: tuple[FunctionChoice, ...], goal_ms: float
) -> FunctionTier:
    return replace(
        _tier(workload, "api", demand.peak_per_s, demand),
        work=tuple(_request(workload, name, each) for name, each in workload.requests.items()),
        per_month=demand.requests_per_month,
        goal_ms=goal_ms,
        each=workload.slo.p99_of == "each",
        before_s=workload.load.gateway_ms.likely / 1000,
        choices=choices,
    )


def _request(workload: Workload, name: str, each: RequestClass) -> FunctionWork:
    """A request computes as on an application server, and waits for the table where that asks a database."""
    load = workload.load
    writes = min(1.0, each.units_written)
    reads = max(0.0, each.calls_of_table - writes)
    waits = (
        (reads, load.table_read_ms.likely / 1000, 1.0),
        (writes + each.posts, load.table_write_ms.likely / 1000, 1.0),
    )
    return FunctionWork(name, each.share, each.app_ms.likely / 1000, load.scv.likely, waits)


def _fan_out(workload: Workload, demand: Demand, choices: tuple[FunctionChoice, ...]) -> FunctionTier:
    """One call for each post: it lists the followers and writes an entry for each, in batches."""
    load, followers = workload.load, workload.load.followers.likely
    writing_s = math.ceil(followers / BATCH) * load.table_write_ms.likely / 1000
    pages = math.ceil(followers / FOLLOWERS_PAGE)
    waits = ((pages, load.table_read_ms.likely / 1000, 1.0), (1, writing_s, load.followers_scv.likely))
    cpu_s = followers * load.entry_cpu_ms.likely / 1000
    return replace(
        _tier(workload, "fan-out", demand.posts_per_s, demand),
        work=(FunctionWork("post", 1.0, cpu_s, load.followers_scv.likely, waits),),
        per_month=demand.posts_per_month,
        choices=choices,
        waits_in_queue=True,
    )


def _pictures(workload: Workload, demand: Demand, choices: tuple[FunctionChoice, ...]) -> FunctionTier:
    """One call for each upload; the library that it needs is compiled for one processor."""
    load = workload.load
    waits = ((STORAGE_CALLS, load.storage_ms.likely / 1000, 1.0), (2, load.table_write_ms.likely / 1000, 1.0))
    return replace(
        _tier(workload, "pictures", demand.uploads_per_s, demand),
        work=(FunctionWork("upload", 1.0, load.picture_cpu_ms.likely / 1000, load.scv.likely, waits),),
        per_month=demand.uploads_per_month,
        choices=tuple(choice for choice in choices if choice.processor == built_in().processor),
        working_mib=load.picture_working_mib.likely,
        waits_in_queue=True,
    )


def _housekeeping(workload: Workload, demand: Demand, choices: tuple[FunctionChoice, ...]) -> FunctionTier:
    """Called by the clock, one at a time; it asks every shard of the index."""
    load, function = workload.load, built_in().functions["housekeeping"]
    assert isinstance(function.trigger, Schedule)
    rate = Range.exactly(1 / every_s(function.trigger.expression))
    waits = ((HOUSEKEEPING_READS, load.table_read_ms.likely / 1000, 1.0),)
    return replace(
        _tier(workload, "housekeeping", rate, demand),
        work=(FunctionWork("round", 1.0, HOUSEKEEPING_CPU_S, load.scv.likely, waits),),
        hour_per_s=rate.likely,
        per_month=rate * MONTH_S,
        goal_ms=function.timeout_s * 1000 / 2,
        before_s=0.0,
        choices=choices,
        by_the_clock=True,
    )


def _tier(workload: Workload, name: str, rate: Range, demand: Demand) -> FunctionTier:
    """What all functions have in common; called by messages that are to be done in time."""
    load, hour = workload.load, demand.peak_hour_per_s.likely / demand.peak_per_s.likely
    return FunctionTier(
        name=name,
        work=(),
        rate_per_s=rate.likely,
        high_per_s=rate.high,
        hour_per_s=rate.likely * hour,
        per_month=rate,
        goal_ms=workload.slo.freshness_s * 1000,
        before_s=load.delivery_ms.likely / 1000,
        cold_start_s=load.function_start_ms.likely / 1000,
        idle_s=load.function_idle_min.likely * 60,
        life_s=load.function_life_hours.likely * 3600,
        working_mib=load.function_working_mib.likely,
        choices=(),
    )
