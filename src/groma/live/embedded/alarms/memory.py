"""What an alarm remembers: its state, why, since when, and its history; in moto's own object.

So it is saved with everything else that moto holds, and no file of ours has to fit to it.
"""

from __future__ import annotations

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
