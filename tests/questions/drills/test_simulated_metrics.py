"""What a simulated minute publishes is what was simulated, under AWS's names; the rest reads as when idle."""

from __future__ import annotations

import csv
import io
import json
from functools import cache

import numpy as np
import pytest

from groma.errors import InputError
from groma.monitoring.evaluate.points import aggregated
from groma.questions.drills.exported import COLUMNS, check, metrics_file
from groma.questions.drills.models import MODELS
from groma.questions.drills.published import Key, Scenes, Usual, metrics_of, usual
from groma.questions.drills.sight import spread
from groma.simulation.answer import Simulated
from groma.simulation.day import Setting, simulate
from groma.simulation.histogram import edges_s, sum_s
from groma.simulation.kernels.state import BINS
from groma.simulation.scene import Assumed, scenes_of
from groma.simulation.seen import Seen
from groma.simulation.traffic import steady
from workloads import designed_example

MADE = designed_example("social-50k")


@cache
def seen() -> Seen:
    scene = scenes_of(MADE, Assumed())[0]
    return simulate(scene, 0, steady(MADE.demand.peak_per_s.likely / 4, 180, 1), Setting(), lambda *_: True)


@cache
def found() -> Usual:
    return usual(MADE, Scenes((seen(),), ("web", "app", "database"), 1, 0))


def key(component: str, name: str) -> Key:
    return next(each for each in found().points if (each.component, each.name) == (component, name))


def reads(component: str, name: str, statistic: str) -> list[float | None]:
    samples = found().series[key(component, name)]
    return [aggregated([s for s in samples if at <= s.at_s < at + 60], statistic) for at in range(0, 180, 60)]


def test_requests_cpu_and_times_are_those_of_the_simulation() -> None:
    minutes = seen().minutes
    assert reads("web-lb", "RequestCount", "Sum") == [float(m.asked.sum()) for m in minutes]
    assert reads("app", "CPUUtilization", "Average") == [100 * m.cpu[1] for m in minutes]
    assert reads("web-lb", "TargetResponseTime", "SampleCount") == [
        float(m.stayed[1][0].sum()) for m in minutes
    ]
    p99 = reads("web-lb", "TargetResponseTime", "p99")
    assert p99 == pytest.approx([t[0] for t in seen().tiers_by_minute_s(0.99)], rel=0.02)
    assert reads("web-lb", "HTTPCode_Target_5XX_Count", "Sum") == [None] * 3, "none is published of none"


def test_masters_and_replicas_are_told_apart() -> None:
    master, replica = (
        reads(f"database-{role}", "CPUUtilization", "Average") for role in ("master", "replica")
    )
    assert master == [100 * (m.each_cpu[2][0] or 0) for m in seen().minutes]
    assert replica == [100 * (m.each_cpu[2][1] or 0) for m in seen().minutes]


def test_what_is_not_simulated_reads_as_on_an_idle_stack() -> None:
    assert reads("web", "disk_used_percent", "Maximum") == [15.0] * 3
    assert reads("nat", "ErrorPortAllocation", "Sum") == [0.0] * 3


def test_a_spread_keeps_count_mean_and_tail() -> None:
    counts = np.zeros(BINS, np.int64)
    counts[100:200] = 10
    points = spread(counts)
    assert sum(count for _, count in points) == 1000
    assert sum(value * count for value, count in points) == pytest.approx(sum_s(counts), rel=1e-9)
    assert len(points) == 1 + 21, "the slowest fifth bin by bin"
    edges = edges_s()
    assert points[-1] == (pytest.approx((edges[199] * edges[200]) ** 0.5), 10)
    assert spread(np.zeros(BINS, np.int64)) == ()


def test_every_metric_of_every_example_can_be_told() -> None:
    """A model, or a row of the idle table: else `_usual` raises KeyError."""
    from groma.monitoring.idle import IDLE

    for name in ("social-50k", "social-serverless", "social-worldwide"):
        for each in metrics_of(designed_example(name).architecture):
            assert (each.namespace, each.name) in MODELS or (each.namespace, each.name) in IDLE


def test_metrics_are_written_as_a_table_or_as_json() -> None:
    told = Simulated("chirp", "three minutes", (seen(),), 1, Assumed())
    table = list(csv.DictReader(io.StringIO(metrics_file(MADE, told, ".csv").decode())))
    assert tuple(table[0]) == COLUMNS
    rows = json.loads(metrics_file(MADE, told, ".json"))
    assert len(rows) == len(table) > 100
    (first,) = (
        each
        for each in rows
        if (each["component"], each["metric"], each["time_s"]) == ("web-lb", "RequestCount", 0)
    )
    assert first["namespace"] == "AWS/ApplicationELB"
    assert first["Sum"] == float(seen().minutes[0].asked.sum())
    with pytest.raises(InputError, match=r"\.csv or \.json"):
        check(".parquet")
