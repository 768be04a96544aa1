"""Amazon CloudFront and the bucket with the pages: one name for site, API and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, Composite, ModuleCall, QuotaNeed, Ref, Uptime
from groma.application.layout import SITE_CONTENT
from groma.architecture import Architecture, Component, Lane
from groma.catalog import sla
from groma.components.delivery import served_from
from groma.components.edge_alarms import failing_distribution, unless_origin_tells
from groma.components.pricing import Meter
from groma.quantity import Range

MODULE = "site"
ORIGIN_HEADER, ORIGIN_KEY_SHA256 = (
    Ref(f"module.{MODULE}.origin_header"),
    Ref(f"module.{MODULE}.origin_key_sha256"),
)
"""The header by which the API's function knows the distribution, and the SHA-256 of its value."""
STORED_GB = 0.01
DEPLOYMENTS_PER_MONTH = 20


@dataclass(frozen=True, kw_only=True)
class SiteDistribution(Component):
    """The distribution: pages from their bucket, `/api` from the API, `/media` from the bucket of pictures.

    Attributes:
        domain: the name under which it answers.
        gb_per_month: bytes sent to users.
        requests_per_month: requests of users.
        sent_gb_per_month: bytes that users send to the API.
        error_budget: share of requests that may fail.
        firewall: the call of the web ACL that requests pass first; empty for none.
        price_class: which of CloudFront's edge locations serve.
    """

    kind: ClassVar[str] = "site-distribution"
    service: ClassVar[str] = "Amazon CloudFront"
    icon: ClassVar[str] = "network/cloudfront"
    lane: ClassVar[Lane] = "edge"

    domain: str
    gb_per_month: Range
    requests_per_month: Range
    sent_gb_per_month: Range
    error_budget: float
    price_class: str
    firewall: str = ""

    @property
    def label(self) -> str:
        return "CloudFront"

    @property
    def details(self) -> tuple[str, ...]:
        return ("HTTPS · " + self.price_class.replace("PriceClass_", "price class "),)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, at = Meter(self.id, architecture), served_from(architecture.region, self.price_class)
        edges = f"by edge locations of {at}, {self.price_class}"
        return (
            meter.volume("data to users", self.gb_per_month, "cloudfront", "internet_out", edges, at=at),
            meter.volume(
                "HTTPS requests", self.requests_per_month, "cloudfront", "https_requests", edges, at=at
            ),
            meter.volume("data to the API", self.sent_gb_per_month, "cloudfront", "origin_out", at=at),
        )

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("distributions", 1),)

    def uptime(self, architecture: Architecture) -> Uptime:
        return Uptime(self.id, sla("cloudfront").availability, "agreement for CloudFront")

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return (self._failing(),)

    def composites(self, architecture: Architecture) -> tuple[Composite, ...]:
        """What the API tells is not told again, where an alarm can see both: in us-east-1."""
        return unless_origin_tells(self._failing(), "api-5xx", architecture.region)

    def _failing(self) -> Alarm:
        return failing_distribution(self.id, MODULE, self.error_budget)

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            MODULE,
            "site",
            {
                "name": architecture.name,
                "api": {"domain_name": Ref("module.api.domain_name")},
                "media": {"bucket_domain_name": Ref("module.media.bucket_regional_domain_name")},
                "names": [self.domain],
                "certificate_arn": Ref("module.certificate.arn"),
                **({"web_acl_arn": Ref(f"module.{self.firewall}.arn")} if self.firewall else {}),
                "connect_sources": [Ref('"https://${module.media.bucket_regional_domain_name}"')],
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
class SiteFiles(Component):
    """The bucket with the pages, which the distribution alone may read.

    Attributes:
        reads_per_month: requests that the distribution could not answer itself.
    """

    kind: ClassVar[str] = "site-files"
    service: ClassVar[str] = "Amazon S3"
    icon: ClassVar[str] = "storage/simple-storage-service-s3"
    lane: ClassVar[Lane] = "edge"
    protected: ClassVar[tuple[str, ...]] = ("aws_s3_bucket",)

    reads_per_month: Range

    @property
    def label(self) -> str:
        return "S3 site bucket"

    @property
    def details(self) -> tuple[str, ...]:
        return ("pages and scripts", "encrypted · versioned")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        return (
            meter.monthly("storage", STORED_GB, "s3", "standard_storage"),
            meter.volume("writes", DEPLOYMENTS_PER_MONTH, "s3", "put_copy_post_list"),
            meter.volume("reads by CloudFront", self.reads_per_month, "s3", "get_and_other"),
        )

    def buckets(self, architecture: Architecture) -> tuple[str, ...]:
        return (f"{architecture.name}-site-{{account}}",)

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(MODULE, "site", {"name": architecture.name, "content": Ref(SITE_CONTENT)})

    def outputs(self) -> dict[str, str]:
        return {"site_bucket_name": f"module.{MODULE}.bucket_name"}
