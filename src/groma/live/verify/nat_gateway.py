"""The NAT gateway: where it stands, and its address."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.nat_gateway import NatGateway
from groma.live.verify.findings import compare, judge, listed
from groma.live.verify.reading import Reading
from groma.live.verify.vpc import designed_subnets, in_vpc, named_subnets


def nat_gateway(component: NatGateway, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """That it is available in its public subnet and has an elastic IP address."""
    (zone,) = architecture.zones_of(component)
    gateway_id = reading.outputs("nat_gateway_ids").get(zone)
    gateways = in_vpc(reading, "describe_nat_gateways", "NatGateways", filters="Filter")
    gateway = next((g for g in gateways if g["NatGatewayId"] == gateway_id and g["State"] != "deleted"), None)
    yield compare(
        f"{component.id}.gateway",
        f"{component.label} of {zone}",
        f"available in {designed_subnets(component, architecture)}",
        f"{gateway['State']} in {named_subnets(reading, [gateway['SubnetId']])}" if gateway else None,
    )
    addresses = [row.get("PublicIp") for row in gateway["NatGatewayAddresses"]] if gateway else []
    yield judge(
        f"{component.id}.address",
        f"{component.label} of {zone} has an elastic IP address",
        "1 address",
        listed(addresses, "no address") if gateway else None,
        len(list(filter(None, addresses))) == 1,
    )
