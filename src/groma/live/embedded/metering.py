"""What really happens in ministack, as metrics of the embedded CloudWatch, which is the other emulator.

Calls of functions and requests of APIs are counted where they happen, queues are looked at once a minute, as
by AWS; all of it is published as anybody publishes data, by PutMetricData, every two seconds.

AWS, "Types of metrics for Lambda functions", "Monitoring HTTP APIs with CloudWatch metrics" and "Available
CloudWatch metrics for Amazon SQS", read on 2026-11-28.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from groma.live.embedded.endpoints import ACCOUNT_ID
from groma.live.embedded.inside import inside

EVERY_S, LOOK_AT_S = 2.0, 50
"""How often data are published, and at which second of a minute queues are looked at."""
ACTIVE_S = 6 * 3600
"""How long SQS publishes the metrics of a queue after something was in it."""
MOST_VALUES, MOST_DATA = 150, 500
"""Values of one datum, as AWS takes them, and data of one call."""
Datum = dict[str, Any]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Series:
    """One metric of one thing."""

    region: str
    namespace: str
    name: str
    unit: str
    dimensions: frozenset[tuple[str, str]]


class Meter:
    """What was counted and not yet published; any thread may count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: dict[tuple[Series, int], list[float]] = defaultdict(list)

    def count(self, series: Series, value: float, at_s: float) -> None:
        """Note a value."""
        with self._lock:
            self._counted[series, int(at_s)].append(value)

    def taken(self) -> Mapping[tuple[str, str], list[Datum]]:
        """Everything since the last time, as PutMetricData takes it, by region and namespace."""
        with self._lock:
            counted, self._counted = self._counted, defaultdict(list)
        found: dict[tuple[str, str], list[Datum]] = defaultdict(list)
        for (series, second), values in counted.items():
            found[series.region, series.namespace] += _data(series, second, values)
        return found


def start(directory: Path) -> None:
    """Measure this process's ministack from now on. Loads its services.

    Args:
        directory: the cloud's, whose record says where CloudWatch is.
    """
    from ministack.services import apigateway, cloudwatch, sqs

    meter = Meter()
    cloudwatch.record_metric = _recording(meter)
    apigateway._handle_execute_in_scope = _counting_requests(meter, apigateway)
    threading.Thread(target=_publishing, args=(directory, meter, sqs), name="metrics", daemon=True).start()


def _recording(meter: Meter) -> Callable[..., None]:
    """What ministack's functions tell of their calls goes to the CloudWatch that people ask."""
    from ministack.core.responses import get_account_id, get_region

    def record(
        namespace: str,
        metric_name: str,
        value: float,
        unit: str = "None",
        dimensions: Mapping[str, str] | None = None,
    ) -> None:
        if get_account_id() == ACCOUNT_ID:
            named = frozenset((dimensions or {}).items())
            meter.count(Series(get_region(), namespace, metric_name, unit, named), float(value), time.time())

    return record


def _counting_requests(meter: Meter, apigateway: Any) -> Callable[..., Any]:
    """Every request of an HTTP API, for the API and for its stage, whatever becomes of it."""
    original = apigateway._handle_execute_in_scope

    async def handle(api_id: str, stage: str, *arguments: Any, **options: Any) -> Any:
        from ministack.core.responses import get_region

        began_s = time.time()
        answer = await original(api_id, stage, *arguments, **options)
        if api_id not in apigateway._apis:
            return answer
        now_s, status = time.time(), int(answer[0])
        of_api, of_stage = frozenset({("ApiId", api_id)}), frozenset({("ApiId", api_id), ("Stage", stage)})
        values = (
            ("Count", "Count", 1.0),
            ("4xx", "Count", float(400 <= status < 500)),
            ("5xx", "Count", float(status >= 500)),
            ("Latency", "Milliseconds", round(1000 * (now_s - began_s), 1)),
        )
        for named in (of_api, of_stage):
            for name, unit, value in values:
                meter.count(Series(get_region(), "AWS/ApiGateway", name, unit, named), value, now_s)
        return answer

    return handle


def queue_depths(
    queues: Iterable[tuple[Any, Any]], active: dict[str, float], now_s: float
) -> Iterator[tuple[Series, float]]:
    """How much lies in each queue, and how old the oldest message is, of queues that are in use.

    Args:
        queues: as ministack keeps them: account, region and URL, and what it knows of a queue.
        active: when something was last seen in a queue, by its URL; written here.
        now_s: when.
    """
    for (account, region, url), queue in queues:
        messages = list(queue["messages"])
        if messages:
            active[url] = now_s
        if account != ACCOUNT_ID or now_s - active.get(url, -ACTIVE_S) >= ACTIVE_S:
            continue
        visible = sum(each["visible_at"] <= now_s for each in messages)
        delayed = sum(each["visible_at"] > now_s and each["receive_count"] == 0 for each in messages)
        age_s = max((now_s - each["sent_at"] for each in messages), default=0.0)
        named = frozenset({("QueueName", queue["name"])})
        for name, unit, value in (
            ("ApproximateNumberOfMessagesVisible", "Count", visible),
            ("ApproximateNumberOfMessagesDelayed", "Count", delayed),
            ("ApproximateNumberOfMessagesNotVisible", "Count", len(messages) - visible - delayed),
            ("ApproximateAgeOfOldestMessage", "Seconds", round(age_s)),
        ):
            yield Series(region, "AWS/SQS", name, unit, named), float(value)


def _publishing(directory: Path, meter: Meter, sqs: Any) -> None:
    active: dict[str, float] = {}
    looked_at = -1
    clients: dict[str, Any] = {}
    while True:
        time.sleep(EVERY_S)
        now_s = time.time()
        try:
            if int(now_s) // 60 > looked_at and now_s % 60 >= LOOK_AT_S:
                looked_at = int(now_s) // 60
                for series, value in queue_depths(sqs._queues.all_items(), active, now_s):
                    meter.count(series, value, now_s)
            _publish(directory, meter, clients)
        except Exception:  # measuring must not end because one call failed
            _log.exception("metrics could not be published")
            clients.clear()


def _publish(directory: Path, meter: Meter, clients: dict[str, Any]) -> None:
    for (region, namespace), data in meter.taken().items():
        if region not in clients:
            clients[region] = inside(directory).client("cloudwatch", region)
        for first in range(0, len(data), MOST_DATA):
            clients[region].put_metric_data(Namespace=namespace, MetricData=data[first : first + MOST_DATA])


def _data(series: Series, second: int, values: list[float]) -> Iterator[Datum]:
    """One value by itself, equal ones as a set, others as values, which percentiles need."""
    common = {
        "MetricName": series.name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in sorted(series.dimensions)],
        "Timestamp": datetime.fromtimestamp(second, UTC),
        "Unit": series.unit,
    }
    least, greatest = min(values), max(values)
    if len(values) == 1:
        yield common | {"Value": values[0]}
    elif least == greatest:
        set_ = {"SampleCount": len(values), "Sum": sum(values), "Minimum": least, "Maximum": greatest}
        yield common | {"StatisticValues": set_}
    else:
        for first in range(0, len(values), MOST_VALUES):
            yield common | {"Values": values[first : first + MOST_VALUES]}
