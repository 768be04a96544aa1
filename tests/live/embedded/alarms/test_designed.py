"""The alarms of a design in the embedded CloudWatch: quiet on a quiet day, and one mail for one fault."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from stage import TOPIC, Stage, queries

from groma.answers import Expression, Metric
from groma.design import Design
from groma.live.embedded.alarms.holding import suppress
from groma.live.embedded.alarms.letter import letter
from groma.monitoring import alarms, composites
from groma.monitoring.evaluate import Rule
from groma.terraform.alarms import description
from workloads import designed_example

OPERATORS = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
}


@pytest.fixture
def stage() -> Stage:
    return Stage()


def _put_as_designed(stage: Stage, designed: Design, component: str = "") -> None:
    """Every alarm of a design, or of one component, as its Terraform puts it."""
    own = alarms(designed.architecture)
    for alarm in own:
        if component not in ("", alarm.component):
            continue
        said: dict[str, Any] = {
            "threshold": alarm.threshold,
            "comparison_operator": OPERATORS[alarm.comparison],
            "evaluation_periods": alarm.evaluation_periods,
            "datapoints_to_alarm": alarm.datapoints,
            "treat_missing_data": alarm.missing.treatment,
            "description": description(alarm, own),
            "alarm_actions": [] if alarm.part_of else [TOPIC],
            "insufficient_data_actions": [TOPIC] if alarm.missing.told else [],
        }
        if isinstance(alarm.watches, Expression):
            names = dict.fromkeys(alarm.watches.metrics)
            period_s = Rule.of(alarm).period_s
            asked = queries(alarm.watches.expression, {}, *names, period_s=period_s)
            said |= dict.fromkeys(("namespace", "metric_name", "statistic", "period"))
            said |= {"metric_data_queries": asked}
        else:
            said |= _single(alarm.watches)
        stage.put(alarm.id, **said)
    for each in composites(designed.architecture):
        if component not in ("", each.component):
            continue
        put = stage.compose(each.id, each.rule(str), description=description(each, own))
        if quiet := each.suppressed:
            suppress(put, (quiet.by, quiet.wait_s, quiet.extension_s), None, stage.now_s)


def _single(metric: Metric) -> dict[str, Any]:
    is_percentile = metric.statistic.startswith("p")
    return {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "statistic": None if is_percentile else metric.statistic,
        "extended_statistic": metric.statistic if is_percentile else None,
        "period": metric.period_s,
    }


def test_a_stack_that_nobody_uses_is_quiet_for_a_day(stage: Stage, designed: Design) -> None:
    _put_as_designed(stage, designed)
    for _ in range(24 * 60):
        stage.after()
    assert {stage.state(name) for name in stage.backend.alarms} <= {"OK", "INSUFFICIENT_DATA"}
    assert [each.subject for each in stage.sent] == []


def test_what_burns_the_budget_fast_is_one_page_that_says_what_to_do(stage: Stage, designed: Design) -> None:
    """A tenth fails for a quarter of an hour. The slow burn is on as well, and is left to the page."""
    _put_as_designed(stage, designed)
    on = set()
    for minute in range(150):
        _requests(stage, requests=400, target_5xx=40 if 60 <= minute < 75 else 0)
        stage.after()
        on |= {name for name in ("web-5xx-fast", "web-5xx-slow") if stage.state(name) == "ALARM"}
    assert on == {"web-5xx-fast", "web-5xx-slow"}
    (told,) = [each for each in stage.sent if each.alarm.name.startswith("web-5xx")]
    assert told.subject == 'ALARM: "web-5xx-fast" in EU (Ireland)'
    said = letter(told)
    for what in (
        "PAGE: more than 0.72% of requests to the web load balancer fail: the month's error budget is gone",
        "It means: Users get errors instead of answers.",
        "Look first at: ",
        "Do: Go back to the release before",
    ):
        assert what in said


def test_what_goes_on_burning_slowly_is_a_ticket(stage: Stage, designed: Design) -> None:
    """Four of a thousand fail: too few to get up for, too many for the month; also behind a page."""
    _put_as_designed(stage, designed)
    for minute in range(240):
        failed = 200 if 60 <= minute < 75 else 8
        _requests(stage, requests=2000, target_5xx=failed)
        stage.after()
    told = [each for each in stage.sent if each.alarm.name.startswith("web-5xx")]
    assert [each.alarm.name for each in told] == ["web-5xx-slow", "web-5xx-fast"]
    assert "TICKET: " in letter(told[0])
    assert told[0].after.since_s < told[1].after.since_s


def test_one_failed_request_of_thirty_mails_nothing(stage: Stage, designed: Design) -> None:
    _put_as_designed(stage, designed)
    for _ in range(90):
        _requests(stage, requests=6, target_5xx=0)
        stage.after()
    _requests(stage, requests=6, target_5xx=1)
    stage.after(300)
    assert [each.subject for each in stage.sent if "5xx" in each.subject] == []


def test_a_function_that_fails_is_told_with_its_history(stage: Stage) -> None:
    """Half of the calls fail: the ticket says so, and that is all that is mailed."""
    _put_as_designed(stage, designed_example("social-serverless"), "api-function")
    for minute in range(20):
        _requests(stage, calls=60, errors=30 if minute >= 10 else 0)
        stage.after()
    assert [each.subject for each in stage.sent] == ['ALARM: "api-function-errors" in EU (Ireland)']
    assert "TICKET: " in letter(stage.sent[0])
    assert stage.changes("api-function-errors") == [
        "Alarm updated from INSUFFICIENT_DATA to OK",
        "Alarm updated from OK to ALARM",
    ]


def test_a_queue_that_grows_is_a_page_before_its_promise_is_long_broken(stage: Stage) -> None:
    serverless = designed_example("social-serverless")
    _put_as_designed(stage, serverless, "fan-out-queue")
    (age,) = [each for each in alarms(serverless.architecture) if each.id == "fan-out-queue-age"]
    for minute in range(12):
        _publish(stage, "AWS/SQS", "ApproximateAgeOfOldestMessage", 60 * minute)
        stage.after()
    assert [each.subject for each in stage.sent] == ['ALARM: "fan-out-queue-age" in EU (Ireland)']
    assert "PAGE: " in letter(stage.sent[0])
    broken_s = stage.sent[0].after.since_s - (stage.now_s - 12 * 60) - age.threshold
    assert 0 < broken_s <= 60 * (age.evaluation_periods + 1)


def test_a_poisoned_message_is_told_within_two_minutes(stage: Stage) -> None:
    _put_as_designed(stage, designed_example("social-serverless"), "fan-out-dead-letters")
    for minute in range(8):
        _publish(stage, "AWS/SQS", "ApproximateNumberOfMessagesVisible", 1 if minute >= 5 else 0)
        stage.after()
    (told,) = stage.sent
    assert told.subject == 'ALARM: "fan-out-dead-letters-messages" in EU (Ireland)'
    assert told.after.since_s - (stage.now_s - 3 * 60) <= 120
    assert "Look first at: " in letter(told)


def test_an_agent_that_falls_silent_is_one_ticket(stage: Stage, designed: Design) -> None:
    _put_as_designed(stage, designed, "web")
    for minute in range(45):
        if minute < 20:
            for metric in ("mem_used_percent", "disk_used_percent"):
                _publish(stage, "CWAgent", metric, 30)
        _publish(stage, "AWS/EC2", "CPUUtilization", 20)
        stage.after()
    (told,) = stage.sent
    assert told.subject == 'INSUFFICIENT_DATA: "web-memory" in EU (Ireland)'
    assert "its data have stopped, a ticket" in letter(told)


def _publish(stage: Stage, namespace: str, metric: str, value: float) -> None:
    at = datetime.fromtimestamp(stage.now_s + 30, UTC)
    stage.backend.put_metric_data(namespace, [{"MetricName": metric, "Timestamp": at, "Value": value}])


def _requests(stage: Stage, **counted: float) -> None:
    at = datetime.fromtimestamp(stage.now_s + 30, UTC)
    of = [{"Name": "of", "Value": "it"}]
    data = [
        {"MetricName": name, "Timestamp": at, "Value": value, "Dimensions": of}
        for name, value in counted.items()
    ]
    stage.backend.put_metric_data("test", data)
