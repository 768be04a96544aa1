"""What an alarm sees of its evaluation range: one datapoint a period, and the thresholds beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groma.answers import Expression, Metric
from groma.monitoring.evaluate.metric_math import result
from groma.monitoring.evaluate.metric_math.values import Series
from groma.monitoring.evaluate.points import Datapoint, Sample, aggregated, too_few, within
from groma.monitoring.evaluate.rule import ONLY, Band, Data, Rule
from groma.monitoring.evaluate.verdict import evaluation_range
from groma.monitoring.evaluate.windows import Period, periods


@dataclass(frozen=True, slots=True)
class Seen:
    """An evaluation range, period by period, the oldest first.

    Attributes:
        points: the datapoints.
        breaching: whether each breaches; None is missing.
        bands: lower and upper threshold of each period, of an alarm with a band.
        few: whether a percentile in the newest N periods has too few samples, and the state must stay.
    """

    points: tuple[Datapoint, ...]
    breaching: tuple[bool | None, ...]
    bands: tuple[tuple[float, float] | None, ...]
    few: bool


def seen(rule: Rule, data: Data, now_s: int) -> Seen:
    """What an alarm sees now. Raises MathError: its expression cannot be computed."""
    spans = periods(now_s, rule.period_s, evaluation_range(rule.evaluation_periods), rule.window)
    watches = rule.watches
    points = (
        _of_math(watches, data, spans) if isinstance(watches, Expression) else _of(watches, data, ONLY, spans)
    )
    bands = _bands(rule.limit, spans) if isinstance(rule.limit, Band) else (None,) * len(spans)
    breaching = tuple(_breaches(rule, point.value, band) for point, band in zip(points, bands, strict=True))
    return Seen(points, breaching, bands, rule.waits_for_samples and _few(rule, data, spans))


def _of(metric: Metric, data: Data, name: str, spans: Sequence[Period]) -> tuple[Datapoint, ...]:
    """The datapoints of one metric."""
    found = []
    for start_s, end_s in spans:
        samples = within(data.get(name, ()), start_s, end_s)
        value = aggregated(samples, metric.statistic)
        found.append(Datapoint(start_s, value, sum(sample.count for sample in samples)))
    return tuple(found)


def _of_math(watched: Expression, data: Data, spans: Sequence[Period]) -> tuple[Datapoint, ...]:
    """The datapoints of an expression, which tell of no samples."""
    metrics = {
        name: Series(tuple(point.value for point in _of(metric, data, name, spans)), metric.period_s)
        for name, metric in watched.metrics.items()
    }
    axis = [start_s for start_s, _ in spans]
    values = result(watched.expression, axis, metrics)
    return tuple(Datapoint(at_s, value) for at_s, value in zip(axis, values, strict=True))


def _bands(band: Band, spans: Sequence[Period]) -> tuple[tuple[float, float] | None, ...]:
    """The thresholds of each period; None where nothing is expected of it."""

    def average(samples: Sequence[Sample], span: Period) -> float | None:
        return aggregated(within(samples, *span), "Average")

    both = ((average(band.lower, span), average(band.upper, span)) for span in spans)
    return tuple(None if low is None or high is None else (low, high) for low, high in both)


def _breaches(rule: Rule, value: float | None, band: tuple[float, float] | None) -> bool | None:
    """A point without a band is missing: nothing can be said of it."""
    if value is None:
        return None
    if not isinstance(rule.limit, Band):
        return rule.limit.breaches(value)
    return None if band is None else rule.limit.breaches(value, *band)


def _few(rule: Rule, data: Data, spans: Sequence[Period]) -> bool:
    """Whether the newest N periods together hold too few samples of a percentile."""
    start_s, end_s = spans[-rule.evaluation_periods][0], spans[-1][1]
    return any(
        too_few(metric.statistic, sum(s.count for s in within(data.get(name, ()), start_s, end_s)))
        for name, metric in rule.metrics.items()
    )
