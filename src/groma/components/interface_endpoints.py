"""AWS PrivateLink: addresses of AWS's services within the private subnets, paid by the hour and the GB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import BillLine, ModuleCall
from groma.architecture import Architecture, Component, Lane
from groma.components.network import MODULE
from groma.components.pricing import Meter
from groma.quantity import Range


@dataclass(frozen=True, kw_only=True)
class InterfaceEndpoints(Component):
    """One interface endpoint for each of some services, in every private subnet that it stands in.

    Attributes:
        services: as AWS calls them behind the region's name: `monitoring`, `ecr.api`.
        gb_per_month: what passes all of them.
    """

    kind: ClassVar[str] = "interface-endpoints"
    service: ClassVar[str] = "AWS PrivateLink"
    icon: ClassVar[str] = "network/privatelink"
    lane: ClassVar[Lane] = "data"

    services: tuple[str, ...]
    gb_per_month: Range

    @property
    def label(self) -> str:
        return "interface endpoints"

    @property
    def details(self) -> tuple[str, ...]:
        return tuple(self.services)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, zones = Meter(self.id, architecture), len(architecture.zones_of(self))
        count = len(self.services) * zones
        note = f"{len(self.services)} services in {zones} zones each"
        return (
            meter.hours("interface endpoint hours", count, "vpc", "interface_endpoint_hour", note),
            meter.volume("data processed", self.gb_per_month, "vpc", "interface_endpoint_gb"),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall("network", MODULE, {"interface_endpoints": list(self.services)})

    def outputs(self) -> dict[str, str]:
        return {"interface_endpoint_ids": f"module.{MODULE}.interface_endpoint_ids"}
