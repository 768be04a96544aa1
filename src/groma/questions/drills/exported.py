"""What a simulated design publishes to CloudWatch, as a file: a row for each metric and minute."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from groma.design import Design
from groma.errors import InputError
from groma.monitoring.evaluate import Sample
from groma.monitoring.evaluate.points import aggregated
from groma.questions.drills.published import Scenes, usual
from groma.questions.drills.sight import Points
from groma.questions.drills.stage import stage_of
from groma.simulation.answer import Simulated

STATISTICS = ("SampleCount", "Sum", "Minimum", "Average", "Maximum", "p50", "p90", "p99")
COLUMNS = ("time_s", "component", "namespace", "metric", "dimensions", *STATISTICS)
FORMATS = (".csv", ".json")


def check(suffix: str) -> None:
    """Refuse a file that metrics are not written to. Raises InputError."""
    if suffix not in FORMATS:
        raise InputError(
            f"metrics are written as .csv or .json, not as {suffix or 'no'} file", where="--metrics"
        )


def metrics_file(design: Design, found: Simulated, suffix: str) -> bytes:
    """Every metric that an alarm of the design reads, minute by minute, under AWS's names.

    Minutes in which a metric is not published have no row. Times are seconds from midnight of the first day.
    """
    rows = _rows(design, found)
    if suffix == ".json":
        return (json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in rows]) + "\n").encode()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue().encode()


def scenes_of(design: Design, found: Simulated) -> Scenes:
    """A simulation as what publishes metrics."""
    stage = stage_of(design, (), found.seed)
    deepest = stage.rows.index(stage.row("app"))
    return Scenes(found.regions, stage.rows, deepest, int(found.regions[0].begins_s))


def _rows(design: Design, found: Simulated) -> Iterator[tuple[object, ...]]:
    scenes = scenes_of(design, found)
    for key, minutes in usual(design, scenes).points.items():
        for number, points in enumerate(minutes):
            if points:
                at_s = scenes.at_s(number)
                yield at_s, key.component, key.namespace, key.name, key.dimensions, *_statistics(points)


def _statistics(points: Points) -> Iterator[float]:
    samples = [Sample(0.0, value, count) for value, count in points]
    for each in STATISTICS:
        value = aggregated(samples, each)
        assert value is not None
        yield round(value, 6)
