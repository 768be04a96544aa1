"""What was published to the embedded CloudWatch, as the evaluator reads it: samples in the order of time."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from groma.monitoring.evaluate import Sample

Dimensions = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Source:
    """One metric as an alarm names it: only data with exactly these dimensions are its own.

    `unit` None is every unit, as for an alarm that states none.
    """

    namespace: str
    name: str
    dimensions: Dimensions
    unit: str | None = None


class Published:
    """The samples of one region, read from moto's list as it grows."""

    def __init__(self) -> None:
        self._data: list[Any] = []
        self._read = 0
        self._samples: dict[Source, list[Sample]] = {}

    def read(self, data: list[Any]) -> None:
        """Take in what has been published since the last time; moto only ever adds to its list."""
        if data is not self._data:
            self._data, self._read, self._samples = data, 0, {}
        for datum in data[self._read :]:
            dimensions = frozenset((each.name, each.value) for each in datum.dimensions)
            for unit in {None, datum.unit}:
                source = Source(datum.namespace, datum.name, dimensions, unit)
                kept = self._samples.setdefault(source, [])
                for sample in samples(datum):
                    insort(kept, sample, key=lambda each: each.at_s)
        self._read = len(data)

    def of(self, source: Source) -> Sequence[Sample]:
        """All samples of a metric, the oldest first."""
        return self._samples.get(source, ())


def seconds(at: datetime) -> float:
    """A moment of moto's as seconds since 1970; one without a time zone is UTC."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def samples(datum: Any) -> Iterator[Sample]:
    """A value as it was published, or samples with the sum, number, least and greatest of a statistic set."""
    at_s = seconds(datum.timestamp)
    if hasattr(datum, "value"):
        yield Sample(at_s, datum.value)
    elif datum.sample_count > 2:
        rest = datum.sample_count - 2
        yield Sample(at_s, datum.min)
        yield Sample(at_s, (datum.sum - datum.min - datum.max) / rest, rest)
        yield Sample(at_s, datum.max)
    elif datum.sample_count == 2:
        yield Sample(at_s, datum.min)
        yield Sample(at_s, datum.max)
    elif datum.sample_count > 0:
        yield Sample(at_s, datum.sum / datum.sample_count, datum.sample_count)
