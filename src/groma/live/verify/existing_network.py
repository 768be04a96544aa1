"""A VPC that exists: that it is there, with a subnet in each zone, and ways out as the design needs them."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding, Place
from groma.components.existing_network import ExistingNetwork
from groma.live.verify.findings import compare, judge
from groma.live.verify.network import EVERYWHERE, attachment, find_subnet, routes
from groma.live.verify.reading import Reading
from groma.live.verify.vpc import KINDS, in_vpc, subnet_name

TO_INTERNET = f"{EVERYWHERE} → internet gateway"


def existing_network(
    component: ExistingNetwork, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """The VPC that was named, its internet gateway, and of every subnet its zone and its way out."""
    vpc = next(iter(in_vpc(reading, "describe_vpcs", "Vpcs")), None)
    expected = f"{component.vpc_id or 'one'}, available"
    found = f"{vpc['VpcId'] if component.vpc_id else 'one'}, {vpc['State']}" if vpc else None
    yield compare("network.vpc", "the VPC that exists", expected, found)
    yield attachment(reading)
    for subnet in architecture.places:
        if subnet.kind in KINDS:
            yield _zone(subnet, architecture, reading)
            yield _way_out(subnet, architecture, reading)


def _zone(place: Place, architecture: Architecture, reading: Reading) -> Finding:
    name = subnet_name(place.id, architecture)
    subnet = find_subnet(place, architecture, reading)
    zone = subnet["AvailabilityZone"] if subnet else None
    return compare(f"network.subnet.{place.id}", f"zone of the {name}", name.partition(" ")[2], zone)


def _way_out(place: Place, architecture: Architecture, reading: Reading) -> Finding:
    """Of a public subnet its internet gateway; of a private one any that nobody comes in by, or none."""
    kind, _, zone = subnet_name(place.id, architecture).partition(" ")
    subnet = find_subnet(place, architecture, reading)
    actual = routes(subnet["SubnetId"], reading) if subnet else None
    is_public = actual is not None and TO_INTERNET in actual
    leaves = actual is not None and EVERYWHERE in actual
    ok = is_public if kind == "public" else leaves and not is_public
    return judge(
        f"network.subnet.{place.id}.route",
        f"way out of the {kind} subnet {zone}",
        TO_INTERNET if kind == "public" else f"{EVERYWHERE} → a gateway that lets nobody in",
        actual,
        ok,
    )
