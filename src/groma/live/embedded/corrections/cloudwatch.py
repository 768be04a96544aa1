"""CloudWatch alarms as they are put, and statistics. (`groma.live.embedded.alarms` evaluates them.)"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

from moto.cloudwatch import models
from moto.cloudwatch.responses import CloudWatchResponse

from groma.live.embedded.corrections.registry import correction


@correction(seen_in="5.2.5")
def composite_alarms() -> None:
    """Upstream: cannot create a composite alarm, and reports none of its rule and its suppressor.

    Effect: composite alarms are created, changed and reported with both.
    """

    def put(self: Any) -> Any:
        from groma.live.embedded.alarms.holding import suppress

        name = self._get_param("AlarmName")
        before = self.cloudwatch_backend.alarms.get(name)
        result = self.put_metric_alarm()
        asked = (f"ActionsSuppressor{what}" for what in ("", "WaitPeriod", "ExtensionPeriod"))
        by, wait_s, extension_s = map(self._get_param, asked)
        suppress(self.cloudwatch_backend.alarms[name], (by, wait_s, extension_s), before, time.time())
        return result

    CloudWatchResponse.put_composite_alarm = put
    models.Alarm.alarm_rule = property(lambda self: self.rule)


@correction(seen_in="5.2.5")
def first_state() -> None:
    """Upstream: starts every alarm as OK.

    Effect: an alarm begins with insufficient data, as it has seen none.
    """
    original = models.Alarm.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.state_value = "INSUFFICIENT_DATA"

    models.Alarm.__init__ = init


@correction(seen_in="5.2.5")
def percentiles() -> None:
    """Upstream: has no percentiles: metric data asked for as p99 come back empty.

    Effect: percentiles of the single values put are computed.
    """
    original = models.Statistics.get_statistics_for_type

    def get(self: Any, stat: str) -> Any:
        share = _percentile_share(stat)
        if share is None:
            return original(self, stat)
        return _percentile(self.metric_single_values_list, share)

    models.Statistics.get_statistics_for_type = get


@correction(seen_in="5.2.5")
def extended_statistics() -> None:
    """Upstream: ignores the extended statistics (percentiles) that metric statistics are asked for.

    Effect: each point has them.
    """
    original = CloudWatchResponse.get_metric_statistics

    def get(self: Any) -> Any:
        result = original(self)
        wanted = self._get_param("ExtendedStatistics") or []
        shares = {stat: share for stat in wanted if (share := _percentile_share(stat)) is not None}
        for point in result.result["Datapoints"]:
            values = point.metric_single_values_list
            point.extended_statistics = {stat: _percentile(values, share) for stat, share in shares.items()}
        return result

    CloudWatchResponse.get_metric_statistics = get


def _percentile_share(stat: str) -> float | None:
    """The share that `p99` or `p99.9` names; None for another statistic."""
    try:
        share = float(stat[1:]) / 100 if stat.startswith("p") else -1.0
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def _percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None
