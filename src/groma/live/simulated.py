"""What a simulation saw, put into the embedded CloudWatch: there alarms, `groma status`, dashboards and `aws`
read it as if it had happened until now."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from groma.answers import Metric
from groma.architecture import Architecture
from groma.design import Design
from groma.errors import InputError
from groma.live.alarm_states import alarms_now
from groma.live.drilled import guard_of
from groma.live.target import Clients
from groma.live.understood import understood
from groma.monitoring.evaluate.windows import HOUR_S, MINUTE_S
from groma.questions.drills.exported import scenes_of
from groma.questions.drills.published import Key, usual
from groma.questions.drills.sight import Points
from groma.simulation.answer import Simulated
from groma.words import Words

PUBLISHED_S = 3 * HOUR_S
"""So much of it until now: as far as `groma status` and the dashboard look back."""
MOST_DATA = 200
"""Data of one PutMetricData: AWS takes 1,000, and 1 MB, of up to 150 values each."""
QUANTILES = 100
"""A distribution is published as its percentiles, a value each: p50, p90, p99 and the slowest are kept."""
Datum = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """How many metrics were published, and of which simulated time, in seconds from its first midnight."""

    metrics: int
    begin_s: int
    end_s: int

    def words(self) -> Words:
        """In a line."""
        both = " to ".join(
            f"{at % 86_400 // 3600:02}:{at % 3600 // 60:02}" for at in (self.begin_s, self.end_s)
        )
        return Words(
            f"{self.metrics} metrics published, {both} of the simulation as the time until now", (),
            ("groma status shows them",),
        )  # fmt: skip

    def document(self) -> object:
        """For machines."""
        return {"metrics": self.metrics, "begin_s": self.begin_s, "end_s": self.end_s}


def publish(
    design: Design, found: Simulated, until_s: int, clients: Clients, now_s: float | None = None
) -> Sent:
    """Publish what was simulated before a time as if that were now: every metric of a deployed alarm.

    Args:
        until_s: from the first simulated midnight.
        now_s: since 1970; the clock's when left out.

    Raises:
        InputError: nothing was simulated before that time.
        CloudError: CloudWatch does not take it.
    """
    scenes = scenes_of(design, found)
    minutes = [n for n in range(scenes.minutes) if until_s - PUBLISHED_S <= scenes.at_s(n) < until_s]
    if not minutes:
        raise InputError(
            "nothing was simulated before that time", where="--publish", hint="a later time of day"
        )
    there = _deployed(design.architecture, clients)
    points = usual(design, scenes).points
    now_s = time.time() if now_s is None else now_s
    later_s = int(now_s) // MINUTE_S * MINUTE_S - (scenes.at_s(minutes[-1]) + MINUTE_S)
    data: dict[tuple[str, str], list[Datum]] = defaultdict(list)
    for (region, key), metric in there.items():
        if key in points:
            own = ((scenes.at_s(n) + later_s, points[key][n]) for n in minutes)
            data[region, metric.namespace] += [_datum(metric, at_s, each) for at_s, each in own if each]
    for (region, namespace), every in data.items():
        with understood(f"metrics of {namespace}"):
            watch = clients.client("cloudwatch", region)
            for first in range(0, len(every), MOST_DATA):
                watch.put_metric_data(Namespace=namespace, MetricData=every[first : first + MOST_DATA])
    return Sent(len(there), scenes.at_s(minutes[0]), scenes.at_s(minutes[-1]) + MINUTE_S)


def _deployed(architecture: Architecture, clients: Clients) -> Mapping[tuple[str, Key], Metric]:
    """By region and key every metric that a deployed alarm reads, with the dimensions that it has there."""
    return dict(_metrics(architecture, clients))


def _metrics(architecture: Architecture, clients: Clients) -> Iterator[tuple[tuple[str, Key], Metric]]:
    for alarm in alarms_now(architecture, clients):
        guard = guard_of(alarm) if alarm.row else None
        if guard is not None and guard.rule is not None:
            for name, metric in guard.rule.metrics.items():
                yield (alarm.region, guard.keys[name]), metric


def _datum(metric: Metric, at_s: int, points: Points) -> Datum:
    """A minute as PutMetricData takes it: equal values as one statistic set, others as their percentiles."""
    values = [value for value, _ in points]
    shown: dict[str, object]
    if min(values) == max(values):
        count = sum(often for _, often in points)
        shown = {
            "StatisticValues": {
                "SampleCount": count, "Sum": count * values[0], "Minimum": values[0], "Maximum": values[0],
            }
        }  # fmt: skip
    else:
        shown = {"Values": _percentiles(points)}
    return {
        "MetricName": metric.name,
        "Dimensions": [{"Name": name, "Value": str(value)} for name, value in metric.dimensions.items()],
        "Timestamp": datetime.fromtimestamp(at_s, UTC),
        **shown,
    }


def _percentiles(points: Points) -> list[float]:
    """As many values as were seen, or a hundred: the smallest that each percent does not exceed."""
    ordered = sorted(points)
    total = sum(often for _, often in ordered)
    wanted, found, passed, place = min(QUANTILES, int(total)), [], 0.0, 0
    for number in range(1, wanted + 1):
        while place < len(ordered) - 1 and passed + ordered[place][1] < number * total / wanted:
            passed += ordered[place][1]
            place += 1
        found.append(ordered[place][0])
    return found
