"""Changes of what watches and guards the stack that verify has to find, and those that are none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from chirp_cloud import Cloud
from chirp_design import KEY, SECRET, TOPIC


def test_a_key_that_is_disabled_or_not_rotated(chirp: Cloud) -> None:
    chirp.keys["alias/chirp"]["KeyState"] = "PendingDeletion"
    chirp.rotates = False
    assert chirp.wrong() == {"key.key": "PendingDeletion, not rotated"}


def test_a_key_that_is_gone_encrypts_nothing(chirp: Cloud) -> None:
    chirp.keys.clear()
    wrong = chirp.wrong()
    assert wrong["key.key"] == "missing"
    assert wrong["mail.topic"] == "encrypted with another key"


def test_a_secret_that_is_gone(chirp: Cloud) -> None:
    chirp.secrets.clear()
    assert chirp.wrong() == {"secret.secret": "missing", "database-master.password": "in no secret"}


def test_a_secret_that_waits_for_its_deletion(chirp: Cloud) -> None:
    chirp.secrets[SECRET]["DeletedDate"] = datetime(2026, 12, 1, tzinfo=UTC)
    assert chirp.wrong() == {"secret.secret": "encrypted with the stack's key, to be deleted on 2026-12-01"}


@pytest.mark.parametrize("name", [KEY, KEY.rpartition("/")[2], "alias/chirp"])
def test_the_key_by_any_of_its_names(chirp: Cloud, name: str) -> None:
    chirp.topics[TOPIC]["KmsMasterKeyId"] = name
    assert chirp.wrong() == {}


def test_a_topic_that_is_gone(chirp: Cloud) -> None:
    chirp.topics.clear()
    assert chirp.wrong() == {
        "mail.topic": "missing",
        "mail.subscription": "missing",
        "mail.tickets": "missing",
        "mail.tickets-subscription": "missing",
    }


def test_a_topic_that_is_not_encrypted(chirp: Cloud) -> None:
    del chirp.topics[TOPIC]["KmsMasterKeyId"]
    assert chirp.wrong() == {"mail.topic": "not encrypted"}


def test_a_subscription_that_is_gone(chirp: Cloud) -> None:
    chirp.subscriptions.clear()
    assert chirp.wrong() == {"mail.subscription": "nobody", "mail.tickets-subscription": "nobody"}


def test_a_subscription_of_somebody_else(chirp: Cloud) -> None:
    chirp.subscriptions[0]["Endpoint"] = "other@example.com"
    other = "other@example.com"
    assert chirp.wrong() == {"mail.subscription": other, "mail.tickets-subscription": other}


def test_a_subscription_that_is_not_confirmed_yet_does_not_count_and_says_what_to_do(chirp: Cloud) -> None:
    chirp.subscriptions[0]["SubscriptionArn"] = "PendingConfirmation"
    for id_ in ("mail.subscription", "mail.tickets-subscription"):
        finding = chirp.findings()[id_]
        assert finding.outcome == "not tried"
        assert finding.actual.startswith("ops@example.com has not confirmed yet, by the link")


def test_an_alarm_that_is_gone(chirp: Cloud) -> None:
    del chirp.alarms["chirp-web-cpu"]
    assert chirp.wrong() == {"monitoring.alarms.web": "web-cpu: missing"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Threshold": 99.0}, "web-cpu: threshold 99.0 instead of 95"),
        ({"ComparisonOperator": "LessThanThreshold"}, "web-cpu: comparison < instead of >"),
        ({"EvaluationPeriods": 1}, "web-cpu: window 1 instead of 3"),
        ({"DatapointsToAlarm": 1}, "web-cpu: datapoints 1 instead of 3"),
        ({"TreatMissingData": "ignore"}, "web-cpu: missing data ignore instead of missing"),
        ({"InsufficientDataActions": []}, "web-cpu: tells of gaps as nothing instead of ticket"),
        ({"OKActions": [TOPIC]}, "web-cpu: tells its end as page instead of nothing"),
    ],
    ids=str,
)
def test_an_alarm_that_was_altered(chirp: Cloud, change: dict[str, Any], said: str) -> None:
    chirp.alarms["chirp-web-cpu"] |= change
    assert chirp.wrong() == {"monitoring.alarms.web": said}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ActionsEnabled": False}, "tells nobody: its actions are off"),
        ({"AlarmActions": []}, "is told as nothing instead of ticket"),
        ({"AlarmActions": [TOPIC]}, "is told as page instead of ticket"),
    ],
    ids=str,
)
def test_an_alarm_that_tells_somebody_else(chirp: Cloud, change: dict[str, Any], said: str) -> None:
    chirp.alarms["chirp-web-memory"] |= change
    assert chirp.wrong() == {"monitoring.alarms.web": f"web-memory: {said}"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"MetricName": "NetworkIn"}, "Average of AWS/EC2 NetworkIn every 300 s"),
        ({"Statistic": "Maximum"}, "Maximum of AWS/EC2 CPUUtilization"),
        ({"Period": 60}, "every 60 s"),
        ({"Dimensions": [{"Name": "AutoScalingGroupName", "Value": "other"}]}, "AutoScalingGroupName other"),
        ({"Dimensions": []}, "every 300 s for  instead of"),
    ],
    ids=str,
)
def test_an_alarm_that_watches_something_else(chirp: Cloud, change: dict[str, Any], said: str) -> None:
    chirp.alarms["chirp-web-cpu"] |= change
    wrong = chirp.wrong()
    assert set(wrong) == {"monitoring.alarms.web"}
    assert said in wrong["monitoring.alarms.web"]
    assert "instead of Average of AWS/EC2 CPUUtilization" in wrong["monitoring.alarms.web"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"AlarmRule": "TRUE"}, 'rule TRUE instead of ALARM("chirp-web-5xx") AND ALARM("chirp-web-5xx-1h")'),
        ({"AlarmActions": []}, "is told as nothing instead of page"),
        ({"OKActions": []}, "tells its end as nothing instead of page"),
    ],
    ids=str,
)
def test_a_composite_alarm_that_was_altered(chirp: Cloud, change: dict[str, Any], said: str) -> None:
    chirp.composites["chirp-web-5xx-fast"] |= change
    assert chirp.wrong() == {"monitoring.alarms.web-lb": f"web-5xx-fast: {said}"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"ActionsSuppressor": "chirp-web-5xx-1h"}, "chirp-web-5xx-1h, waits 600 s, then 7500 s"),
        ({"ActionsSuppressorWaitPeriod": 0}, "chirp-web-5xx-fast, waits 0 s, then 7500 s"),
        ({"ActionsSuppressor": None}, "nothing"),
    ],
    ids=str,
)
def test_a_composite_alarm_that_is_kept_quiet_otherwise(
    chirp: Cloud, change: dict[str, Any], found: str
) -> None:
    row = chirp.composites["chirp-web-5xx-slow"] | change
    chirp.composites["chirp-web-5xx-slow"] = {name: value for name, value in row.items() if value is not None}
    said = f"kept quiet by {found} instead of chirp-web-5xx-fast, waits 600 s, then 7500 s"
    assert chirp.wrong() == {"monitoring.alarms.web-lb": f"web-5xx-slow: {said}"}


def test_a_composite_alarm_that_is_gone(chirp: Cloud) -> None:
    del chirp.composites["chirp-web-5xx-slow"]
    assert chirp.wrong() == {"monitoring.alarms.web-lb": "web-5xx-slow: missing"}


def test_an_alarm_on_another_formula(chirp: Cloud) -> None:
    chirp.alarms["chirp-web-5xx"]["Metrics"][-1]["Expression"] = "requests"
    assert "watches requests; " in chirp.wrong()["monitoring.alarms.web-lb"]


def test_an_alarm_whose_formula_reads_another_metric(chirp: Cloud) -> None:
    chirp.alarms["chirp-app-5xx"]["Metrics"][0]["MetricStat"]["Stat"] = "Average"
    wrong = chirp.wrong()
    assert set(wrong) == {"monitoring.alarms.app-lb"}
    assert "requests = Average of AWS/ApplicationELB RequestCount" in wrong["monitoring.alarms.app-lb"]


def test_a_dimension_that_no_output_tells_is_not_compared(chirp: Cloud) -> None:
    chirp.outputs = {k: v for k, v in chirp.outputs.items() if not k.endswith("_arn_suffix")}
    assert chirp.wrong() == {}


def test_the_nat_gateways_alarm_watches_the_nat_gateway_that_stands(chirp: Cloud) -> None:
    chirp.alarms["chirp-nat-ports"]["Dimensions"][0]["Value"] = "nat-old"
    assert "NatGatewayId nat-old" in chirp.wrong()["monitoring.alarms.nat"]


def test_a_dashboard_without_all_graphs(chirp: Cloud) -> None:
    chirp.dashboards["chirp"].remove("nat-ports")
    assert chirp.wrong() == {"monitoring.dashboard": "no graph for nat-ports"}


def test_a_dashboard_that_is_gone(chirp: Cloud) -> None:
    chirp.dashboards.clear()
    assert chirp.wrong() == {"monitoring.dashboard": "missing"}


def test_another_budget(chirp: Cloud) -> None:
    chirp.budgets["chirp-monthly"]["Amount"] = "99999.0"
    chirp.budgets["chirp-daily"]["Amount"] = "99999.0"
    assert chirp.wrong() == {
        "budget.limit": "99999.00 USD MONTHLY",
        "budget.daily-limit": "99999.00 USD DAILY",
    }


def test_a_budget_that_is_gone(chirp: Cloud) -> None:
    chirp.budgets.clear()
    names = ("limit", "notifications", "daily-limit", "daily-notifications")
    assert chirp.wrong() == {f"budget.{name}": "missing" for name in names}


def test_a_budget_that_tells_nobody(chirp: Cloud) -> None:
    chirp.notifications["chirp-monthly"]["FORECASTED"] = ["arn:aws:sns:us-east-1:111122223333:other"]
    assert chirp.wrong() == {"budget.notifications": "ACTUAL over 100 %"}
    for told in chirp.notifications.values():
        told.clear()
    assert chirp.wrong() == {"budget.notifications": "nothing", "budget.daily-notifications": "nothing"}
