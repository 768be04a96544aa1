"""Application Load Balancer: spreads requests over the servers of a group, in every zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, Composite, ModuleCall, QuotaNeed, Ref, Uptime, Value
from groma.architecture import Architecture, Component, Lane
from groma.catalog import sla
from groma.components.balancer_alarms import balancer_alarms, failing
from groma.components.led_here import StandbyOf, led_here
from groma.components.machine_group import machine_group, security_groups_of
from groma.components.pricing import BOTH_DIRECTIONS, CROSS_ZONE, MONTH_HOURS, Meter
from groma.quantity import Range

LCU_CONNECTIONS_PER_S = 25
LCU_ACTIVE_CONNECTIONS = 3000
LCU_GB_PER_HOUR = 1
LCU_RULES_PER_S = 1000
FREE_RULES = 10
IDLE_S = 60
ORIGIN_HEADER = "X-Origin-Key"
"""By this header, which the modules `cdn` and `global-cdn` send, their distribution is known."""


def capacity_units(
    new_connections_per_s: float,
    active_connections: float,
    gb_per_hour: float,
    rule_evaluations_per_s: float,
) -> float:
    """Load balancer capacity units (LCU): the largest of four dimensions, each over what one unit holds.

    One unit holds 25 new connections a second, 3,000 active connections, 1 GB an hour and 1,000 rule
    evaluations a second (requests times the rules beyond ten), before targets on EC2
    (https://aws.amazon.com/elasticloadbalancing/pricing/, in a copy of 2026-09-20).
    """
    return max(
        new_connections_per_s / LCU_CONNECTIONS_PER_S,
        active_connections / LCU_ACTIVE_CONNECTIONS,
        gb_per_hour / LCU_GB_PER_HOUR,
        rule_evaluations_per_s / LCU_RULES_PER_S,
    )


@dataclass(frozen=True, kw_only=True)
class LoadBalancer(Component):
    """A load balancer with one target group.

    Attributes:
        group: id of the server group behind it, which is also the Terraform module's name.
        internal: without a public address, for callers inside the VPC.
        mean_per_s: requests per second, mean of the day.
        gb_per_month: bytes it passes on, both ways.
        cross_zone_gb_per_month: of those, what its callers send to and get from another zone.
        error_budget: share of requests that may fail.
        p99_ms: the goal for the 99th percentile of a request's time, and `goal_share` what its servers and
            those behind them take of it.
        distribution: the call of the distribution whose requests alone it takes; "" where others call it.
        rules: rules that a request may be compared with.
        checked_at: the path at which Route 53 asks from outside whether it can serve; "" when it does not.
        standby_of: of which region, where users come only while that is lost; None anywhere else.
        certificate: the call of the certificate with which it speaks HTTPS; empty for HTTP.
    """

    kind: ClassVar[str] = "load-balancer"
    service: ClassVar[str] = "Application Load Balancer"
    icon: ClassVar[str] = "network/elb-application-load-balancer"
    protected: ClassVar[tuple[str, ...]] = ("aws_lb",)
    service_roles: ClassVar[tuple[str, ...]] = ("elasticloadbalancing.amazonaws.com",)

    group: str
    internal: bool
    mean_per_s: Range
    gb_per_month: Range
    cross_zone_gb_per_month: Range
    error_budget: float
    p99_ms: float
    goal_share: float = 1.0
    port: int = 80
    distribution: str = ""
    rules: int = 1
    checked_at: str = ""
    certificate: str = ""
    standby_of: StandbyOf | None = None

    @property
    def lane(self) -> Lane:  # type: ignore[override]
        return "application" if self.internal else "public"

    @property
    def label(self) -> str:
        return f"{self.group} load balancer"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"{'internal' if self.internal else 'public'} ALB · port {self.port}",)

    @property
    def protocol(self) -> str:
        """What its listener speaks."""
        return "HTTPS" if self.certificate else "HTTP"

    def capacity_units(self) -> Range:
        """Load balancer capacity units in use, on average over the day.

        Every request is taken to open a connection of its own and to leave it idle, an upper bound. All
        dimensions then move with the load, so that the mean of the hours is that of the mean load.
        """
        per_s, gb_per_hour = self.mean_per_s, self.gb_per_month / MONTH_HOURS
        paid_rules = max(0, self.rules - FREE_RULES)

        def units(rate: float, gb: float) -> float:
            return capacity_units(rate, rate * IDLE_S, gb, rate * paid_rules)

        return Range.around(
            units(per_s.low, gb_per_hour.low),
            units(per_s.likely, gb_per_hour.likely),
            units(per_s.high, gb_per_hour.high),
        )

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, zones = Meter(self.id, architecture), len(self.places)
        lines = [meter.hours("load balancer hours", 1, "elb", "alb_hour")]
        if self.mean_per_s.high:  # in a standby nothing passes it
            lines.append(meter.hours("capacity units", self.capacity_units(), "elb", "alb_lcu_hour"))
        if not self.internal:
            lines.append(meter.hours("public IPv4 addresses", zones, "vpc", "public_ipv4_in_use"))
        if self.cross_zone_gb_per_month.high:
            both = self.cross_zone_gb_per_month * BOTH_DIRECTIONS
            lines.append(meter.volume("traffic between zones, both directions", both, *CROSS_ZONE))
        return tuple(lines)

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("load-balancers", 1),)

    def uptime(self, architecture: Architecture) -> Uptime:
        return Uptime(self.id, sla("elb").availability, "agreement for Elastic Load Balancing")

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        own = balancer_alarms(self, architecture)
        if self.internal or self.standby_of is None:
            return own
        return (*own, led_here(self.id, self.group, self.standby_of, architecture))

    def composites(self, architecture: Architecture) -> tuple[Composite, ...]:
        group = machine_group(architecture, self.group)
        return () if self.internal else failing(self, group).composites(tells_its_end=True)

    def module(self, architecture: Architecture) -> ModuleCall:
        subnets = "private" if self.internal else "public"
        return ModuleCall(
            self.group,
            machine_group(architecture, self.group).tier_module,
            {
                "name": f"{architecture.name}-{self.group}",
                "vpc_id": Ref("module.network.vpc_id"),
                "load_balancer": {
                    "internal": self.internal,
                    "subnet_ids": Ref(f"values(module.network.{subnets}_subnet_ids)"),
                    "port": self.port,
                    **(
                        {"certificate_arn": Ref(f"module.{self.certificate}.arn")} if self.certificate else {}
                    ),
                },
                "ingress": self._ingress(architecture),
                **self._required_header(),
                "deletion_protection": Ref("var.deletion_protection"),
            },
        )

    def _ingress(self, architecture: Architecture) -> dict[str, Value]:
        """Who may reach it: CloudFront alone when public, else the groups linked to it."""
        if not self.internal:
            asked: dict[str, Value] = {"health_checkers": True, "health_checkers_path": self.checked_at}
            return {"cloudfront": True} | (asked if self.checked_at else {})
        links = [link.source for link in architecture.links if link.target == self.id]
        return {"security_group_ids": security_groups_of(architecture, links)}

    def _required_header(self) -> dict[str, Value]:
        """What the distribution sends along and nobody else knows: others come by the same addresses."""
        if not self.distribution:
            return {}
        module = f"module.{self.distribution}"
        header = {"name": Ref(f"{module}.origin_header"), "value": Ref(f"{module}.origin_key")}
        return {"required_header": header}

    def outputs(self) -> dict[str, str]:
        names = ("load_balancer_dns_name", "load_balancer_arn_suffix", "target_group_arn_suffix")
        return {f"{self.group}_{name}": f"module.{self.group}.{name}" for name in names}
