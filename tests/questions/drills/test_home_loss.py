"""The loss of home, in a design with a standby: users are led there, and its own alarms tell of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from groma.components.failover import Failover
from groma.design import Design, design
from groma.errors import InputError
from groma.questions.drills.answer import Drill
from groma.questions.drills.drilling import calm_evening, drill
from groma.questions.drills.fault import Crowd, Fail, Fault, LoseHome, LoseRegion, Reads
from groma.questions.drills.published import Usual
from groma.questions.drills.reading import built_in, read
from groma.questions.drills.stage import Stage, applies, expanded, stage_of
from groma.questions.drills.watching import guards_of
from groma.questions.fault import written
from groma.simulation.regions import RegionLoss
from groma.simulation.scene import Assumed, standby_of
from groma.workload import parse
from workloads import UNDER_A_DOMAIN, designed_example

HOME, WEST = "us-east-1", "us-west-2"
KNOWN = {each.name: each for each in built_in()}


@cache
def made(more: str = f"standby: {WEST}\n") -> Design:
    return design(parse(UNDER_A_DOMAIN + more), reasons=False)


@cache
def stage() -> Stage:
    return stage_of(made(), guards_of(made().architecture), 1)


@cache
def calm() -> Usual:
    return calm_evening(stage())


@cache
def lost() -> Drill:
    return drill(stage(), KNOWN["home-loss"])


def asked(found: Drill, region: str) -> list[float]:
    """Requests of each simulated minute of a region."""
    (seen,) = (each for each in found.scenes.regions if each.cast.region == region)
    return [float(minute.asked.sum()) for minute in seen.minutes]


def test_users_are_led_to_the_standby_as_soon_as_route_53_leads_them():
    (records,) = made().architecture.of_type(Failover)
    begin = next(at for at, count in enumerate(asked(lost(), WEST)) if count)
    fault_min = lost().when.first - lost().scenes.before
    assert begin == fault_min + records.after_s // 60
    assert RegionLoss(HOME, 0.0).noticed_s == records.after_s
    assert not any(asked(lost(), HOME)[begin + 1 :])
    before, after = asked(lost(), HOME)[fault_min - 1], asked(lost(), WEST)[begin + 1]
    assert after == pytest.approx(before, rel=0.2)


def test_its_servers_begin_small_and_grow():
    scene = standby_of(made(), Assumed())
    assert scene is not None
    assert [row.size.desired for row in scene.rows] == [2, 2, 1]
    grown = [words for _, words in lost().scenes.regions[1].told if "→" in words]
    assert grown[0].startswith("app: 2 → ")


def test_what_writes_fails_there_and_what_reads_does_not():
    begin = lost().when.first - lost().scenes.before
    led = sum(asked(lost(), WEST)[begin:])
    assert written(made()) == pytest.approx(0.1)
    assert lost().hurt.failed == pytest.approx(sum(asked(lost(), HOME)[begin:]) + 0.1 * led, rel=0.05)


def test_the_standby_alone_tells_of_it():
    assert lost().wrong == ()
    assert {each.region for each in lost().guards} == {WEST}, "what is evaluated at home is gone"
    assert {each.guard.id for each in lost().calls} >= {f"{WEST}/web-lb-led-here"}
    without = lost().without(f"{WEST}/web-lb-led-here").without(f"{WEST}/web-5xx-fast")
    assert "no page told of it" in without.wrong


def test_alarms_on_health_checks_outlive_a_home_that_is_not_us_east_1():
    other = design(parse(UNDER_A_DOMAIN + "regions: [eu-west-1]\nstandby: us-west-2\n"), reasons=False)
    guards = guards_of(other.architecture)
    regions = {each.id: each.region for each in guards}
    assert regions["failover-home"] == regions["cdn-5xx"] == HOME
    assert regions["web-5xx"] == "eu-west-1"
    found = drill(stage_of(other, guards, 1), KNOWN["home-loss"])
    assert found.wrong == ()
    assert {each.guard.region for each in found.calls} == {HOME, WEST}


def points(found: Drill, component: str, name: str) -> dict[int, float]:
    """What a metric reads, by the minute after the fault began."""
    (key,) = (each for each in found.series if (each.component, each.name) == (component, name))
    return {
        number - found.when.first: value[0][0]
        for number, value in enumerate(found.series[key].minutes)
        if value
    }


def test_its_database_is_seen_at_work_and_behind_a_master_that_is_gone():
    used = points(lost(), f"{WEST}/database-master", "CPUUtilization")
    assert used[-5] < 1 < used[10]
    assert points(lost(), f"{WEST}/database-master", "DatabaseConnections")[10] > 0
    behind = points(lost(), f"{WEST}/database-master", "ReplicaLag")
    assert (behind[-5], behind[5], behind[25]) == (1.0, 361.0, 1561.0)


def test_a_standby_to_which_nobody_comes_follows_what_home_writes():
    found = drill(stage(), Fault("calm", "nothing", (Reads("AWS/WAFV2/BlockedRequests", 0.0),), 600.0, None))
    assert set(points(found, f"{WEST}/database-master", "ReplicaLag").values()) == {1.0}


def test_what_writes_fails_until_somebody_promotes_it():
    turned = [each for each in lost().turned if each.guard.id == f"{WEST}/web-5xx-fast"]
    assert [each.state for each in turned] == ["OK", "ALARM"] or [each.state for each in turned] == ["ALARM"]
    assert lost().felt.failing(len(lost().scenes.regions[0].minutes) - 1) == pytest.approx(0.1)


def test_more_answers_fail_where_a_release_is_bad_as_well():
    found = drill(stage(), replace(KNOWN["home-loss"], effects=(LoseHome(), Fail("app", 0.5)), lasts_s=600.0))
    failed = points(found, f"{WEST}/web-lb", "HTTPCode_Target_5XX_Count")
    asked = points(found, f"{WEST}/web-lb", "RequestCount")
    assert failed[5] / asked[5] == pytest.approx(0.5, rel=0.01)


def test_an_effect_on_a_component_of_home_beside_another_leaves_the_standby_alone():
    busy = Reads("AWS/EC2/CPUUtilization", 96.0, component="web")
    found = drill(stage(), Fault("mixed", "both", (Crowd(1.01), busy), 1800.0, "ticket", 1800.0, because="x"))
    assert not {each.guard.id for each in found.calls if each.guard.region == WEST}
    assert "busy" in {each.guard.id for each in found.calls}


def of_the_standby() -> list[Fault]:
    able = [each for each in KNOWN.values() if each.is_of_one and not applies(each, stage())]
    every = [one for each in able for one in expanded(each, stage())]
    return [one for one in every if all(isinstance(e, Reads) and WEST in e.component for e in one.effects)]


def test_every_alarm_of_the_standby_is_set_off_by_some_fault():
    found = [drill(stage(), each, calm()) for each in of_the_standby()]
    found += [lost(), drill(stage(), KNOWN["home-loss-in-a-crowd"])]
    assert [(each.fault.name, each.wrong) for each in found if each.wrong] == []
    fired = {turned.guard.id for each in found for turned in each.turned if turned.state == "ALARM"}
    assert {each.id for each in stage().guards if each.region == WEST} - fired == set()


def test_what_is_of_home_leaves_the_standby_alone():
    (leak,) = (one for one in expanded(KNOWN["memory-leak"], stage()) if one.name == "memory-leak@web")
    found = drill(stage(), leak, calm())
    assert {each.guard.id for each in found.calls} == {"web-memory"}
    names = [each.name for each in expanded(KNOWN["silent-master"], stage())]
    assert names == ["silent-master"]


def test_it_cannot_happen_where_nothing_stands_by():
    alone = made("")
    assert applies(KNOWN["home-loss"], stage_of(alone, (), 1)) == "it has no standby"
    assert applies(KNOWN["region-loss"], stage()) == "it stands in one region"


def test_a_file_may_say_so():
    text = "faults:\n  - {name: mine, what: gone, lasts: 10m, effects: [{region: home}]}\n"
    assert read(text, "mine.yaml")[0].effects == (LoseHome(),)
    assert read(text.replace("home", "1"), "mine.yaml")[0].effects == (LoseRegion(1),)
    with pytest.raises(InputError, match="region: home"):
        read(text.replace("home", "abroad"), "mine.yaml")


def test_promises_are_kept_of_many_servers_and_large_databases():
    """What one of forty servers fails in a minute, and what the last of 128 GiB takes to be used up."""
    large = designed_example("social-50k-balanced")
    found = stage_of(large, guards_of(large.architecture), 1)
    assert drill(found, KNOWN["instance-loss"]).wrong == ()
    assert drill(found, KNOWN["database-failover"]).wrong == ()
    quiet = calm_evening(found)
    for each in expanded(KNOWN["database-memory"], found):
        assert drill(found, each, quiet).wrong == (), each.name
