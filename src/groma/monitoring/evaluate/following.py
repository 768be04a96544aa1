"""A metric alarm through time: where it stands after each evaluation, and the history of its changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from groma.monitoring.evaluate.datapoints import seen
from groma.monitoring.evaluate.reasons import UNCHECKED, Reason, iso, reason
from groma.monitoring.evaluate.rule import Data, Rule
from groma.monitoring.evaluate.verdict import State, verdict
from groma.monitoring.evaluate.windows import every_s


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of an alarm, why, and since when it has been in it (seconds since 1970, UTC)."""

    state: State
    reason: Reason
    since_s: float


@dataclass(frozen=True, slots=True)
class Change:
    """An alarm that went from one state to another."""

    before: Standing
    after: Standing

    @property
    def at_s(self) -> float:
        """When it did."""
        return self.after.since_s

    def document(self, name: str, kind: str = "MetricAlarm") -> dict[str, str]:
        """As an item of DescribeAlarmHistory."""
        data = {"version": "1.0", "oldState": _told(self.before), "newState": _told(self.after)}
        return {
            "AlarmName": name,
            "AlarmType": kind,
            "Timestamp": iso(self.at_s),
            "HistoryItemType": "StateUpdate",
            "HistorySummary": f"Alarm updated from {self.before.state} to {self.after.state}",
            "HistoryData": json.dumps(data, separators=(",", ":")),
        }


def newborn(at_s: float) -> Standing:
    """An alarm that was made and not evaluated yet."""
    return Standing("INSUFFICIENT_DATA", Reason(UNCHECKED), at_s)


def evaluated(rule: Rule, data: Data, now_s: int, before: Standing) -> Standing:
    """Where an alarm stands after an evaluation now: the same object when its state does not change.

    CloudWatch keeps the reason of the change while the state lasts. Raises MathError: its expression cannot
    be computed.
    """
    looked_at = seen(rule, data, now_s)
    found = verdict(looked_at.breaching, rule.datapoints, rule.evaluation_periods, rule.treatment)
    if found.state is None or found.state == before.state or looked_at.few:
        return before
    return Standing(found.state, reason(rule, looked_at, found, found.state, now_s), now_s)


def followed(
    rule: Rule, data: Data, start_s: int, end_s: int, before: Standing | None = None
) -> Iterator[tuple[int, Standing]]:
    """Every evaluation from after the start to the end, as often as CloudWatch makes them.

    Args:
        rule: what decides.
        data: all that is published; a sample is seen as soon as its moment has passed.
        start_s: when the alarm is made.
        end_s: when the last evaluation is, if one is due then.
        before: where it stood; newborn when left out.

    Yields:
        When, and where it stands then.
    """
    standing = before or newborn(start_s)
    step = every_s(rule.period_s)
    for now_s in range(start_s + step, end_s + 1, step):
        standing = evaluated(rule, data, now_s, standing)
        yield now_s, standing


def changes(standings: Iterator[tuple[int, Standing]], before: Standing) -> Iterator[Change]:
    """The history: every state that differs from the one before."""
    for _, standing in standings:
        if standing is not before:
            yield Change(before, standing)
        before = standing


def _told(standing: Standing) -> dict[str, object]:
    told: dict[str, object] = {"stateValue": standing.state, "stateReason": standing.reason.text}
    if standing.reason.data:
        told["stateReasonData"] = json.loads(standing.reason.data)
    return told
