"""Amazon Route 53 failover records: one name that leads to a standby in another region while home is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, ModuleCall, Ref, Runbook, Value, in_region
from groma.architecture import Architecture, Component, Finding, Lane
from groma.catalog import fact
from groma.components.dns import MODULE as ZONE
from groma.components.health_check import FAILURES, led_away_s, unreached
from groma.components.pricing import Meter

HOME, UNPROMOTED, LEADS = "home", "unpromoted", "home-leads"
"""Health checks: that home answers; that no database of the standby takes writes; both."""


@dataclass(frozen=True, kw_only=True)
class Failover(Component):
    """Where the origin's name leads, and the health checks that decide it.

    It leads home while home answers, and to the standby once that takes writes, whatever home answers then:
    two masters are worse than a region that is not used.

    Attributes:
        name: the name that CloudFront asks for: `origin.chirp.example.com`.
        standby: the region that it leads to then.
        group: id of the server group whose load balancer takes the requests of either region.
        check_path: what home is asked for; writable_path: the standby, which answers with success once it
            takes writes.
    """

    kind: ClassVar[str] = "failover-records"
    service: ClassVar[str] = "Amazon Route 53"
    icon: ClassVar[str] = "network/route-53"
    lane: ClassVar[Lane] = "edge"

    name: str
    standby: str
    group: str
    check_path: str
    writable_path: str

    @property
    def label(self) -> str:
        return "Failover records"

    @property
    def details(self) -> tuple[str, ...]:
        interval = fact("route53.health_check_fast_interval_s").value
        return (f"health checks, {FAILURES} × {interval:.0f} s", f"else to {self.standby}")

    @property
    def after_s(self) -> float:
        """Seconds until requests are led to the standby."""
        return led_away_s()

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, options = Meter(self.id, architecture), "HTTPS and fast interval of health checks"
        return (
            meter.monthly("health checks", 3, "route53", "health_check_aws_endpoint", "one of the other two"),
            meter.monthly(options, 4, "route53", "health_check_option_aws"),
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
        leads = unreached(
            self.id,
            HOME,
            Ref(f'module.{ZONE}.health_check_ids["{LEADS}"]'),
            f"users are led to {self.standby}: {home} does not answer, or was given up",
            Runbook(
                f"Users read in {self.standby}, and write there once its database is promoted.",
                f"AWS's health page and the alarms of {home}: is it the region, or our tiers in it?",
                f"As the page says that comes from {self.standby}: wait for minutes, then promote.",
            ),
        )
        return (leads,)

    def module(self, architecture: Architecture) -> ModuleCall:
        there, here = in_region(self.group, self.standby), f"module.{self.group}"
        standby: dict[str, Value] = {
            "target": Ref(f"{there}.load_balancer_dns_name"),
            "target_zone_id": Ref(f"{there}.load_balancer_zone_id"),
            "health_check": LEADS,
        }
        checks: dict[str, Value] = {
            HOME: _check(here, self.check_path),
            UNPROMOTED: {**_check(there, self.writable_path), "inverted": True},
        }
        arguments: dict[str, Value] = {
            "aliases": {self.name: {"standby": standby}},
            "health_checks": checks,
            "combined_health_checks": {LEADS: [HOME, UNPROMOTED]},
        }
        return ModuleCall(ZONE, "dns", arguments)

    def outputs(self) -> dict[str, str]:
        return {"health_check_ids": f"module.{ZONE}.health_check_ids"}


def _check(module: str, path: str) -> dict[str, Value]:
    """How Route 53 asks the load balancer of a module."""
    return {
        "host": Ref(f"{module}.load_balancer_dns_name"),
        "path": path,
        "interval_seconds": int(fact("route53.health_check_fast_interval_s").value),
        "failures": FAILURES,
    }
