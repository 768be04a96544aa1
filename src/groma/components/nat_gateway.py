"""NAT gateway: the way out for machines without a public address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, Expression, Metric, ModuleCall, QuotaNeed, Ref, Runbook
from groma.architecture import Architecture, Component, Lane
from groma.components.network import MODULE, subnets_of
from groma.components.pricing import BOTH_DIRECTIONS, CROSS_ZONE, Meter
from groma.components.watching import ELSEWHERE, running
from groma.quantity import ZERO, Range

MOST_DROPPED_PERCENT = 0.01
LEAST_PACKETS = 100_000
"""Of so many packets MOST_DROPPED_PERCENT are ten: of fewer one by itself would be too many."""
PACKETS = "out + back"


@dataclass(frozen=True, kw_only=True)
class NatGateway(Component):
    """One NAT gateway with its elastic IP address.

    `gb_per_month` is its even share of what passes all gateways of the VPC: packages and updates, and calls
    of AWS services that have no endpoint.
    """

    kind: ClassVar[str] = "nat-gateway"
    service: ClassVar[str] = "NAT gateway"
    icon: ClassVar[str] = "network/nat-gateway"
    lane: ClassVar[Lane] = "public"

    gb_per_month: Range

    @property
    def label(self) -> str:
        return "NAT gateway"

    @property
    def details(self) -> tuple[str, ...]:
        return ("elastic IP address",)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, far = Meter(self.id, architecture), self._from_other_zones(architecture)
        return (
            meter.hours("NAT gateway hours", 1, "natgateway", "hour"),
            meter.volume("data processed", self.gb_per_month, "natgateway", "gb_processed"),
            meter.hours("public IPv4 address", 1, "vpc", "public_ipv4_in_use"),
            meter.volume(
                "traffic from other zones, both directions",
                far * BOTH_DIRECTIONS,
                *CROSS_ZONE,
                "from servers in zones without a NAT gateway; each GB is paid leaving and entering",
            ),
        )

    def _from_other_zones(self, architecture: Architecture) -> Range:
        """What comes from zones without a NAT gateway: the module leads all of them to the first one.

        Servers stand evenly in all zones, so that each sends the same part of what passes all gateways.
        """
        gateways = [self if each.id == self.id else each for each in architecture.of_type(NatGateway)]
        zones = set(subnets_of(architecture, "private-subnet"))
        served = {zone for gateway in gateways for zone in architecture.zones_of(gateway)}
        if gateways[0] is not self:
            return ZERO
        passed = sum((gateway.gb_per_month for gateway in gateways), ZERO)
        return passed * (len(zones - served) / len(zones))

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("addresses", 1),)

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        (zone,) = architecture.zones_of(self)
        return (
            Alarm(
                id=f"{self.id}-ports",
                component=self.id,
                title="the NAT gateway has no port left for a connection",
                severity="ticket",
                derived_from="0 may be refused; a NAT gateway holds 55,000 connections to one destination",
                watches=Metric(
                    "AWS/NATGateway",
                    "ErrorPortAllocation",
                    "Sum",
                    {"NatGatewayId": Ref(f'module.{MODULE}.nat_gateway_ids["{zone}"]')},
                ),
                comparison=">",
                threshold=0,
                evaluation_periods=5,
                datapoints=1,
                missing=running("ticket"),
                runbook=Runbook(
                    "Some calls of servers to the outside fail: updates, AWS's services, other sites.",
                    "ActiveConnectionCount, and the flow logs: which destination has so many connections?",
                    "Let the servers keep connections open instead of making new ones; a further address for "
                    "the gateway holds 55,000 more.",
                ),
            ),
            self._drops(zone),
        )

    def _drops(self, zone: str) -> Alarm:
        """What it drops itself, of all that comes from both sides."""
        of = {"NatGatewayId": Ref(f'module.{MODULE}.nat_gateway_ids["{zone}"]')}
        counted = {
            "drops": "PacketsDropCount",
            "out": "PacketsInFromSource",
            "back": "PacketsInFromDestination",
        }
        share = f"100 * drops / ({PACKETS})"
        return Alarm(
            id=f"{self.id}-drops",
            component=self.id,
            title="the NAT gateway drops packets",
            severity="ticket",
            derived_from=f"AWS: more than {MOST_DROPPED_PERCENT} % is a fault of the gateway; from "
            f"{LEAST_PACKETS:,} packets in 5 min on, for 15 min",
            watches=Expression(
                "packets dropped, %",
                f"IF({PACKETS} >= {LEAST_PACKETS}, {share}, 0)",
                {name: Metric("AWS/NATGateway", metric, "Sum", of, 300) for name, metric in counted.items()},
            ),
            comparison=">",
            threshold=MOST_DROPPED_PERCENT,
            evaluation_periods=3,
            datapoints=3,
            missing=ELSEWHERE,
            runbook=Runbook(
                "Calls of servers to the outside are slow or fail.",
                "AWS's health page of the region.",
                "Open a case with AWS; a new gateway may be a way round it (`terraform apply -replace`).",
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(MODULE, "network", {"nat_zones": list(architecture.zones_of(self))})

    def outputs(self) -> dict[str, str]:
        return {"nat_gateway_ids": f"module.{MODULE}.nat_gateway_ids"}
