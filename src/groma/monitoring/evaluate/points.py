"""From what was published to one datapoint a period."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, fsum, inf

from groma.answers import Statistic

PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,10})?|100)")
NUMBER = r"\d+(?:\.\d+)?"
TRIMMED_COUNT = re.compile(rf"TC\((?={NUMBER}:|:{NUMBER})({NUMBER})?:({NUMBER})?\)")


@dataclass(frozen=True, slots=True)
class Sample:
    """A value as it was published: when (seconds since 1970, UTC), and how often it was seen."""

    at_s: float
    value: float
    count: float = 1


@dataclass(frozen=True, slots=True)
class Datapoint:
    """What an alarm sees of one period: its start, its value (None is missing), and of how many samples."""

    at_s: int
    value: float | None
    samples: float = 0


def percentile(statistic: Statistic) -> Fraction | None:
    """The 99 of `p99`, exactly; None for what is no percentile."""
    found = PERCENTILE.fullmatch(statistic)
    return Fraction(found[1]) if found else None


def counted_between(statistic: Statistic) -> tuple[float, float] | None:
    """The bounds of `TC(0.3:)`, a trimmed count: of what is above the first and not above the second; None
    for what is no such count. (Bounds in percent of the samples, which AWS has, too, are not known here.)
    """
    found = TRIMMED_COUNT.fullmatch(statistic)
    return (float(found[1] or -inf), float(found[2] or inf)) if found else None


def is_statistic(text: str) -> bool:
    """Whether an alarm can read its points so."""
    return text in SIMPLE or percentile(text) is not None or counted_between(text) is not None


def aggregated(samples: Sequence[Sample], statistic: Statistic) -> float | None:
    """One statistic of the samples of one period; None when there are none.

    A percentile is the smallest value that at least so many of the samples do not exceed (nearest rank). AWS
    does not say how it interpolates; where all samples are distinct and many, the difference is small.

    Raises:
        ValueError: there is no such statistic.
    """
    if not is_statistic(statistic):
        known = f"{', '.join(SIMPLE)}, p0 to p100, or TC(0.3:)"
        raise ValueError(f"{statistic!r} is no statistic of an alarm: {known}")
    if not samples:
        return None
    rank, bounds = percentile(statistic), counted_between(statistic)
    if bounds is not None:
        return _count([each for each in samples if bounds[0] < each.value <= bounds[1]])
    return _ranked(samples, rank) if rank is not None else SIMPLE[statistic](samples)


def within(samples: Sequence[Sample], start_s: float, end_s: float) -> Sequence[Sample]:
    """The samples from a start to before an end, of samples in the order of time."""
    first = bisect_left(samples, start_s, key=lambda sample: sample.at_s)
    return samples[first : bisect_left(samples, end_s, key=lambda sample: sample.at_s)]


def too_few(statistic: Statistic, samples: float) -> bool:
    """Whether a percentile of so many samples is not significant.

    Fewer than 10 / (1 - p) from the median upwards, fewer than 10 / p below it (AWS, "Percentile-based alarms
    and low data samples", read on 2026-11-28): 1,000 for p99. p0 and p100 are always significant.
    """
    rank = percentile(statistic)
    tail = min(rank, 100 - rank) if rank is not None else Fraction(0)
    return tail > 0 and samples < 1000 / tail


def _sum(samples: Sequence[Sample]) -> float:
    return fsum(sample.value * sample.count for sample in samples)


def _count(samples: Sequence[Sample]) -> float:
    return fsum(sample.count for sample in samples)


SIMPLE = {
    "Average": lambda samples: _sum(samples) / _count(samples),
    "Sum": _sum,
    "Minimum": lambda samples: min(sample.value for sample in samples),
    "Maximum": lambda samples: max(sample.value for sample in samples),
    "SampleCount": _count,
}
"""The statistics that are no percentiles."""


def _ranked(samples: Sequence[Sample], rank: Fraction) -> float:
    ordered = sorted(samples, key=lambda sample: sample.value)
    wanted = max(1, ceil(rank * Fraction(_count(samples)) / 100))
    passed = 0.0
    for sample in ordered:
        passed += sample.count
        if passed >= wanted:
            return sample.value
    return ordered[-1].value
