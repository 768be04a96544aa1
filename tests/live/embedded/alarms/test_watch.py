"""Alarms of the embedded CloudWatch follow their data, by a clock that a test holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

import pytest
from stage import NOON, TOPIC, Stage, queries

from groma.live.embedded.alarms import memory
from groma.live.embedded.alarms.watch import Watch
from groma.monitoring.evaluate import Reason


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_an_alarm_is_evaluated_as_soon_as_it_is_put_and_then_each_minute(stage: Stage) -> None:
    stage.publish(9)
    stage.put("high")
    stage.watch.look()
    assert stage.state("high") == "ALARM"
    stage.publish(1, before_s=-10)
    stage.after(59)
    assert stage.state("high") == "ALARM"
    stage.after(1)
    assert stage.state("high") == "OK"
    assert stage.changes("high") == [
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        "Alarm updated from ALARM to OK",
    ]


def test_an_evaluation_may_wait_until_its_data_have_come(stage: Stage) -> None:
    late = Watch(stage.sent.append, lambda: stage.now_s, lambda: [stage.backend], arrival_s=3)
    stage.put("high")
    stage.now_s += 62
    stage.publish(9, before_s=10)
    late.look()
    assert stage.state("high") == "INSUFFICIENT_DATA"
    stage.now_s += 1
    late.look()
    assert stage.state("high") == "ALARM"


def test_it_says_why_since_when_and_with_which_data(stage: Stage) -> None:
    stage.publish(9)
    alarm = stage.put("high")
    stage.watch.look()
    assert alarm.state_reason == (
        "Threshold Crossed: 1 out of the last 1 datapoints [9.0 (28/11/26 11:59:00)] was greater than the "
        "threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition)."
    )
    assert json.loads(alarm.state_reason_data)["recentDatapoints"] == [9]
    assert alarm.state_updated_timestamp == alarm.state_transitioned_timestamp == memory.moment(NOON)


def test_of_n_points_m_must_breach(stage: Stage) -> None:
    stage.put("some", evaluation_periods=3, datapoints_to_alarm=2)
    for value, state in ((1, "OK"), (9, "OK"), (1, "OK"), (9, "ALARM"), (1, "OK"), (1, "OK")):
        stage.publish(value, before_s=-30)
        stage.after()
        assert stage.state("some") == state, value


@pytest.mark.parametrize(
    ("dimensions", "state"),
    [
        ({"host": "a"}, "ALARM"),
        ({"host": "b"}, "INSUFFICIENT_DATA"),
        ({}, "INSUFFICIENT_DATA"),
        ({"host": "a", "disk": "x"}, "INSUFFICIENT_DATA"),
    ],
)
def test_only_data_with_exactly_its_dimensions_are_its_own(
    stage: Stage, dimensions: Mapping[str, str], state: str
) -> None:
    rows = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    stage.publish(9, Dimensions=[{"Name": "host", "Value": "a"}])
    stage.put("high", dimensions=rows)
    stage.watch.look()
    assert stage.state("high") == state


@pytest.mark.parametrize(
    ("unit", "state"), [(None, "ALARM"), ("Count", "ALARM"), ("Bytes", "INSUFFICIENT_DATA")]
)
def test_a_unit_narrows_the_data(stage: Stage, unit: str | None, state: str) -> None:
    stage.publish(9, Unit="Count")
    stage.put("high", unit=unit)
    stage.watch.look()
    assert stage.state("high") == state


@pytest.mark.parametrize(
    ("missing", "state"),
    [(None, "INSUFFICIENT_DATA"), ("ignore", "ALARM"), ("breaching", "ALARM"), ("notBreaching", "OK")],
)
def test_what_follows_when_data_stop(stage: Stage, missing: str | None, state: str) -> None:
    stage.publish(9)
    stage.put("high", treat_missing_data=missing)
    stage.watch.look()
    assert stage.state("high") == "ALARM"
    for _ in range(5):
        stage.after()
    assert stage.state("high") == state


@pytest.mark.parametrize(
    ("statistic", "value"),
    [("Sum", 30), ("Average", 10), ("Minimum", 2), ("Maximum", 20), ("SampleCount", 3)],
)
def test_a_statistic_set_counts_with_all_that_it_says(stage: Stage, statistic: str, value: float) -> None:
    set_ = {"Sum": 30, "Minimum": 2, "Maximum": 20, "SampleCount": 3}
    datum = {"MetricName": "m", "Timestamp": memory.moment(stage.now_s - 30), "StatisticValues": set_}
    stage.backend.put_metric_data("test", [datum])
    stage.put(
        "exact", statistic=statistic, threshold=value, comparison_operator="GreaterThanOrEqualToThreshold"
    )
    stage.put("above", statistic=statistic, threshold=value)
    stage.watch.look()
    assert (stage.state("exact"), stage.state("above")) == ("ALARM", "OK")


def test_data_that_come_late_are_seen(stage: Stage) -> None:
    stage.put("high", evaluation_periods=3, datapoints_to_alarm=1)
    stage.publish(1)
    stage.after()
    stage.publish(9, before_s=130)
    stage.after()
    assert stage.state("high") == "ALARM"


def test_periods_of_ten_seconds_are_evaluated_every_ten_seconds(stage: Stage) -> None:
    stage.put("quick", period=10)
    stage.publish(9, before_s=-5)
    stage.after(10)
    assert stage.state("quick") == "ALARM"
    assert stage.backend.alarms["quick"].state_updated_timestamp == memory.moment(NOON + 10)


def test_math_is_watched_also_through_further_expressions(stage: Stage) -> None:
    asked = queries("IF(all > 0, share, 0)", {"share": "100 * bad / all"}, "bad", "all")
    stage.put(
        "errors", metric_name=None, namespace=None, statistic=None, period=None, metric_data_queries=asked
    )
    of = [{"Name": "of", "Value": "it"}]
    for name, value in (("bad", 6), ("all", 100)):
        stage.publish(value, MetricName=name, Dimensions=of)
    stage.watch.look()
    assert stage.state("errors") == "ALARM"
    assert "[6.0 (28/11/26 11:59:00)]" in stage.backend.alarms["errors"].state_reason


def test_a_state_that_is_set_by_hand_acts_and_lasts_until_the_next_evaluation(stage: Stage) -> None:
    stage.publish(1)
    alarm = stage.put("high", ok_actions=[TOPIC])
    stage.watch.look()
    stage.sent.clear()
    stage.now_s += 5
    stage.watch.set_by_hand(alarm, "ALARM", Reason("a drill"))
    stage.publish(1, before_s=-10)
    stage.after(54)
    assert (stage.state("high"), alarm.state_reason) == ("ALARM", "a drill")
    stage.after(1)
    assert stage.state("high") == "OK"
    assert [each.after.state for each in stage.sent] == ["ALARM", "OK"]


def test_a_state_that_is_set_again_is_no_change(stage: Stage) -> None:
    alarm = stage.put("high")
    stage.watch.set_by_hand(alarm, "INSUFFICIENT_DATA", Reason("still"))
    assert alarm.state_reason == "still"
    assert (stage.changes("high"), stage.sent) == ([], [])


def test_an_alarm_whose_actions_are_off_says_nothing(stage: Stage) -> None:
    stage.publish(9)
    stage.put("high", actions_enabled=False)
    stage.watch.look()
    assert (stage.state("high"), stage.sent) == ("ALARM", [])


def test_only_topics_are_told(stage: Stage) -> None:
    stage.publish(9)
    stage.put("high", alarm_actions=["arn:aws:automate:eu-west-1:ec2:reboot", TOPIC])
    stage.watch.look()
    assert [each.topic for each in stage.sent] == [TOPIC]


def test_composite_alarms_follow_their_children_and_each_other(stage: Stage) -> None:
    stage.put("a")
    child = stage.put("b", metric_name="other")
    stage.compose("either", f'ALARM(a) OR ALARM("{child.alarm_arn}")')
    stage.compose("both of them", 'ALARM("either") AND NOT ALARM(b)')
    stage.watch.look()
    assert {stage.state("either"), stage.state("both of them")} == {"OK"}
    assert stage.backend.alarms["either"].state_reason == (
        f"arn:aws:cloudwatch:eu-west-1:{stage.account}:alarm:either was created and its alarm rule "
        "evaluates to OK"
    )
    stage.publish(9, before_s=-30)
    stage.after()
    assert {stage.state("either"), stage.state("both of them")} == {"ALARM"}
    assert stage.backend.alarms["either"].state_reason == (
        f"{stage.backend.alarms['a'].alarm_arn} transitioned to ALARM at "
        "Saturday 28 November, 2026 12:01:00 UTC"
    )
    assert [each.alarm.name for each in stage.sent] == ["a", "either", "both of them"]


def test_what_cannot_be_evaluated_stays_and_says_so_once(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.put("band", threshold_metric_id="band", comparison_operator="GreaterThanUpperThreshold")
    stage.put("prime", statistic=None, extended_statistic="pr(1:2)")
    stage.compose("of nothing", "ALARM(nobody)")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            stage.publish(9, before_s=-30)
            stage.after()
    assert {stage.state(name) for name in stage.backend.alarms} == {"INSUFFICIENT_DATA"}
    assert sorted(each.args[0] for each in caplog.records if isinstance(each.args, tuple)) == [
        "band",
        "of nothing",
        "prime",
    ]


def test_after_a_long_sleep_only_the_last_hour_is_made_up_for(stage: Stage) -> None:
    stage.put("high", treat_missing_data="notBreaching")
    stage.watch.look()
    stage.publish(9, before_s=-600)
    stage.publish(9, before_s=-7200)
    stage.after(8000)
    assert stage.changes("high") == [
        "Alarm updated from INSUFFICIENT_DATA to OK",
        "Alarm updated from OK to ALARM",
        "Alarm updated from ALARM to OK",
    ]


def test_data_are_forgotten_after_fifteen_days_and_later_ones_still_count(stage: Stage) -> None:
    stage.put("high", evaluation_periods=3, datapoints_to_alarm=1)
    stage.publish(1, 1)
    stage.after(15 * 86_400)
    stage.publish(9, 1)
    stage.after()
    assert sorted(datum.value for datum in stage.backend.metric_data) == [1, 9]
    assert stage.state("high") == "ALARM"


def test_history_is_kept_for_a_month(stage: Stage) -> None:
    alarm = stage.put("high")
    memory.note_text(alarm, "ConfigurationUpdate", NOON, "old", "")
    memory.note_text(alarm, "ConfigurationUpdate", NOON + memory.KEPT_S + 1, "new", "")
    assert [each["HistorySummary"] for each in memory.history(alarm)] == ["new"]
