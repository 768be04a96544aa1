"""Composite alarms with a suppressor, in the embedded CloudWatch: what waits, what is held back, and when."""

from __future__ import annotations

import pytest
from stage import Stage

from groma.live.embedded.alarms.holding import suppress
from groma.monitoring.evaluate import Reason

BY = ("symptom", 120, 180)


@pytest.fixture
def stage() -> Stage:
    """`all` tells what `cause` does, unless `symptom` is on: it waits 2 min for that, and 3 min after it."""
    made = Stage()
    for name in ("cause", "symptom"):
        made.put(name, alarm_actions=[], metric_name=name)
    suppress(made.compose("all", 'ALARM("cause")'), BY, None, made.now_s)
    for name in ("cause", "symptom"):
        turn(made, name, "OK")
    made.after(300)
    assert made.sent == []
    return made


def turn(stage: Stage, name: str, state: str) -> None:
    """Put an alarm into a state, in which it stays: nothing is published of it."""
    alarm = stage.backend.alarms[name]
    alarm.treat_missing_data = "ignore"
    stage.watch.set_by_hand(alarm, state, Reason("a test"))  # type: ignore[arg-type]


def told(stage: Stage) -> list[str]:
    return [f"{each.before.state} -> {each.after.state}" for each in stage.sent]


def held_by(stage: Stage) -> str | None:
    found: str | None = stage.backend.alarms["all"].actions_suppressed_by
    return found


def test_it_acts_once_it_has_waited_in_vain(stage: Stage) -> None:
    turn(stage, "cause", "ALARM")
    stage.after(60)
    assert (held_by(stage), told(stage)) == ("WaitPeriod", [])
    stage.after(60)
    assert (held_by(stage), told(stage)) == (None, ["OK -> ALARM"])
    stage.after(600)
    assert len(stage.sent) == 1


def test_what_comes_while_it_waits_keeps_it_quiet_until_that_is_over(stage: Stage) -> None:
    turn(stage, "cause", "ALARM")
    stage.after(60)
    turn(stage, "symptom", "ALARM")
    stage.after(3000)
    assert (held_by(stage), told(stage)) == ("Alarm", [])
    assert stage.backend.alarms["all"].actions_suppressed_reason == "Actions suppressed by Alarm"
    turn(stage, "symptom", "OK")
    stage.after(120)
    assert (held_by(stage), told(stage)) == ("ExtensionPeriod", [])
    stage.after(60)
    assert (held_by(stage), told(stage)) == (None, ["OK -> ALARM"])


def test_a_cause_that_ends_with_the_symptom_says_nothing(stage: Stage) -> None:
    turn(stage, "symptom", "ALARM")
    turn(stage, "cause", "ALARM")
    stage.after(600)
    turn(stage, "symptom", "OK")
    stage.after(60)
    turn(stage, "cause", "OK")
    stage.after(600)
    assert told(stage) == []


def test_what_it_said_without_a_suppressor_is_not_said_again_with_one(stage: Stage) -> None:
    turn(stage, "cause", "ALARM")
    stage.after(300)
    known = stage.backend.alarms["all"]
    suppress(known, (None, None, None), known, stage.now_s)
    turn(stage, "cause", "OK")
    turn(stage, "cause", "ALARM")
    assert len(stage.sent) == 2
    suppress(known, BY, known, stage.now_s)
    stage.after(600)
    assert len(stage.sent) == 2


def test_a_suppressor_that_is_gone_suppresses_nothing(stage: Stage) -> None:
    turn(stage, "symptom", "ALARM")
    del stage.backend.alarms["symptom"]
    turn(stage, "cause", "ALARM")
    stage.after(180)
    assert told(stage) == ["OK -> ALARM"]
