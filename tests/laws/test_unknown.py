"""A law over regions: a price that is not known there is shown nowhere, whatever machines are compared by."""

from __future__ import annotations

from functools import cache

import pytest

from groma import catalog
from groma.catalog import regions
from groma.design import Design, design
from groma.questions.ranges import outlook
from groma.questions.why import why
from groma.report.plan import tables
from groma.sizing.values import Size
from groma.workload import parse

KNOWN = "us-east-1"
ABROAD = ["eu-west-1", "ap-southeast-2"]


@cache
def made(home: str) -> Design:
    return design(
        parse(
            f"name: chirp\nblueprint: worldwide\nregions: [{home}, us-west-2]\ndomain: app.acme.dev\n"
            "users: {total: 50_000}\nslo: {p99_ms: 1000, availability: 0.99}\n"
        )
    )


def table(home: str, title: str) -> dict[str, tuple[object, ...]]:
    found = next(each for each in tables(made(home)) if each.title.startswith(title))
    return {str(row[0]): row for row in found.rows}


@pytest.mark.parametrize("home", ABROAD)
def test_sizes_of_a_class_without_a_price_say_so(home: str):
    size: Size = made(home).plan.of("database")
    assert catalog.aurora_price(home, size.choice.name) is None
    assert size.known_usd_per_month is None
    assert table(home, "Sizes")["database"][-1] == "unknown"
    assert table(home, "Sizes")["web"][-1] != "unknown"


@pytest.mark.parametrize("home", ABROAD)
def test_neither_do_those_that_were_rejected(home: str):
    told = [option for option in made(home).plan.rejected if option.tier == "database"]
    assert told
    assert all(option.usd_per_month is None and "$" not in option.by for option in told)
    said = why(made(home), "database")
    assert "at a price that is not known there" in said.words().heading
    assert all(row[-2:] == ("unknown", "unknown") for t in said.words().tables for row in t.rows)


def test_where_the_price_is_known_it_is_shown():
    size = made(KNOWN).plan.of("database")
    assert table(KNOWN, "Sizes")["database"][-1] == f"{size.usd_per_month:,.2f}"


@pytest.mark.slow
def test_what_is_compared_by_another_regions_prices_is_said_to_be():
    assert "prices of another region" in " ".join(outlook(made("eu-west-1").workload).words().lines)
    assert "prices of another region" not in " ".join(outlook(made(KNOWN).workload).words().lines)


@pytest.mark.slow
def test_a_decision_by_such_prices_says_so():
    workload = made("eu-west-1").workload.model_copy(update={"sizing": "least-regret"})
    (sizing,) = [one for one in design(workload, reasons=False).decisions if one.about == "sizing"]
    assert "databases counted at prices of another region" in sizing.because


@pytest.mark.parametrize("region", [region.name for region in regions()])
def test_a_size_with_a_price_has_that_of_its_region(region: str):
    """Over all regions: no choice of servers or databases bears a price that the catalog lacks there."""
    from groma.blueprints.machines import database_choices, server_choices

    for choice in server_choices(region, volume_gib=20, public=False):
        assert (choice.usd_per_hour is None) == (catalog.ec2_price(region, choice.name) is None)
        assert not choice.stand_in
    for choice in database_choices(region):
        assert (choice.usd_per_hour is None) == (catalog.rds_price(region, choice.name) is None)
        assert not choice.stand_in
