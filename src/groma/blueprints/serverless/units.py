"""What is to be sized: functions, table and API, each by its own laws."""

from __future__ import annotations

from dataclasses import replace

from groma import catalog
from groma.application.sample import built_in
from groma.blueprints.functions import function_tiers
from groma.catalog import TieredPrice
from groma.components.table import TRACKING_ALARMS
from groma.errors import Infeasible
from groma.sizing.capacity import READ_KIB, index_capacity
from groma.sizing.capacity import units as request_units
from groma.sizing.units import FunctionUnit, GatewayUnit, TableUnit, Unit
from groma.sizing.values import FunctionTier, TableTier, Wish
from groma.workload import Workload
from groma.workload.demand import Demand, daily_curve


def units(workload: Workload, demand: Demand, wish: Wish) -> tuple[Unit, ...]:
    """None waits for another, so each is the cheapest for itself. The first function is waited for.

    Raises:
        Infeasible: an answer is larger than a function may give.
    """
    _answers_fit(workload)
    factor = wish.load_factor
    first, *others = function_tiers(workload, demand, wish.p99_ms or workload.slo.p99_ms)
    table = _table(workload, demand)
    prices = [
        catalog.unit_price("apigateway", kind, workload.regions[0])
        for kind in ("http_requests", "rest_requests")
    ]
    return (
        FunctionUnit(_at(first, factor), answers=True),
        *(FunctionUnit(_at(tier, factor)) for tier in others),
        TableUnit(
            replace(table, reads_per_s=table.reads_per_s * factor, writes_per_s=table.writes_per_s * factor)
        ),
        GatewayUnit(demand.requests_per_month, demand.peak_per_s * factor, (prices[0], prices[1])),
    )


def _answers_fit(workload: Workload) -> None:
    most, largest = catalog.fact("lambda.response_kib").value, workload.load.response_kib.high
    if largest > most:
        raise Infeasible(
            f"an answer of {largest:,.0f} KiB does not pass a function, which gives {most:,.0f} KiB at most",
            where=workload.where("load", "response_kib"),
            hint="lower load.response_kib, or take three-tier, whose servers have no such limit",
        )


def _at(tier: FunctionTier, factor: float) -> FunctionTier:
    """A function at so many times its rates at peak, which leaves the work and the month as they are."""
    return replace(tier, rate_per_s=tier.rate_per_s * factor, high_per_s=tier.high_per_s * factor)


def _table(workload: Workload, demand: Demand) -> TableTier:
    load, region = workload.load, workload.regions[0]
    curve = daily_curve(load.peak_hour_to_mean.likely)
    pages = sum(c.share * c.units_read for c in workload.requests.values())
    alarms = catalog.unit_price("cloudwatch", "alarm_standard", region)
    return TableTier(
        name="table",
        reads_per_s=demand.table_reads_per_s,
        writes_per_s=demand.table_writes_per_s,
        reads_per_month=demand.table_reads_per_month,
        writes_per_month=demand.table_writes_per_month,
        hourly=tuple(hour / max(curve) for hour in curve),
        standing=load.burst_to_peak_hour.high / load.burst_to_peak_hour.likely,
        hot_reads_per_s=load.hot_share.high * pages * demand.peak_per_s.high,
        hot_writes_per_s=load.hot_share.high * demand.peak_per_s.high,
        index=index_capacity(*index_per_s(demand)),
        on_demand=_prices(region, "ondemand_read", "ondemand_write"),
        provisioned=_prices(region, "provisioned_read", "provisioned_write"),
        scaling_usd=None if alarms is None else alarms.cost(TRACKING_ALARMS, free=False),
    )


def index_per_s(demand: Demand) -> tuple[float, float]:
    """Units that the index is read and written by at the high peak: one function, posts and uploads."""
    table = built_in().table
    reads = table.index_queries * request_units(READ_KIB, READ_KIB, eventual=True)
    posts = demand.posts_per_s * table.index_writes_per_post
    return reads, (posts + demand.uploads_per_s * table.index_writes_per_upload).high


def _prices(region: str, read: str, write: str) -> tuple[TieredPrice, TieredPrice] | None:
    reads, writes = (catalog.unit_price("dynamodb", key, region) for key in (read, write))
    return None if reads is None or writes is None else (reads, writes)
