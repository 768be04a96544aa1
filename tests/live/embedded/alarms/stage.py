"""A region of moto's CloudWatch, in this process, whose clock a test holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from moto.cloudwatch.models import Dimension, Metric, MetricDataQuery, MetricStat, cloudwatch_backends

from groma.live.embedded.alarms import memory
from groma.live.embedded.alarms.notice import Notice
from groma.live.embedded.alarms.watch import Watch

NOON = int(datetime(2026, 11, 28, 12, tzinfo=UTC).timestamp())
TOPIC = "arn:aws:sns:eu-west-1:123456789012:chirp-alarms"
_accounts = count(210_000_000_000)


class Stage:
    """An account of its own with one region, its watch, and what it has sent."""

    def __init__(self) -> None:
        self.now_s = float(NOON)
        self.account = str(next(_accounts))
        self.backend = cloudwatch_backends[self.account]["eu-west-1"]
        self.sent: list[Notice] = []
        self.watch = Watch(self.sent.append, lambda: self.now_s, lambda: [self.backend])

    def put(self, name: str, **said: Any) -> Any:
        """Put an alarm on `m`, above 5, 1 of 1 minutes, unless said otherwise."""
        asked = {
            "namespace": "test", "metric_name": "m", "statistic": "Maximum", "period": 60, "threshold": 5.0,
            "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1, "description": "",
            "dimensions": [], "alarm_actions": [TOPIC],
        }  # fmt: skip
        alarm = self.backend.put_metric_alarm(name=name, **(asked | said))
        alarm.state_value = "INSUFFICIENT_DATA"
        alarm.state_updated_timestamp = memory.moment(self.now_s)
        return alarm

    def compose(self, name: str, rule: str, **said: Any) -> Any:
        """Put a composite alarm."""
        return self.put(name, rule=rule, namespace=None, metric_name=None, **said)

    def publish(self, *values: float, before_s: float = 30, every_s: float = 60, **said: Any) -> None:
        """Publish values of `m`, the last one so long ago and the others before it."""
        for place, value in enumerate(reversed(values)):
            at = datetime.fromtimestamp(self.now_s - before_s - place * every_s, UTC)
            datum = {"MetricName": "m", "Timestamp": at, "Value": value} | said
            self.backend.put_metric_data("test", [datum])

    def after(self, seconds: float = 60) -> None:
        """Let time pass, and look."""
        self.now_s += seconds
        self.watch.look()

    def state(self, name: str) -> str:
        """In which state an alarm is."""
        return str(self.backend.alarms[name].state_value)

    def changes(self, name: str) -> list[str]:
        """The changes of an alarm's state, as its history sums them up."""
        items = memory.history(self.backend.alarms[name])
        return [each["HistorySummary"] for each in items if each["HistoryItemType"] == "StateUpdate"]


def queries(
    expression: str, more: Mapping[str, str], *names: str, period_s: int = 60
) -> list[MetricDataQuery]:
    """Metrics of one period by name, further expressions, and the expression that an alarm watches."""
    found = [MetricDataQuery("shown", "what is shown", "", "", expression)]
    found[0].return_data = True  # type: ignore[assignment]
    for id_, text in more.items():
        found.append(MetricDataQuery(id_, "", "", False, text))  # type: ignore[arg-type]
    for name in names:
        stat = MetricStat(Metric(name, "test", [Dimension("of", "it")]), str(period_s), "Sum", None)  # type: ignore[arg-type]
        found.append(MetricDataQuery(name, "", "", False, None, stat))  # type: ignore[arg-type]
    return found
