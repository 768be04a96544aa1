"""A law over designs and random loads: bytes that flow over the links are the bytes that the bill charges.

What each link carries is turned into what AWS charges by where its ends stand and by which way it leaves, and
is compared with the lines of the bill. Nothing of a component's own `bill` is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from designs import SAFEST, designed, example, example_names, otherwise
from hypothesis import given, settings
from hypothesis import strategies as st
from random_workloads import LOADED

from groma.architecture import Architecture, Component, Link
from groma.bill import bill
from groma.blueprints import BLUEPRINTS
from groma.components.backup_copies import BackupCopies
from groma.components.database import DatabaseServer
from groma.components.interface_endpoints import InterfaceEndpoints
from groma.components.load_balancer import LoadBalancer
from groma.components.nat_gateway import NatGateway
from groma.design import Design
from groma.quantity import ZERO, Range
from groma.workload.demand import demand
from workloads import marked

CASES = ("low", "likely", "high")
CHARGED = {
    ("natgateway", "gb_processed"): "nat",
    ("datatransfer", "cross_az_each_direction"): "zones",
    ("datatransfer", "inter_region_out"): "regions",
    ("cloudfront", "internet_out"): "edge",
    ("cloudfront", "origin_out"): "edge",
}
"""Meters of the bill that charge bytes, by what the law calls them."""
COPIES = ("copies sent to other regions", "replication from")
"""Lines of what one component sends to its own copies in other regions, which no link shows."""
every_example = pytest.mark.parametrize("name", [marked(name) for name in example_names()])


def zones_of(architecture: Architecture, component: Component) -> list[str]:
    """The zone of each of its members; empty for what stands in no zone."""
    found = (architecture.enclosing(place, "zone") for place in component.places)
    return [zone.id for zone in found if zone is not None]


def region_of(architecture: Architecture, component: Component) -> str:
    """The id of its region; empty for what stands outside of all. Copies are drawn there, and kept in one."""
    if isinstance(component, BackupCopies):
        return component.region
    region = architecture.enclosing(component.places[0], "region")
    return "" if region is None else region.id


def apart(architecture: Architecture, link: Link) -> float:
    """The chance that both ends stand in different zones, each evenly in its own."""
    source, target = (
        zones_of(architecture, architecture.component(end)) for end in (link.source, link.target)
    )
    if not source or not target:
        return 0.0
    near = sum(source.count(zone) * target.count(zone) for zone in set(source))
    return 1 - near / (len(source) * len(target))


def is_free(architecture: Architecture, link: Link) -> bool:
    """Balancers reach targets in all zones at no charge, and all others interface endpoints; RDS copies
    within a region at none.

    https://aws.amazon.com/about-aws/whats-new/2022/04/aws-data-transfer-price-reduction-privatelink-transit-gateway-client-vpn-services/
    """
    source, target = architecture.component(link.source), architecture.component(link.target)
    balanced = isinstance(source, LoadBalancer)
    copied = isinstance(source, DatabaseServer) and isinstance(target, DatabaseServer)
    return balanced or copied or isinstance(source, NatGateway) or isinstance(target, InterfaceEndpoints)


def from_links(architecture: Architecture) -> dict[str, Range]:
    """What the links come to, by the name of what is charged."""
    found: Counter[str] = Counter()
    total: dict[str, Range] = dict.fromkeys(CHARGED.values(), ZERO)

    def add(what: str, gb: Range) -> None:
        total[what] += gb
        found[what] += 1

    for link in architecture.links:
        if link.gb_per_month is None:
            continue
        source, target = architecture.component(link.source), architecture.component(link.target)
        regions = {region_of(architecture, end) for end in (source, target)} - {""}
        if link.source == "clients":
            add("edge", link.gb_per_month)
        elif len(regions) > 1:
            add("regions", link.gb_per_month)
        elif not is_free(architecture, link) and not isinstance(target, NatGateway):
            add("zones", link.gb_per_month * (2 * apart(architecture, link)))
        if isinstance(target, NatGateway) or link.way == "nat":
            add("nat", link.gb_per_month)
            add(
                "zones",
                link.gb_per_month * (2 * without_gateway(architecture, region_of(architecture, source))),
            )
    return total


def without_gateway(architecture: Architecture, region: str) -> float:
    """Share of the zones with private subnets that have no NAT gateway of their own."""

    def zones(of: Iterator[str]) -> set[str]:
        inside = (place for place in of if region in {each.id for each in architecture.around(place)})
        found = (architecture.enclosing(place, "zone") for place in inside)
        return {zone.id for zone in found if zone is not None}

    private = zones(p.id for p in architecture.places if p.kind == "private-subnet")
    served = zones(place for nat in architecture.of_type(NatGateway) for place in nat.places)
    return len(private - served) / len(private)


def from_bill(architecture: Architecture) -> dict[str, Range]:
    """What the bill charges, by the same names."""
    total: dict[str, Range] = dict.fromkeys(CHARGED.values(), ZERO)
    for line in bill(architecture).lines:
        if line.meter and line.meter[:2] in CHARGED and not line.item.startswith(COPIES):
            total[CHARGED[line.meter[:2]]] += line.quantity
    return total


def assert_the_same(architecture: Architecture) -> None:
    links, lines = from_links(architecture), from_bill(architecture)
    for what in links:
        for case in CASES:
            assert getattr(links[what], case) == pytest.approx(getattr(lines[what], case)), (what, case)


@every_example
@pytest.mark.parametrize("safest", [False, True])
def test_the_bill_charges_what_the_links_carry(name: str, safest: bool):
    made = designed(name, SAFEST) if safest else designed(name)
    assert_the_same(made.architecture)


def test_so_it_does_where_no_example_is():
    for architecture in otherwise():
        assert_the_same(architecture)


@every_example
def test_what_leaves_a_private_subnet_has_a_way(name: str):
    """Out of the VPC there is a NAT gateway, paid by the GB, or a gateway endpoint, which then must stand."""
    architecture = designed(name).architecture
    for link in architecture.links:
        source, target = architecture.component(link.source), architecture.component(link.target)
        kinds = {architecture.place(place).kind for place in source.places}
        inside = bool(zones_of(architecture, target)) or architecture.enclosing(target.places[0], "vpc")
        by_rds = isinstance(target, BackupCopies)  # which copies from its own storage, not out of a subnet
        if kinds != {"private-subnet"} or inside or link.flow == "control" or by_rds:
            continue
        assert link.way is not None, f"{link.id} leaves {link.source} by nothing"
        assert link.gb_per_month is not None, f"nobody knows what {link.id} carries"
        call = next(
            c.module(part.architecture)
            for part in architecture.parts
            for c in part.architecture.components
            if c.id == "internet-gateway"
            and part.whole(c.id).rpartition("/")[0] == link.source.rpartition("/")[0]
        )
        assert link.way != "dynamodb-endpoint" or call.arguments["dynamodb_endpoint"] is True


@every_example
def test_between_zones_and_regions_every_flow_is_known(name: str):
    architecture = designed(name).architecture
    for link in architecture.links:
        crosses = apart(architecture, link) > 0 and not is_free(architecture, link)
        if crosses and link.flow in ("request", "reply", "egress"):
            assert link.gb_per_month is not None, f"nobody knows what {link.id} carries"


@cache
def base(blueprint: str) -> Design:
    name = next(n for n in example_names() if example(n).blueprint == blueprint)
    return designed(name, SAFEST)


loads = st.fixed_dictionaries(
    {},
    optional={
        "query_kib": st.floats(0, 50),
        "response_kib": st.floats(0.1, 500),
        "item_kib": st.floats(0.1, 5),
        "page_mb": st.floats(0, 10),
        "upload_mb": st.floats(0, 50),
        "uploads_per_active_day": st.floats(0, 5),
        "key_value_share": st.floats(0, 1),
        "cache_hit_share": st.floats(0, 1),
        "page_views_per_request": st.floats(0, 1),
        "browser_hit_share": st.floats(0, 1),
    },
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LOADED), loads, st.booleans())
def test_so_it_does_under_any_load(blueprint: str, load: dict[str, float], usual: bool):
    """The sizes of the example under another load: what flows does not depend on them."""
    made = base(blueprint)
    exact = {name: Range.exactly(value) for name, value in load.items()}
    workload = made.workload.model_copy(update={"load": made.workload.load.model_copy(update=exact)})
    wish = replace(made.wish, nat_per_zone=False) if usual else made.wish
    assert_the_same(BLUEPRINTS[blueprint].assemble(workload, demand(workload), made.plan, wish))


def test_a_gateway_in_each_zone_leaves_nothing_to_pay_between_zones():
    """Three gateways with 100 GB each: 730 hours of gateway and address, 300 GB, and nothing else."""
    (part,) = (p for p in base("worldwide").architecture.parts if p.scope == "us-east-1")
    gateways = [
        replace(c, gb_per_month=Range.exactly(100.0)) if isinstance(c, NatGateway) else c
        for c in part.architecture.components
    ]
    alone = replace(part.architecture, components=tuple(gateways))
    lines = [line for nat in alone.of_type(NatGateway) for line in nat.bill(alone)]
    usd = sum(line.monthly_usd.likely for line in lines if line.monthly_usd)
    assert usd == pytest.approx(123.00)
