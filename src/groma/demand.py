"""workload → demand: what the users' habits come to in requests, bytes and work.

Every figure is a range. Its likely value is computed from the likely values of the workload, so that it
can be checked by hand. Its low and high are the 10th and 90th percentile over draws from the workload's
ranges (triangular, fixed seed): not all quantities are at their worst on one day.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, fields

from groma.quantity import Range
from groma.terms import CALCULATOR_HOURS
from groma.workload import Workload

DAY_S = 86_400
MONTH_S = CALCULATOR_HOURS * 3600
MONTH_DAYS = CALCULATOR_HOURS / 24
DRAWS = 400
SEED = 20_26

Read = Callable[[Range], float]


@dataclass(frozen=True)
class Demand:
    """The load on the whole application. Rates are per second, volumes per month of 730 hours.

    `*_busy` is the offered load of a tier at peak in Erlang: how many vCPUs of the reference family (m6i)
    the work of one second would keep busy.
    """

    active_users: Range
    mean_per_s: Range
    peak_hour_per_s: Range
    peak_per_s: Range
    web_busy: Range
    app_busy: Range
    reads_per_s: Range
    writes_per_s: Range
    database_busy: Range
    storage_ops_per_s: Range
    requests_per_month: Range
    dynamic_gb_per_month: Range
    edge_gb_per_month: Range
    edge_requests_per_month: Range
    origin_requests_per_month: Range
    upload_gb_per_month: Range
    uploads_per_month: Range
    log_gb_per_month: Range
    query_gb_per_month: Range
    database_hot_gib: Range
    database_stored_gib: Range

    def at(self, case: str) -> dict[str, float]:
        """All figures of one case: `low`, `likely` or `high`."""
        return {f.name: getattr(getattr(self, f.name), case) for f in fields(self)}


def demand(workload: Workload) -> Demand:
    """Derive the demand of a workload; the same workload always gives the same demand."""
    likely = _derive(workload, lambda quantity: quantity.likely)
    draw = random.Random(SEED)
    draws = [_derive(workload, _draw_with(draw)) for _ in range(DRAWS)]
    return Demand(**{name: _spread([d[name] for d in draws], value) for name, value in likely.items()})


def draws(workload: Workload, count: int) -> tuple[Demand, ...]:
    """Demands drawn from the ranges of a workload, each without ranges of its own; always the same ones."""
    draw = random.Random(SEED)
    cases = (_derive(workload, _draw_with(draw)) for _ in range(count))
    return tuple(Demand(**{name: Range.exactly(value) for name, value in case.items()}) for case in cases)


def _draw_with(generator: random.Random) -> Read:
    return lambda q: q.likely if q.is_exact else generator.triangular(q.low, q.high, q.likely)


def _spread(values: list[float], likely: float) -> Range:
    ordered = sorted(values)
    low, high = ordered[len(ordered) // 10], ordered[len(ordered) * 9 // 10]
    return Range(min(low, likely), likely, max(high, likely))


def _derive(workload: Workload, read: Read) -> dict[str, float]:
    """One case of the demand, with every quantity read by `read`."""
    load, users = workload.load, workload.users
    active = users.total * read(users.active_daily)
    mean = active * read(users.requests_per_active_day) / DAY_S
    peak_hour = mean * read(load.peak_hour_to_mean)
    peak = peak_hour * read(load.burst_to_peak_hour)
    classes = workload.requests.values()
    reads = sum(c.share * c.reads for c in classes)
    writes = sum(c.share * c.writes for c in classes)
    monthly = mean * MONTH_S
    page_views = monthly * read(load.page_views_per_request)
    not_in_browser = 1 - read(load.browser_hit_share)
    static_requests = page_views * read(load.page_objects) * not_in_browser
    dynamic_gb = monthly * read(load.response_kib) * 1024 / 1e9
    uploads = active * read(load.uploads_per_active_day) * MONTH_DAYS
    millions = users.total / 1e6
    return {
        "active_users": active,
        "mean_per_s": mean,
        "peak_hour_per_s": peak_hour,
        "peak_per_s": peak,
        "web_busy": peak * sum(c.share * read(c.web_ms) for c in classes) / 1000,
        "app_busy": peak * sum(c.share * read(c.app_ms) for c in classes) / 1000,
        "reads_per_s": peak * reads,
        "writes_per_s": peak * writes,
        "database_busy": peak
        * sum(c.share * (c.reads + c.writes) * read(c.query_ms) for c in classes)
        / 1000,
        "storage_ops_per_s": peak
        * (reads * read(load.storage_reads_per_read) + writes * read(load.storage_writes_per_write)),
        "requests_per_month": monthly,
        "dynamic_gb_per_month": dynamic_gb,
        "edge_gb_per_month": dynamic_gb + page_views * read(load.page_mb) * not_in_browser / 1e3,
        "edge_requests_per_month": monthly + static_requests,
        "origin_requests_per_month": static_requests * (1 - read(load.edge_hit_share)),
        "upload_gb_per_month": uploads * read(load.upload_mb) / 1e3,
        "uploads_per_month": uploads,
        "log_gb_per_month": monthly * read(load.log_kib_per_request) * 1024 / 1e9,
        "query_gb_per_month": monthly * (reads + writes) * read(load.query_kib) * 1024 / 1e9,
        "database_hot_gib": millions * read(load.database_hot_gib_per_million_users),
        "database_stored_gib": millions * read(load.database_stored_gib_per_million_users),
    }


def daily_curve(peak_hour_to_mean: float) -> tuple[float, ...]:
    """The load of each hour of a day over the day's mean: 24 values whose mean is 1.

    The curve is `exp(b cos θ)` scaled to mean 1, highest at 20:00 local time, where `b` is such that the
    busiest hour is `peak_hour_to_mean` times the mean. Unlike a plain cosine it never falls below zero.

    Args:
        peak_hour_to_mean: busiest hour over the mean, from 1 to 20.
    """

    def curve(b: float) -> list[float]:
        hours = [math.exp(b * math.cos(2 * math.pi * (hour - 20) / 24)) for hour in range(24)]
        mean = sum(hours) / 24
        return [value / mean for value in hours]

    low, high = 0.0, 200.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if max(curve(middle)) < peak_hour_to_mean else (low, middle)
    return tuple(curve(low))
