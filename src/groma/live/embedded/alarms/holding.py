"""Composite alarms with a suppressor: what they have to say waits, and may be held back.

What they and their suppressors did is read from their histories, so that it is not kept twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, cast

from groma.live.embedded.alarms import memory
from groma.live.embedded.alarms.notice import Notice, notices
from groma.live.embedded.alarms.published import seconds
from groma.monitoring.evaluate import Reason, Standing, State, Suppressor, Turn, acted
from groma.monitoring.evaluate.suppression import Held

By = tuple[str | None, int | None, int | None]
"""The name or ARN of a suppressor, its wait and its extension in seconds; three times None for none."""


def suppress(alarm: Any, by: By, before: Any, now_s: float) -> None:
    """Give an alarm that was put a suppressor, or none.

    Args:
        before: the alarm as it was put before, None if it was not: what it did without a suppressor it has
            told, and does not tell again.
        now_s: when it is put.
    """
    alarm.actions_suppressor, wait_s, extension_s = by
    alarm.actions_suppressor_wait_period, alarm.actions_suppressor_extension_period = wait_s, extension_s
    alarm.actions_suppressed_by = alarm.actions_suppressed_reason = None
    was_held = before is not None and is_held(before)
    alarm.held_from_s, alarm.acted_s = (before.held_from_s, before.acted_s) if was_held else (now_s, now_s)


def is_held(alarm: Any) -> bool:
    """Whether it has a suppressor, so that it does not act at once."""
    return bool(getattr(alarm, "actions_suppressor", None))


def due(backend: Any, alarm: Any, account: str, now_s: float) -> Iterator[Notice]:
    """What a held alarm says by now and has not said yet; and whether it is held back now, is noted in it."""
    suppressor = backend.alarms.get(alarm.actions_suppressor.rpartition(":alarm:")[2])
    of_suppressor = _turns(memory.history(suppressor)) if suppressor else ()
    items = [
        each
        for each in memory.history(alarm)
        if each["HistoryItemType"] == "StateUpdate" and seconds(each["Timestamp"]) > alarm.held_from_s
    ]
    periods = Suppressor(alarm.actions_suppressor_wait_period, alarm.actions_suppressor_extension_period)
    found = acted(_turns(items), of_suppressor, periods)
    _note(alarm, found.held, now_s)
    for action in found.actions:
        if alarm.acted_s < action.at_s <= now_s:
            alarm.acted_s = action.at_s
            (*_, last) = (each for each in items if seconds(each["Timestamp"]) <= action.at_s)
            yield from notices(alarm, account, *_standings(last))


def _turns(items: Sequence[memory.Item]) -> list[Turn]:
    return [
        Turn(seconds(item["Timestamp"]), cast("State", item["HistorySummary"].rpartition(" to ")[2]))
        for item in items
        if item["HistoryItemType"] == "StateUpdate"
    ]


def _note(alarm: Any, held: Sequence[Held], now_s: float) -> None:
    by = next((each.by for each in held if each.start_s <= now_s < each.end_s), None)
    alarm.actions_suppressed_by = by
    alarm.actions_suppressed_reason = f"Actions suppressed by {by}" if by else None


def _standings(item: memory.Item) -> tuple[Standing, Standing]:
    """Before and after a change that the history tells of."""
    told, at_s = json.loads(item["HistoryData"]), seconds(item["Timestamp"])

    def standing(said: dict[str, Any]) -> Standing:
        data = json.dumps(said["stateReasonData"]) if "stateReasonData" in said else ""
        return Standing(said["stateValue"], Reason(said["stateReason"], data), at_s)

    return standing(told["oldState"]), standing(told["newState"])
