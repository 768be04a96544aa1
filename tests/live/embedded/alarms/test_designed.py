"""The alarms of a design in the embedded CloudWatch: quiet on a quiet day, and one mail for one fault."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from stage import TOPIC, Stage, queries

from groma.answers import Expression, Metric
from groma.design import Design
from groma.live.embedded.alarms.letter import letter
from groma.monitoring import alarms, composites
from groma.monitoring.evaluate import Rule
from groma.terraform.alarms import description

OPERATORS = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
}


@pytest.fixture
def stage() -> Stage:
    return Stage()


def _put_as_designed(stage: Stage, designed: Design) -> None:
    """Every alarm of a design, as its Terraform puts it."""
    for alarm in alarms(designed.architecture):
        said: dict[str, Any] = {
            "threshold": alarm.threshold,
            "comparison_operator": OPERATORS[alarm.comparison],
            "evaluation_periods": alarm.evaluation_periods,
            "datapoints_to_alarm": alarm.datapoints,
            "treat_missing_data": alarm.missing.treatment,
            "description": description(alarm),
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
        rule = " AND ".join(f'ALARM("{part}")' for part in each.all_of)
        stage.compose(each.id, rule, description=description(each))


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


def test_what_burns_the_budget_is_a_page_and_a_ticket_that_say_what_to_do(
    stage: Stage, designed: Design
) -> None:
    """A tenth fails: at once in the short window, and after minutes in that of an hour as well."""
    _put_as_designed(stage, designed)
    for minute in range(75):
        _requests(stage, requests=400, target_5xx=40 if minute >= 60 else 0)
        stage.after()
    of_web = [each for each in stage.sent if each.alarm.name.startswith("web-5xx")]
    told = {each.alarm.name: each for each in of_web}
    assert set(told) == {"web-5xx-fast", "web-5xx-slow"}, "what burns fast burns slowly as well"
    assert len(of_web) == 2, "the windows themselves say nothing"
    assert told["web-5xx-fast"].subject == 'ALARM: "web-5xx-fast" in EU (Ireland)'
    assert "TICKET: " in letter(told["web-5xx-slow"])
    said = letter(told["web-5xx-fast"])
    for what in (
        "PAGE: so many requests to the web load balancer fail that the month's error budget is gone in two",
        "It means: Users get errors instead of answers.",
        "Look first at: ",
        "Do: Go back to the release before",
    ):
        assert what in said


def test_one_failed_request_of_thirty_mails_nothing(stage: Stage, designed: Design) -> None:
    _put_as_designed(stage, designed)
    for _ in range(90):
        _requests(stage, requests=6, target_5xx=0)
        stage.after()
    _requests(stage, requests=6, target_5xx=1)
    stage.after(300)
    assert [each.subject for each in stage.sent if "5xx" in each.subject] == []


def _requests(stage: Stage, **counted: float) -> None:
    at = datetime.fromtimestamp(stage.now_s + 30, UTC)
    of = [{"Name": "of", "Value": "it"}]
    data = [
        {"MetricName": name, "Timestamp": at, "Value": value, "Dimensions": of}
        for name, value in counted.items()
    ]
    stage.backend.put_metric_data("test", data)
