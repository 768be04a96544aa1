"""Amazon Route 53 failover records: one name that leads to a standby in another region while home is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, Metric, ModuleCall, Ref, Runbook, Value, in_region
from groma.architecture import Architecture, Component, Finding, Lane, region_code
from groma.catalog import fact
from groma.components.dns import CERTIFICATE_REGION
from groma.components.dns import MODULE as ZONE
from groma.components.pricing import Meter
from groma.components.watching import running

FAILURES = 3
CHECK_PORT = 443
CHECK = "home"
"""What the health check of the home region is called."""


@dataclass(frozen=True, kw_only=True)
class Failover(Component):
    """The health check of the home region, and where the origin's name leads while it fails.

    Attributes:
        name: the name that CloudFront asks for: `origin.chirp.example.com`.
        standby: the region that it leads to then.
        group: id of the server group whose load balancer takes the requests of either region.
        check_path: what the health check asks for.
    """

    kind: ClassVar[str] = "failover-records"
    service: ClassVar[str] = "Amazon Route 53"
    icon: ClassVar[str] = "network/route-53"
    lane: ClassVar[Lane] = "edge"

    name: str
    standby: str
    group: str
    check_path: str

    @property
    def label(self) -> str:
        return "Failover records"

    @property
    def details(self) -> tuple[str, ...]:
        interval = fact("route53.health_check_fast_interval_s").value
        return (f"health check, {FAILURES} × {interval:.0f} s", f"then to {self.standby}")

    @property
    def after_s(self) -> float:
        """Seconds until requests are led to the standby: the failures, and the lifetime of the DNS answer."""
        interval, ttl = fact("route53.health_check_fast_interval_s"), fact("route53.failover_ttl_s")
        return float(interval.value * FAILURES + ttl.value)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, options = Meter(self.id, architecture), "HTTPS and fast interval of the health check"
        return (
            meter.monthly("health check", 1, "route53", "health_check_aws_endpoint"),
            meter.monthly(options, 2, "route53", "health_check_option_aws"),
        )

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        home = architecture.region
        return (
            Finding(
                id=f"{self.id}-region",
                what=f"the loss of {home}, with all that stands there",
                expected="users are led to another region",
                actual=f"to {self.standby} after {self.after_s:.0f} s, to read; to write once its database "
                "is promoted by hand",
                ok=self.standby != home,
            ),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        home = architecture.region
        check = Ref(f'module.{ZONE}.health_check_ids["{CHECK}"]')
        database = f"{architecture.name}-{region_code(self.standby)}-database-master"
        return (
            Alarm(
                id=f"{self.id}-home",
                component=self.id,
                title=f"{home} does not answer its health check: users are led to {self.standby}",
                severity="page",
                derived_from="1 is healthy: more than 18 % of Route 53's checkers reach it; less for 3 min, "
                f"after {FAILURES} questions without an answer",
                watches=Metric("AWS/Route53", "HealthCheckStatus", "Minimum", {"HealthCheckId": check}),
                comparison="<",
                threshold=1,
                evaluation_periods=3,
                datapoints=3,
                missing=running("page"),
                runbook=Runbook(
                    f"Users read in {self.standby}, slowly at first: its servers start with the load. "
                    "Nothing can be written.",
                    f"AWS's health page and the alarms of {home}: is it the region, or our tiers in it?",
                    "Let it be if it comes back within minutes: users are led back by themselves. If not, "
                    f"`aws rds promote-read-replica --region {self.standby} --db-instance-identifier "
                    f"{database}`; then {home} must not take writes again: see docs/guides/standby.md.",
                ),
                region=CERTIFICATE_REGION,
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        there, here = in_region(self.group, self.standby), f"module.{self.group}"
        standby: dict[str, Value] = {
            "target": Ref(f"{there}.load_balancer_dns_name"),
            "target_zone_id": Ref(f"{there}.load_balancer_zone_id"),
            "health_check": CHECK,
        }
        check: dict[str, Value] = {
            "host": Ref(f"{here}.load_balancer_dns_name"),
            "path": self.check_path,
            "interval_seconds": int(fact("route53.health_check_fast_interval_s").value),
            "failures": FAILURES,
        }
        return ModuleCall(
            ZONE, "dns", {"aliases": {self.name: {"standby": standby}}, "health_checks": {CHECK: check}}
        )

    def outputs(self) -> dict[str, str]:
        return {"health_check_ids": f"module.{ZONE}.health_check_ids"}
