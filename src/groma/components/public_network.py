"""Amazon VPC with public subnets alone: the network of a site that serves nobody from private ones."""

from __future__ import annotations

from dataclasses import dataclass

from groma.answers import ModuleCall, Value
from groma.architecture import Architecture, Finding
from groma.components.network import InternetGateway, subnets_of

SITE = "starter"
"""The module that makes a whole site, and its call."""


def site_call(**arguments: Value) -> ModuleCall:
    """What a component adds to the call that makes its site."""
    return ModuleCall(SITE, "starter", arguments)


@dataclass(frozen=True, kw_only=True)
class PublicNetwork(InternetGateway):
    """The door between a VPC's public subnets and the internet, with that VPC: it costs nothing."""

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        zones = len(subnets_of(architecture, "public-subnet"))
        return (
            Finding(
                id=f"{self.id}-zones",
                what="public subnets stand in more than one zone",
                expected="2 or more",
                actual=str(zones),
                ok=zones >= 2,
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        """The VPC with every public subnet that stands in it."""
        vpc = architecture.enclosing(self.places[0], "vpc")
        if vpc is None:
            raise ValueError(f"{self.id} stands outside any VPC")
        subnets = subnets_of(architecture, "public-subnet")
        return site_call(name=architecture.name, cidr=vpc.cidr or "", public_subnets=subnets)

    def outputs(self) -> dict[str, str]:
        names = ("vpc_id", "internet_gateway_id", "public_subnet_ids")
        return {name: f"module.{SITE}.{name}" for name in names}
