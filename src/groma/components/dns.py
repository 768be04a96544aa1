"""Amazon Route 53 and the certificate: the name that users type, and the proof that it is ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, Metric, Missing, ModuleCall, Ref, Runbook, Uptime, Value
from groma.architecture import Architecture, Component, Finding, Lane
from groma.catalog import sla
from groma.components.pricing import Meter
from groma.quantity import Range
from groma.workload.domains import is_placeholder, is_zone_id

MODULE = "dns"
ZONE_ADDRESS = f"module.{MODULE}.aws_route53_zone.this"
"""The zone in Terraform's state, where the design makes it."""
CERTIFICATE_REGION = "us-east-1"
"""Where CloudFront looks for certificates and web ACLs, whatever the home region."""
RENEWED_DAYS, LEAST_DAYS = 60, 30
"""Before its end (https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html, read 2026-11-28)."""
DAY_S = 86_400
ORIGIN = "origin_certificate"
"""The call of the certificate that a region's load balancer shows to CloudFront."""


@dataclass(frozen=True, kw_only=True)
class HostedZone(Component):
    """The zone of the domain, whose names lead to the distribution.

    Attributes:
        domain: the domain that users type.
        target: Terraform expression of the domain name that it leads to.
        queries_per_month: questions of resolvers; those for an alias of AWS's own resources are free.
        zone: name or id of the zone that exists already and holds the domain; empty to make one.
        origin: a further name, by which CloudFront finds the load balancer; empty for none.
        origin_group: id of the server group whose load balancer that is.
    """

    kind: ClassVar[str] = "hosted-zone"
    service: ClassVar[str] = "Amazon Route 53"
    icon: ClassVar[str] = "network/route-53"
    lane: ClassVar[Lane] = "edge"
    protected: ClassVar[tuple[str, ...]] = ("aws_route53_zone",)

    domain: str
    target: str
    queries_per_month: Range
    zone: str = ""
    origin: str = ""
    origin_group: str = ""

    @property
    def label(self) -> str:
        return "Route 53"

    @property
    def details(self) -> tuple[str, ...]:
        return (self.domain, f"in zone {self.zone}" if self.zone else "alias A and AAAA")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        """A zone that exists already is paid by whoever made it."""
        meter = Meter(self.id, architecture)
        return (
            *(() if self.zone else (meter.monthly("hosted zone", 1, "route53", "hosted_zone"),)),
            meter.volume(
                "queries for other records", self.queries_per_month, "route53", "queries_standard",
                "those that an alias to CloudFront answers are free",
            ),
        )  # fmt: skip

    def uptime(self, architecture: Architecture) -> Uptime:
        return Uptime(self.id, sla("route53").availability, "agreement for Route 53")

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        reserved = is_placeholder(self.domain)
        return (
            Finding(
                id=f"{self.id}-domain",
                what="the domain is one that users can reach",
                expected="a domain of your own",
                actual=f"{self.domain} is reserved for examples" if reserved else self.domain,
                ok=not reserved,
                severity="warning",
                hint="it does for the embedded cloud; for AWS write a `domain` that is registered",
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        arguments: dict[str, Value] = {
            "domain": self.domain,
            **self._existing(),
            "aliases": {self.domain: {"target": Ref(self.target)}, **self._origin_alias()},
            "force_destroy": Ref("!var.deletion_protection"),
        }
        return ModuleCall(MODULE, "dns", arguments)

    def _existing(self) -> dict[str, Value]:
        if not self.zone:
            return {}
        return {"existing_zone_id" if is_zone_id(self.zone) else "existing_zone_name": self.zone}

    def _origin_alias(self) -> dict[str, Value]:
        """The load balancer's, which has addresses of IPv4 alone."""
        if not self.origin:
            return {}
        balancer = f"module.{self.origin_group}.load_balancer"
        return {
            self.origin: {
                "target": Ref(f"{balancer}_dns_name"),
                "target_zone_id": Ref(f"{balancer}_zone_id"),
                "types": ["A"],
            }
        }

    def outputs(self) -> dict[str, str]:
        return {"zone_id": f"module.{MODULE}.zone_id", "name_servers": f"module.{MODULE}.name_servers"}


def _ends_soon(component: str, call: str, region: str) -> Alarm:
    """AWS renews a certificate 60 days before its end: one that ends in 30 was not renewed for a month."""
    return Alarm(
        id=f"{component}-days",
        component=component,
        title="the certificate ends soon, and was not renewed",
        severity="ticket",
        derived_from=f"AWS renews {RENEWED_DAYS} days before the end; {LEAST_DAYS} are left to mend what "
        "hinders it",
        watches=Metric(
            "AWS/CertificateManager",
            "DaysToExpiry",
            "Minimum",
            {"CertificateArn": Ref(f"module.{call}.arn")},
            DAY_S,
        ),
        comparison="<",
        threshold=LEAST_DAYS,
        evaluation_periods=1,
        datapoints=1,
        missing=Missing(
            "missing",
            "published twice a day until the end, so that silence means it has ended or is gone",
            "ticket",
        ),
        runbook=Runbook(
            "Nothing yet; from its end on browsers refuse the site.",
            "The certificate in Certificate Manager: which record does it miss in the zone?",
            "`groma up` writes the record anew; if the zone is somebody else's, they must let it stand.",
        ),
        region=region,
    )


@dataclass(frozen=True, kw_only=True)
class Certificate(Component):
    """The certificate of the domain, renewed by AWS, which costs nothing."""

    kind: ClassVar[str] = "certificate"
    service: ClassVar[str] = "AWS Certificate Manager"
    icon: ClassVar[str] = "security/certificate-manager"
    lane: ClassVar[Lane] = "edge"

    domain: str

    @property
    def label(self) -> str:
        return "TLS certificate"

    @property
    def details(self) -> tuple[str, ...]:
        return ("proved by DNS · renewed by itself",)

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return (_ends_soon(self.id, "certificate", CERTIFICATE_REGION),)

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            "certificate",
            "certificate",
            {"domain": self.domain, "zone_id": Ref(f"module.{MODULE}.zone_id")},
            {} if architecture.region == CERTIFICATE_REGION else {"aws": CERTIFICATE_REGION},
        )

    def outputs(self) -> dict[str, str]:
        return {"certificate_arn": "module.certificate.arn"}


@dataclass(frozen=True, kw_only=True)
class OriginCertificate(Component):
    """The certificate by which a load balancer proves to CloudFront that it is the origin that was meant.

    Attributes:
        name: the name by which CloudFront asks for the load balancer.
        makes_records: whether it makes the records that prove the name. AWS asks for the same records in
            every region, so that of several certificates of one name a single one makes them.
    """

    kind: ClassVar[str] = "certificate"
    service: ClassVar[str] = "AWS Certificate Manager"
    icon: ClassVar[str] = "security/certificate-manager"
    lane: ClassVar[Lane] = "edge"

    name: str
    makes_records: bool = True

    @property
    def label(self) -> str:
        return "Origin certificate"

    @property
    def details(self) -> tuple[str, ...]:
        return ("shown to CloudFront", "renewed by itself")

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return (_ends_soon(self.id, ORIGIN, ""),)

    def module(self, architecture: Architecture) -> ModuleCall:
        shared: dict[str, Value] = {} if self.makes_records else {"make_records": False}
        arguments: dict[str, Value] = {
            "domain": self.name,
            "zone_id": Ref(f"module.{MODULE}.zone_id"),
            **shared,
        }
        return ModuleCall(ORIGIN, "certificate", arguments)

    def outputs(self) -> dict[str, str]:
        return {f"{ORIGIN}_arn": f"module.{ORIGIN}.arn"}
