"""CloudWatch alarms as they are put, and statistics. (`groma.live.embedded.alarms` evaluates them.)"""

from __future__ import annotations

import time
from typing import Any

from moto.cloudwatch import models
from moto.cloudwatch.responses import CloudWatchResponse

from groma.live.embedded.corrections.registry import correction
from groma.monitoring.evaluate.points import SIMPLE, aggregated, is_statistic


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
    """Upstream: has no percentiles: metric data asked for as p99, or as TC(0.3:), come back empty.

    Effect: percentiles and trimmed counts are computed of what was put.
    """
    original = models.Statistics.get_statistics_for_type

    def get(self: Any, stat: str) -> Any:
        return _aggregated(self, stat) if _is_extended(stat) else original(self, stat)

    models.Statistics.get_statistics_for_type = get


@correction(seen_in="5.2.5")
def extended_statistics() -> None:
    """Upstream: ignores the extended statistics (percentiles) that metric statistics are asked for.

    Effect: each point has them.
    """
    original = CloudWatchResponse.get_metric_statistics

    def get(self: Any) -> Any:
        result = original(self)
        wanted = [stat for stat in self._get_param("ExtendedStatistics") or [] if _is_extended(stat)]
        for point in result.result["Datapoints"]:
            point.extended_statistics = {stat: _aggregated(point, stat) for stat in wanted}
        return result

    CloudWatchResponse.get_metric_statistics = get


def _is_extended(stat: str) -> bool:
    return is_statistic(stat) and stat not in SIMPLE


def _aggregated(point: Any, stat: str) -> float | None:
    """An extended statistic of the values of one period."""
    from groma.live.embedded.alarms.published import samples

    return aggregated([each for datum in point.metric_data for each in samples(datum)], stat)
