"""Where things stand: the grammar of the diagram."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from three_tier_sample import COMPONENTS, LINKS, PLACES, TITLE, part, three_tier

from groma.architecture import Architecture, Link, Place
from groma.diagram import Layout, lay_out, lint
from groma.diagram.shapes import Box

LAYOUT = lay_out(three_tier(), TITLE)


def boxes(layout: Layout = LAYOUT) -> dict[str, Box]:
    return {card.component: card.box for card in layout.cards}


def frames(layout: Layout = LAYOUT) -> dict[str, Box]:
    return {frame.id: frame.box for frame in layout.frames}


def errors(layout: Layout, architecture: Architecture) -> list[str]:
    return [f.id + " " + f.actual for f in lint(layout, architecture) if not f.ok and f.severity == "error"]


def test_columns_go_from_the_users_to_the_data() -> None:
    order = ["client", "cdn", "igw", "web-lb", "web", "app-lb", "app", "database-master"]
    assert all(boxes()[a].right < boxes()[b].x for a, b in pairwise(order))


def test_the_path_of_a_request_is_one_straight_line() -> None:
    path = {
        ("client", "cdn"),
        ("cdn", "igw"),
        ("igw", "web-lb"),
        ("web-lb", "web"),
        ("web", "app-lb"),
        ("app-lb", "app"),
    }
    routes = [route for route in LAYOUT.routes if (route.source, route.target) in path]
    assert len(routes) == len(path)
    assert {len(route.points) for route in routes} == {2}
    assert len({round(y, 3) for route in routes for _, y in route.points}) == 1


def test_load_balancers_stand_between_the_zones() -> None:
    upper, lower = frames()["zone-a"], frames()["zone-b"]
    for balancer in ("web-lb", "app-lb"):
        assert upper.bottom < boxes()[balancer].y
        assert boxes()[balancer].bottom < lower.y


def test_groups_have_a_member_in_each_of_their_subnets() -> None:
    web = next(card for card in LAYOUT.cards if card.component == "web")
    assert len(web.pictures) == 2
    for picture, subnet in zip(web.pictures, ("public-a", "public-b"), strict=True):
        assert frames()[subnet].contains(picture.box)


def test_the_internet_gateway_stands_on_the_border_of_the_vpc() -> None:
    assert boxes()["igw"].centre[0] == pytest.approx(frames()["vpc"].x)


def test_operations_stand_in_a_strip_below_the_vpc() -> None:
    strip = frames()["region/operations"]
    assert strip.y > frames()["vpc"].bottom
    assert all(strip.contains(boxes()[c.id]) for c in COMPONENTS if c.lane == "operations")


def test_operations_stand_side_by_side_without_a_gap_between_them() -> None:
    strip = [boxes()[c.id] for c in COMPONENTS if c.lane == "operations"]
    columns = sorted({round(box.centre[0], 3) for box in boxes().values() if box.x > frames()["region"].x})
    assert [round(box.centre[0], 3) for box in strip] == columns[: len(strip)]


def test_a_name_that_is_part_of_the_services_own_is_not_said_twice() -> None:
    said = {card.component: [text.content for text in card.texts] for card in LAYOUT.cards}
    assert " ".join(said["alarms"]) == "Amazon CloudWatch 32 alarms"
    assert said["flow-logs"][0] == "VPC flow logs"
    assert said["key"][:2] == ["KMS key", "AWS KMS"]


def test_the_master_stands_above_its_replica_with_a_dashed_line_straight_down() -> None:
    route = next(r for r in LAYOUT.routes if r.flow == "replication")
    assert len(route.points) == 2
    assert route.points[0][0] == pytest.approx(route.points[1][0])


def test_frames_say_what_they_are_with_their_addresses_and_routes() -> None:
    said = {frame.id: " ".join(text.content for text in frame.texts) for frame in LAYOUT.frames}
    assert said["public-a"] == "Public subnet · 10.0.0.0/20 default route → internet gateway"
    assert said["zone-b"] == "Availability Zone us-east-1b"
    assert said["vpc"] == "VPC chirp · 10.0.0.0/16"


def test_the_page_is_about_16_to_10_and_its_text_can_be_read() -> None:
    assert 1.4 < LAYOUT.width / LAYOUT.height < 1.8
    assert min(text.size for text in LAYOUT.texts()) * 1600 / LAYOUT.width >= 9


def test_costs_and_load_stand_on_the_cards_on_request() -> None:
    layout = lay_out(three_tier(), TITLE, costs={"web": 123.4, "nat": 3.5}, load={"app": "61 % busy at peak"})
    said = {card.component: [text.content for text in card.texts] for card in layout.cards}
    assert "$123 / month" in said["web"]
    assert "$3.50 / month" in said["nat"]
    assert "61 % busy at peak" in said["app"]
    assert errors(layout, three_tier()) == []


def test_what_is_not_known_is_left_out_of_the_title_block() -> None:
    title = replace(TITLE, monthly_usd=None, p99_ms=None, dated="")
    said = [text.content for text in lay_out(three_tier(), title).title_block]
    assert said == ["chirp", "Designed by", "Ada Example", "Blueprint", "three-tier", "Region", "us-east-1"]


def test_three_zones_with_a_subnet_of_their_own_for_data() -> None:
    places = [place for place in PLACES if place.kind in ("world", "cloud", "region", "vpc")]
    for letter in "abc":
        places.append(Place(f"zone-{letter}", "zone", f"us-east-1{letter}", "vpc"))
        for name in ("public", "private", "data"):
            kind = "public-subnet" if name == "public" else "private-subnet"
            places.append(Place(f"{name}-{letter}", kind, "", f"zone-{letter}", "10.0.0.0/20"))
    web = part("web", "public", "public-a public-b public-c", "web servers", "EC2", "compute/ec2", many=True)
    data = [part(f"db-{x}", "data", f"data-{x}", "Database", "RDS", "database/rds") for x in "abc"]
    kept = [c for c in COMPONENTS if c.id in ("users", "client", "cdn", "igw", "nat", "web-lb")]
    links = (*(Link("web", f"db-{x}", "SQL") for x in "abc"), Link("web-lb", "web", "HTTP"))
    architecture = three_tier(places=tuple(places), components=(*kept, web, *data), links=links)
    layout = lay_out(architecture, TITLE)
    assert errors(layout, architecture) == []
    assert frames(layout)["private-a"].right < frames(layout)["data-a"].x
    assert len(next(card for card in layout.cards if card.component == "web").pictures) == 3


def test_serverless_lanes_without_a_vpc() -> None:
    lanes = {
        "api": "public",
        "write": "application",
        "read": "application",
        "table": "data",
        "queue": "asynchronous",
    }
    inner = [part(id_, lane, "region", id_, "", "compute/lambda") for id_, lane in lanes.items()]  # type: ignore[arg-type]
    outer = [c for c in COMPONENTS if c.id in ("users", "client", "cdn", "site", "alarms", "mail")]
    links = (
        Link("client", "cdn", "HTTPS"), Link("cdn", "api", "HTTPS"), Link("api", "write", "invoke"),
        Link("api", "read", "invoke"), Link("write", "queue", "publish"), Link("read", "table", "query"),
    )  # fmt: skip
    places = tuple(place for place in PLACES if place.kind in ("world", "cloud", "region"))
    architecture = three_tier(places=places, components=(*outer, *inner), links=links)
    layout = lay_out(architecture, TITLE)
    assert errors(layout, architecture) == []
    order = ["client", "cdn", "api", "read", "table", "queue"]
    assert all(boxes(layout)[a].right < boxes(layout)[b].x for a, b in pairwise(order))


def test_two_regions_are_panels_below_each_other_with_the_same_columns() -> None:
    def second(id_: str) -> str:
        return f"{id_}/2"

    regional = [place for place in PLACES if place.kind not in ("world", "cloud")]
    copied = [
        replace(p, id=second(p.id), parent="cloud" if p.kind == "region" else second(str(p.parent)))
        for p in regional
    ]
    outside = ("users", "client", "cdn", "site")
    doubled = [
        replace(c, id=second(c.id), places=tuple(map(second, c.places)))
        for c in COMPONENTS
        if c.id not in outside
    ]
    links = (*LINKS, Link("database-master", "database-master/2", "replication", "replication"))
    architecture = three_tier(places=(*PLACES, *copied), components=(*COMPONENTS, *doubled), links=links)
    layout = lay_out(architecture, TITLE)
    assert errors(layout, architecture) == []
    assert frames(layout)["region"].bottom < frames(layout)["region/2"].y
    assert boxes(layout)["web"].x == boxes(layout)["web/2"].x


def test_an_empty_architecture_is_a_title_and_frames() -> None:
    architecture = three_tier(components=(), links=())
    layout = lay_out(architecture, TITLE)
    assert layout.cards == ()
    assert {frame.id for frame in layout.frames} == {place.id for place in PLACES if place.kind != "world"}
    assert errors(layout, architecture) == []
