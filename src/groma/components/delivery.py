"""Amazon CloudFront and the S3 bucket behind it: what is near the users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, Composite, ModuleCall, QuotaNeed, Ref, Uptime, Value, in_region
from groma.application.layout import SITE_CONTENT
from groma.architecture import Architecture, Component, Finding, Lane
from groma.catalog import sla
from groma.components.bucket_copies import Copies, copies_bill
from groma.components.edge_alarms import failing_distribution, unless_origin_tells
from groma.components.pricing import Meter
from groma.quantity import ZERO, Range

MODULE = "cdn"

GEOGRAPHIES = {
    "us": "us", "ca": "us", "eu": "eu", "sa": "sa", "ap-northeast-1": "jp", "ap-southeast-2": "au",
    "ap-south-1": "in", "ap": "apac",
}  # fmt: skip
CLASSES: Mapping[str, set[str]] = {
    "PriceClass_100": {"us", "eu"},
    "PriceClass_200": {"us", "eu", "za-me", "jp", "apac", "in"},
    "PriceClass_All": {"us", "eu", "za-me", "jp", "apac", "in", "sa", "au"},
}


EVERYWHERE = "PriceClass_All"
EDGES = {
    "PriceClass_100": "North America and Europe",
    "PriceClass_200": "all but South America and Australia",
    "PriceClass_All": "everywhere",
}


def smallest_class(regions: Sequence[str]) -> str:
    """The smallest price class that stands wherever the viewers around these regions are."""
    places = {_place(region) for region in regions}
    return next(name for name, held in CLASSES.items() if places <= held)


def _place(region: str) -> str:
    """CloudFront's name of the place around a region."""
    return GEOGRAPHIES.get(region) or GEOGRAPHIES[region.split("-")[0]]


def served_from(region: str, price_class: str) -> str:
    """Where the edge locations stand that serve the viewers around a region: CloudFront's name of the place.

    Viewers whose own place is not in the price class are served from the cheapest one, the United States.
    """
    place = _place(region)
    return place if place in CLASSES[price_class] else "us"


