"""Drills of a design in two regions: what is in both of them is told by each, and is few mails still."""

from __future__ import annotations

import pytest

from groma.design import design
from groma.questions.drills.drilling import drill
from groma.questions.drills.reading import built_in
from groma.questions.drills.stage import Stage, stage_of
from groma.questions.drills.watching import guards_of
from groma.workload import parse
from workloads import designed_example

TWO = """\
name: chirp
owner: Ada Example
blueprint: worldwide
regions: [us-east-1, us-west-2]
users: {total: 400_000, concurrent: 20_000}
domain: chirp.example.com
slo: {p99_ms: 500, availability: 0.9999}
"""
KNOWN = {each.name: each for each in built_in()}


@pytest.fixture(scope="module")
def stage() -> Stage:
    made = design(parse(TWO))
    return stage_of(made, guards_of(made.architecture), 1)


def test_a_crowd_in_both_is_a_page_of_each_and_no_ticket_beside_it(stage: Stage) -> None:
    found = drill(stage, KNOWN["flash-crowd"])
    assert found.wrong == ()
    assert found.mails == {"page": 2, "ticket": 0}
    busy = {each.guard.id: each for each in found.turned if each.state == "ALARM" and "busy" in each.guard.id}
    assert set(busy) == {"us-east-1/busy", "us-west-2/busy"}, "it is on, and leaves it to the page"


def test_a_slow_release_in_both_is_a_page_and_a_ticket_of_each(stage: Stage) -> None:
    found = drill(stage, KNOWN["bad-deployment-slow"])
    assert found.wrong == ()
    told = {each.guard.id for each in found.calls}
    assert told == {
        f"{region}/{id_}" for region in stage.design.workload.regions for id_ in ("web-slow", "busy")
    }


def test_one_region_alone_pays_for_no_alarm_that_puts_others_together() -> None:
    ids = {each.id for each in guards_of(designed_example("social-50k").architecture)}
    assert "web-latency" in ids
    assert not {"web-slow", "busy"} & ids
