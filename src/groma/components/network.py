"""Amazon VPC: the network with its subnets and routes, its internet gateway, and its flow logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import BillLine, ModuleCall, QuotaNeed, Ref, Value
from groma.architecture import Architecture, Component, Lane, PlaceKind
from groma.components.pricing import MONTH_HOURS, Meter
from groma.quantity import Range

MODULE = "network"


@dataclass(frozen=True, kw_only=True)
class InternetGateway(Component):
    """The door between the public subnets and the internet. It costs nothing and has no limit of its own.

    Attributes:
        dynamodb_endpoint: whether its VPC has a gateway endpoint for DynamoDB, free as the one for S3 that
            every VPC has: without it what servers ask of a table would pass the NAT gateways, by the GB.
    """

    kind: ClassVar[str] = "internet-gateway"
    service: ClassVar[str] = "Internet gateway"
    icon: ClassVar[str] = "network/internet-gateway"
    lane: ClassVar[Lane] = "public"

    dynamodb_endpoint: bool = False

    @property
    def label(self) -> str:
        return "Internet gateway"

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("vpcs", 1),)

    def module(self, architecture: Architecture) -> ModuleCall:
        """The VPC with every subnet that stands in it: a VPC without its gateway serves nobody."""
        vpc = architecture.enclosing(self.places[0], "vpc")
        if vpc is None:
            raise ValueError(f"{self.id} stands outside any VPC")
        subnets: dict[str, Value] = {
            "public": subnets_of(architecture, "public-subnet"),
            "private": subnets_of(architecture, "private-subnet"),
        }
        arguments: dict[str, Value] = {"name": architecture.name, "cidr": vpc.cidr or "", "subnets": subnets}
        if self.dynamodb_endpoint:
            arguments["dynamodb_endpoint"] = True
        return ModuleCall(MODULE, "network", arguments)

    def outputs(self) -> dict[str, str]:
        return {
            "vpc_id": "module.network.vpc_id",
            "internet_gateway_id": "module.network.internet_gateway_id",
            "public_subnet_ids": "module.network.public_subnet_ids",
            "private_subnet_ids": "module.network.private_subnet_ids",
        }


@dataclass(frozen=True, kw_only=True)
class FlowLogs(Component):
    """Who talked to whom in the VPC, kept in CloudWatch Logs."""

    kind: ClassVar[str] = "flow-logs"
    service: ClassVar[str] = "VPC Flow Logs"
    icon: ClassVar[str] = "network/vpc-flow-logs"
    lane: ClassVar[Lane] = "operations"

    gb_per_month: Range
    retention_days: int = 30

    @property
    def label(self) -> str:
        return "VPC flow logs"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"kept {self.retention_days} days",)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        stored = self.gb_per_month * (self.retention_days * 24 / MONTH_HOURS)
        return (
            meter.volume("logs taken in", self.gb_per_month, "cloudwatch", "vended_logs"),
            meter.monthly("logs stored", stored, "cloudwatch", "logs_storage", f"{self.retention_days} days"),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            MODULE,
            "network",
            {"flow_log_retention_days": self.retention_days, "kms_key_arn": Ref("module.key.arn")},
        )


def subnets_of(architecture: Architecture, kind: PlaceKind) -> dict[str, str]:
    """The subnets of one kind: zone name → CIDR."""
    found = {}
    for place in architecture.places:
        zone = architecture.enclosing(place.id, "zone")
        if place.kind == kind and zone is not None and place.cidr is not None:
            found[zone.name] = place.cidr
    return found
