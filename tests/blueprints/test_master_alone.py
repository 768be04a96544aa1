"""A database without a read replica: the master carries all, with a standby or without one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from groma.architecture import Architecture
from groma.bill import bill
from groma.check import check
from groma.components.database import DatabaseServer
from groma.components.server_group import ServerGroup
from groma.design import Design, design
from groma.questions.drills.drilling import drill
from groma.questions.drills.reading import built_in
from groma.questions.drills.stage import applies, stage_of
from groma.questions.drills.watching import guards_of
from groma.report.documents import build
from groma.workload import parse

TEXT = """\
name: shop
blueprint: {blueprint}
users: {{total: 50_000}}
profile: web-shop
slo: {{availability: {availability}}}
application: {{image: 'acme/shop:1.4', port: 8000, health: /up}}
database: {{engine: {engine}, replicas: {replicas}, multi_az: {multi_az}}}
"""
EACH = [("three-tier", "postgresql"), ("three-tier", "mysql"), ("containers", "postgresql")]


@cache
def made(
    blueprint: str = "three-tier", engine: str = "postgresql", replicas: int = 0, multi_az: str = "true"
) -> Design:
    availability = 0.999 if multi_az == "true" else 0.99  # a goal beyond one zone's buys a standby by itself
    values = {"blueprint": blueprint, "engine": engine, "replicas": replicas, "multi_az": multi_az}
    return design(parse(TEXT.format(**values, availability=availability)))


def databases(architecture: Architecture) -> list[str]:
    return [each.id for each in architecture.of_type(DatabaseServer)]


@pytest.mark.slow
@pytest.mark.parametrize(("blueprint", "engine"), EACH)
def test_nothing_of_a_replica_is_left(blueprint: str, engine: str) -> None:
    alone = made(blueprint, engine)
    assert databases(alone.architecture) == ["database-master"]
    assert alone.plan.of("database").desired == 1
    ids = {each.id for each in alone.architecture.components}
    assert {end for link in alone.architecture.links for end in (link.source, link.target)} <= ids
    roots = [
        content.decode()
        for path, content in build(alone).items()
        if path.startswith("terraform/") and path.count("/") == 1
    ]
    assert not [text for text in roots if "replica_endpoint" in text or "database-replica" in text]
    assert any("master_endpoint" in text for text in roots)


def test_all_queries_are_the_masters() -> None:
    (alone,) = (link for link in made().architecture.links if link.target == "database-master")
    both = [link for link in made(replicas=1).architecture.links if link.target.startswith("database-")]
    asked = [link for link in both if link.source == "app"]
    assert alone.note == ""
    assert alone.peak_per_s == pytest.approx(sum(link.peak_per_s or 0 for link in asked))
    assert alone.gb_per_month is not None
    assert alone.gb_per_month.likely == pytest.approx(
        sum(link.gb_per_month.likely for link in asked if link.gb_per_month)
    )


def test_a_standby_takes_over_and_without_one_it_is_said_what_is_lost() -> None:
    with_standby, without = made(), made(multi_az="false")
    assert with_standby.availability.value > without.availability.value
    lost, kept = (
        next(each for each in check(made.architecture) if each.id == "database-master-failover")
        for made in (without, with_standby)
    )
    assert not lost.ok
    assert "restored from a backup by hand" in lost.actual
    assert kept.ok
    zones = [
        next(each for each in found.decisions if each.about == "zones") for found in (without, with_standby)
    ]
    assert ["that of the master" in each.decided for each in zones] == [True, False]


@pytest.mark.parametrize("multi_az", ["true", "false"])
def test_the_plan_counts_on_the_price_that_the_bill_has(multi_az: str) -> None:
    found = made(multi_az=multi_az)
    (line,) = (
        each
        for each in bill(found.architecture).lines
        if each.component == "database-master" and found.plan.of("database").choice.name in each.item
    )
    assert line.monthly_usd is not None
    assert found.plan.of("database").usd_per_month == pytest.approx(line.monthly_usd.likely)


def test_the_sample_is_told_that_there_is_no_replica() -> None:
    text = "name: chirp\nblueprint: three-tier\nusers: {total: 50_000}\ndatabase: {replicas: 0}\n"
    (app,) = (each for each in design(parse(text)).architecture.of_type(ServerGroup) if each.id == "app")
    settings = app.variables["settings"]
    assert isinstance(settings, Mapping)
    assert settings["REPLICA_HOST"] == ""


def test_it_is_drilled_and_nothing_of_a_replica_can_be_lost() -> None:
    stage = stage_of(made(), guards_of(made().architecture), 1)
    faults = {each.name: each for each in built_in()}
    assert applies(faults["replica-loss"], stage) == "its database tier has 1 servers"
    assert applies(faults["replica-lag"], stage)
    assert applies(faults["replica-zone-loss"], stage) == "its database stands in one zone"
    lost = drill(stage, faults["zone-loss"])
    assert lost.wrong == ()
    assert lost.hurt.failed < 0.2 * lost.hurt.asked, "the standby takes over within two minutes"
