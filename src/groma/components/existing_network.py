"""A VPC that exists already, with its subnets and its internet gateway: found, never made or destroyed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from groma.answers import ModuleCall, QuotaNeed, Value
from groma.architecture import Architecture
from groma.components.network import InternetGateway

MODULE = "existing-network"


@dataclass(frozen=True, kw_only=True)
class ExistingNetwork(InternetGateway):
    """The door of a VPC that its owner has made, with the subnets that the design stands in.

    Attributes:
        vpc_id, vpc_tags: by which it is found, one of them.
        public_ids, private_ids: zone → subnet; empty where tags find it.
        public_tags, private_tags: what the one subnet of each zone is tagged with.
    """

    vpc_id: str = ""
    vpc_tags: Mapping[str, str] = field(default_factory=dict)
    public_ids: Mapping[str, str] = field(default_factory=dict)
    public_tags: Mapping[str, str] = field(default_factory=dict)
    private_ids: Mapping[str, str] = field(default_factory=dict)
    private_tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def details(self) -> tuple[str, ...]:
        return ("exists already",)

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return ()

    def module(self, architecture: Architecture) -> ModuleCall:
        """The VPC and its subnets as data sources find them."""
        zones = [place.name for place in architecture.places if place.kind == "zone"]
        vpc: dict[str, Value] = {"id": self.vpc_id} if self.vpc_id else {"tags": dict(self.vpc_tags)}
        return ModuleCall(
            "network",
            MODULE,
            {
                "vpc": vpc,
                "public_subnets": _by_zone(zones, self.public_ids, self.public_tags),
                "private_subnets": _by_zone(zones, self.private_ids, self.private_tags),
            },
        )


def _by_zone(zones: list[str], ids: Mapping[str, str], tags: Mapping[str, str]) -> dict[str, Value]:
    """How the subnet of each zone is found."""
    return {zone: {"id": ids[zone]} if ids else {"tags": dict(tags)} for zone in zones}
