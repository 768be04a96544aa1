"""Drills of a design in two regions: what is in both of them is told by each, and is few mails still."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groma.design import design
from groma.questions.drills.drilling import drill
from groma.questions.drills.reading import built_in
from groma.questions.drills.stage import Stage, stage_of
from groma.questions.drills.watching import guards_of
from groma.simulation.kernels.state import GOOD
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


def test_one_region_alone_tells_of_all_its_busy_tiers_at_once_and_of_users_by_each_alarm() -> None:
    ids = {each.id for each in guards_of(designed_example("social-50k").architecture)}
    assert {"web-latency", "busy"} <= ids
    assert "web-slow" not in ids


def test_all_servers_are_all_however_many_there_are(stage: Stage) -> None:
    found = drill(stage, KNOWN["all-servers-fail"])
    assert found.wrong == ()
    assert stage.scenes[0].rows[1].size.desired > 4
    first, second = found.scenes.regions
    number = found.when.first + 5 - found.scenes.before
    assert first.minutes[number].outcomes[:, GOOD].sum() == 0, "nobody is answered"
    assert second.minutes[number].outcomes[:, GOOD].sum() > 0


def test_one_server_of_many_is_told_of_only_where_users_miss_the_goal(stage: Stage) -> None:
    found = drill(stage, KNOWN["instance-loss"])
    assert found.wrong == ()
    assert found.felt.missed_s < 60 or found.caught is not None


def test_what_is_felt_is_owed_whoever_is_silent(stage: Stage) -> None:
    for name in ("flash-crowd", "bad-deployment-slow", "retry-storm"):
        found = drill(stage, KNOWN[name])
        assert found.wrong == ()
        assert found.told_by((), found.courses).wrong == ("no page told of it",), name


def test_a_promise_if_the_goal_is_missed_waits_for_as_long_as_it_says(stage: Stage) -> None:
    found = drill(stage, replace(KNOWN["bad-deployment-slow"], if_hurt_s=720.0))
    muted = found.told_by((), found.courses)
    assert muted.hurt.failed <= 0.01 * muted.hurt.asked
    for wait_s, wrong in ((found.felt.missed_s, ("no page told of it",)), (found.felt.missed_s + 60, ())):
        assert replace(muted, fault=replace(muted.fault, if_hurt_s=wait_s)).wrong == wrong


def test_an_alarm_of_any_is_not_gone_with_one_of_its_parts(stage: Stage) -> None:
    found = drill(stage, KNOWN["bad-deployment-slow"])
    region = stage.design.workload.regions[0]
    left = {each.id: each.combines for each in found.without(f"{region}/app-cpu").guards}
    assert f'"{region}/app-cpu"' not in left[f"{region}/busy"]
    assert f'"{region}/app-latency"' in left[f"{region}/busy"]
    assert f"{region}/web-slow" not in {each.id for each in found.without(f"{region}/web-latency").guards}
