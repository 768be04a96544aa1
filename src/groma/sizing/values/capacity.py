"""Tables and gateways: what is asked of each, and how it is paid for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groma.catalog import TieredPrice
from groma.quantity import Range


@dataclass(frozen=True, slots=True)
class TableTier:
    """A DynamoDB table whose way of paying is to be chosen.

    Attributes:
        reads_per_s, writes_per_s: request units per second at peak.
        reads_per_month, writes_per_month: request units in a month of 730 hours.
        hourly: load of each hour of the day over the busiest hour's.
        standing: what bought capacity must stand over the likely peak: the burst at its high end over the
            likely one, for auto scaling takes minutes.
        hot_reads_per_s, hot_writes_per_s: request units per second of the busiest partition key.
        index: units of read and write capacity that its index is given where capacity is bought.
        on_demand, provisioned: prices of a read and of a write; None when one is unknown.
        scaling_usd: what the alarms cost a month that move bought capacity.
    """

    name: str
    reads_per_s: Range
    writes_per_s: Range
    reads_per_month: Range
    writes_per_month: Range
    hourly: tuple[float, ...]
    standing: float
    hot_reads_per_s: float
    hot_writes_per_s: float
    index: tuple[int, int]
    on_demand: tuple[TieredPrice, TieredPrice] | None
    provisioned: tuple[TieredPrice, TieredPrice] | None
    scaling_usd: float | None


@dataclass(frozen=True, slots=True)
class TableSize:
    """How a table is paid for.

    Attributes:
        mode: by request, or capacity that auto scaling moves between two bounds.
        read_capacity, write_capacity: least and most units per second that provisioned capacity has or
            would have.
        mean_capacity: units of read and write capacity on average over the day, when provisioned, without
            those of the index.
        usd_per_month, other_usd_per_month: this way and the other, without what is stored; None when unknown.
    """

    mode: Literal["on-demand", "provisioned"]
    read_capacity: tuple[int, int]
    write_capacity: tuple[int, int]
    mean_capacity: tuple[float, float]
    usd_per_month: float | None
    other_usd_per_month: float | None


@dataclass(frozen=True, slots=True)
class GatewaySize:
    """Which kind of API is cheaper, and how many requests it takes.

    Attributes:
        kind: `HTTP` or `REST`.
        rate_per_s, burst: what the stage lets through.
        usd_per_month, other_usd_per_month: requests alone, this kind and the other; None when unknown.
    """

    kind: Literal["HTTP", "REST"]
    rate_per_s: int
    burst: int
    usd_per_month: float | None
    other_usd_per_month: float | None
