"""An alarm through time: how often it is evaluated, what it keeps, and its history."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groma.answers import Alarm, Metric
from groma.monitoring import alarms
from groma.monitoring.evaluate import (
    ONLY,
    TREATMENTS,
    Limit,
    Rule,
    Sample,
    changes,
    evaluated,
    followed,
    newborn,
)

NOON = 1_764_331_200
"""2025-11-28 12:00 UTC."""
METRIC = Metric("AWS/EC2", "CPUUtilization", "Average", {"InstanceId": "i-1"}, 300)
RULE = Rule(METRIC, Limit(">", 80), evaluation_periods=3, datapoints=2)


def each_minute(*values: float | None):
    return {ONLY: tuple(Sample(NOON + 60 * i, v) for i, v in enumerate(values) if v is not None)}


def test_an_alarm_is_evaluated_each_minute_whatever_its_period():
    moments = [now_s - NOON for now_s, _ in followed(RULE, {}, NOON, NOON + 600)]
    assert moments == list(range(60, 601, 60))


def test_an_alarm_of_high_resolution_is_evaluated_every_ten_seconds():
    rule = Rule(Metric("Own", "depth", "Maximum", {}, 10), Limit(">", 0), 1, 1)
    assert [now_s - NOON for now_s, _ in followed(rule, {}, NOON, NOON + 30)] == [10, 20, 30]


def test_what_was_published_before_the_alarm_was_made_is_seen():
    """AWS: it retrieves the most recent data points from before the alarm was created."""
    data = {ONLY: tuple(Sample(NOON - 60 * back, 90) for back in range(15, 0, -1))}
    ((_, standing),) = followed(RULE, data, NOON, NOON + 60)
    assert standing.state == "ALARM"


def test_a_state_keeps_the_reason_of_its_change():
    standings = [standing for _, standing in followed(RULE, each_minute(*[10] * 20), NOON, NOON + 1200)]
    assert len({id(standing) for standing in standings}) == 1
    assert standings[-1].since_s == NOON + 60


def test_the_history_is_that_of_describe_alarm_history():
    data = each_minute(*[10] * 20, *[90] * 20)
    history = list(changes(followed(RULE, data, NOON, NOON + 2400), newborn(NOON)))
    assert [(c.before.state, c.after.state) for c in history] == [
        ("INSUFFICIENT_DATA", "OK"),
        ("OK", "ALARM"),
    ]
    item = history[1].document("web-cpu")
    assert item | {"HistoryData": ""} == {
        "AlarmName": "web-cpu",
        "AlarmType": "MetricAlarm",
        "Timestamp": "2025-11-28T12:30:00.000+0000",
        "HistoryItemType": "StateUpdate",
        "HistorySummary": "Alarm updated from OK to ALARM",
        "HistoryData": "",
    }
    told = json.loads(item["HistoryData"])
    assert told["oldState"]["stateValue"] == "OK"
    assert told["newState"]["stateReasonData"]["recentDatapoints"] == [10.0, 90.0, 90.0]
    born = json.loads(history[0].document("web-cpu")["HistoryData"])["oldState"]
    assert born == {
        "stateValue": "INSUFFICIENT_DATA",
        "stateReason": "Unchecked: Initial alarm creation",
    }


def test_a_rule_of_datapoints_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="3 of 2"):
        Rule(METRIC, Limit(">", 1), evaluation_periods=2, datapoints=3)


def test_every_alarm_of_a_design_can_be_evaluated(designed):
    """Without data an alarm is in the state that its treatment of missing data gives, and stays there."""
    expected = {"missing": "INSUFFICIENT_DATA", "notBreaching": "OK", "ignore": "INSUFFICIENT_DATA"}
    for alarm in alarms(designed.architecture):
        rule = Rule.of(alarm)
        assert isinstance(alarm, Alarm)
        assert evaluated(rule, {}, NOON, newborn(NOON)).state == expected[rule.treatment], alarm.id


@settings(max_examples=50)
@given(
    st.lists(st.sampled_from([10.0, 90.0, None]), min_size=1, max_size=25),
    st.sampled_from(TREATMENTS),
    st.integers(1, 3),
)
def test_higher_values_never_shorten_an_alarm(values, treatment, datapoints):
    rule = Rule(METRIC, Limit(">", 80), 3, datapoints, treatment)

    def alarmed(published):
        standings = followed(rule, each_minute(*published), NOON, NOON + 60 * 40)
        return {now_s for now_s, standing in standings if standing.state == "ALARM"}

    higher = [None if value is None else value + 45 for value in values]
    assert alarmed(values) <= alarmed(higher)
