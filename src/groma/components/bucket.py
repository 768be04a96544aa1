"""Amazon S3: a private bucket that the servers of its region read and write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import BillLine, ModuleCall, Ref
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.pricing import Meter
from groma.components.public_network import SITE, site_call
from groma.quantity import Range

LONGEST_NAME, ACCOUNT_DIGITS = 63, 12


@dataclass(frozen=True, kw_only=True)
class Bucket(Component):
    """A private bucket: encrypted, versioned, reached over TLS only.

    Attributes:
        stored_gb: what it holds.
        writes_per_month, reads_per_month: requests that reach it.
    """

    kind: ClassVar[str] = "bucket"
    service: ClassVar[str] = "Amazon S3"
    icon: ClassVar[str] = "storage/simple-storage-service-s3"
    lane: ClassVar[Lane] = "data"
    protected: ClassVar[tuple[str, ...]] = ("aws_s3_bucket",)

    stored_gb: Range
    writes_per_month: Range
    reads_per_month: Range

    @property
    def label(self) -> str:
        return "S3 bucket"

    @property
    def details(self) -> tuple[str, ...]:
        return ("private · encrypted", "versioned")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        return (
            meter.monthly("storage", self.stored_gb, "s3", "standard_storage"),
            meter.volume("writes", self.writes_per_month, "s3", "put_copy_post_list"),
            meter.volume("reads", self.reads_per_month, "s3", "get_and_other"),
        )

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        length = len(f"{architecture.name}-{architecture.region}-") + ACCOUNT_DIGITS
        return (
            Finding(
                id=f"{self.id}-name",
                what="the bucket's name, with region and account, is one that S3 takes",
                expected=f"at most {LONGEST_NAME} characters",
                actual=f"{length} characters",
                ok=length <= LONGEST_NAME,
            ),
        )

    def buckets(self, architecture: Architecture) -> tuple[str, ...]:
        return (f"{architecture.name}-{architecture.region}-{{account}}",)

    def module(self, architecture: Architecture) -> ModuleCall:
        return site_call(force_destroy=Ref("!var.deletion_protection"))

    def outputs(self) -> dict[str, str]:
        return {"bucket_name": f"module.{SITE}.bucket_name"}
