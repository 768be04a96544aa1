"""From a metric to a mail that a person reads, through both emulators, and over their restart."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from groma.live.embedded import EmbeddedCloud, Endpoints
from groma.live.mails import mails
from passing_time import confirm, publish, turns

pytestmark = pytest.mark.slow

WORKLOAD = "name: chirp\n"


CODE = """
def handler(event, context):
    if event.get("bad"):
        raise ValueError("bad")
"""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedCloud]:
    """One cloud for all tests of this file."""
    folder = tmp_path_factory.mktemp("mails")
    made = EmbeddedCloud(folder / ".groma" / "cloud", key_file=folder / "key")
    yield made
    made.stop(discard=True)


def _wait(condition: Callable[[], object], timeout_s: float = 15) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def test_what_runs_is_measured(cloud: EmbeddedCloud) -> None:
    aws = cloud.start()
    cloud.judge_deployer(None)
    functions, apis = aws.client("lambda"), aws.client("apigatewayv2")
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("app.py", CODE)
    functions.create_function(
        FunctionName="f", Runtime="python3.12", Handler="app.handler", Code={"ZipFile": zipped.getvalue()},
        Role="arn:aws:iam::123456789012:role/f",
    )  # fmt: skip
    for asked in ({}, {"bad": 1}):
        functions.invoke(FunctionName="f", Payload=json.dumps(asked))
    api = apis.create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    host = f"{api}.execute-api.us-east-1.amazonaws.com"
    with pytest.raises(HTTPError, match="404"):
        urlopen(Request(f"{aws.url('apigatewayv2')}/", headers={"Host": host}))

    of = {"FunctionName": "f"}
    _wait(lambda: _sum(aws, "AWS/ApiGateway", "Count", {"ApiId": api, "Stage": "$default"}))
    assert _sum(aws, "AWS/ApiGateway", "4xx", {"ApiId": api, "Stage": "$default"}) == 1
    assert (_sum(aws, "AWS/Lambda", "Invocations", of), _sum(aws, "AWS/Lambda", "Errors", of)) == (2, 1)
    assert _sum(aws, "AWS/Lambda", "Duration", of) > 0
    assert "cloudwatch:PutMetricData" not in {need.action for need in cloud.needed()}


def test_from_a_metric_to_a_mail(cloud: EmbeddedCloud) -> None:
    aws = cloud.start()
    cloud.judge_deployer(None)
    sns, cloudwatch = aws.client("sns", "eu-west-1"), aws.client("cloudwatch", "eu-west-1")
    topic = sns.create_topic(Name="chirp-euw1-alarms")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    assert confirm([each.document() for each in mails("chirp", cloud.directory).mails]) == 1

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

    home = cloud.directory.parent.parent
    assert "sns:Publish" not in {need.action for need in cloud.needed()}

    (home / "groma.yaml").write_text(WORKLOAD)
    shown = _groma(home, "mail", "--show", "2")
    assert 'Subject:  ALARM: "chirp-errors" in EU (Ireland)' in shown
    assert "- Description:                Leute können nicht lesen" in shown
    assert max(len(line) for line in shown.splitlines() if "http" not in line and "arn:" not in line) <= 80

    cloud.stop(discard=False)
    again = cloud.start().client("cloudwatch", "eu-west-1")
    kept = again.describe_alarm_history(AlarmName="chirp-errors", ScanBy="TimestampAscending")
    assert kept["AlarmHistoryItems"][0]["HistorySummary"] == "Alarm updated from INSUFFICIENT_DATA to ALARM"
    assert len(mails("chirp", cloud.directory).mails) >= 2


def test_what_falls_silent_is_told_as_soon_as_time_has_passed(cloud: EmbeddedCloud) -> None:
    aws = cloud.start()
    cloud.judge_deployer(None)
    cloudwatch, home = aws.client("cloudwatch", "eu-west-1"), cloud.directory.parent.parent
    (home / "groma.yaml").write_text(WORKLOAD)
    (topic,) = (each["TopicArn"] for each in aws.client("sns", "eu-west-1").list_topics()["Topics"])
    cloudwatch.put_metric_alarm(
        AlarmName="chirp-agent", Namespace="CWAgent", MetricName="mem_used_percent", Statistic="Maximum",
        Period=60, EvaluationPeriods=2, Threshold=80, ComparisonOperator="GreaterThanThreshold",
        InsufficientDataActions=[topic],
    )  # fmt: skip
    before = len(mails("chirp", cloud.directory).mails)
    now_s = time.time()
    publish(cloudwatch, {("CWAgent", "mem_used_percent", ()): lambda _: 30.0}, now_s, now_s + 1200, 60)
    assert len(json.loads(_groma(home, "mail", "--after", "20m", "--json"))) == before
    assert turns(cloudwatch, "chirp-agent") == ["OK"]
    told = json.loads(_groma(home, "mail", "--after", "10m", "--json"))[before:]
    assert [each["subject"] for each in told] == ['INSUFFICIENT_DATA: "chirp-agent" in EU (Ireland)']
    assert turns(cloudwatch, "chirp-agent") == ["OK", "INSUFFICIENT_DATA"]


def _sum(aws: Endpoints, namespace: str, name: str, dimensions: Mapping[str, str]) -> float:
    """All that was published of a metric in the last minutes."""
    now = datetime.now(UTC)
    named = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    found = aws.client("cloudwatch").get_metric_statistics(
        Namespace=namespace, MetricName=name, Dimensions=named, Statistics=["Sum"], Period=60,
        StartTime=now - timedelta(minutes=5), EndTime=now + timedelta(minutes=1),
    )  # fmt: skip
    return float(sum(point["Sum"] for point in found["Datapoints"]))


def _groma(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "groma.cli", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout
