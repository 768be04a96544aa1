"""workload → demand: what the users' habits come to in requests, bytes and work.

Every figure is a range. Its likely value is computed from the likely values of the workload, so that it
can be checked by hand. Its low and high are the 10th and 90th percentile over draws from the workload's
ranges (triangular, fixed seed): not all quantities are at their worst on one day.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from groma.errors import Infeasible
from groma.quantity import Range
from groma.terms import CALCULATOR_HOURS
from groma.workload import Workload
from groma.workload.people import DAY_S, requests_per_s

MONTH_S = CALCULATOR_HOURS * 3600
MONTH_DAYS = CALCULATOR_HOURS / 24
STORED_MONTHS = 12
"""For how long what users upload is taken to have been kept: a year's worth is stored and paid."""
DRAWS = 400
SEED = 20_26
TIMELINE_DAYS = 90
"""How long the application keeps a post in timelines."""
MOST_PER_S = 1e8
"""Ten billion users with a hundred requests a day make 1e7 on average, and peaks of ten times that."""
PER_SECOND = (
    *("peak_per_s", "reads_per_s", "writes_per_s", "storage_ops_per_s", "posts_per_s", "deliveries_per_s"),
    *("uploads_per_s", "table_reads_per_s", "table_writes_per_s", "web_busy", "app_busy", "database_busy"),
)
"""Rates, and processors that are kept busy."""
FOLLOWER_KIB = 0.1
"""Size of the item that says who follows whom."""

Figures: TypeAlias = NDArray[np.float64]
"""One figure in each of several cases."""
Read = Callable[[Range], Figures]


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
    monthly_users: Range
    logins_per_month: Range
    posts_per_s: Range
    posts_per_month: Range
    deliveries_per_s: Range
    deliveries_per_month: Range
    uploads_per_s: Range
    table_reads_per_s: Range
    table_writes_per_s: Range
    table_reads_per_month: Range
    table_writes_per_month: Range
    table_stored_gib: Range

    def at(self, case: str) -> dict[str, float]:
        """All figures of one case: `low`, `likely` or `high`."""
        return {f.name: getattr(getattr(self, f.name), case) for f in fields(self)}


def demand(workload: Workload) -> Demand:
    """Derive the demand of a workload; the same workload always gives the same demand.

    Raises:
        Infeasible: it is more per second than all the world asks for.
    """
    likely, drawn = _cases(workload, DRAWS)
    found = Demand(**{name: _spread(values, likely[name]) for name, values in drawn.items()})
    for name in PER_SECOND:
        rate = max(getattr(found, name).high, getattr(found, name).likely)
        if rate > MOST_PER_S:
            what = name.removesuffix("_per_s").replace("_", " ")
            raise Infeasible(
                f"{what}: {rate:,.0f} per second are more than any design here is made for",
                where=workload.where("users"),
                hint=f"state users and habits that come to {MOST_PER_S:,.0f} at most",
            )
    return found


def draws(workload: Workload, count: int) -> tuple[Demand, ...]:
    """Demands drawn from the ranges of a workload, each without ranges of its own; always the same ones."""
    _, drawn = _cases(workload, count)
    by_case = zip(*(values.tolist() for values in drawn.values()), strict=True)
    return tuple(
        Demand(**{name: Range.exactly(value) for name, value in zip(drawn, case, strict=True)})
        for case in by_case
    )


def _cases(workload: Workload, count: int) -> tuple[dict[str, float], dict[str, Figures]]:
    """The likely case, and so many drawn from the ranges, all at once.

    What only tables and functions ask has draws of its own. Case after case draws every quantity that it
    reads, in the order in which it does.
    """
    asked: list[Range] = []
    asked_of_table: list[Range] = []
    likely = _case(workload, _likely(asked), _likely(asked_of_table))
    drawn = _case(workload, _drawn(asked, SEED, count), _drawn(asked_of_table, SEED + 1, count))
    return {name: float(value[0]) for name, value in likely.items()}, drawn


def _case(workload: Workload, read: Read, read_table: Read) -> dict[str, Figures]:
    case = _derive(workload, read)
    return case | _of_table(workload, case, read_table)


