"""What CloudWatch remembers of its alarms. (What becomes of them is in `groma.live.embedded.alarms`.)"""

from __future__ import annotations

import time
from typing import Any

from moto.cloudwatch import models
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from groma.live.embedded.corrections.registry import correction

MOST_ITEMS = 100
"""Items of history in one answer."""


@correction(seen_in="5.2.5")
def kept_state() -> None:
    """Upstream: forgets state and history of an alarm that is put again.

    Effect: both are kept, and the history tells that it was created, or what was changed of it.
    """
    original = models.CloudWatchBackend.put_metric_alarm

    def put(self: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        from groma.live.embedded.alarms.memory import configured, take_over

        before = self.alarms.get(name)
        alarm = original(self, name, *args, **kwargs)
        if before is not None:
            take_over(alarm, before)
        configured(alarm, before, time.time())
        return alarm

    models.CloudWatchBackend.put_metric_alarm = put


@correction(seen_in="5.2.5")
def history() -> None:
    """Upstream: cannot tell the history of its alarms.

    Effect: it is told, the newest first unless asked otherwise.
    """

    def describe(self: Any) -> ActionResult:
        asked = {name: self._get_param(name) for name in ("AlarmName", "HistoryItemType", "NextToken")}
        kinds = self._get_param("AlarmTypes") or ["MetricAlarm"]
        items = [
            item
            for alarm in self.cloudwatch_backend.alarms.values()
            for item in _told(alarm)
            if asked["AlarmName"] in (None, item["AlarmName"])
            and asked["HistoryItemType"] in (None, item["HistoryItemType"])
            and item["AlarmType"] in kinds
            and _is_between(item["Timestamp"], self._get_param("StartDate"), self._get_param("EndDate"))
        ]
        items.sort(key=lambda item: item["Timestamp"])
        if self._get_param("ScanBy") != "TimestampAscending":
            items.reverse()
        first = int(asked["NextToken"] or 0)
        last = first + int(self._get_param("MaxRecords") or MOST_ITEMS)
        more = {"NextToken": str(last)} if last < len(items) else {}
        return ActionResult({"AlarmHistoryItems": items[first:last], **more})

    CloudWatchResponse.describe_alarm_history = describe


def _told(alarm: Any) -> Any:
    from groma.live.embedded.alarms.memory import history as remembered

    return remembered(alarm)


def _is_between(at: Any, start: Any, end: Any) -> bool:
    from groma.live.embedded.alarms.published import seconds

    after = start is None or seconds(start) <= seconds(at)
    return after and (end is None or seconds(at) <= seconds(end))
