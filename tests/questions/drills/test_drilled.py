"""Drills of the 50,000-user example: faults are caught as promised, and a drill notices when they are not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from groma.design import design
from groma.errors import InputError
from groma.monitoring.evaluate import Limit
from groma.questions.drills.answer import Drill
from groma.questions.drills.asking import Asked, drilled, fault_list
from groma.questions.drills.drilling import WEEK, calm_evening, drill
from groma.questions.drills.fault import Fail, Fault, Reads, Slow
from groma.questions.drills.many import Drills
from groma.questions.drills.matrix import read
from groma.questions.drills.published import Usual
from groma.questions.drills.reading import built_in
from groma.questions.drills.stage import Stage, applies, expanded, resolved, stage_of
from groma.questions.drills.watching import Guard, guards_of
from groma.workload import parse
from told import printed
from workloads import designed_example

KNOWN = {each.name: each for each in built_in()}
MADE = designed_example("social-50k")
GUARDS = guards_of(MADE.architecture)


@cache
def stage() -> Stage:
    return stage_of(MADE, GUARDS, 1)


@cache
def calm() -> Usual:
    return calm_evening(stage())


def with_guards(guards: tuple[Guard, ...]) -> Stage:
    return replace(stage(), guards=guards)


def of_metrics() -> list[Fault]:
    """Every built-in fault of the example of which nothing is simulated, for each component."""
    able = [each for each in KNOWN.values() if not applies(each, stage())]
    return [
        one
        for each in able
        for one in expanded(each, stage())
        if not one.is_simulated and one.effects and one.at_s is None
    ]


@cache
def tried(name: str) -> Drill:
    fault = next(each for each in of_metrics() if each.name == name)
    return drill(stage(), fault, calm())


SHORT = ("nat-ports", "runaway-cost@app", "attack", "silent-agent@web", "busy-database@database-replica")


@pytest.mark.parametrize("name", SHORT)
def test_a_fault_of_a_metric_is_caught_as_promised(name: str) -> None:
    found = tried(name)
    assert found.ok, found.wrong
    assert found.caught is not None
    assert found.caught.told == found.fault.told


@pytest.mark.parametrize("name", SHORT)
def test_without_the_alarm_that_told_of_it_a_drill_fails(name: str) -> None:
    found = tried(name)
    assert found.caught is not None
    less = with_guards(tuple(each for each in GUARDS if each is not found.caught.guard))
    again = drill(less, found.fault, calm())
    assert again.wrong == (f"no {found.fault.told} told of it",)


def test_a_loosened_alarm_is_noticed() -> None:
    found = tried("attack")
    assert found.caught is not None
    rule = found.caught.guard.rule
    assert rule is not None
    loose = replace(found.caught.guard, rule=replace(rule, limit=Limit(">", 1e12)))
    guards = tuple(loose if each is found.caught.guard else each for each in GUARDS)
    assert not drill(with_guards(guards), found.fault, calm()).ok


def test_an_alarm_that_tells_nobody_is_noticed() -> None:
    found = tried("nat-ports")
    assert found.caught is not None
    mute = replace(found.caught.guard, tells={})
    guards = tuple(mute if each is found.caught.guard else each for each in GUARDS)
    assert not drill(with_guards(guards), found.fault, calm()).ok


@cache
def bad_release() -> Drill:
    return drill(stage(), replace(KNOWN["bad-deployment-errors"], lasts_s=300.0))


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_drills_are_read_in_terminals_of_all_widths(columns: int, golden: Callable[[str, str], None]) -> None:
    some = Drills("chirp", "alarms of the plan", (bad_release(), *map(tried, SHORT)), (), GUARDS, whole=False)
    told = printed(some, columns) + "\n" + printed(bad_release(), columns)
    assert max(map(len, told.splitlines())) <= columns
    golden(f"drill-{columns}.txt", told)


def test_a_release_that_answers_with_errors_pages_within_five_minutes_and_users_are_counted() -> None:
    found = bad_release()
    assert found.caught is not None
    assert found.caught.guard.id == "web-5xx-fast"
    assert found.caught.at_s - found.begin_s <= 300
    assert found.hurt.failed == pytest.approx(0.6 * MADE.demand.peak_hour_per_s.likely * 300, rel=0.2)
    assert 0 < found.hurt.users < MADE.demand.active_users.likely
    assert not found.goal_kept
    kinds = [moment.kind for moment in found.moments]
    assert kinds.index("fault") < kinds.index("symptom") < kinds.index("page") <= kinds.index("over")


def test_what_hurts_nobody_owes_no_page_where_that_is_said() -> None:
    light = Fault("light", "a little slower", (Slow("data", 1.1),), 120.0, if_hurt_s=60.0)
    found = drill(stage(), light)
    assert found.goal_kept
    assert found.ok
    assert not drill(stage(), replace(light, if_hurt_s=0.0)).ok


def test_few_errors_page_as_soon_as_they_use_the_error_budget_and_no_later() -> None:
    """A tenth of the requests writes: at 99.9 % they use what wakes somebody after 8.6 of 60 minutes."""
    text = "name: small\nblueprint: three-tier\nusers: {total: 50_000}\n"
    made = design(parse(text), reasons=False)
    assert made.workload.slo.availability == 0.999
    guards = guards_of(made.architecture)
    found = drill(stage_of(made, guards, 1), KNOWN["database-failover"])
    assert found.wrong == ()
    assert found.caught is not None
    assert found.used_s - found.begin_s == pytest.approx(0.0144 * 3600 / 0.1, abs=60)
    assert found.caught.at_s - found.begin_s > found.fault.within_s
    late = replace(found.caught, at_s=int(found.due_s) + 60)
    assert replace(found, turned=(late,)).wrong == (
        f"{late.guard.id} told of it after 12 min, not within 5 min",
    )


def test_an_alarm_that_is_on_before_is_wrong() -> None:
    found = tried("attack")
    early = replace(found.turned[-1], at_s=found.begin_s - 60, state="ALARM", told="page")
    assert not replace(found, turned=(early, *found.turned)).ok


def test_too_many_mails_are_wrong() -> None:
    found = tried("attack")
    assert found.caught is not None
    many = tuple(replace(found.caught, at_s=found.caught.at_s + number) for number in range(4))
    assert replace(found, turned=many).wrong == ("4 tickets, not 3 at most",)
    other = replace(found.caught.guard, region="eu-west-1")
    both = (*many[:3], replace(many[3], guard=other))
    assert replace(found, turned=both).wrong == (), "another region tells once more"


def test_a_fault_that_nobody_may_be_told_of_is_wrong_when_somebody_is() -> None:
    found = tried("attack")
    quiet = replace(found, fault=replace(found.fault, told=None))
    assert quiet.wrong == ("waf-blocked told of it as a ticket",)


def test_faults_that_cannot_happen_are_told_with_why() -> None:
    why = {fault.name: reason for fault, reason in fault_list(MADE).faults}
    assert why["cache-loss"] == "its database is sized without a cache"
    assert why["region-loss"] == "it stands in one region"
    assert why["stuck-consumer"].startswith("no alarm of it reads")
    assert why["zone-loss"] == ""
    with pytest.raises(InputError, match="cannot happen"):
        drill(stage(), KNOWN["cache-loss"])


def test_names_that_are_not_known_are_refused() -> None:
    with pytest.raises(InputError, match="no fault 'flood'"):
        drilled(MADE, GUARDS, "", Asked(("flood",)), lambda _: None)
    with pytest.raises(InputError, match="out of bounds"):
        drilled(MADE, GUARDS, "", Asked(("attack",), seed=-1), lambda _: None)


def test_many_drills_are_told_in_one_table_and_one_document() -> None:
    found = Drills("chirp", "of the plan", tuple(map(tried, SHORT)), (("x", "y"),), GUARDS)
    assert found.ok
    told = found.words()
    assert [row[1] for row in told.tables[0].rows] == [name.replace("@", " of ") for name in SHORT]
    assert "web-healthy-hosts" in found.untried
    document = found.document()
    assert document["matrix"]["attack"] == {"waf-blocked": "ticket"}  # type: ignore[index]
    matrix = read(json.dumps({"at": "2026-11-29T08:00:00", **document}))
    assert matrix is not None
    assert (matrix.at, matrix.good) == ("2026-11-29 08:00", len(SHORT))
    assert [row.fault for row in matrix.rows] == list(SHORT)
    assert matrix.rows[SHORT.index("attack")].cells == {"waf-blocked": "ticket"}
    assert read("{}") is None
    assert document["drills"][0]["told_by"] == "nat-ports"  # type: ignore[index]


def test_a_share_that_burns_the_budget_is_of_the_designs_own() -> None:
    fault = Fault("burn", "burns", (Fail("app", burns=10),), 60.0)
    (effect,) = resolved(stage(), fault).effects
    assert isinstance(effect, Fail)
    assert effect.share == pytest.approx(10 * (1 - MADE.workload.slo.availability))
    hurt = drill(stage(), fault).hurt
    failed = MADE.demand.peak_hour_per_s.likely * 60 * effect.share
    assert hurt.failed == pytest.approx(failed, rel=0.4)


def test_a_metric_is_changed_while_the_fault_is_there_and_evenly_where_it_ramps() -> None:
    ramp = Fault("fill", "fills", (Reads("CWAgent/disk_used_percent", 99.0, "web", ramps=True),), 600.0)
    found = drill(stage(), ramp, calm())
    (key,) = (key for key in found.series if key.component == "web" and key.name == "disk_used_percent")
    shown = {sample.at_s - found.begin_s: sample.value for sample in found.series[key]}
    assert shown[-60] == 15
    assert shown[240] == pytest.approx((15 + 99) / 2, abs=1)
    assert shown[540] == 99
    assert shown[600] == 15


def test_what_a_metric_reads_may_hang_on_how_many_servers_a_group_may_have() -> None:
    effect = Reads("AWS/ApplicationELB/UnHealthyHostCount", 1.0, per_server=0.5)
    found = expanded(Fault("unhealthy", "servers fail their checks", (effect,), 600.0), stage())
    most = {f"{name}-lb": MADE.plan.of(name).max for name in ("web", "app")}
    read = {each.component: each.to for fault in found for each in fault.effects if isinstance(each, Reads)}
    assert read == {name: 1 + number // 2 for name, number in most.items()}
    (drops,) = expanded(
        Fault("drops", "packets", (Reads("AWS/NATGateway/*", 9.0, per_server=0.5),), 600.0), stage()
    )
    assert [each.to for each in drops.effects if isinstance(each, Reads)] == [9.0], "a gateway has no group"


def test_alarms_without_which_nothing_changes_are_named_and_those_alone() -> None:
    found = Drills("chirp", "of the plan", tuple(map(tried, SHORT)), (), GUARDS)
    assert found.unnoticed == ()
    caught = {each.caught.guard.id for each in found.drills if each.caught}
    assert not caught & set(found.unnoticed)
    (burn,) = (each for each in found.drills if each.fault.name == "attack")
    assert burn.without("waf-blocked").wrong == ("no ticket told of it",)
    assert burn.without("web-5xx").ok


def test_a_composite_alarm_is_gone_with_what_it_asks_for() -> None:
    fault = replace(KNOWN["bad-deployment-errors"], lasts_s=120.0)
    found = drill(stage(), fault)
    assert found.caught is not None
    assert found.caught.guard.id == "web-5xx-fast"
    assert "web-5xx-fast" not in {each.guard.id for each in found.without("web-5xx-1h").turned}
    unnoticed = Drills("chirp", "of the plan", (found,), (), GUARDS).unnoticed
    assert "app-5xx" in unnoticed
    assert not {"web-5xx", "web-5xx-1h", "web-5xx-fast"} & set(unnoticed)


def test_a_slow_burn_is_on_and_leaves_it_to_the_page_to_tell() -> None:
    found = drill(stage(), replace(KNOWN["bad-deployment-errors"], lasts_s=900.0))
    slow = [each for each in found.turned if each.guard.id == "web-5xx-slow"]
    assert [each.state for each in slow if each.at_s < found.end_s] == ["ALARM"]
    assert not any(each.is_call for each in slow)
    assert found.caught is not None
    assert found.caught.guard.id == "web-5xx-fast"


def test_what_the_origin_tells_is_not_told_again_by_what_stands_before_it() -> None:
    found = drill(stage(), replace(KNOWN["bad-deployment-errors"], lasts_s=1200.0))
    edge = [each for each in found.turned if each.guard.id == "cdn-errors"]
    assert "ALARM" in [each.state for each in edge]
    assert not any(each.told for each in edge)
    assert found.mails == {"page": 1, "ticket": 0}
    alone = drill(stage(), KNOWN["origin-unreachable"], calm())
    assert alone.caught is not None
    assert alone.caught.guard.id == "cdn-errors"
    assert alone.mails == {"page": 1, "ticket": 0}


def test_normal_weeks_have_a_seed_each_and_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds: list[int] = []

    def week(on: Stage) -> Drill:
        seeds.append(on.seed)
        return replace(tried("attack"), fault=WEEK, turned=())

    monkeypatch.setattr("groma.questions.drills.asking.normal_week", week)
    found = drilled(MADE, GUARDS, "", Asked((WEEK.name,), seed=4, weeks=3), lambda _: None)
    assert seeds == [4, 5, 6]
    assert [each.fault.name for each in found.drills] == [f"normal-week@{seed}" for seed in seeds]
    with pytest.raises(InputError, match="0 is out of bounds"):
        drilled(MADE, GUARDS, "", Asked((WEEK.name,), weeks=0), lambda _: None)


def test_of_several_regions_a_database_that_scales_is_no_application_and_the_first_is_drilled() -> None:
    assert [stage().row(role) for role in ("front", "app", "data")] == ["web", "app", "database"]
    world = stage_of(designed_example("social-worldwide"), (), 1)
    assert world.scenes[0].rows[-1].scales
    assert [world.row(role) for role in ("front", "app", "data")] == ["web", "app", "database"]
    (clock,) = expanded(KNOWN["stopped-clock"], world)
    assert clock.name == "stopped-clock"
    assert [each.component for each in clock.effects if isinstance(each, Reads)] == [
        "us-east-1/housekeeping-function"
    ]
