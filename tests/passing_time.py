"""What a stack publishes, minute by minute and ahead of its clock, and what its alarms make of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.request import urlopen

ASKED = ("Count", "Invocations", "RequestCount", "Requests")
MOST_DATA = 500
Metric = tuple[str, str, tuple[tuple[str, str], ...]]
"""Namespace, name and dimensions."""


def quiet_values(cloudwatch: Any, stack: str) -> dict[Metric, float]:
    """Every metric that a stack's alarms read → its value while little is asked and all goes well."""
    found: dict[Metric, float] = {}
    asked = {"AlarmNamePrefix": f"{stack}-", "AlarmTypes": ["MetricAlarm"]}
    for page in cloudwatch.get_paginator("describe_alarms").paginate(**asked):
        for alarm in page["MetricAlarms"]:
            below = alarm["ComparisonOperator"].startswith("Less")
            for metric in _metrics(alarm):
                value = 2 * alarm["Threshold"] if below else 60.0 * (metric[1] in ASKED)
                found[metric] = max(value, found.get(metric, 0.0))
    return found


def _metrics(alarm: Mapping[str, Any]) -> Iterator[Metric]:
    rows = [row["MetricStat"]["Metric"] for row in alarm.get("Metrics", ()) if "MetricStat" in row]
    for row in rows or [alarm]:
        dimensions = tuple((each["Name"], each["Value"]) for each in row.get("Dimensions", ()))
        yield row["Namespace"], row["MetricName"], dimensions


def publish(
    cloudwatch: Any,
    values: Mapping[Metric, Callable[[float], float | None]],
    start_s: float,
    until_s: float,
    step_s: int,
) -> None:
    """Publish each metric at each step: what its function gives of the seconds since the start, if at all."""
    data: dict[str, list[dict[str, Any]]] = {}
    for (namespace, name, dimensions), of in values.items():
        named = [{"Name": key, "Value": value} for key, value in dimensions]
        for at_s in range(int(start_s), int(until_s), step_s):
            if (value := of(at_s - start_s)) is not None:
                at = datetime.fromtimestamp(at_s, UTC)
                datum = {"MetricName": name, "Dimensions": named, "Timestamp": at, "Value": value}
                data.setdefault(namespace, []).append(datum)
    for namespace, rows in data.items():
        for first in range(0, len(rows), MOST_DATA):
            cloudwatch.put_metric_data(Namespace=namespace, MetricData=rows[first : first + MOST_DATA])


def confirm(mails: Iterable[Mapping[str, Any]]) -> int:
    """Open the links of the mails that ask whether one wants any; returns how many."""
    links = [re.search(r"http://\S+", each["text"]) for each in mails if "Confirmation" in each["subject"]]
    for link in links:
        assert link is not None
        with urlopen(link[0]) as answer:
            assert b"ConfirmSubscriptionResult" in answer.read()
    return len(links)


def states(cloudwatch: Any, stack: str) -> list[str]:
    """In which states the alarms of a stack are."""
    asked = {"AlarmNamePrefix": f"{stack}-", "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
    pages = list(cloudwatch.get_paginator("describe_alarms").paginate(**asked))
    return [row["StateValue"] for page in pages for row in (*page["MetricAlarms"], *page["CompositeAlarms"])]


def turns(cloudwatch: Any, name: str) -> list[str]:
    """The states that an alarm came into, by its history, the first one first."""
    asked = {"AlarmName": name, "HistoryItemType": "StateUpdate", "ScanBy": "TimestampAscending"}
    items = cloudwatch.describe_alarm_history(**asked)["AlarmHistoryItems"]
    return [item["HistorySummary"].rpartition(" to ")[2] for item in items]
