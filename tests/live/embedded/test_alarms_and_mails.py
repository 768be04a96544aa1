"""From a metric to a mail that a person reads, through both emulators, and over their restart."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from groma.live.embedded import EmbeddedCloud
from groma.live.mails import Mails, mails

pytestmark = pytest.mark.slow

WORKLOAD = "name: chirp\n"


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[EmbeddedCloud]:
    made = EmbeddedCloud(tmp_path / ".groma" / "cloud", key_file=tmp_path / "key")
    yield made
    made.stop(discard=True)


def _wait(condition: Callable[[], object], timeout_s: float = 15) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def _confirm(arrived: Mails) -> None:
    """Open the link of the first mail, as its reader would."""
    (asked,) = arrived.mails
    assert asked.subject == "AWS Notification - Subscription Confirmation"
    link = re.search(r"http://\S+", asked.text)
    assert link is not None
    with urlopen(link[0]) as answer:
        assert b"ConfirmSubscriptionResult" in answer.read()


def test_from_a_metric_to_a_mail(cloud: EmbeddedCloud, tmp_path: Path) -> None:
    aws = cloud.start()
    sns, cloudwatch = aws.client("sns", "eu-west-1"), aws.client("cloudwatch", "eu-west-1")
    topic = sns.create_topic(Name="chirp-euw1-alarms")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    _confirm(mails("chirp", cloud.directory))

    datum = {"MetricName": "Errors", "Timestamp": datetime.now(UTC) - timedelta(seconds=15), "Value": 7}
    cloudwatch.put_metric_data(Namespace="test", MetricData=[datum])
    cloudwatch.put_metric_alarm(
        AlarmName="chirp-errors", AlarmDescription="Leute können nicht lesen", Namespace="test",
        MetricName="Errors", Statistic="Sum", Period=10, EvaluationPeriods=2, DatapointsToAlarm=1,
        Threshold=5, ComparisonOperator="GreaterThanThreshold", AlarmActions=[topic],
    )  # fmt: skip
    (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
    _wait(lambda: len(mails("chirp", cloud.directory).mails) == 2)
    assert (alarm["StateValue"], alarm["StateReason"][:34]) == ("ALARM", "Threshold Crossed: 1 out of the la")
    history = cloudwatch.describe_alarm_history(AlarmName="chirp-errors")["AlarmHistoryItems"]
    assert {item["HistorySummary"] for item in history} >= {
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        f"Successfully executed action {topic}",
    }

    (tmp_path / "groma.yaml").write_text(WORKLOAD)
    shown = _groma(tmp_path, "mail", "--show", "2")
    assert 'Subject:  ALARM: "chirp-errors" in EU (Ireland)' in shown
    assert "- Description:                Leute können nicht lesen" in shown
    assert max(len(line) for line in shown.splitlines() if "http" not in line and "arn:" not in line) <= 80

    cloud.stop(discard=False)
    again = cloud.start().client("cloudwatch", "eu-west-1")
    kept = again.describe_alarm_history(AlarmName="chirp-errors", ScanBy="TimestampAscending")
    assert kept["AlarmHistoryItems"][0]["HistorySummary"] == "Alarm updated from INSUFFICIENT_DATA to ALARM"
    assert len(mails("chirp", cloud.directory).mails) >= 2


def _groma(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "groma.cli", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout
