"""Amazon S3 in a standby region: pages of its own, and pictures that come from home and go back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, ModuleCall, Ref
from groma.application.layout import SITE_CONTENT
from groma.architecture import Architecture, Component, Lane
from groma.components.bucket_copies import OLD_VERSION_DAYS, Copies, stored_bill
from groma.components.delivery import MODULE as CDN
from groma.components.pricing import Meter
from groma.quantity import Range


@dataclass(frozen=True, kw_only=True)
class StandbyBucket(Component):
    """The bucket that CloudFront reads where home's cannot be, and that is written while home is lost.

    Attributes:
        bucket: name of the bucket; account and region are added to it.
        home: the home region, to whose bucket pictures are copied that come while it is lost.
        uploaded: the beginning of the keys of pictures.
        origin: the web page that users upload from: `https://chirp.example.com`.
        stored_gb: what it holds at the end of the first year.
        replaced_share: share of it that is replaced or deleted in a year.
        received_per_month: objects that are copied here.
    """

    kind: ClassVar[str] = "standby-bucket"
    service: ClassVar[str] = "Amazon S3"
    icon: ClassVar[str] = "storage/simple-storage-service-s3"
    lane: ClassVar[Lane] = "data"
    protected: ClassVar[tuple[str, ...]] = ("aws_s3_bucket",)

    bucket: str
    home: str
    uploaded: str
    origin: str
    stored_gb: Range
    replaced_share: Range
    received_per_month: Range

    @property
    def label(self) -> str:
        return "S3 bucket"

    @property
    def details(self) -> tuple[str, ...]:
        return ("pages, copies of pictures", "encrypted · versioned")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        return (
            *stored_bill(meter, self.stored_gb, self.replaced_share),
            meter.volume("copies received", self.received_per_month, "s3", "put_copy_post_list"),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        copies = Copies(
            self.id,
            self.home,
            f"module.{self.id}",
            f"module.{CDN}",
            f"Nothing while users are here; led back to {self.home}, they miss pictures for a while.",
            f"Nothing while users are here; {self.home} misses some pictures for good.",
        )
        return copies.alarms()

    def buckets(self, architecture: Architecture) -> tuple[str, ...]:
        return (f"{self.bucket}-{{account}}-{architecture.region}",)

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            self.id,
            "replicated-bucket",
            {
                "name": self.bucket,
                "replicas": {self.home: Ref(f"module.{CDN}.bucket_arn")},
                "published_prefix": self.uploaded,
                "distribution_arns": [Ref(f"module.{CDN}.distribution_arn")],
                "upload_origins": [self.origin],
                "content": Ref(SITE_CONTENT),
                "old_version_days": OLD_VERSION_DAYS,
                "force_destroy": Ref("!var.deletion_protection"),
            },
        )

    def outputs(self) -> dict[str, str]:
        return {
            f"{self.id}_bucket_name": f"module.{self.id}.bucket_name",
            "distribution_id": f"module.{CDN}.distribution_id",
        }
