"""What an alarm sends: the text for people, the document for machines, and what its history says of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from stage import TOPIC, Stage, queries

from groma.live.embedded.alarms import memory
from groma.live.embedded.alarms.acting import remember
from groma.live.embedded.alarms.letter import letter
from groma.live.mails import Mail
from groma.monitoring import alarms, composites
from groma.terraform.alarms import description
from workloads import designed_example

REASON = (
    "Threshold Crossed: 1 out of the last 1 datapoints [9.0 (28/11/26 11:59:00)] was greater than the "
    "threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition)."
)
LETTER = f"""\
You are receiving this email because your Amazon CloudWatch Alarm "web cpu" in the EU (Ireland) region has \
entered the ALARM state, because "{REASON}" at "Saturday 28 November, 2026 12:00:00 UTC".

View this alarm in the AWS Management Console:
https://eu-west-1.console.aws.amazon.com/cloudwatch/deeplink.js?region=eu-west-1#alarmsV2:alarm/web%20cpu

Alarm Details:
- Name:                       web cpu
- Description:                the servers are too busy
- State Change:               INSUFFICIENT_DATA -> ALARM
- Reason for State Change:    {REASON}
- Timestamp:                  Saturday 28 November, 2026 12:00:00 UTC
- AWS Account:                ACCOUNT
- Alarm Arn:                  arn:aws:cloudwatch:eu-west-1:ACCOUNT:alarm:web cpu

Threshold:
- The alarm is in the ALARM state when the metric is GreaterThanThreshold 5.0 for at least 1 of the last 1 \
period(s) of 60 seconds.

Monitored Metric:
- MetricNamespace:                     test
- MetricName:                          m
- Dimensions:                          [host = a], [disk = x]
- Period:                              60 seconds
- Statistic:                           Maximum
- Unit:                                not specified
- TreatMissingData:                    missing


State Change Actions:
- OK:
- ALARM: [{TOPIC}]
- INSUFFICIENT_DATA:
"""


@pytest.fixture
def stage() -> Stage:
    """A stage on which one alarm has fired."""
    made = Stage()
    of = [{"Name": "host", "Value": "a"}, {"Name": "disk", "Value": "x"}]
    made.publish(9, Dimensions=of)
    made.put("web cpu", description="the servers are too busy", dimensions=of)
    made.watch.look()
    return made


def test_a_letter_is_that_of_aws(stage: Stage) -> None:
    (notice,) = stage.sent
    assert notice.subject == 'ALARM: "web cpu" in EU (Ireland)'
    assert letter(notice) == LETTER.replace("ACCOUNT", stage.account)


def test_a_letter_of_math_names_the_expression(stage: Stage) -> None:
    asked = queries("100 * bad", {}, "bad")
    none = dict.fromkeys(("namespace", "metric_name", "statistic", "period"))
    stage.publish(9, MetricName="bad", Dimensions=[{"Name": "of", "Value": "it"}])
    stage.put("errors", metric_data_queries=asked, **none)
    stage.watch.look()
    text = letter(stage.sent[-1])
    assert "- MetricExpression:           100 * bad\n- MetricLabel:                what is shown\n" in text
    assert "1 of the last 1 period(s) of 60 seconds." in text
    trigger = json.loads(stage.sent[-1].document())["Trigger"]
    assert [each["Id"] for each in trigger["Metrics"]] == ["shown", "bad"]
    assert trigger["Metrics"][1]["MetricStat"]["Metric"]["Dimensions"] == [{"value": "it", "name": "of"}]


def test_a_letter_of_a_composite_alarm_names_the_children_that_made_it_change(stage: Stage) -> None:
    stage.compose("users", 'ALARM("web cpu")')
    stage.after()
    text = letter(stage.sent[-1])
    assert "has transitioned to ALARM state on Saturday 28 November, 2026 12:01:00 UTC, because" in text
    assert '- Alarm Rule:                 ALARM("web cpu")' in text
    arn = f"arn:aws:cloudwatch:eu-west-1:{stage.account}:alarm:web cpu"
    assert f"- {arn}   ALARM               Saturday 28 November, 2026 12:00:00 UTC" in text
    (child,) = json.loads(stage.sent[-1].document())["TriggeringChildren"]
    assert child == {"Arn": arn, "State": {"Value": "ALARM", "Timestamp": "2026-11-28T12:00:00.000+0000"}}


def test_a_document_has_what_machines_look_for(stage: Stage) -> None:
    document = json.loads(stage.sent[0].document())
    assert {name: document[name] for name in ("AlarmName", "NewStateValue", "OldStateValue", "Region")} == {
        "AlarmName": "web cpu",
        "NewStateValue": "ALARM",
        "OldStateValue": "INSUFFICIENT_DATA",
        "Region": "EU (Ireland)",
    }
    assert document["StateChangeTime"] == "2026-11-28T12:00:00.000+0000"
    assert document["AlarmActions"] == [TOPIC]
    trigger = document["Trigger"]
    assert (trigger["StatisticType"], trigger["Statistic"], trigger["Threshold"]) == (
        "Statistic",
        "MAXIMUM",
        5,
    )


@pytest.mark.parametrize(
    ("failure", "summary", "state"),
    [
        ("", f"Successfully executed action {TOPIC}", "Succeeded"),
        ("NotFound: no", f"Failed to execute action {TOPIC}. Received error: NotFound: no", "Failed"),
    ],
)
def test_history_tells_what_became_of_an_action(stage: Stage, failure: str, summary: str, state: str) -> None:
    remember(stage.sent[0], failure)
    item = memory.history(stage.backend.alarms["web cpu"])[-1]
    assert (item["HistoryItemType"], item["HistorySummary"]) == ("Action", summary)
    assert json.loads(item["HistoryData"])["actionState"] == state


@pytest.mark.parametrize("name", ["web-5xx-fast", "web-healthy-hosts", "web-latency"])
def test_a_mail_at_night_says_what_is_broken_since_when_how_bad_and_what_to_do(
    stage: Stage, name: str
) -> None:
    architecture = designed_example("social-50k").architecture
    own = alarms(architecture)
    (alarm,) = [each for each in (*own, *composites(architecture)) if each.id == name]
    stage.put(f"chirp-{name}", description=description(alarm, own))
    stage.publish(9)
    stage.watch.look()
    notice = stage.sent[-1]
    assert notice.subject.startswith(f'ALARM: "chirp-{name}"')
    mail = Mail(
        1, "2026-11-28 03:00:00", "ops@example.com", notice.subject, TOPIC, letter(notice), Path("1.eml")
    )
    lines = mail.words().lines
    assert all(len(line) <= 80 for line in lines if "console.aws" not in line and "arn:" not in line)
    printed = " ".join(" ".join(lines).split())
    runbook = alarm.runbook
    told = (
        f"PAGE: {alarm.title}.",
        f"It means: {runbook.means}",
        "Since: ",
        f"Look first at: {runbook.look}",
    )
    places = [printed.index(each) for each in (*told, f"Do: {runbook.do}", f"Runbook: {name} in RUNBOOK.md")]
    assert places == sorted(places)
