from __future__ import annotations

from groma.live.embedded import Endpoints
from probes.cloudwatch import _alarm


def kept_state(aws: Endpoints) -> None:
    cloudwatch, name = aws.client("cloudwatch"), _alarm(aws)
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a drill")
    asked = {
        "AlarmName": name,
        "Namespace": "AWS/EC2",
        "MetricName": "CPUUtilization",
        "Statistic": "Average",
    }
    asked |= {"Period": 60, "EvaluationPeriods": 5, "ComparisonOperator": "GreaterThanThreshold"}
    cloudwatch.put_metric_alarm(**asked, Threshold=90, TreatMissingData="ignore")
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert (alarm["Threshold"], alarm["StateValue"]) == (90, "ALARM")
    cloudwatch.put_metric_alarm(**asked, Threshold=90, TreatMissingData="ignore")
    about = {"AlarmName": name, "HistoryItemType": "ConfigurationUpdate"}
    told = cloudwatch.describe_alarm_history(**about)["AlarmHistoryItems"]
    summaries = [item["HistorySummary"] for item in told]
    assert summaries == [f'Alarm "{name}" updated', f'Alarm "{name}" created'], "the same again is no update"


def history(aws: Endpoints) -> None:
    cloudwatch, name, other = aws.client("cloudwatch"), _alarm(aws), _alarm(aws)
    for each, state in ((name, "ALARM"), (other, "ALARM"), (name, "OK")):
        cloudwatch.set_alarm_state(AlarmName=each, StateValue=state, StateReason="a drill")
    asked = {"AlarmName": name, "HistoryItemType": "StateUpdate"}
    first = cloudwatch.describe_alarm_history(**asked, MaxRecords=1)
    second = cloudwatch.describe_alarm_history(**asked, NextToken=first["NextToken"])
    told = [item["HistorySummary"] for answer in (first, second) for item in answer["AlarmHistoryItems"]]
    assert told[0] == "Alarm updated from ALARM to OK"
    assert told[1] == "Alarm updated from INSUFFICIENT_DATA to ALARM"
    oldest = cloudwatch.describe_alarm_history(**asked, ScanBy="TimestampAscending")["AlarmHistoryItems"][0]
    assert oldest["HistorySummary"] == told[-1]
    assert cloudwatch.describe_alarm_history(**asked, EndDate=0)["AlarmHistoryItems"] == []
