"""Several regions: panels that are collapsed when there are many equal ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from many_regions_sample import regions
from three_tier_sample import TITLE

from groma.architecture import Architecture, Link
from groma.diagram import Layout, draw, lay_out, lint


def faults(layout: Layout, architecture: Architecture) -> list[str]:
    return [f"{f.id}: {f.actual}" for f in lint(layout, architecture) if not f.ok]


def region_titles(layout: Layout) -> list[str]:
    return [" ".join(t.content for t in frame.texts) for frame in layout.frames if frame.kind == "region"]


@pytest.mark.parametrize("count", [2, 3])
def test_few_regions_are_all_drawn(count: int) -> None:
    architecture = regions(count)
    layout = lay_out(architecture, TITLE)
    assert len(region_titles(layout)) == count
    assert len(layout.cards) == len(architecture.components)
    assert faults(layout, architecture) == []


def test_of_many_equal_regions_one_is_drawn_and_says_for_which_it_stands() -> None:
    architecture = regions(5)
    layout = lay_out(architecture, TITLE)
    assert region_titles(layout) == [
        "Region us-east-1",
        "Region us-west-2, eu-west-1, ap-south-1, sa-east-1 4 equal regions, one of them drawn",
    ]
    assert faults(layout, architecture) == []
    titles = {frame.id: frame.texts[0].content for frame in layout.frames}
    assert titles["zone-a/1"] == "Availability Zone us-east-1a"
    assert titles["zone-a/2"] == "Availability Zone a"
    assert titles["public-a/1"] == "Public subnet · 10.1.0.0/20"
    assert titles["public-a/2"] == "Public subnet · 10.2.0.0/20 …"


def test_links_to_collapsed_regions_stay_and_state_the_rate_of_each() -> None:
    layout = lay_out(regions(5), TITLE)
    said = {route.link: " ".join(t.content for t in route.texts) for route in layout.routes}
    assert said["cdn->igw/1:HTTP"] == "HTTP 83/s"
    assert said["cdn->igw/2:HTTP"] == "HTTP 83/s each"
    assert said["database-master/1->database-master/2:replication"] == "replication"
    assert not any("/3" in link for link in said)


def test_a_region_that_differs_in_one_rate_or_parameter_is_drawn_by_itself() -> None:
    assert len(region_titles(lay_out(regions(5, region_4=50.0), TITLE))) == 3
    five = regions(5)
    other = tuple(
        replace(c, parameters=("t4g.small",)) if c.id == "app/3" else c  # type: ignore[call-arg]
        for c in five.components
    )
    assert len(region_titles(lay_out(replace(five, components=other), TITLE))) == 3


def test_links_among_collapsed_regions_are_told_in_their_title() -> None:
    five = regions(5)
    data = [f"database-replica/{n}" for n in range(1, 6)]
    links = tuple(Link(a, b, "global table", "replication") for a in data for b in data if a != b)
    layout = lay_out(replace(five, links=(*five.links, *links)), TITLE)
    assert "among them: global table" in region_titles(layout)[1].replace("  ", " ")
    assert any(route.link == "database-replica/1->database-replica/2:global table" for route in layout.routes)


def test_the_lint_finds_a_collapsed_region_that_is_missing() -> None:
    architecture = regions(5)
    layout = lay_out(architecture, TITLE)
    without = replace(layout, cards=tuple(c for c in layout.cards if c.component != "app/2"))
    assert any(fault.startswith("diagram/components-once/app/2") for fault in faults(without, architecture))


@pytest.mark.parametrize("count", [2, 3, 5])
def test_links_between_regions_stay_inside_of_the_cloud(count: int) -> None:
    layout = lay_out(regions(count), TITLE)
    cloud = next(frame.box for frame in layout.frames if frame.kind == "cloud")
    boxes = {card.component: card.box for card in layout.cards}
    within = [r for r in layout.routes if cloud.contains(boxes[r.source]) and cloud.contains(boxes[r.target])]
    assert any(route.flow == "replication" and route.target.startswith("database-master") for route in within)
    assert [
        route.link
        for route in within
        if not all(cloud.x < x < cloud.right and cloud.y < y < cloud.bottom for x, y in route.points)
    ] == []


def test_replication_between_regions_is_dashed() -> None:
    svg = draw(regions(2), TITLE)
    line = svg.split('id="link-database-master/1-&gt;database-master/2:replication"')[1].split("</g>")[0]
    assert 'stroke-dasharray="7 4"' in line
