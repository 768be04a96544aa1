"""Amazon CloudFront and the S3 bucket behind it: what is near the users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import BillLine, ModuleCall, Ref, Uptime
from groma.architecture import Architecture, Component, Lane
from groma.catalog import sla
from groma.components.pricing import metered
from groma.quantity import Range

MODULE = "cdn"


@dataclass(frozen=True, kw_only=True)
class Distribution(Component):
    """A CloudFront distribution: static paths from the bucket, everything else from the load balancer.

    Attributes:
        origin: id of the server group whose load balancer answers what is not static.
        gb_per_month: bytes sent to users.
        requests_per_month: requests of users.
        price_class: which of CloudFront's edge locations serve.
    """

    kind: ClassVar[str] = "distribution"
    service: ClassVar[str] = "Amazon CloudFront"
    icon: ClassVar[str] = "network/cloudfront"
    lane: ClassVar[Lane] = "edge"

    origin: str
    gb_per_month: Range
    requests_per_month: Range
    price_class: str = "PriceClass_100"

    @property
    def label(self) -> str:
        return "CloudFront"

    @property
    def details(self) -> tuple[str, ...]:
        return ("HTTPS · " + self.price_class.replace("PriceClass_", "price class "),)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        region = architecture.region
        requests = self.requests_per_month
        return (
            metered(self.id, "data to users", self.gb_per_month, "cloudfront", "internet_out", region),
            metered(self.id, "HTTPS requests", requests, "cloudfront", "https_requests", region),
        )

    def uptime(self, architecture: Architecture) -> Uptime:
        return Uptime(self.id, sla("cloudfront").availability, "agreement for CloudFront")

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            MODULE,
            "cdn",
            {
                "name": architecture.name,
                "origin_domain_name": Ref(f"module.{self.origin}.load_balancer_dns_name"),
                "price_class": self.price_class,
                "force_destroy": Ref("!var.deletion_protection"),
            },
        )

    def outputs(self) -> dict[str, str]:
        return {
            "distribution_id": f"module.{MODULE}.distribution_id",
            "distribution_domain_name": f"module.{MODULE}.distribution_domain_name",
        }


@dataclass(frozen=True, kw_only=True)
class SiteBucket(Component):
    """The S3 bucket of static parts and pictures, which only CloudFront may read.

    Attributes:
        stored_gb: what it holds at the end of the first year.
        writes_per_month, reads_per_month: requests that reach it.
    """

    kind: ClassVar[str] = "site-bucket"
    service: ClassVar[str] = "Amazon S3"
    icon: ClassVar[str] = "storage/simple-storage-service-s3"
    lane: ClassVar[Lane] = "edge"

    stored_gb: Range
    writes_per_month: Range
    reads_per_month: Range

    @property
    def label(self) -> str:
        return "S3 bucket"

    @property
    def details(self) -> tuple[str, ...]:
        return ("static files and pictures", "encrypted · versioned")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        region = architecture.region
        writes, reads = self.writes_per_month, self.reads_per_month
        return (
            metered(
                self.id, "storage", self.stored_gb, "s3", "standard_storage", region,
                "at the end of the first year",
            ),
            metered(self.id, "writes", writes, "s3", "put_copy_post_list", region),
            metered(self.id, "reads by CloudFront", reads, "s3", "get_and_other", region),
        )  # fmt: skip

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(MODULE, "cdn", {"name": architecture.name})

    def outputs(self) -> dict[str, str]:
        return {"site_bucket_name": f"module.{MODULE}.bucket_name"}
