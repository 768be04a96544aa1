"""Interface endpoints: one for each service, in every private subnet, under the service's own name."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.interface_endpoints import InterfaceEndpoints
from groma.live.verify.findings import compare
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.vpc import designed_subnets, in_vpc, named_subnets


def interface_endpoints(
    component: InterfaceEndpoints, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """That each is available where it was designed, and answers to the service's name."""
    found = {row["VpcEndpointId"]: row for row in in_vpc(reading, "describe_vpc_endpoints", "VpcEndpoints")}
    ids = reading.outputs("interface_endpoint_ids")
    for service in component.services:
        row = found.get(ids.get(service, ""))
        yield compare(
            f"{component.id}.{service}",
            f"interface endpoint of {service}",
            f"available in {designed_subnets(component, architecture)}, under the service's name",
            _told(row, reading) if row else None,
        )


def _told(row: Answer, reading: Reading) -> str:
    named = "under the service's name" if row.get("PrivateDnsEnabled") else "under a name of its own"
    return f"{row['State']} in {named_subnets(reading, row.get('SubnetIds', ()))}, {named}"
