"""From an alarm as it was put to what decides about its state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from groma.answers import Expression, Metric
from groma.live.embedded.alarms.published import Source
from groma.monitoring.evaluate import COMPARISONS, ONLY, Data, Limit, Rule, Treatment, evaluation_range

IDS = re.compile(r'("[^"]*"|\b[a-z][A-Za-z0-9_]*\b(?!\s*\())')
"""Texts in quotes, which stay as they are, and ids of metrics and expressions."""


ASKS_THE_TIME = re.compile(r"\b(EPOCH|SECOND|MINUTE|HOUR|DAY|DATE|MONTH|YEAR)\b")


class Unwatched(ValueError):
    """An alarm that is not evaluated here: a band that AWS learns, or metrics of another kind."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What decides about an alarm, and where the data of each of its metrics come from, by id."""

    rule: Rule
    sources: Mapping[str, Source]

    def is_silent(self, data: Data, now_s: int) -> bool:
        """Whether nothing is there to be read: then a second look tells what the first one told.

        Not so of math that asks what time it is.
        """
        watches = self.rule.watches
        if isinstance(watches, Expression) and ASKS_THE_TIME.search(watches.expression):
            return False
        start_s = now_s - self.rule.period_s * evaluation_range(self.rule.evaluation_periods)
        return all(not samples or samples[-1].at_s < start_s for samples in data.values())


def watched(alarm: Any) -> Watched:
    """The rule of moto's alarm. Raises Unwatched, or ValueError: CloudWatch would not have taken it."""
    comparison = COMPARISONS.get(alarm.comparison_operator)
    if comparison is None or alarm.threshold_metric_id:
        raise Unwatched(f"{alarm.name}: {alarm.comparison_operator} needs a band that AWS learns")
    watches, sources = _math(alarm) if alarm.metric_data_queries else _single(alarm)
    number = int(alarm.evaluation_periods)
    rule = Rule(
        watches=watches,
        limit=Limit(comparison, float(alarm.threshold)),
        evaluation_periods=number,
        datapoints=int(alarm.datapoints_to_alarm or number),
        missing=cast("Treatment | None", alarm.treat_missing_data),
        low_samples="ignore" if alarm.evaluate_low_sample_count_percentile == "ignore" else "evaluate",
    )
    return Watched(rule, sources)


def pairs(dimensions: Iterable[Any]) -> dict[str, str]:
    """Dimensions by name."""
    return {each.name: each.value for each in dimensions}


def _single(alarm: Any) -> tuple[Metric, Mapping[str, Source]]:
    named = pairs(alarm.dimensions)
    statistic = alarm.statistic or alarm.extended_statistic
    metric = Metric(alarm.namespace, alarm.metric_name, statistic, named, int(alarm.period))
    return metric, {ONLY: _source(metric, alarm.unit)}


def _math(alarm: Any) -> tuple[Metric | Expression, Mapping[str, Source]]:
    """An expression over metrics, with the expressions that it is made of written out; or the one metric."""
    metrics, sources, expressions = {}, {}, {}
    for query in alarm.metric_data_queries:
        if query.metric_stat is None:
            expressions[query.id] = query.expression
            continue
        stat, of = query.metric_stat, query.metric_stat.metric
        metric = Metric(of.namespace, of.metric_name, stat.stat, pairs(of.dimensions), int(stat.period))
        metrics[query.id], sources[query.id] = metric, _source(metric, stat.unit)
    (shown,) = [query for query in alarm.metric_data_queries if query.return_data is not False] or [None]
    if shown is None or not metrics:
        raise Unwatched(f"{alarm.name}: it watches no metrics that can be read here")
    if shown.id in metrics:
        return metrics[shown.id], {ONLY: sources[shown.id]}
    text = _written_out(shown.expression, expressions)
    return Expression(shown.label or shown.id, text, metrics), sources


def _written_out(text: str, expressions: Mapping[str, str], depth: int = 0) -> str:
    if depth > len(expressions):
        raise Unwatched(f"{text}: its expressions go round in a circle")

    def inner(found: re.Match[str]) -> str:
        named = expressions.get(found[0])
        return found[0] if named is None else f"({_written_out(named, expressions, depth + 1)})"

    return IDS.sub(inner, text)


def _source(metric: Metric, unit: str | None) -> Source:
    dimensions = frozenset((name, str(value)) for name, value in metric.dimensions.items())
    return Source(metric.namespace, metric.name, dimensions, unit)
