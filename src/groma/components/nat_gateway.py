"""NAT gateway: the way out for machines without a public address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, Metric, ModuleCall, Ref
from groma.architecture import Architecture, Component, Lane
from groma.components.network import MODULE
from groma.components.pricing import MONTH_HOURS, metered
from groma.quantity import Range


@dataclass(frozen=True, kw_only=True)
class NatGateway(Component):
    """One NAT gateway with its elastic IP address.

    `gb_per_month` is what passes it: packages and updates, calls of AWS services that have no endpoint.
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
        region = architecture.region
        return (
            metered(self.id, "NAT gateway hours", MONTH_HOURS, "natgateway", "hour", region),
            metered(self.id, "data processed", self.gb_per_month, "natgateway", "gb_processed", region),
            metered(self.id, "public IPv4 address", MONTH_HOURS, "vpc", "public_ipv4_in_use", region),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        (zone,) = architecture.zones_of(self)
        return (
            Alarm(
                id=f"{self.id}-ports",
                component=self.id,
                title="the NAT gateway has no port left for a connection",
                because="a NAT gateway holds 55,000 connections to one destination; one refused is too many",
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
                missing_data="notBreaching",
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(MODULE, "network", {"nat_zones": list(architecture.zones_of(self))})

    def outputs(self) -> dict[str, str]:
        return {"nat_gateway_ids": f"module.{MODULE}.nat_gateway_ids"}
