"""What an alarm remembers: its state, why, since when, and its history; in moto's own object.

So it is saved with everything else that moto holds, and no file of ours has to fit to it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, cast

from groma.live.embedded.alarms.published import seconds
from groma.monitoring.evaluate import Change, Reason, Standing, State

KEPT_S = 30 * 86_400
"""How long CloudWatch keeps the history of an alarm."""
Item = dict[str, Any]
"""As DescribeAlarmHistory gives it, with a `datetime` in UTC as its Timestamp."""


def standing(alarm: Any) -> Standing:
    """Where it stands."""
    data = alarm.state_reason_data if alarm.state_reason_data != "{}" else ""
    reason = Reason(alarm.state_reason, data or "")
    return Standing(cast("State", alarm.state_value), reason, seconds(alarm.state_updated_timestamp))


def kind(alarm: Any) -> str:
    """Metric or composite alarm."""
    return "MetricAlarm" if alarm.rule is None else "CompositeAlarm"


def move(alarm: Any, after: Standing) -> None:
    """Put it into a state, and remember it if that is another one."""
    before = standing(alarm)
    if after.state != before.state:
        item: Item = dict(Change(before, after).document(alarm.name, kind(alarm)))
        note(alarm, item | {"Timestamp": moment(after.since_s)})
        alarm.state_transitioned_timestamp = moment(after.since_s)
    alarm.state_value = after.state
    alarm.state_reason = after.reason.text
    alarm.state_reason_data = after.reason.data or "{}"
    alarm.state_updated_timestamp = moment(after.since_s)


def note_text(alarm: Any, what: str, at_s: float, summary: str, data: str) -> None:
    """Remember something that is no change of its state: a configuration or an action."""
    item = {"AlarmName": alarm.name, "AlarmType": kind(alarm), "Timestamp": moment(at_s)}
    note(alarm, item | {"HistoryItemType": what, "HistorySummary": summary, "HistoryData": data})


def configured(alarm: Any, before: Any | None, at_s: float) -> None:
    """Remember that it was created or, where something of it is other than `before`, updated."""
    now = configuration(alarm)
    data: dict[str, Any] = {"version": "1.0", "type": "Create", "createdAlarm": now}
    if before is not None:
        was = configuration(before)
        changed = {name: was[name] for name in was if was[name] != now.get(name)}
        if not changed:
            return
        data = {"version": "1.0", "type": "Update", "updatedAlarm": now, "originalUpdatedFields": changed}
    done = "created" if before is None else "updated"
    text = json.dumps(data, separators=(",", ":"))
    note_text(alarm, "ConfigurationUpdate", at_s, f'Alarm "{alarm.name}" {done}', text)


def configuration(alarm: Any) -> dict[str, Any]:
    """How it was put, by the names of CloudWatch's history; what it has not is left out."""
    found = {
        "alarmName": alarm.name,
        "alarmDescription": alarm.description,
        "alarmArn": alarm.alarm_arn,
        "alarmRule": alarm.rule,
        "namespace": alarm.namespace,
        "metricName": alarm.metric_name,
        "statistic": alarm.statistic,
        "extendedStatistic": alarm.extended_statistic,
        "period": alarm.period,
        "unit": alarm.unit,
        "threshold": alarm.threshold,
        "comparisonOperator": alarm.comparison_operator,
        "evaluationPeriods": alarm.evaluation_periods,
        "datapointsToAlarm": alarm.datapoints_to_alarm,
        "treatMissingData": alarm.treat_missing_data,
    }
    dimensions = [{"value": each.value, "name": each.name} for each in alarm.dimensions or ()]
    metrics = [{"id": each.id, "expression": each.expression} for each in alarm.metric_data_queries or ()]
    actions = {
        "actionsEnabled": alarm.actions_enabled,
        "okactions": list(alarm.ok_actions or ()),
        "alarmActions": list(alarm.alarm_actions or ()),
        "insufficientDataActions": list(alarm.insufficient_data_actions or ()),
    }
    more = {"dimensions": dimensions, "metrics": metrics}
    told = {name: value for name, value in found.items() if value not in (None, "")}
    return told | {name: value for name, value in more.items() if value} | actions


def note(alarm: Any, item: Item) -> None:
    """Remember an item, and forget what is too old."""
    oldest = seconds(item["Timestamp"]) - KEPT_S
    kept = [each for each in history(alarm) if seconds(each["Timestamp"]) >= oldest]
    alarm.history = [*kept, item]


def history(alarm: Any) -> list[Item]:
    """What it remembers, the oldest first; moto itself keeps tuples there, which nobody can ask for."""
    return [item for item in alarm.history if isinstance(item, dict)]


def moment(at_s: float) -> datetime:
    """As moto writes moments: in UTC, without saying so."""
    return datetime.fromtimestamp(at_s, UTC).replace(tzinfo=None)


def take_over(alarm: Any, before: Any) -> None:
    """Give an alarm that was put again the state and the history that it had: CloudWatch keeps them."""
    for name in ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history"):
        setattr(alarm, name, getattr(before, name))
    transitioned = getattr(before, "state_transitioned_timestamp", before.state_updated_timestamp)
    alarm.state_transitioned_timestamp = transitioned
