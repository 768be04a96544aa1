"""architecture → findings: a review of the design before anything is provisioned."""

from __future__ import annotations

import ipaddress
import itertools
from dataclasses import replace

from groma.architecture import Architecture, Finding, Place
from groma.catalog import own_prices
from groma.components.quotas import quota_findings


def check(architecture: Architecture) -> tuple[Finding, ...]:
    """Review an architecture: the laws of the whole, then what each component says of itself."""
    with own_prices(architecture.terms.book):
        own = [
            replace(finding, id=part.whole(finding.id))
            for part in architecture.parts
            for component in part.architecture.components
            for finding in component.checks(part.architecture)
        ]
    return (
        _subnets_within(architecture),
        _subnets_apart(architecture),
        _everything_connected(architecture),
        _alarms_reach_someone(architecture),
        *own,
        *quota_findings(architecture),
    )


def _subnets(architecture: Architecture) -> list[Place]:
    return [place for place in architecture.places if place.kind.endswith("-subnet")]


def _subnets_within(architecture: Architecture) -> Finding:
    """Every subnet's range lies inside its VPC's."""
    astray = []
    for subnet in _subnets(architecture):
        vpc = architecture.enclosing(subnet.id, "vpc")
        exists = (
            vpc is not None and vpc.cidr is None and subnet.cidr is None
        )  # and its ranges are its owner's
        if not exists and not (vpc and vpc.cidr and subnet.cidr and _is_inside(subnet.cidr, vpc.cidr)):
            astray.append(subnet.id)
    return Finding(
        id="subnets-within-vpc",
        what="subnets lie inside their VPC",
        expected="all",
        actual="all" if not astray else f"not {', '.join(astray)}",
        ok=not astray,
    )


def _is_inside(cidr: str, around: str) -> bool:
    return ipaddress.IPv4Network(cidr).subnet_of(ipaddress.IPv4Network(around))


def _subnets_apart(architecture: Architecture) -> Finding:
    """No two subnets share an address."""
    ranges = sorted((ipaddress.ip_network(s.cidr), s.id) for s in _subnets(architecture) if s.cidr)
    clashes = [f"{a[1]} and {b[1]}" for a, b in itertools.pairwise(ranges) if a[0].overlaps(b[0])]
    return Finding(
        id="subnets-apart",
        what="subnets do not overlap",
        expected="none",
        actual=", ".join(clashes) or "none",
        ok=not clashes,
    )


def _everything_connected(architecture: Architecture) -> Finding:
    """Nothing stands without a connection, but what works in the background."""
    linked = {end for link in architecture.links for end in (link.source, link.target)}
    alone = [c.id for c in architecture.components if c.id not in linked and c.lane != "operations"]
    return Finding(
        id="everything-connected",
        what="every element is connected",
        expected="all",
        actual="all" if not alone else f"not {', '.join(alone)}",
        ok=not alone,
    )


def _alarms_reach_someone(architecture: Architecture) -> Finding:
    return Finding(
        id="alerts",
        what="alarms reach a mailbox",
        expected="an e-mail address",
        actual=architecture.alerts or "none",
        ok=bool(architecture.alerts),
        severity="warning",
        hint="add `alerts: you@example.com` to the workload",
    )
