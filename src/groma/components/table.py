"""Amazon DynamoDB: one table for everything that the functions keep, or one for a part of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from groma.answers import (
    MISSING,
    Alarm,
    Ask,
    BillLine,
    Metric,
    ModuleCall,
    QuotaNeed,
    Ref,
    Runbook,
    Running,
    Uptime,
    Value,
)
from groma.architecture import Architecture, Component, Finding, Lane
from groma.catalog import fact, sla
from groma.components.pricing import Meter, tracking_alarms
from groma.components.watching import EVENTS, alarm
from groma.quantity import Range
from groma.sizing.capacity import index_capacity
from groma.sizing.values import TableSize

ROLE = "table"
TRACKING_ALARMS = 8
"""Two pairs for what is read, and two for what is written."""


@dataclass(frozen=True, kw_only=True)
class DynamoTable(Component):
    """The table, its sparse index, its time to live and its backups.

    Attributes:
        role: what it is to the application, also the name of its Terraform call: `table` of everything, or
            what is kept there.
        size: how it is paid for.
        hash_key, range_key: its keys; `types` has their types and those of the index.
        index: name and keys of the index: (name, hash key, range key); None for none.
        ttl: attribute by which items end; None for none.
        reads_per_month, writes_per_month: request units.
        stored_gib: what it holds after a year.
        peak_reads_per_s, peak_writes_per_s: request units at the high peak.
        hot_reads_per_s, hot_writes_per_s: those of the busiest partition key.
        operations: whose own errors are watched.
        index_reads_per_s, index_writes_per_s: those of the index at the high peak, which its capacity stands
            where it is bought: nothing scales it.
    """

    kind: ClassVar[str] = "table"
    service: ClassVar[str] = "Amazon DynamoDB"
    icon: ClassVar[str] = "database/dynamodb"
    lane: ClassVar[Lane] = "data"
    keeps: ClassVar[tuple[str, ...]] = ("aws_dynamodb_table",)
    protected: ClassVar[tuple[str, ...]] = ("aws_dynamodb_table",)

    role: str = ROLE
    size: TableSize
    hash_key: str
    range_key: str
    types: Mapping[str, str]
    index: tuple[str, str, str] | None
    ttl: str | None
    reads_per_month: Range
    writes_per_month: Range
    stored_gib: Range
    peak_reads_per_s: float
    peak_writes_per_s: float
    hot_reads_per_s: float
    hot_writes_per_s: float
    index_reads_per_s: float
    index_writes_per_s: float
    operations: tuple[str, ...]

    @property
    def index_capacity(self) -> tuple[int, int]:
        """Units of reads and of writes that are bought for the index, where the table's are."""
        return index_capacity(self.index_reads_per_s, self.index_writes_per_s)

    @property
    def label(self) -> str:
        return "DynamoDB table" if self.role == ROLE else f"{self.role} table"

    @property
    def details(self) -> tuple[str, ...]:
        mode = "on demand" if self.size.mode == "on-demand" else "provisioned"
        return (f"{mode} · TTL", "restored to any second")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        stored = self.stored_gib
        return (
            *self._units(meter),
            *([tracking_alarms(meter, TRACKING_ALARMS)] if self.size.mode == "provisioned" else []),
            meter.monthly("storage", stored, "dynamodb", "storage_standard", "at the end of the first year"),
            meter.monthly("point-in-time recovery", stored, "dynamodb", "pitr"),
        )

    def _units(self, meter: Meter) -> tuple[BillLine, BillLine]:
        if self.size.mode == "on-demand":
            return (
                meter.volume("read request units", self.reads_per_month, "dynamodb", "ondemand_read"),
                meter.volume("write request units", self.writes_per_month, "dynamodb", "ondemand_write"),
            )
        of_index = (0, 0) if self.index is None else self.index_capacity
        reads, writes = (mean + own for mean, own in zip(self.size.mean_capacity, of_index, strict=True))
        note = "mean of the day, with the index"
        return (
            meter.hours("read capacity", reads, "dynamodb", "provisioned_read", note),
            meter.hours("write capacity", writes, "dynamodb", "provisioned_write", note),
        )

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        most = max(self.peak_reads_per_s, self.peak_writes_per_s)
        return (QuotaNeed("table-units", round(most), 0, each=True),)

    def uptime(self, architecture: Architecture) -> Uptime:
        return Uptime(self.id, sla("dynamodb").availability, "agreement for DynamoDB in one region")

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        reads, writes = fact("dynamodb.partition_rcu").value, fact("dynamodb.partition_wcu").value
        first_reads = fact("dynamodb.on_demand_initial_rcu").value
        first_writes = fact("dynamodb.on_demand_initial_wcu").value
        found = [
            Finding(
                id=f"{self.id}-hot-key",
                what="the busiest partition stays within what one partition serves",
                expected=f"at most {reads:,.0f} reads/s and {writes:,.0f} writes/s",
                actual=f"{self.hot_reads_per_s:,.0f} reads/s and {self.hot_writes_per_s:,.0f} writes/s",
                ok=self.hot_reads_per_s <= reads and self.hot_writes_per_s <= writes,
                severity="warning",
                hint="keep the most read pages in the distribution's cache, or spread the key",
            )
        ]
        if self.size.mode == "on-demand":
            asked = f"{self.peak_reads_per_s:,.0f} reads/s and {self.peak_writes_per_s:,.0f} writes/s"
            found.append(
                Finding(
                    id=f"{self.id}-first-peak",
                    what="a new table stands the high peak at once",
                    expected=f"at most {first_reads:,.0f} reads/s and {first_writes:,.0f} writes/s",
                    actual=asked,
                    ok=self.peak_reads_per_s <= first_reads and self.peak_writes_per_s <= first_writes,
                    severity="warning",
                    hint="let the load grow, at most doubling in half an hour, or warm the table up before",
                )
            )
        return tuple(found)

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        whole, what = self._dimensions(), f"{'' if self.role == ROLE else f'{self.role} '}table"
        return (
            self._throttles("read", f"reads of the {what}", whole, self.peak_reads_per_s),
            self._throttles("write", f"writes of the {what}", whole, self.peak_writes_per_s),
            *self._index_throttles(),
            *(self._errors(operation) for operation in self.operations),
        )

    def _index_throttles(self) -> tuple[Alarm, ...]:
        if self.index is None:
            return ()
        what, where = f"the index {self.index[0]}", self._dimensions()
        where["GlobalSecondaryIndexName"] = self.index[0]
        return (
            self._throttles("index-read", f"reads of {what}", where, self.index_reads_per_s),
            self._throttles("index-write", f"writes of {what}", where, self.index_writes_per_s),
        )

    def _throttles(self, what: str, words: str, dimensions: Mapping[str, str | Ref], peak: float) -> Alarm:
        metric = "ReadThrottleEvents" if what.endswith("read") else "WriteThrottleEvents"
        return self._alarm(
            f"{what}-throttles",
            f"{words} are turned away",
            Metric("AWS/DynamoDB", metric, "Sum", dimensions),
            5,
            f"0 may be: the high peak of {math.ceil(peak):,} units a second was planned for; for 5 min, so "
            "that it is no burst that the table has just grown to",
            Runbook(
                "Requests wait and are tried again; some fail.",
                "ConsumedCapacity against what was planned, and Contributor Insights: is it one key?",
                "One key: let the distribution's cache answer for it. All of them: `groma up` with the new "
                "load; on demand a table takes twice its last peak at once.",
            ),
        )

    def _errors(self, operation: str) -> Alarm:
        return self._alarm(
            f"{operation.lower()}-errors",
            f"DynamoDB fails at {operation}",
            Metric("AWS/DynamoDB", "SystemErrors", "Sum", {**self._dimensions(), "Operation": operation}),
            15,
            "0 may be; the SDK tries again, so that only faults in each of 15 min, as AWS recommends, are "
            "felt",
            Runbook(
                "Requests wait and are tried again; some fail.",
                "AWS's health page of the region, and the function's log: which error?",
                "Nothing here mends it; tell users, and open a case with AWS.",
            ),
        )

    def _dimensions(self) -> dict[str, str | Ref]:
        return {"TableName": Ref(f"module.{self.role}.name")}

    def _alarm(
        self, what: str, title: str, watches: Metric, periods: int, derived_from: str, runbook: Runbook
    ) -> Alarm:
        return alarm(self.id, what, title, derived_from, watches, (">", 0, periods), EVENTS, runbook)

    def module(self, architecture: Architecture) -> ModuleCall:
        arguments: dict[str, Value] = {
            "name": self.name(architecture),
            "attributes": dict(self.types),
            "keys": {"hash": self.hash_key, "range": self.range_key},
            "ttl_attribute": self.ttl,
            "deletion_protection": Ref("var.deletion_protection"),
        }
        if self.size.mode == "provisioned":
            (least_read, read), (least_write, write) = self.size.read_capacity, self.size.write_capacity
            arguments["capacity"] = {
                "read": {"min": least_read, "max": read},
                "write": {"min": least_write, "max": write},
            }
        if self.index is not None:
            arguments["indexes"] = {self.index[0]: self._index_argument(*self.index[1:])}
        return ModuleCall(self.role, "table", arguments)

    def _index_argument(self, hash_key: str, range_key: str) -> Value:
        capacity = dict(zip(("read_capacity", "write_capacity"), self.index_capacity, strict=True))
        return {"hash": hash_key, "range": range_key, **(capacity if self.size.mode == "provisioned" else {})}

    def name(self, architecture: Architecture) -> str:
        """Its name in a region; DynamoDB takes none below three letters."""
        own = architecture.name if self.role == ROLE else f"{architecture.name}-{self.role}"
        return own if len(own) > 2 else f"{own}-table"

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        found = ask("dynamodb", "describe_table", TableName=self.name(architecture))
        return (Running(self.label, MISSING if found is None else str(found["Table"]["TableStatus"])),)

    def outputs(self) -> dict[str, str]:
        return {f"{self.role}_name": f"module.{self.role}.name"}
