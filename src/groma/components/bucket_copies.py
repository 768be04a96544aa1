"""Amazon S3 buckets that are copied to other regions: what they cost, and whether copies are late or fail."""

from __future__ import annotations

from dataclasses import dataclass

from groma.answers import Alarm, BillLine, Metric, Missing, Ref, Runbook
from groma.components.pricing import Meter
from groma.quantity import Range

OLD_VERSION_DAYS = 30
YEAR_DAYS = 365
MOST_LAG_S = 900
"""S3 agrees to copy 99.9 % of objects within 15 minutes (S3 Replication Time Control)."""
NOTHING_COPIED = Missing("notBreaching", "published when something is copied: without uploads nothing is")


def stored_bill(meter: Meter, stored_gb: Range, replaced_share: Range) -> tuple[BillLine, ...]:
    """What a bucket holds at the end of the first year, and for a while what was replaced in it."""
    old = stored_gb * (replaced_share * (OLD_VERSION_DAYS / YEAR_DAYS))
    stored = "at the end of the first year"
    return (
        meter.monthly("storage", stored_gb, "s3", "standard_storage", stored),
        meter.monthly("older versions", old, "s3", "standard_storage", f"{OLD_VERSION_DAYS} days"),
    )


def copies_bill(meter: Meter, gb_per_month: Range, where: str) -> tuple[BillLine, ...]:
    """What sending copies costs the region that they come from."""
    control = "S3 Replication Time Control"
    return (
        meter.volume(f"copies sent to {where}", gb_per_month, "datatransfer", "inter_region_out"),
        meter.volume("copies within 15 minutes", gb_per_month, "s3", "replication_time_control", control),
    )


@dataclass(frozen=True)
class Copies:
    """A rule that copies what is put into one bucket to that of another region.

    Attributes:
        component: the id of the bucket's component; region: where the copies go.
        source, destination: Terraform expressions of the modules of both buckets.
        late, lost: what it means that copies come late, or never.
    """

    component: str
    region: str
    source: str
    destination: str
    late: str
    lost: str

    def alarms(self) -> tuple[Alarm, ...]:
        """That copies are late, and that some failed for good."""
        return (self._lag(), self._not_copied())

    def _rule(self, metric: str, statistic: str) -> Metric:
        """A metric of the rule, over five minutes."""
        dimensions: dict[str, str | Ref] = {
            "SourceBucket": Ref(f"{self.source}.bucket_name"),
            "DestinationBucket": Ref(f"{self.destination}.bucket_name"),
            "RuleId": f"to-{self.region}",
        }
        return Metric("AWS/S3", metric, statistic, dimensions, 300)

    def _not_copied(self) -> Alarm:
        return Alarm(
            id=f"{self.component}-failed-{self.region}",
            component=self.component,
            title=f"uploads were not copied to {self.region}, and will not be",
            severity="ticket",
            derived_from="0 may fail: what has failed is no longer late, and no other alarm knows of it",
            watches=self._rule("OperationsFailedReplication", "Sum"),
            comparison=">",
            threshold=0,
            evaluation_periods=1,
            datapoints=1,
            missing=NOTHING_COPIED,
            runbook=Runbook(
                self.lost,
                "Which objects have the ReplicationStatus FAILED (`aws s3api head-object`), and what may the "
                "rule's role no longer read, write or decrypt?",
                "Mend the right (`groma verify` names what was changed), then copy what is missing by S3 "
                "Batch Replication.",
            ),
        )

    def _lag(self) -> Alarm:
        return Alarm(
            id=f"{self.component}-lag-{self.region}",
            component=self.component,
            title=f"copies of uploads reach {self.region} late",
            severity="ticket",
            derived_from=f"S3 agrees to copy 99.9 % within {MOST_LAG_S // 60} min; what is not copied is "
            "gone with its region",
            watches=self._rule("ReplicationLatency", "Maximum"),
            comparison=">",
            threshold=MOST_LAG_S,
            evaluation_periods=3,
            datapoints=3,
            missing=NOTHING_COPIED,
            runbook=Runbook(
                self.late,
                "OperationsFailedReplication of the rule, and whether its role may still read and write.",
                "`groma verify` names what was changed; AWS's health page says whether S3 is late by itself.",
            ),
        )
