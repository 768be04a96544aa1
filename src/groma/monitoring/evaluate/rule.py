"""What an alarm asks of its datapoints: everything of it that decides about its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Literal

from groma.answers import Alarm, Comparison, Expression, Metric
from groma.monitoring.evaluate.points import Sample, percentile
from groma.monitoring.evaluate.verdict import Treatment
from groma.monitoring.evaluate.windows import Sliding, Window, check

COMPARISONS: Mapping[str, Comparison] = {
    "GreaterThanOrEqualToThreshold": ">=",
    "GreaterThanThreshold": ">",
    "LessThanOrEqualToThreshold": "<=",
    "LessThanThreshold": "<",
}
"""CloudWatch's names of the comparisons with a threshold that is a number."""
COMPARE: Mapping[Comparison, Callable[[float, float], bool]] = {">": gt, ">=": ge, "<": lt, "<=": le}
ONLY = "m1"
"""The id of the metric of an alarm that watches one."""
IGNORING_NAMESPACE = "AWS/DynamoDB"
"""Whose missing data are ignored, unless the alarm says something else."""

Data = Mapping[str, Sequence[Sample]]
"""What was published, by the id of the metric, in the order of time."""
LowSamples = Literal["evaluate", "ignore"]
Beyond = Literal["outside", "above", "below"]
SLIDING = Sliding()


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold that stands still, in the metric's unit."""

    comparison: Comparison
    threshold: float

    def breaches(self, value: float) -> bool:
        """Whether a value is on the wrong side."""
        return COMPARE[self.comparison](value, self.threshold)


@dataclass(frozen=True, slots=True)
class Band:
    """Thresholds that move with time, as anomaly detection makes them, and on which side not to be.

    The band is given, not learnt: AWS does not say how it trains its models.
    """

    beyond: Beyond
    lower: Sequence[Sample]
    upper: Sequence[Sample]

    def breaches(self, value: float, lower: float, upper: float) -> bool:
        """Whether a value is beyond the band of its period."""
        below, above = value < lower, value > upper
        return {"outside": below or above, "above": above, "below": below}[self.beyond]


@dataclass(frozen=True, slots=True)
class Rule:
    """What decides about an alarm's state.

    Attributes:
        watches: a metric, or metric math over several of one period.
        limit: from where a point breaches.
        evaluation_periods: N of "M of N".
        datapoints: M.
        missing: what a missing point counts as; None when the alarm does not say.
        low_samples: whether a percentile of too few samples is evaluated, or leaves the state as it is.
        window: where periods begin.

    Raises:
        ValueError: M is not from 1 to N, the metrics have several periods, or the window cannot be.
    """

    watches: Metric | Expression
    limit: Limit | Band
    evaluation_periods: int
    datapoints: int
    missing: Treatment | None = None
    low_samples: LowSamples = "evaluate"
    window: Window = SLIDING

    def __post_init__(self) -> None:
        if not 1 <= self.datapoints <= self.evaluation_periods:
            raise ValueError(f"{self.datapoints} of {self.evaluation_periods} datapoints cannot be asked for")
        if len({metric.period_s for metric in self.metrics.values()}) != 1:
            raise ValueError("the metrics of an expression must have one period")
        check(self.window, self.period_s)

    @classmethod
    def of(cls, alarm: Alarm) -> Rule:
        """The rule of an alarm as it is deployed."""
        return cls(
            watches=alarm.watches,
            limit=Limit(alarm.comparison, alarm.threshold),
            evaluation_periods=alarm.evaluation_periods,
            datapoints=alarm.datapoints,
            missing=alarm.missing.treatment,
        )

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """The metrics that are read, by their ids."""
        return self.watches.metrics if isinstance(self.watches, Expression) else {ONLY: self.watches}

    @property
    def period_s(self) -> int:
        """The period of all its metrics."""
        return next(iter(self.metrics.values())).period_s

    @property
    def treatment(self) -> Treatment:
        """What a missing point counts as; if the alarm does not say, missing, but ignored of DynamoDB."""
        if self.missing is not None:
            return self.missing
        of_dynamodb = any(metric.namespace == IGNORING_NAMESPACE for metric in self.metrics.values())
        return "ignore" if of_dynamodb else "missing"

    @property
    def waits_for_samples(self) -> bool:
        """Whether a percentile of few samples must leave the state as it is."""
        return self.low_samples == "ignore" and any(percentile(m.statistic) for m in self.metrics.values())
