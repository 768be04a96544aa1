"""A law over regions: a distribution serves its users from where they are, and says so."""

from __future__ import annotations

import pytest

from groma.blueprints.edge import of_edge, price_class
from groma.catalog import regions
from groma.components.delivery import CLASSES, smallest_class
from groma.design import design
from groma.terraform import render
from groma.workload import parse

PLACES = {"ap-southeast-2": "au", "ap-south-1": "in", "sa-east-1": "sa", "eu-west-1": "eu", "us-east-1": "us"}
SMALLEST = {"au": "PriceClass_All", "in": "PriceClass_200", "sa": "PriceClass_All"}


def text(blueprint: str, region: str) -> str:
    domain = "domain: app.acme.dev\n" if blueprint == "serverless" else ""
    slo = "slo: {p99_ms: 1000, availability: 0.99}\n"
    return (
        f"name: chirp\nblueprint: {blueprint}\nregions: [{region}]\n{domain}{slo}users: {{total: 50_000}}\n"
    )


@pytest.mark.parametrize("region", [region.name for region in regions()])
def test_a_smaller_class_than_the_chosen_one_would_serve_users_from_elsewhere(region: str):
    chosen = smallest_class([region])
    names = list(CLASSES)
    assert smallest_class(["us-east-1", region]) == chosen
    for smaller in names[: names.index(chosen)]:
        assert CLASSES[smaller] < CLASSES[chosen]


@pytest.mark.parametrize(("region", "place"), PLACES.items())
@pytest.mark.parametrize("blueprint", ["three-tier", "serverless"])
def test_a_design_is_served_and_paid_where_its_region_is(blueprint: str, region: str, place: str):
    workload = parse(text(blueprint, region))
    architecture = design(workload, reasons=False).architecture
    cdn = architecture.component("cdn")
    notes = {line.note for line in cdn.bill(architecture) if line.item.startswith("data to users")}
    expected = SMALLEST.get(place, "PriceClass_100")
    assert notes == {f"by edge locations of {place}, {expected}"}
    assert f'"{expected}"' in "".join(render(architecture, None).values())
    assert expected in next(d.decided for d in of_edge(workload) if d.about == "edge locations")


def test_a_worldwide_design_is_served_from_everywhere():
    workload = parse(text("worldwide", "us-east-1, eu-west-1") + "domain: app.acme.dev\n")
    assert price_class(workload) == "PriceClass_All"