@dataclass(frozen=True, kw_only=True)
class Distribution(Component):
    """A CloudFront distribution before a load balancer and a bucket.

    Attributes:
        origin: id of the server group whose load balancer answers what is below `/api`, or all but what
            the bucket does.
        bucket_paths: patterns of what the bucket answers; where there are none, all but `/api`.
        gb_per_month: bytes sent to users.
        requests_per_month: requests of users.
        sent_gb_per_month: bytes that users send, passed on to the origin.
        domain: the name under which it answers; empty for CloudFront's own.
        origin_name: the name by which it finds the load balancer over HTTPS; empty to ask it over HTTP.
        error_budget: share of requests that may fail.
        firewall: the call of the web ACL that requests pass first; empty for none.
        price_class: which of CloudFront's edge locations serve.
    """

    kind: ClassVar[str] = "distribution"
    service: ClassVar[str] = "Amazon CloudFront"
    icon: ClassVar[str] = "network/cloudfront"
    lane: ClassVar[Lane] = "edge"

    origin: str
    gb_per_month: Range
    requests_per_month: Range
    sent_gb_per_month: Range
    price_class: str
    error_budget: float
    domain: str = ""
    origin_name: str = ""
    firewall: str = ""
    bucket_paths: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return "CloudFront"

    @property
    def details(self) -> tuple[str, ...]:
        return ("HTTPS · " + self.price_class.replace("PriceClass_", "price class "),)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, at = Meter(self.id, architecture), served_from(architecture.region, self.price_class)
        requests, upload = self.requests_per_month, self.sent_gb_per_month
        edges = f"by edge locations of {at}, {self.price_class}"
        return (
            meter.volume("data to users", self.gb_per_month, "cloudfront", "internet_out", edges, at=at),
            meter.volume("HTTPS requests", requests, "cloudfront", "https_requests", edges, at=at),
            meter.volume(
                "data to the origin", upload, "cloudfront", "origin_out",
                "what users send; what the origin answers is free", at=at,
            ),
        )  # fmt: skip

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("distributions", 1),)

    def uptime(self, architecture: Architecture) -> Uptime:
        return Uptime(self.id, sla("cloudfront").availability, "agreement for CloudFront")

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return (self._failing(),)

    def composites(self, architecture: Architecture) -> tuple[Composite, ...]:
        """What the load balancer tells is not told again, where an alarm can see both: in us-east-1."""
        return unless_origin_tells(self._failing(), f"{self.origin}-5xx", architecture.region)

    def _failing(self) -> Alarm:
        return failing_distribution(self.id, MODULE, self.error_budget)

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        return (
            Finding(
                id=f"{self.id}-origin",
                what="CloudFront speaks HTTPS to the load balancer",
                expected="HTTPS",
                actual="HTTPS"
                if self.origin_name
                else "HTTP, which carries passwords and tokens in the clear",
                ok=bool(self.origin_name),
                severity="warning",
                hint="add a `domain` of your own: a certificate needs one",
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        origin: Value = self.origin_name or Ref(f"module.{self.origin}.load_balancer_dns_name")
        return ModuleCall(
            MODULE,
            "cdn",
            {
                "name": architecture.name,
                "origin_domain_name": origin,
                **({"origin_https": True} if self.origin_name else {}),
                **self._own_name(),
                **({"bucket_paths": list(self.bucket_paths)} if self.bucket_paths else {}),
                **({"web_acl_arn": Ref(f"module.{self.firewall}.arn")} if self.firewall else {}),
                "price_class": self.price_class,
                "force_destroy": Ref("!var.deletion_protection"),
            },
        )

    def _own_name(self) -> dict[str, Value]:
        if not self.domain:
            return {}
        return {"domain": {"names": [self.domain], "certificate_arn": Ref("module.certificate.arn")}}

    def outputs(self) -> dict[str, str]:
        return {
            "distribution_id": f"module.{MODULE}.distribution_id",
            "distribution_domain_name": f"module.{MODULE}.distribution_domain_name",
        }


@dataclass(frozen=True, kw_only=True)
class SiteBucket(Component):
    """The S3 bucket of pages and pictures, which only CloudFront may read.

    Attributes:
        stored_gb: what it holds at the end of the first year.
        replaced_share: of that, what is kept besides as older versions, since nothing expires.
        writes_per_month, reads_per_month: requests that reach it.
        has_pages: whether the stack itself puts the site's pages there.
        copied_to: the region with a bucket `site` to which what is uploaded is copied, and which CloudFront
            reads where this one cannot be; empty for none.
        uploaded: the beginning of the keys of what is uploaded; upload_gb_per_month: how much that is.
    """

    kind: ClassVar[str] = "site-bucket"
    service: ClassVar[str] = "Amazon S3"
    icon: ClassVar[str] = "storage/simple-storage-service-s3"
    lane: ClassVar[Lane] = "edge"
    protected: ClassVar[tuple[str, ...]] = ("aws_s3_bucket",)

    stored_gb: Range
    replaced_share: Range
    writes_per_month: Range
    reads_per_month: Range
    has_pages: bool = True
    copied_to: str = ""
    uploaded: str = ""
    upload_gb_per_month: Range = ZERO

    @property
    def label(self) -> str:
        return "S3 bucket"

    @property
    def details(self) -> tuple[str, ...]:
        copied = (f"copied to {self.copied_to}",) if self.copied_to else ()
        return ("static files and pictures", "encrypted · versioned", *copied)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, old = Meter(self.id, architecture), self.stored_gb * self.replaced_share
        stored, versions = "at the end of the first year", "replaced or deleted, kept since nothing expires"
        return (
            meter.monthly("storage", self.stored_gb, "s3", "standard_storage", stored),
            meter.monthly("older versions", old, "s3", "standard_storage", versions),
            meter.volume("writes", self.writes_per_month, "s3", "put_copy_post_list"),
            meter.volume("reads by CloudFront", self.reads_per_month, "s3", "get_and_other"),
            *(copies_bill(meter, self.upload_gb_per_month, self.copied_to) if self.copied_to else ()),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        if not self.copied_to:
            return ()
        copies = Copies(
            self.id,
            self.copied_to,
            f"module.{MODULE}",
            in_region("site", self.copied_to),
            "Nothing yet; pictures that are not copied are missing as long as this region is lost.",
            "Nothing yet; some pictures would be gone with this region.",
        )
        return copies.alarms()

    def buckets(self, architecture: Architecture) -> tuple[str, ...]:
        return (f"{architecture.name}-site-{{account}}",)

    def module(self, architecture: Architecture) -> ModuleCall:
        pages: dict[str, Value] = {"content": Ref(SITE_CONTENT)} if self.has_pages else {}
        return ModuleCall(MODULE, "cdn", {"name": architecture.name, **pages, **self._replica()})

    def _replica(self) -> dict[str, Value]:
        if not self.copied_to:
            return {}
        there = in_region("site", self.copied_to)
        replica: dict[str, Value] = {
            "region": self.copied_to,
            "bucket_arn": Ref(f"{there}.bucket_arn"),
            "domain_name": Ref(f"{there}.bucket_regional_domain_name"),
            "prefix": self.uploaded,
        }
        return {"replica": replica}

    def outputs(self) -> dict[str, str]:
        return {"site_bucket_name": f"module.{MODULE}.bucket_name"}
