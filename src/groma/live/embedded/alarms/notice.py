"""What an alarm's action sends to a topic: AWS's subject, and a document for machines.

AWS, "Notifying users on alarm changes", read on 2026-11-28, which has the schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from groma.catalog.places import regions
from groma.live.embedded.alarms.published import seconds
from groma.live.embedded.alarms.rules import pairs
from groma.monitoring.evaluate import Standing
from groma.monitoring.evaluate.reasons import at_s, iso

MOST_OF_A_SUBJECT = 100
"""Characters that SNS takes."""
SIMPLE = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")


@dataclass(frozen=True)
class Notice:
    """One message of an alarm that changed, for one topic.

    Attributes:
        alarm: moto's alarm, which remembers what became of the message.
        account: the account's number.
        topic: the ARN of the topic.
        before, after: where the alarm stood and stands.
    """

    alarm: Any
    account: str
    topic: str
    before: Standing
    after: Standing

    @property
    def region(self) -> str:
        """Where the alarm is."""
        return str(self.alarm.region_name)

    @property
    def place(self) -> str:
        """The region as mails name it; they say EU where everything else says Europe."""
        labels = {each.name: each.label for each in regions()}
        return labels.get(self.region, self.region).replace("Europe (", "EU (")

    @property
    def subject(self) -> str:
        """`ALARM: "name" in US East (N. Virginia)`, as much of it as SNS takes."""
        return f'{self.after.state}: "{self.alarm.name}" in {self.place}'[:MOST_OF_A_SUBJECT]

    @property
    def actions(self) -> Mapping[str, Sequence[str]]:
        """What the alarm does in each state."""
        return actions(self.alarm)

    @property
    def period_s(self) -> int:
        """The period of what it watches."""
        stats = [query.metric_stat for query in self.alarm.metric_data_queries if query.metric_stat]
        return int(stats[0].period if stats else self.alarm.period)

    @property
    def children(self) -> Sequence[tuple[str, str, float]]:
        """Of a composite alarm: ARN, state and since when, of the alarms that made it change."""
        data = self.after.reason.data
        rows = json.loads(data).get("triggeringAlarms", ()) if data else ()
        return [(row["arn"], row["state"]["value"], at_s(row["state"]["timestamp"])) for row in rows]

    def document(self) -> str:
        """For machines, as JSON."""
        return json.dumps(dict(_document(self)), separators=(",", ":"))


def notices(alarm: Any, account: str, before: Standing, after: Standing) -> Iterator[Notice]:
    """A notice for each topic among the actions of the state that an alarm came into."""
    for action in actions(alarm)[after.state] if alarm.actions_enabled else ():
        if ":sns:" in action:
            yield Notice(alarm, account, action, before, after)


def actions(alarm: Any) -> Mapping[str, Sequence[str]]:
    """What an alarm does in each state."""
    return {
        "OK": alarm.ok_actions or (),
        "ALARM": alarm.alarm_actions or (),
        "INSUFFICIENT_DATA": alarm.insufficient_data_actions or (),
    }


def _document(notice: Notice) -> Iterator[tuple[str, Any]]:
    alarm = notice.alarm
    yield "AlarmName", alarm.name
    yield "AlarmDescription", alarm.description
    yield "AWSAccountId", notice.account
    if alarm.rule is None:
        updated_s = seconds(alarm.configuration_updated_timestamp)
        yield "AlarmConfigurationUpdatedTimestamp", iso(updated_s)
    yield "NewStateValue", notice.after.state
    yield "NewStateReason", notice.after.reason.text
    yield "StateChangeTime", iso(notice.after.since_s)
    yield "Region", notice.place
    yield "AlarmArn", alarm.alarm_arn
    yield "OldStateValue", notice.before.state
    for name, state in (("OK", "OK"), ("Alarm", "ALARM"), ("InsufficientData", "INSUFFICIENT_DATA")):
        yield f"{name}Actions", list(notice.actions[state])
    if alarm.rule is None:
        yield "Trigger", _trigger(notice)
        return
    yield "AlarmRule", alarm.rule
    yield (
        "TriggeringChildren",
        [
            {"Arn": arn, "State": {"Value": state, "Timestamp": iso(at_s)}}
            for arn, state, at_s in notice.children
        ],
    )


def _trigger(notice: Notice) -> dict[str, Any]:
    alarm = notice.alarm
    of = {
        "Period": notice.period_s,
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.datapoints_to_alarm,
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": float(alarm.threshold),
        "TreatMissingData": alarm.treat_missing_data or "missing",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }
    if alarm.metric_data_queries:
        return of | {"Metrics": [dict(_query(query)) for query in alarm.metric_data_queries]}
    statistic = alarm.statistic or alarm.extended_statistic
    is_simple = statistic in SIMPLE
    return {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        "StatisticType": "Statistic" if is_simple else "ExtendedStatistic",
        "Statistic": statistic.upper() if is_simple else statistic,
        "Unit": alarm.unit,
        "Dimensions": _dimensions(alarm.dimensions),
        **of,
    }


def _query(query: Any) -> Iterator[tuple[str, Any]]:
    yield "Id", query.id
    if query.expression:
        yield "Expression", query.expression
    if query.label:
        yield "Label", query.label
    if query.metric_stat:
        stat, metric = query.metric_stat, query.metric_stat.metric
        of = {"Namespace": metric.namespace, "MetricName": metric.metric_name}
        of["Dimensions"] = _dimensions(metric.dimensions)
        yield "MetricStat", {"Metric": of, "Period": int(stat.period), "Stat": stat.stat}
    yield "ReturnData", query.return_data is not False


def _dimensions(dimensions: Sequence[Any]) -> list[dict[str, str]]:
    return [{"value": value, "name": name} for name, value in pairs(dimensions).items()]
