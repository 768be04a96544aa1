"""Amazon S3 for what users upload: straight from the browser, by a form that the application signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import BillLine, ModuleCall, Ref
from groma.architecture import Architecture, Component, Lane
from groma.components.pricing import Meter
from groma.quantity import Range

MODULE = "media"
OLD_VERSION_DAYS = 30
UPLOAD_KEEP_DAYS = 15
"""How long an upload that nobody could check is kept: a day longer than its message among dead letters."""
OBJECTS_PER_UPLOAD = 3
"""The upload, the checked copy and the thumbnail."""


@dataclass(frozen=True, kw_only=True)
class MediaBucket(Component):
    """The bucket of pictures, which the distribution alone may read.

    Attributes:
        domain: the site from which browsers upload.
        topic: Terraform expression of the topic that is told of each upload.
        upload_prefix, published_prefix: where uploads go, and what the distribution may read.
        stored_gb: what it holds at the end of the first year.
        uploads_per_month: pictures uploaded.
        reads_per_month: requests of the distribution that reach it.
    """

    kind: ClassVar[str] = "media-bucket"
    service: ClassVar[str] = "Amazon S3"
    icon: ClassVar[str] = "storage/simple-storage-service-s3"
    lane: ClassVar[Lane] = "data"
    protected: ClassVar[tuple[str, ...]] = ("aws_s3_bucket",)

    domain: str
    topic: str
    upload_prefix: str
    published_prefix: str
    stored_gb: Range
    uploads_per_month: Range
    reads_per_month: Range

    @property
    def label(self) -> str:
        return "S3 media bucket"

    @property
    def details(self) -> tuple[str, ...]:
        return ("pictures and thumbnails", "encrypted · versioned")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, uploads = Meter(self.id, architecture), self.uploads_per_month
        stored = "at the end of the first year"
        reads = self.reads_per_month + uploads
        return (
            meter.monthly("storage", self.stored_gb, "s3", "standard_storage", stored),
            meter.volume("writes", uploads * OBJECTS_PER_UPLOAD, "s3", "put_copy_post_list"),
            meter.volume("reads", reads, "s3", "get_and_other", "by CloudFront and the pictures function"),
        )

    def buckets(self, architecture: Architecture) -> tuple[str, ...]:
        return (f"{architecture.name}-media-{{account}}",)

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            MODULE,
            "media",
            {
                "name": architecture.name,
                "distribution_arn": Ref("module.site.distribution_arn"),
                "published_prefix": self.published_prefix,
                "upload_origins": [f"https://{self.domain}"],
                "uploads": {
                    "topic_arn": Ref(self.topic),
                    "prefix": self.upload_prefix,
                    "keep_days": UPLOAD_KEEP_DAYS,
                },
                "old_version_days": OLD_VERSION_DAYS,
                "force_destroy": Ref("!var.deletion_protection"),
            },
        )

    def outputs(self) -> dict[str, str]:
        return {"media_bucket_name": f"module.{MODULE}.bucket_name"}
