"""Composite alarms: rules that cannot be read, reasons, and what holds actions back; cases have the rest."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groma.monitoring.evaluate import (
    Held,
    Reason,
    RuleError,
    Standing,
    Suppressor,
    Turn,
    acted,
    composed,
    newborn,
)
from groma.monitoring.evaluate.composite import holds, named, parsed

AT = 1_764_331_200


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("", "at character 1 stands the end instead of ALARM(name)"),
        ("ALARM", "at character 6 stands the end instead of '('"),
        ("ALARM()", "stands ')' instead of the name of an alarm"),
        ("ALARM(a) ALARM(b)", "at character 10 stands 'ALARM' instead of AND, OR or the end"),
        ("ALARM(a) AND", "at character 13 stands the end"),
        ("BAD(a)", "at character 1 stands 'BAD'"),
        ("(ALARM(a)", "instead of ')'"),
        ("AT_LEAST(some, ALARM, (a))", "stands 'some' instead of a number or a share such as 60%"),
        ("AT_LEAST(1, BAD, (a))", "stands 'BAD' instead of ALARM, OK or INSUFFICIENT_DATA"),
    ],
)
def test_a_rule_that_cannot_be_read_says_where(rule, what):
    with pytest.raises(RuleError) as raised:
        parsed(rule)
    assert what in str(raised.value)


def test_a_name_in_quotes_may_hold_brackets_and_quotes():
    assert named(parsed(r'ALARM("a (b), \"c\"") OR OK(arn:aws:cloudwatch:us-east-1:1:alarm:d)')) == (
        'a (b), "c"',
        "arn:aws:cloudwatch:us-east-1:1:alarm:d",
    )


def test_a_rule_names_each_alarm_once():
    assert named(parsed("ALARM(a) AND NOT (OK(b) OR ALARM(a)) OR AT_LEAST(1, OK, (b, c))")) == ("a", "b", "c")


def test_its_reason_names_the_alarm_that_changed():
    children = {"a": Standing("OK", Reason(""), AT), "b": Standing("OK", Reason(""), AT)}
    made = composed("both", "ALARM(a) OR ALARM(b)", children, "", AT, newborn(AT))
    assert (made.state, made.reason.text) == ("OK", "both was created and its alarm rule evaluates to OK")
    assert len(json.loads(made.reason.data)["triggeringAlarms"]) == 2
    children["b"] = Standing("ALARM", Reason(""), AT + 60)
    after = composed("both", "ALARM(a) OR ALARM(b)", children, "b", AT + 60, made)
    assert after.reason.text == "b transitioned to ALARM at Friday 28 November, 2025 12:01:00 UTC"
    assert json.loads(after.reason.data) == {
        "triggeringAlarms": [
            {"arn": "b", "state": {"value": "ALARM", "timestamp": "2025-11-28T12:01:00.000+0000"}}
        ]
    }
    assert composed("both", "ALARM(a) OR ALARM(b)", children, "b", AT + 120, after) is after


def test_its_reason_gives_the_arns_that_are_known():
    children = {"a": Standing("ALARM", Reason(""), AT)}
    made = composed("one", "ALARM(a)", children, "a", AT, newborn(AT), {"a": "arn:of:a"})
    assert made.reason.text.startswith("arn:of:a transitioned to ALARM at ")
    assert json.loads(made.reason.data)["triggeringAlarms"][0]["arn"] == "arn:of:a"
    assert composed("one", "ALARM(a)", children, "", AT, newborn(AT), {"one": "arn:of:one"}).reason.text == (
        "arn:of:one was created and its alarm rule evaluates to ALARM"
    )


def test_what_held_an_action_back_is_told():
    found = acted([Turn(2, "ALARM")], [Turn(3, "ALARM"), Turn(6, "OK")], Suppressor(2, 3))
    assert found.actions == (Turn(9, "ALARM"),)
    assert found.held == (Held("WaitPeriod", 2, 3), Held("Alarm", 3, 6), Held("ExtensionPeriod", 6, 9))


def test_a_suppressor_that_stays_on_holds_back_without_an_end():
    found = acted([Turn(2, "ALARM")], [Turn(1, "ALARM")], Suppressor(2, 3))
    assert (found.actions, found.held) == ((), (Held("Alarm", 1, float("inf")),))


def test_without_periods_a_suppressor_that_is_off_holds_nothing_back():
    found = acted([Turn(2, "ALARM"), Turn(4, "OK")], [], Suppressor(0, 0))
    assert found.actions == (Turn(2, "ALARM"), Turn(4, "OK"))
    assert found.held == ()


STATES = st.sampled_from(["OK", "ALARM", "INSUFFICIENT_DATA"])


@given(st.lists(STATES, min_size=3, max_size=3), st.integers(1, 3))
def test_at_least_some_is_what_and_and_or_say(states, least):
    known = dict(zip("abc", states, strict=True))
    pairs = {
        1: "ALARM(a) OR ALARM(b) OR ALARM(c)",
        2: "ALARM(a) AND ALARM(b) OR ALARM(a) AND ALARM(c) OR ALARM(b) AND ALARM(c)",
        3: "ALARM(a) AND ALARM(b) AND ALARM(c)",
    }
    counted = holds(parsed(f"AT_LEAST({least}, ALARM, (a, b, c))"), known)
    assert counted == holds(parsed(pairs[least]), known)


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 30), STATES), max_size=6),
    st.lists(st.tuples(st.integers(0, 30), STATES), max_size=6),
)
def test_an_alarm_acts_at_most_once_for_each_change_and_never_while_it_is_suppressed(own, others):
    turns = [Turn(at, state) for at, state in sorted(own, key=lambda each: each[0])]
    of_suppressor = [Turn(at, state) for at, state in sorted(others, key=lambda each: each[0])]
    found = acted(turns, of_suppressor, Suppressor(2, 3))
    assert len(found.actions) <= len(turns)
    for action in found.actions:
        before = [turn.state for turn in of_suppressor if turn.at_s < action.at_s]
        assert not before or before[-1] != "ALARM"
