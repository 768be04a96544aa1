"""An architecture of several regions is asked part by part, as if each region stood alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groma.architecture import Architecture, Link, region_code
from groma.architecture.availability import availability
from groma.bill import bill
from groma.check import check
from groma.components.delivery import Distribution
from groma.monitoring import alarms
from groma.terraform import render
from groma.terraform.calls import module_calls, outputs

REGIONS = ("us-east-1", "us-west-2")
OUTSIDE = ("users", "clients", "waf", "cdn")


@pytest.fixture(scope="module")
def alone(designed) -> Architecture:
    """The three-tier example in one region."""
    return designed.architecture


@pytest.fixture(scope="module")
def both(alone) -> Architecture:
    """The same region twice; what stands outside, once."""
    cloud = [place for place in alone.places if place.kind in ("world", "cloud")]
    within = [c for c in alone.components if c.id not in OUTSIDE]
    places, components, links = cloud, [c for c in alone.components if c.id in OUTSIDE], []
    for region in REGIONS:

        def whole(id_: str, region: str = region) -> str:
            return id_ if id_ in (*OUTSIDE, "cloud") else region if id_ == "region" else f"{region}/{id_}"

        places = [
            *places,
            *(
                replace(
                    p,
                    id=whole(p.id),
                    name=p.name.replace("us-east-1", region),
                    parent=whole(p.parent or ""),
                )
                for p in alone.places
                if p not in cloud
            ),
        ]
        components += [
            replace(c, id=whole(c.id), places=tuple(whole(place) for place in c.places)) for c in within
        ]
        links += [Link(whole(x.source), whole(x.target), x.protocol) for x in alone.links]
    components = [
        replace(c, origin=f"web_{region_code('us-east-1')}") if isinstance(c, Distribution) else c
        for c in components
    ]
    unique = {link.id: link for link in links}
    return replace(alone, places=tuple(places), components=tuple(components), links=tuple(unique.values()))


def test_one_region_is_its_own_only_part(alone):
    assert [(part.scope, part.architecture) for part in alone.parts] == [("", alone)]


def test_a_region_is_an_architecture_of_its_own(alone, both):
    outside, first, second = both.parts
    assert [part.scope for part in both.parts] == ["", *REGIONS]
    assert [c.id for c in outside.architecture.components] == list(OUTSIDE)
    assert second.architecture.name == f"{alone.name}-usw2"
    assert second.architecture.region == "us-west-2"
    wanted = [c.id for c in alone.components if c.id not in OUTSIDE]
    assert [c.id for c in first.architecture.components] == wanted
    assert second.architecture.place("private-a").name == alone.place("private-a").name
    assert second.architecture.zones_of(second.architecture.component("web")) == ("us-west-2a", "us-west-2b")
    assert ("web-lb", "web") in {(x.source, x.target) for x in second.architecture.links}


def test_the_bill_names_every_line_by_the_whole(alone, both):
    once, twice = bill(alone), bill(both)
    assert twice.of("us-east-1/web") == pytest.approx(once.of("web"))
    assert {line.component for line in twice.lines} <= {c.id for c in both.components}


def test_alarms_and_checks_belong_to_a_component_of_the_whole(alone, both):
    ids = {c.id for c in both.components}
    assert {alarm.component for alarm in alarms(both)} <= ids
    edge = [alarm for alarm in alarms(alone) if alarm.component in ids]
    assert len(alarms(both)) == 2 * len(alarms(alone)) - len(edge)
    assert {"us-east-1/web-zones", "us-west-2/web-zones"} <= {finding.id for finding in check(both)}


def test_calls_and_references_carry_the_region(both):
    calls = module_calls(both)
    assert {"network_us_east_1", "network_us_west_2", "web_us_west_2"} <= set(calls)
    west = calls["web_us_west_2"]
    assert west.providers == {"aws": "us-west-2"}
    assert west.arguments["vpc_id"].expression == "module.network_us_west_2.vpc_id"
    assert calls["web_us_east_1"].providers == {}
    assert outputs(both)["vpc_id_us_west_2"][0].expression == "module.network_us_west_2.vpc_id"


def test_the_root_has_a_provider_and_an_alarm_table_for_each_region(both):
    root = render(both)
    assert 'alias  = "us_west_2"' in root["versions.tf"]
    assert "alarms_us_west_2 = {" in root["alarms.tf"]
    assert "providers = {\n    aws = aws.us_west_2\n  }" in root["main.tf"]
    assert "module.web_us_west_2.autoscaling_group_name" in root["alarms.tf"]


def test_one_of_two_regions_may_be_lost(alone, both):
    one = availability(alone).value
    assert availability(both).value == pytest.approx(1 - (1 - one) ** 2)


@pytest.mark.parametrize(
    ("region", "code"),
    [("us-east-1", "use1"), ("ap-southeast-2", "apse2"), ("eu-central-1", "euc1"), ("ca-west-1", "caw1")],
)
def test_a_region_in_short_is_as_in_the_ids_of_zones(region, code):
    assert region_code(region) == code
