from __future__ import annotations

from datetime import UTC, datetime, timedelta

from groma.live.embedded import Endpoints
from probes.network import unique


def _alarm(aws: Endpoints, missing: str = "missing") -> str:
    name = unique("alarm")
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/EC2",
        MetricName="CPUUtilization",
        Statistic="Average",
        Period=60,
        EvaluationPeriods=5,
        Threshold=80,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData=missing,
    )
    return name


def composite_alarms(aws: Endpoints) -> None:
    cloudwatch, name = aws.client("cloudwatch"), unique("composite")
    rule = f'ALARM("{_alarm(aws)}") AND NOT ALARM("{_alarm(aws)}")'
    said = {"AlarmName": name, "AlarmRule": rule, "AlarmActions": ["arn:aws:sns:us-east-1:123456789012:x"]}
    quiet = {
        "ActionsSuppressor": _alarm(aws), "ActionsSuppressorWaitPeriod": 120,
        "ActionsSuppressorExtensionPeriod": 180,
    }  # fmt: skip
    cloudwatch.put_composite_alarm(**said, **quiet)
    seen = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])
    (alarm,) = seen["CompositeAlarms"]
    assert alarm["AlarmRule"] == rule
    assert alarm["AlarmActions"] == ["arn:aws:sns:us-east-1:123456789012:x"]
    assert seen["MetricAlarms"] == []
    assert {what: alarm[what] for what in quiet} == quiet
    cloudwatch.put_composite_alarm(**said)
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert "ActionsSuppressor" not in alarm


def first_state(aws: Endpoints) -> None:
    name = _alarm(aws, "ignore")  # evaluated without data, it stays as it is
    (alarm,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert alarm["StateValue"] == "INSUFFICIENT_DATA"


def _latencies(aws: Endpoints) -> tuple[dict[str, str], dict[str, datetime]]:
    """Put the values 1 to 200 into one minute; return the metric and the minute."""
    namespace, minute = unique("space"), datetime.now(UTC).replace(second=0, microsecond=0)
    values = [float(n) for n in range(1, 201)]
    for part in (values[:150], values[150:]):
        datum = {"MetricName": "Latency", "Timestamp": minute + timedelta(seconds=30), "Values": part}
        aws.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[datum])
    metric = {"Namespace": namespace, "MetricName": "Latency"}
    return metric, {"StartTime": minute, "EndTime": minute + timedelta(minutes=1)}


def percentiles(aws: Endpoints) -> None:
    metric, minute = _latencies(aws)
    queries = [
        {"Id": f"q{n}", "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat}}
        for n, stat in enumerate(("p50", "p99", "p99.9", "Maximum", "TC(150:)"))
    ]
    answer = aws.client("cloudwatch").get_metric_data(MetricDataQueries=queries, **minute)
    # nearest rank of 200 values: ranks 100, 198 and 200
    assert [row["Values"] for row in answer["MetricDataResults"]] == [[100], [198], [200], [200], [50]]


def extended_statistics(aws: Endpoints) -> None:
    metric, minute = _latencies(aws)
    answer = aws.client("cloudwatch").get_metric_statistics(
        **metric, **minute, Period=60, ExtendedStatistics=["p50", "p99"]
    )
    assert [point["ExtendedStatistics"] for point in answer["Datapoints"]] == [{"p50": 100, "p99": 198}]