def _likely(asked: list[Range]) -> Read:
    """Reads likely values, and notes which quantities were asked for."""

    def read(quantity: Range) -> Figures:
        asked.append(quantity)
        return np.array([quantity.likely])

    return read


def _drawn(asked: Sequence[Range], seed: int, count: int) -> Read:
    """Reads quantities, in the order in which they were asked for before, as so many triangular draws.

    The draws are those of `random.Random(seed).triangular`.
    """
    ranged = [quantity for quantity in asked if not quantity.is_exact]
    low, likely, high = np.array([(q.low, q.likely, q.high) for q in ranged]).reshape(-1, 3).T
    chance = _chances(seed, count * len(ranged)).reshape(count, len(ranged))
    share = (likely - low) / (high - low)
    above = chance > share
    begin, end = np.where(above, high, low), np.where(above, low, high)
    inside = np.where(above, 1.0 - chance, chance) * np.where(above, 1.0 - share, share)
    columns = iter((begin + (end - begin) * np.sqrt(inside)).T)
    return lambda quantity: np.full(count, quantity.likely) if quantity.is_exact else next(columns)


@lru_cache(maxsize=8)
def _chances(seed: int, count: int) -> Figures:
    """The first numbers between 0 and 1 of a generator; not to be written to."""
    generator = random.Random(seed)  # noqa: S311 - draws that everybody can repeat
    chances = np.array([generator.random() for _ in range(count)])
    chances.flags.writeable = False
    return chances


def _spread(values: Figures, likely: float) -> Range:
    ordered = np.sort(values)
    low, high = float(ordered[len(ordered) // 10]), float(ordered[len(ordered) * 9 // 10])
    return Range.around(low, likely, high)


def _derive(workload: Workload, read: Read) -> dict[str, Figures]:
    """The cases of the demand, with every quantity read by `read`."""
    load, users = workload.load, workload.users
    active = users.total * read(users.active_daily)
    if users.concurrent is None:
        mean = active * read(users.requests_per_active_day) / DAY_S
        peak_hour = mean * read(load.peak_hour_to_mean)
        peak = peak_hour * read(load.burst_to_peak_hour)
    else:
        peak = requests_per_s(workload, users.concurrent, read(users.think_s))
        peak_hour = peak / read(load.burst_to_peak_hour)
        mean = peak_hour / read(load.peak_hour_to_mean)
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


def _of_table(workload: Workload, case: Mapping[str, Figures], read: Read) -> dict[str, Figures]:
    """What an application over a key-value table does besides: posts, and their entries in timelines.

    Every post is written once into the timeline of each follower, in batches, after a page of followers was
    read; an entry is a write of its own. Entries stay for `TIMELINE_DAYS`, posts for good.
    """
    load, classes = workload.load, workload.requests.values()
    followers, item = read(load.followers), read(load.item_kib)
    posts = sum(c.share * c.posts for c in classes)
    entry_units, listed_units = np.ceil(item), np.ceil(followers * FOLLOWER_KIB / 4)
    reads = sum(c.share * c.units_read for c in classes) + posts * listed_units
    writes = sum(c.share * c.units_written for c in classes) + posts * followers * entry_units
    peak, monthly = case["peak_per_s"], case["requests_per_month"]
    kept = followers * TIMELINE_DAYS / MONTH_DAYS + 12
    return {
        "monthly_users": np.maximum(workload.users.total * read(load.monthly_active), case["active_users"]),
        "logins_per_month": case["active_users"] * read(load.logins_per_active_day) * MONTH_DAYS,
        "posts_per_s": peak * posts,
        "posts_per_month": monthly * posts,
        "deliveries_per_s": peak * posts * followers,
        "deliveries_per_month": monthly * posts * followers,
        "uploads_per_s": case["uploads_per_month"] / MONTH_S * peak / case["mean_per_s"],
        "table_reads_per_s": peak * reads,
        "table_writes_per_s": peak * writes,
        "table_reads_per_month": monthly * reads,
        "table_writes_per_month": monthly * writes,
        "table_stored_gib": monthly * posts * kept * item / 2**20,
    }


@lru_cache(maxsize=64)
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
