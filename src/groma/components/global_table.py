"""Amazon DynamoDB global table: one table with a copy in every region, each taking reads and writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from groma.answers import Alarm, BillLine, Metric, Missing, ModuleCall, QuotaNeed, Runbook, Uptime
from groma.architecture import Architecture
from groma.catalog import sla
from groma.components.pricing import Meter
from groma.components.table import DynamoTable
from groma.quantity import Range

MOST_LATE_MS = 180_000


@dataclass(frozen=True, kw_only=True)
class GlobalTable(DynamoTable):
    """The table in all regions, on demand. Every write is made in each of them, within about a second.

    `reads_per_month` and `writes_per_month` are those of all users; `peak_reads_per_s` and
    `peak_writes_per_s` those of one copy.

    Attributes:
        reads_of_each_per_month: read units that every region takes besides, whoever's users they are for.
        expired_per_month: write units of what expires in a month, once the first has.
        shares: share of the reads and of the first writes that each region's users make.
        write_kib: size of one write.
    """

    kind: ClassVar[str] = "global-table"
    service_roles: ClassVar[tuple[str, ...]] = ("replication.dynamodb.amazonaws.com",)

    reads_of_each_per_month: Range
    expired_per_month: Range
    shares: Mapping[str, float]
    write_kib: Range

    @property
    def label(self) -> str:
        return "DynamoDB global table"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"{len(self.shares)} copies, on demand", "sessions, who follows")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        """In each region its own reads and all writes, and the way of its first writes to the others.

        Each expired item is deleted for nothing in one region, any of them, and for a replicated write in
        every other (DynamoDB Developer Guide, time to live with global tables, read 2026-11-28).
        """
        meter, others = Meter(self.id, architecture), len(self.shares) - 1
        lines = []
        for at, share in self.shares.items():
            sent = self.writes_per_month * self.write_kib * (share * others * 1024 / 1e9)
            reads = self.reads_per_month * share + self.reads_of_each_per_month
            lines += [
                meter.volume(f"reads, {at}", reads, "dynamodb", "ondemand_read", at=at),
                meter.volume(
                    f"replicated writes, {at}",
                    self.writes_per_month,
                    "dynamodb",
                    "ondemand_replicated_write",
                    at=at,
                ),
                meter.volume(
                    f"replicated deletions by time to live, {at}",
                    self.expired_per_month * (others / len(self.shares)),
                    "dynamodb",
                    "ondemand_replicated_write",
                    "free where they happen, a write in each other region",
                    at=at,
                ),
                meter.monthly(
                    f"storage, {at}",
                    self.stored_gib,
                    "dynamodb",
                    "storage_standard",
                    "at the end of a year",
                    at=at,
                ),
                meter.monthly(f"point-in-time recovery, {at}", self.stored_gib, "dynamodb", "pitr", at=at),
                meter.volume(f"replication from {at}", sent, "datatransfer", "inter_region_out", at=at),
            ]
        return tuple(lines)

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        """Those of the table, in each region."""
        return tuple(
            replace(need, region=region) for need in super().quotas(architecture) for region in self.shares
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        """Of the copy here, and how late others are: throttles of those the servers there tell by errors."""
        here = architecture.region
        own = (
            replace(
                each,
                title=f"{each.title} in {here}",
                derived_from=f"{each.derived_from}; of other copies the errors of the servers there tell",
            )
            for each in super().alarms(architecture)
        )
        return (*own, *(self._late(region) for region in self.shares if region != here))

    def _late(self, region: str) -> Alarm:
        return Alarm(
            id=f"{self.id}-late-{region}",
            component=self.id,
            title=f"writes reach the copy in {region} late",
            severity="ticket",
            derived_from=f"copies are made within about a second; {MOST_LATE_MS / 60_000:.0f} min for 15 "
            "min, as AWS recommends, are writes that would be lost with this region",
            watches=Metric(
                "AWS/DynamoDB",
                "ReplicationLatency",
                "Average",
                {**self._dimensions(), "ReceivingRegion": region},
            ),
            comparison=">",
            threshold=MOST_LATE_MS,
            evaluation_periods=15,
            datapoints=15,
            missing=Missing("notBreaching", "published when something is copied: without writes nothing is"),
            runbook=Runbook(
                f"Who comes to {region} from another region is asked to log in; fan-out there misses who has "
                "just begun to follow.",
                "AWS's health page of both regions, and WriteThrottleEvents of the table.",
                "Nothing here mends it; do not send users from one region to the other until it is over.",
            ),
        )

    def uptime(self, architecture: Architecture) -> Uptime:
        return Uptime(self.id, sla("dynamodb-global").availability, "agreement for DynamoDB global tables")

    def module(self, architecture: Architecture) -> ModuleCall:
        call = super().module(architecture)
        replicas = [region for region in self.shares if region != architecture.region]
        return replace(call, arguments={**call.arguments, "replica_regions": replicas})
