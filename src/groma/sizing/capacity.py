"""How a DynamoDB table is paid for, and which kind of API: by price, as far as their limits allow."""

from __future__ import annotations

import math

from groma import catalog
from groma.catalog import TieredPrice
from groma.quantity import Range
from groma.sizing.values import GatewaySize, TableSize, TableTier
from groma.terms import CALCULATOR_HOURS

HEADROOM = 1.2
"""What a stage lets through over the high peak."""
READ_KIB, WRITE_KIB = 4, 1
"""What one read or write unit carries
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html)."""


def units(item_kib: float, unit_kib: float, *, eventual: bool = False) -> float:
    """Request units of one item, or of all items of a query together: whole units, half when eventual."""
    whole = max(1, math.ceil(item_kib / unit_kib - 1e-9))
    return whole / 2 if eventual else float(whole)


def index_capacity(reads_per_s: float, writes_per_s: float) -> tuple[int, int]:
    """Units that are bought for an index: nothing scales it, so that it stands its high peak."""
    return max(1, math.ceil(reads_per_s)), max(1, math.ceil(writes_per_s))


def size_table(tier: TableTier) -> TableSize:
    """Pay by request or for capacity, whichever is cheaper.

    Capacity that is always busy costs a third or less. It follows the hours of the day, yet auto scaling
    takes minutes: in each hour it must stand the burst at its high end,

        capacity(h) = peak · hourly(h) · standing

    so that capacity pays off when bursts are small beside the mean. Its index, which nothing scales, has the
    units of its high peak in every hour.
    """
    capacity = [_hours(peak.likely, tier) for peak in (tier.reads_per_s, tier.writes_per_s)]
    reads, writes = (sum(hours) / len(hours) for hours in capacity)
    by_request = _usd(tier.on_demand, tier.reads_per_month.likely, tier.writes_per_month.likely)
    bought = _bought_usd(tier, reads, writes)
    provisioned = bought is not None and (by_request is None or bought < by_request)
    bounds = [
        (min(hours), max(*hours, math.ceil(peak.high)))
        for hours, peak in zip(capacity, (tier.reads_per_s, tier.writes_per_s), strict=True)
    ]
    return TableSize(
        mode="provisioned" if provisioned else "on-demand",
        read_capacity=bounds[0],
        write_capacity=bounds[1],
        mean_capacity=(reads, writes),
        usd_per_month=bought if provisioned else by_request,
        other_usd_per_month=by_request if provisioned else bought,
    )


def _hours(peak: float, tier: TableTier) -> list[int]:
    return [max(1, math.ceil(peak * share * tier.standing - 1e-9)) for share in tier.hourly]


def _bought_usd(tier: TableTier, reads: float, writes: float) -> float | None:
    """What mean units cost a month, with those of the index and the alarms that move them."""
    units_usd = _usd(
        tier.provisioned,
        (reads + tier.index[0]) * CALCULATOR_HOURS,
        (writes + tier.index[1]) * CALCULATOR_HOURS,
    )
    return None if units_usd is None or tier.scaling_usd is None else units_usd + tier.scaling_usd


def _usd(prices: tuple[TieredPrice, TieredPrice] | None, reads: float, writes: float) -> float | None:
    """What both cost without the allowance, which is the account's and not one table's."""
    if prices is None:
        return None
    return prices[0].cost(reads, free=False) + prices[1].cost(writes, free=False)


def size_gateway(
    per_month: Range, per_s: Range, prices: tuple[TieredPrice | None, TieredPrice | None]
) -> GatewaySize:
    """An HTTP API or a REST API, whichever is cheaper; and what its stage lets through.

    The stage takes the high peak and a fifth more, so that what is asked of AWS is what it lets through;
    bursts as AWS allows them: half as many as requests a second, from 5,000 on.

    Args:
        prices: of a request to an HTTP API and to a REST API.
    """
    http, rest = (None if price is None else price.cost(per_month.likely) for price in prices)
    is_http = http is not None and (rest is None or http <= rest)
    rate = math.ceil(per_s.high * HEADROOM)
    burst = min(max(rate, 10), max(rate // 2, int(catalog.fact("apigateway.burst_limit").value)))
    return GatewaySize(
        kind="HTTP" if is_http or rest is None else "REST",
        rate_per_s=max(rate, 10),
        burst=burst,
        usd_per_month=http if is_http else rest,
        other_usd_per_month=rest if is_http else http,
    )
