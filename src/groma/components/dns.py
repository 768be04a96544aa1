"""Amazon Route 53 and the certificate: the name that users type, and the proof that it is ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import BillLine, ModuleCall, Ref, Uptime, Value
from groma.architecture import Architecture, Component, Lane
from groma.catalog import sla
from groma.components.pricing import Meter
from groma.quantity import Range

MODULE = "dns"
CERTIFICATE_REGION = "us-east-1"
"""Where CloudFront looks for certificates and web ACLs, whatever the home region."""


@dataclass(frozen=True, kw_only=True)
class HostedZone(Component):
    """The zone of the domain, whose names lead to the distribution.

    Attributes:
        domain: the domain that users type.
        target: Terraform expression of the domain name that it leads to.
        queries_per_month: questions of resolvers; those for an alias of AWS's own resources are free.
    """

    kind: ClassVar[str] = "hosted-zone"
    service: ClassVar[str] = "Amazon Route 53"
    icon: ClassVar[str] = "network/route-53"
    lane: ClassVar[Lane] = "edge"
    protected: ClassVar[tuple[str, ...]] = ("aws_route53_zone",)

    domain: str
    target: str
    queries_per_month: Range

    @property
    def label(self) -> str:
        return "Route 53"

    @property
    def details(self) -> tuple[str, ...]:
        return (self.domain, "alias A and AAAA")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        return (
            meter.monthly("hosted zone", 1, "route53", "hosted_zone"),
            meter.volume(
                "queries for other records", self.queries_per_month, "route53", "queries_standard",
                "those that an alias to CloudFront answers are free",
            ),
        )  # fmt: skip

    def uptime(self, architecture: Architecture) -> Uptime:
        return Uptime(self.id, sla("route53").availability, "agreement for Route 53")

    def module(self, architecture: Architecture) -> ModuleCall:
        arguments: dict[str, Value] = {
            "domain": self.domain,
            "aliases": {self.domain: {"target": Ref(self.target)}},
            "force_destroy": Ref("!var.deletion_protection"),
        }
        return ModuleCall(MODULE, "dns", arguments)

    def outputs(self) -> dict[str, str]:
        return {"zone_id": f"module.{MODULE}.zone_id", "name_servers": f"module.{MODULE}.name_servers"}


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

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            "certificate",
            "certificate",
            {"domain": self.domain, "zone_id": Ref(f"module.{MODULE}.zone_id")},
            {} if architecture.region == CERTIFICATE_REGION else {"aws": CERTIFICATE_REGION},
        )

    def outputs(self) -> dict[str, str]:
        return {"certificate_arn": "module.certificate.arn"}
