"""Amazon CloudFront before several regions: pages and pictures from buckets, the API from the nearest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, ModuleCall, QuotaNeed, Ref, Uptime, Value, in_region
from groma.architecture import Architecture, Component, Finding, Lane
from groma.catalog import sla
from groma.components.delivery import EVERYWHERE, MODULE, served_from
from groma.components.edge_alarms import failing_distribution
from groma.components.pricing import Meter
from groma.quantity import Range

PRICE_CLASS = EVERYWHERE
REQUESTS_PER_S, GBPS = 250_000, 150
"""Service quotas "Requests per second per distribution" and "Data transfer rate per distribution",
read 2026-11-22: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"""


@dataclass(frozen=True, kw_only=True)
class GlobalDistribution(Component):
    """One distribution for the whole world.

    Attributes:
        domain: the domain that users type.
        origin: the call of the latency records that lead to the regions.
        bucket: id of the buckets with pages and pictures, of which each region has one to upload to.
        bucket_regions: two regions whose buckets hold the same: the first is read, or else the second.
        gb_per_month, requests_per_month, sent_gb_per_month: traffic of the viewers around each region.
        peak_per_s, peak_gbps: all viewers at the likely peak.
        error_budget: share of requests that may fail.
        firewall: the call of the web ACL that requests pass first; empty for none.
    """

    kind: ClassVar[str] = "global-distribution"
    service: ClassVar[str] = "Amazon CloudFront"
    icon: ClassVar[str] = "network/cloudfront"
    lane: ClassVar[Lane] = "edge"

    domain: str
    origin: str
    bucket: str
    bucket_regions: Sequence[str]
    gb_per_month: Mapping[str, Range]
    requests_per_month: Mapping[str, Range]
    sent_gb_per_month: Mapping[str, Range]
    peak_per_s: float
    peak_gbps: float
    error_budget: float
    firewall: str = ""

    @property
    def label(self) -> str:
        return "CloudFront"

    @property
    def details(self) -> tuple[str, ...]:
        return ("HTTPS · all edge locations",)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        """By the edge locations that serve the viewers around each region; those of one place together."""
        meter = Meter(self.id, architecture)
        lines = []
        for at in dict.fromkeys(served_from(region, PRICE_CLASS) for region in self.gb_per_month):
            edges = f"by edge locations of {at}"
            lines += [
                meter.volume(f"data to users, {at}", self._at(self.gb_per_month, at), "cloudfront",
                             "internet_out", edges, at=at),
                meter.volume(f"HTTPS requests, {at}", self._at(self.requests_per_month, at), "cloudfront",
                             "https_requests", edges, at=at),
                meter.volume(f"data to the origin, {at}", self._at(self.sent_gb_per_month, at),
                             "cloudfront", "origin_out", "what users send; answers are free", at=at),
            ]  # fmt: skip
        return tuple(lines)

    def _at(self, by_region: Mapping[str, Range], place: str) -> Range:
        found = (each for region, each in by_region.items() if served_from(region, PRICE_CLASS) == place)
        return sum(found, Range.exactly(0.0))

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("distributions", 1),)

    def uptime(self, architecture: Architecture) -> Uptime:
        return Uptime(self.id, sla("cloudfront").availability, "agreement for CloudFront")

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        per_s, gbps = self.peak_per_s, self.peak_gbps
        return (
            Finding(
                id=f"{self.id}-requests",
                what='CloudFront takes the peak: quota "Requests per second per distribution"',
                expected=f"at most {REQUESTS_PER_S:,}",
                actual=f"{per_s:,.0f}",
                ok=per_s <= REQUESTS_PER_S,
                severity="warning",
                hint=f"ask AWS for {_rounded(per_s):,} before `groma up --target aws`",
            ),
            Finding(
                id=f"{self.id}-gbps",
                what='CloudFront sends the peak: quota "Data transfer rate per distribution"',
                expected=f"at most {GBPS} Gbit/s",
                actual=f"{gbps:,.0f} Gbit/s",
                ok=gbps <= GBPS,
                severity="warning",
                hint=f"ask AWS for {_rounded(gbps):,} Gbit/s before `groma up --target aws`",
            ),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return (failing_distribution(self.id, MODULE, self.error_budget),)

    def module(self, architecture: Architecture) -> ModuleCall:
        domains = {
            region: f"{in_region(self.bucket, region)}.bucket_regional_domain_name"
            for region in self.gb_per_month
        }
        names: list[Value] = [Ref(domains[region]) for region in self.bucket_regions]
        uploads: list[Value] = [Ref(f'"https://${{{domain}}}"') for domain in domains.values()]
        return ModuleCall(
            MODULE,
            "global-cdn",
            {
                "name": architecture.name,
                "application": {"domain_name": Ref(f"module.{self.origin}.name"), "https": True},
                "buckets": [{"name": self.bucket, "domain_names": names}],
                "connect_sources": uploads,
                "domain": {"names": [self.domain], "certificate_arn": Ref("module.certificate.arn")},
                **({"web_acl_arn": Ref(f"module.{self.firewall}.arn")} if self.firewall else {}),
                "price_class": PRICE_CLASS,
            },
        )

    def outputs(self) -> dict[str, str]:
        names = (f"{region} = {in_region(self.bucket, region)}.bucket_name" for region in self.bucket_regions)
        return {
            "origin_bucket_names": f"{{ {', '.join(names)} }}",
            "distribution_id": f"module.{MODULE}.distribution_id",
            "distribution_domain_name": f"module.{MODULE}.distribution_domain_name",
        }


def _rounded(value: float) -> int:
    """Up to two digits: what one asks for is never exact."""
    unit: int = 10 ** max(0, len(str(int(value))) - 2)
    return -int(-value // unit) * unit
