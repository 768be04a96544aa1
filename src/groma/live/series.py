"""Points of metrics, from CloudWatch of a region: what alarms watch, over the last hours.

CloudWatch is asked for the metrics alone. What an alarm reckons from several of them is reckoned here by the
library that evaluates alarms, so that it is the same in every cloud.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from groma.live.alarm_states import AlarmNow
from groma.live.target import Clients
from groma.live.understood import understood
from groma.live.verify.reading import Deployed, Reading
from groma.monitoring.evaluate import MathError
from groma.monitoring.evaluate.metric_math import result
from groma.monitoring.evaluate.metric_math.values import Series
from groma.monitoring.evaluate.points import counted_between

MOST_QUERIES = 500
"""Metrics of one GetMetricData (API reference)."""
IN_SECONDS = "AWS/ApplicationELB"
"""Whose latency CloudWatch has in seconds; others are in milliseconds."""
Point = float | None


@dataclass(frozen=True)
class Watched:
    """One metric with its statistic and period, as CloudWatch is asked for it."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]
    statistic: str
    period_s: int

    def query(self, id_: str) -> dict[str, Any]:
        """A query of GetMetricData."""
        pairs = [{"Name": name, "Value": value} for name, value in sorted(self.dimensions)]
        metric = {"Namespace": self.namespace, "MetricName": self.name, "Dimensions": pairs}
        return {"Id": id_, "MetricStat": {"Metric": metric, "Period": self.period_s, "Stat": self.statistic}}


@dataclass(frozen=True)
class Span:
    """The time from `start_s` to before `end_s`, in seconds since 1970."""

    start_s: int
    end_s: int

    @classmethod
    def of(cls, now_s: float, length_s: int) -> Span:
        """So long until a moment."""
        return cls(int(now_s) - length_s, int(now_s))

    @classmethod
    def until_now(cls, length_s: int) -> Span:
        """So long until now."""
        return cls.of(time.time(), length_s)

    def axis(self, period_s: int) -> range:
        """When each whole period of it begins."""
        first = -(-self.start_s // period_s) * period_s
        return range(first, self.end_s, period_s)


def beside(watched: Watched) -> Watched | None:
    """Of a metric whose alarm counts how many took too long: how long the slowest of a hundred took."""
    return replace(watched, statistic="p99") if counted_between(watched.statistic) else None


def metrics_of(alarm: AlarmNow) -> tuple[Mapping[str, Watched], str]:
    """What a deployed alarm watches: its metrics by id, and what it makes of them; empty of a single one.

    Raises:
        CloudError: CloudWatch's answer is not understood.
    """
    with understood(f"alarm {alarm.name}"):
        return _metrics(alarm.row)


def _metrics(row: Mapping[str, Any]) -> tuple[Mapping[str, Watched], str]:
    if "MetricName" in row:
        statistic = row.get("Statistic") or row.get("ExtendedStatistic")
        return {"m1": _watched(row, str(statistic), int(row["Period"]))}, ""
    found, expression = {}, ""
    for query in row.get("Metrics") or ():
        if "MetricStat" in query:
            stat = query["MetricStat"]
            found[query["Id"]] = _watched(stat["Metric"], stat["Stat"], int(stat["Period"]))
        elif query.get("ReturnData", True):
            expression = str(query["Expression"])
    return found, expression


def _watched(metric: Mapping[str, Any], statistic: str, period_s: int) -> Watched:
    pairs = frozenset((each["Name"], each["Value"]) for each in metric.get("Dimensions") or ())
    return Watched(metric["Namespace"], metric["MetricName"], pairs, statistic, period_s)


def points(
    wanted: Iterable[Watched], region: str, clients: Clients, span: Span
) -> Mapping[Watched, tuple[Point, ...]]:
    """The points of metrics, one for each period of a span, None where there are none. Raises CloudError."""
    every = list(dict.fromkeys(wanted))
    reading, found = Reading(Deployed({}, clients), region), {}
    for first in range(0, len(every), MOST_QUERIES):
        some = every[first : first + MOST_QUERIES]
        values = _asked(reading, some, span)
        for number, each in enumerate(some):
            at = values.get(f"q{number}", {})
            found[each] = tuple(at.get(start) for start in span.axis(each.period_s))
    return found


def _asked(reading: Reading, some: Sequence[Watched], span: Span) -> Mapping[str, Mapping[int, float]]:
    """Values by the id of the query and the beginning of their period."""
    start = datetime.fromtimestamp(min(span.axis(each.period_s).start for each in some), UTC)
    queries = [each.query(f"q{number}") for number, each in enumerate(some)]
    with understood(f"metrics in {reading.region}"):
        answer = reading.ask(
            "cloudwatch",
            "get_metric_data",
            MetricDataQueries=queries,
            StartTime=start,
            EndTime=datetime.fromtimestamp(span.end_s, UTC),
            ScanBy="TimestampAscending",
        )
        found: dict[str, dict[int, float]] = {}
        for row in (answer or {}).get("MetricDataResults", ()):
            pairs = zip(row["Timestamps"], row["Values"], strict=True)
            found.setdefault(row["Id"], {}).update(
                {int(at.timestamp()): float(value) for at, value in pairs if value is not None}
            )
    periods = {f"q{number}": each.period_s for number, each in enumerate(some)}
    return {id_: {at - at % periods[id_]: v for at, v in rows.items()} for id_, rows in found.items()}


def reckoned(alarm: AlarmNow, values: Mapping[Watched, tuple[Point, ...]], span: Span) -> tuple[Point, ...]:
    """What an alarm sees of a span, one point for each of its periods; none where it cannot be reckoned."""
    watched, expression = metrics_of(alarm)
    if not watched:
        return ()
    period_s = next(iter(watched.values())).period_s
    if not expression:
        return values[watched["m1"]]
    series = {id_: Series(values[each], each.period_s) for id_, each in watched.items()}
    try:
        return tuple(result(expression, span.axis(period_s), series))
    except MathError:
        return ()
