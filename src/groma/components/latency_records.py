"""Amazon Route 53 latency records: one name that leads to the nearest region that is healthy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, ModuleCall, Ref, Runbook, Uptime, Value, in_region
from groma.architecture import Architecture, Component, Lane
from groma.catalog import fact, sla
from groma.components.health_check import CHECK_PORT, FAILURES, unreached
from groma.components.pricing import Meter
from groma.quantity import Range

MODULE = "regions"


@dataclass(frozen=True, kw_only=True)
class LatencyRecords(Component):
    """The records and the health check of each region.

    Attributes:
        name: the name that CloudFront asks for: `regions.chirp.example.com`.
        regions: the regions that it may lead to.
        group: id of the server group whose load balancer takes the requests of a region.
        zone: the call that makes the hosted zone.
        check_path: what the health checks ask for.
        queries_per_month: how often it is asked; free while it leads to load balancers.
    """

    kind: ClassVar[str] = "latency-records"
    service: ClassVar[str] = "Amazon Route 53"
    icon: ClassVar[str] = "network/route-53"
    lane: ClassVar[Lane] = "edge"

    name: str
    regions: tuple[str, ...]
    group: str
    zone: str
    check_path: str
    queries_per_month: Range

    @property
    def label(self) -> str:
        return "Latency records"

    @property
    def details(self) -> tuple[str, ...]:
        interval, ttl = (
            fact("route53.health_check_fast_interval_s").value,
            fact("route53.failover_ttl_s").value,
        )
        return (
            f"{len(self.regions)} health checks, {FAILURES} × {interval:.0f} s",
            f"lifetime {ttl:.0f} s",
        )

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, checks = Meter(self.id, architecture), len(self.regions)
        return (
            meter.monthly("health checks", checks, "route53", "health_check_aws_endpoint"),
            meter.monthly(
                "HTTPS, fast interval and latency of health checks",
                3 * checks,
                "route53",
                "health_check_option_aws",
            ),
        )

    def uptime(self, architecture: Architecture) -> Uptime:
        return Uptime(self.id, sla("route53").availability, "agreement for Route 53")

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return tuple(self._unhealthy(region) for region in self.regions)

    def _unhealthy(self, region: str) -> Alarm:
        return unreached(
            self.id,
            region,
            Ref(f'module.{MODULE}.health_check_ids["{region}"]'),
            f"{region} does not answer its health checks: its users are sent to other regions",
            Runbook(
                f"Users near {region} are sent to other regions, which were sized for it: they wait longer, "
                "no more.",
                f"Alarms in {region} and AWS's health page of it: is it the region, or our tiers in it?",
                "Let it be if the region comes back within minutes. If the region that writes is lost, "
                "promote another one (`groma recovery`).",
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        targets: dict[str, Value] = {
            region: {
                "load_balancer_dns_name": Ref(f"{in_region(self.group, region)}.load_balancer_dns_name"),
                "load_balancer_zone_id": Ref(f"{in_region(self.group, region)}.load_balancer_zone_id"),
            }
            for region in self.regions
        }
        check: dict[str, Value] = {
            "protocol": "HTTPS",
            "port": CHECK_PORT,
            "path": self.check_path,
            "failures": FAILURES,
        }
        return ModuleCall(
            MODULE,
            "latency-dns",
            {
                "name": self.name,
                "zone_id": Ref(f"module.{self.zone}.zone_id"),
                "regions": targets,
                "health_check": check,
            },
        )

    def outputs(self) -> dict[str, str]:
        return {
            "health_check_ids": f"module.{MODULE}.health_check_ids",
            "regions_name": f"module.{MODULE}.name",
        }
