"""CloudWatch as a test needs it: the alarms of a design as they stand, and metrics that it is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from groma.answers import Alarm, Expression, Metric
from groma.architecture import Architecture
from groma.monitoring import alarms, composites

NOW = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
SINCE = datetime(2026, 11, 29, 2, 41, tzinfo=UTC)


class Watch:
    """CloudWatch in every region.

    Args:
        architecture: whose alarms stand there.
        firing, silent, gone: names of alarms that are on, have no data, or do not exist.
        values: name of a metric → its value at all times; others have no data.
        refused: operations that nobody may call.
    """

    def __init__(
        self,
        architecture: Architecture,
        firing: Collection[str] = (),
        silent: Collection[str] = (),
        gone: Collection[str] = (),
        values: Mapping[str, float] | None = None,
        refused: Collection[str] = (),
    ) -> None:
        self.firing, self.silent, self.gone = firing, silent, gone
        self.values, self.refused = values or {}, refused
        self.rows: dict[str, dict[str, Any]] = {}
        for part in architecture.parts:
            here = part.architecture
            self.rows |= {f"{here.name}-{each.id}": _row(each) for each in alarms(here)}
            self.rows |= {f"{here.name}-{each.id}": {"AlarmRule": "x"} for each in composites(here)}

    def client(self, service: str, region: str | None = None) -> Watch:
        return self

    def can_paginate(self, operation: str) -> bool:
        return False

    def describe_alarms(self, AlarmNames: list[str], AlarmTypes: list[str]) -> dict[str, Any]:
        found = [self._state(name) for name in AlarmNames if name not in self.gone]
        return {
            "MetricAlarms": [row for row in found if "AlarmRule" not in row],
            "CompositeAlarms": [row for row in found if "AlarmRule" in row],
        }

    def _state(self, name: str) -> dict[str, Any]:
        state = "ALARM" if name in self.firing else "INSUFFICIENT_DATA" if name in self.silent else "OK"
        told = {"StateValue": state, "StateReason": "because", "StateTransitionedTimestamp": SINCE}
        return {"AlarmName": name, **told, **self.rows[name]}

    def get_metric_data(
        self, MetricDataQueries: list[Any], StartTime: datetime, EndTime: datetime, ScanBy: str
    ) -> dict[str, Any]:
        if "get_metric_data" in self.refused:
            error = {"Error": {"Code": "AccessDenied", "Message": "not authorized"}}
            raise ClientError(error, "GetMetricData")  # type: ignore[arg-type]
        return {"MetricDataResults": [self._data(q, StartTime, EndTime) for q in MetricDataQueries]}

    def _data(self, query: Any, start: datetime, end: datetime) -> dict[str, Any]:
        stat = query["MetricStat"]
        period_s = stat["Period"]
        first = int(start.timestamp()) // period_s * period_s
        value = self.values.get(stat["Metric"]["MetricName"])
        every = range(first, int(end.timestamp()), period_s) if value is not None else range(0)
        at = [datetime.fromtimestamp(each, UTC) for each in every]
        return {"Id": query["Id"], "Timestamps": at, "Values": [value] * len(at)}


def _row(alarm: Alarm) -> dict[str, Any]:
    """What DescribeAlarms says of what an alarm watches."""
    if isinstance(alarm.watches, Metric):
        metric = _metric(alarm.watches)
        return {**metric, "Period": alarm.watches.period_s, **_statistic(alarm.watches)}
    assert isinstance(alarm.watches, Expression)
    queries = [
        {
            "Id": id_,
            "ReturnData": False,
            "MetricStat": {"Metric": _metric(each), "Period": each.period_s, "Stat": each.statistic},
        }
        for id_, each in alarm.watches.metrics.items()
    ]
    return {"Metrics": [*queries, {"Id": "e1", "Expression": alarm.watches.expression, "ReturnData": True}]}


def _metric(metric: Metric) -> dict[str, Any]:
    pairs = [{"Name": name, "Value": str(value)} for name, value in metric.dimensions.items()]
    return {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": pairs}


def _statistic(metric: Metric) -> dict[str, str]:
    kind = "ExtendedStatistic" if metric.statistic.startswith("p") else "Statistic"
    return {kind: metric.statistic}
