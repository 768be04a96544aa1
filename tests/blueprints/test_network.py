"""Three zones, ways out and a VPC that exists, as three-tier designs them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from groma.bill import bill
from groma.blueprints.endpoints import ALWAYS, endpoints, of_endpoints, pays_from_gb, through_nat
from groma.blueprints.network import places
from groma.components.database import DatabaseServer
from groma.components.existing_network import ExistingNetwork
from groma.components.interface_endpoints import InterfaceEndpoints
from groma.components.nat_gateway import NatGateway
from groma.components.network import FlowLogs
from groma.components.server_group import ServerGroup
from groma.design import Design, design
from groma.errors import Infeasible, WorkloadError
from groma.questions.review import review
from groma.sizing.values import Plan
from groma.terraform import render
from groma.workload import parse

SHOP = "name: shop\nblueprint: three-tier\nusers: {total: 50_000}\n"
IMAGE = "application: {image: 'acme/shop:1.4', port: 8000, health: /up}\n"
EXISTS = """\
network:
  vpc: vpc-0a1b2c3d
  public_tags: {tier: public}
  private_subnets: [subnet-0b01aaaa, subnet-0b02aaaa]
"""


@cache
def made(text: str = "") -> Design:
    return design(parse(SHOP + text, source="groma.yaml"), reasons=False)


def told(text: str, about: str) -> str:
    return next(each.decided for each in made(text).decisions if each.about == about)


def reason(text: str, about: str) -> str:
    return next(each.because for each in made(text).decisions if each.about == about)


def test_three_zones_have_a_subnet_and_servers_each() -> None:
    architecture = made("network: {zones: 3}\n").architecture
    cidrs = {place.id: place.cidr for place in architecture.places if place.kind.endswith("subnet")}
    assert cidrs == {
        "public-a": "10.0.0.0/20",
        "private-a": "10.0.128.0/20",
        "public-b": "10.0.16.0/20",
        "private-b": "10.0.144.0/20",
        "public-c": "10.0.32.0/20",
        "private-c": "10.0.160.0/20",
    }
    for group in architecture.of_type(ServerGroup):
        assert len(architecture.zones_of(group)) == 3
        assert group.size.min % 3 == group.size.desired % 3 == group.size.max % 3 == 0
    assert all(
        finding.ok or finding.severity == "warning" for finding in review(made("network: {zones: 3}\n"))
    )


def test_what_a_lost_zone_leaves_of_three_is_two_thirds() -> None:
    """Where the load itself decides, and not the least of a server in each zone."""
    text = "users: {total: 2_000_000}\nmachines: {families: [m7g], burstable: false}\n"
    two, three = (
        design(parse(SHOP.replace("users: {total: 50_000}\n", text) + more), reasons=False).plan.of("app")
        for more in ("", "network: {zones: 3}\n")
    )
    assert two.utilisation_zone_lost == pytest.approx(two.utilisation_at_peak * 2)
    assert three.utilisation_zone_lost == pytest.approx(three.utilisation_at_peak * 3 / 2)
    assert three.desired * three.choice.vcpu < two.desired * two.choice.vcpu


def test_a_third_zone_takes_no_third_database() -> None:
    design_ = made("network: {zones: 3}\n")
    assert design_.plan.of("database").desired == 2
    assert len(design_.architecture.of_type(DatabaseServer)) == 2


def test_a_standby_stands_in_the_third_zone() -> None:
    architecture = made("network: {zones: 3}\ndatabase: {multi_az: true}\n").architecture
    (master,) = (each for each in architecture.of_type(DatabaseServer) if each.role == "master")
    assert master.standby_zone(architecture) == "us-east-1c"
    assert architecture.zones_of(master) == ("us-east-1a",)


@pytest.mark.parametrize(
    ("text", "gateways", "choice"),
    [
        ("", 1, "one, in the first zone"),
        (IMAGE, 2, "one in each zone"),
        ("network: {nat: per-zone, zones: 3}\n", 3, "one in each zone"),
        (f"{IMAGE}network: {{nat: one}}\n", 1, "one, in the first zone"),
    ],
)
def test_ways_out_are_as_stated(text: str, gateways: int, choice: str) -> None:
    assert len(made(text).architecture.of_type(NatGateway)) == gateways
    assert told(text, "NAT gateway") == choice


def test_a_range_of_ones_own_is_cut_into_sixteenths() -> None:
    places = made("network: {cidr: 10.20.64.0/18}\n").architecture.places
    assert [place.cidr for place in places if place.kind == "vpc"] == ["10.20.64.0/18"]
    assert {place.cidr for place in places if place.id in ("public-b", "private-a")} == {
        "10.20.68.0/22",
        "10.20.96.0/22",
    }


def test_a_range_without_room_for_the_servers_is_refused_with_its_line() -> None:
    text = "network: {cidr: 10.20.64.0/22}\nmachines: {families: [t4g]}\n"
    with pytest.raises(Infeasible) as caught:
        design(parse(f"{SHOP.replace('50_000', '2_000_000')}{text}", source="groma.yaml"), reasons=False)
    assert str(caught.value).startswith("groma.yaml:4: network.cidr: a subnet of a sixteenth")
    assert "take a range of /" in caught.value.hint


def test_a_region_with_two_zones_has_no_third() -> None:
    with pytest.raises(WorkloadError) as caught:
        made("regions: [us-west-1]\nnetwork: {zones: 3}\n")
    assert str(caught.value).startswith("groma.yaml:5: network.zones: 2 zones are known in us-west-1")
    with pytest.raises(WorkloadError, match="availability_zones: 2 zones are named, and 3 are wanted"):
        made("availability_zones: [us-east-1a, us-east-1b]\nnetwork: {zones: 3}\n")


def test_a_vpc_that_exists_is_used_and_nothing_is_made_in_its_place() -> None:
    architecture = made(EXISTS).architecture
    (network,) = architecture.of_type(ExistingNetwork)
    assert not [*architecture.of_type(NatGateway), *architecture.of_type(FlowLogs)]
    assert network.module(architecture).arguments == {
        "vpc": {"id": "vpc-0a1b2c3d"},
        "public_subnets": {f"us-east-1{zone}": {"tags": {"tier": "public"}} for zone in "ab"},
        "private_subnets": {"us-east-1a": {"id": "subnet-0b01aaaa"}, "us-east-1b": {"id": "subnet-0b02aaaa"}},
    }
    root = render(architecture)
    assert "modules/existing-network/main.tf" in root
    assert not [path for path in root if path.startswith("modules/network/")]
    assert not re.findall(r"^resource", root["modules/existing-network/main.tf"], re.MULTILINE)


def test_a_vpc_that_exists_is_drawn_as_it_was_named_and_only_what_is_new_is_priced() -> None:
    architecture = made(EXISTS).architecture
    notes = {
        place.id: (place.cidr, place.note) for place in architecture.places if place.note.startswith("exi")
    }
    assert notes == {
        "vpc": (None, "exists: vpc-0a1b2c3d"),
        "public-a": (None, "exists: tier=public"),
        "public-b": (None, "exists: tier=public"),
        "private-a": (None, "exists: subnet-0b01aaaa"),
        "private-b": (None, "exists: subnet-0b02aaaa"),
    }
    billed = {line.component for line in bill(architecture).lines}
    assert not billed & {"nat", "flow-logs", "internet-gateway"}
    assert "nothing is made in its place" in reason(EXISTS, "network")


def test_tags_are_cut_to_what_a_frame_has_room_for() -> None:
    tags = f"vpc_tags: {{Name: {'main' * 50}, stage: live}}"
    text = f"network: {{{tags}, public_tags: {{t: a}}, private_tags: {{t: b}}}}\n"
    (vpc,) = (place for place in places(parse(SHOP + text)) if place.kind == "vpc")
    assert vpc.note == f"exists: Name={'main' * 8}ma… and 1 more"


ECR = IMAGE.replace("acme/shop", "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop")
NONE = "network: {nat: none}\n"


def test_without_nat_servers_reach_aws_by_endpoints_that_are_paid_drawn_and_made() -> None:
    architecture = made(ECR + NONE).architecture
    (found,) = architecture.of_type(InterfaceEndpoints)
    assert found.services == (
        "ec2",
        "ecr.api",
        "ecr.dkr",
        "monitoring",
        "secretsmanager",
        "ssm",
        "ssmmessages",
    )
    assert not architecture.of_type(NatGateway)
    hours, volume = found.bill(architecture)
    assert hours.monthly_usd is not None
    assert volume.monthly_usd is not None
    assert hours.monthly_usd.likely == pytest.approx(0.01 * 730 * 7 * 2)
    assert 0 < volume.monthly_usd.likely < 0.1
    assert "$102 a month in 2 zones; one NAT gateway is $33, one in each zone $66" in reason(
        ECR + NONE, "endpoints"
    )
    assert {place.note for place in architecture.places if place.kind == "private-subnet"} == {"no route out"}
    assert ("app", "endpoints") in {(link.source, link.target) for link in architecture.links}
    assert "nat_zones" not in render(architecture)["main.tf"]


def test_an_image_that_no_endpoint_leads_to_needs_nat() -> None:
    with pytest.raises(WorkloadError) as caught:
        made(IMAGE + NONE)
    assert str(caught.value).startswith("groma.yaml:5: network.nat: leaves no way to Docker Hub, where acme/")
    assert "push the image to Amazon ECR in us-east-1, or write `nat: one`" in caught.value.hint
    assert made(NONE).architecture.of_type(InterfaceEndpoints)[0].services == ALWAYS


def test_an_endpoint_stands_beside_nat_once_it_is_cheaper() -> None:
    """417 GB of 0.2 GB a server: h · 730 · 2 / (n - e) = 0.01 · 730 · 2 / (0.045 - 0.01)."""
    workload = parse(SHOP)
    assert pays_from_gb(workload, 2) == pytest.approx(417.14, abs=0.01)
    assert "an endpoint in 2 zones is cheaper from 417 GB on" in reason("", "endpoints")
    plan = made().plan
    many = Plan(tuple(replace(size, mean=3_000.0) for size in plan.sizes))
    (found,) = endpoints(workload, many, ("private-a", "private-b"))
    assert found.services == ("monitoring",)
    assert "600 GB" in of_endpoints(workload, many, 2)[0].because
    assert through_nat(workload, many, 2).likely == pytest.approx(3_000 * 2.8)
    assert through_nat(workload, plan, 2).likely == pytest.approx(3 * plan.of("app").mean)


def test_layers_of_an_image_in_the_regions_own_registry_pass_no_nat() -> None:
    passed = [
        sum(nat.gb_per_month.likely for nat in made(text).architecture.of_type(NatGateway))
        for text in (IMAGE, ECR)
    ]
    assert passed[1] < passed[0]
