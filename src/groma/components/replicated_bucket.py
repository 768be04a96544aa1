"""Amazon S3 in several regions: one region's bucket, whose objects are copied to the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, ModuleCall, Ref, Uptime, Value, in_region
from groma.application.layout import SITE_CONTENT
from groma.architecture import Architecture, Component, Lane
from groma.catalog import sla
from groma.components.bucket_copies import OLD_VERSION_DAYS, Copies, copies_bill, stored_bill
from groma.components.media import UPLOAD_KEEP_DAYS
from groma.components.pricing import Meter
from groma.quantity import Range


@dataclass(frozen=True, kw_only=True)
class ReplicatedBucket(Component):
    """A bucket of pages and pictures, read by CloudFront alone, that sends and receives copies of pictures.

    The pages are put into every region's bucket, not copied: so any two of them can stand behind CloudFront.

    Attributes:
        bucket: name of the bucket, the same in all regions; account and region are added to it.
        others: the other regions that have it.
        distribution: the call of the distribution that reads it.
        published_prefix: beginning of the keys of pictures that were checked: copied, and read by CloudFront.
        topic: the call of the topic that is told of what is uploaded below `upload_prefix`.
        origin: the web page that users upload from: `https://chirp.example.com`.
        stored_gb: what it holds at the end of the first year, copies from other regions included.
        replaced_share: share that is replaced or deleted in a year.
        writes_per_month, reads_per_month: requests of users and CloudFront that reach this region.
        upload_gb_per_month: what users of this region upload.
        received_per_month: objects that are copied here from other regions.
    """

    kind: ClassVar[str] = "replicated-bucket"
    service: ClassVar[str] = "Amazon S3"
    icon: ClassVar[str] = "storage/simple-storage-service-s3"
    lane: ClassVar[Lane] = "asynchronous"
    protected: ClassVar[tuple[str, ...]] = ("aws_s3_bucket",)

    bucket: str
    others: tuple[str, ...]
    distribution: str
    origin: str
    published_prefix: str
    topic: str
    upload_prefix: str
    stored_gb: Range
    replaced_share: Range
    writes_per_month: Range
    reads_per_month: Range
    upload_gb_per_month: Range
    received_per_month: Range

    @property
    def label(self) -> str:
        return "S3 bucket"

    @property
    def details(self) -> tuple[str, ...]:
        return ("site and pictures", f"copied to {len(self.others)} regions")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, copies = Meter(self.id, architecture), len(self.others)
        sent = self.upload_gb_per_month * copies
        return (
            *stored_bill(meter, self.stored_gb, self.replaced_share),
            meter.volume("uploads", self.writes_per_month, "s3", "put_copy_post_list"),
            meter.volume("copies received", self.received_per_month, "s3", "put_copy_post_list"),
            meter.volume("reads by CloudFront", self.reads_per_month, "s3", "get_and_other"),
            *copies_bill(meter, sent, "other regions"),
        )

    def uptime(self, architecture: Architecture) -> Uptime:
        return Uptime(
            self.id, sla("s3").availability, "agreement for S3; CloudFront turns to another region's copy"
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return tuple(alarm for region in self.others for alarm in self._copies(region).alarms())

    def _copies(self, region: str) -> Copies:
        sees = f"Users in {region}"
        return Copies(
            self.id,
            region,
            f"module.{self.id}",
            in_region(self.id, region),
            f"{sees} do not see new pictures yet.",
            f"{sees} never see some new pictures, and with this region they would be lost.",
        )

    def buckets(self, architecture: Architecture) -> tuple[str, ...]:
        return (f"{self.bucket}-{{account}}-{architecture.region}",)

    def module(self, architecture: Architecture) -> ModuleCall:
        replicas: dict[str, Value] = {
            region: Ref(f"{in_region(self.id, region)}.bucket_arn") for region in self.others
        }
        return ModuleCall(
            self.id,
            "replicated-bucket",
            {
                "name": self.bucket,
                "replicas": replicas,
                "published_prefix": self.published_prefix,
                "distribution_arns": [Ref(f"module.{self.distribution}.distribution_arn")],
                "upload_origins": [self.origin],
                "content": Ref(SITE_CONTENT),
                "uploads": {
                    "topic_arn": Ref(f"module.{self.topic}.topic_arn"),
                    "prefix": self.upload_prefix,
                    "keep_days": UPLOAD_KEEP_DAYS,
                },
                "old_version_days": OLD_VERSION_DAYS,
                "force_destroy": Ref("!var.deletion_protection"),
            },
        )

    def outputs(self) -> dict[str, str]:
        return {
            f"{self.id}_bucket_name": f"module.{self.id}.bucket_name",
            "distribution_id": f"module.{self.distribution}.distribution_id",
        }
