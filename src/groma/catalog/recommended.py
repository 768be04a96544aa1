"""The alarms that AWS recommends for its services, each with its source."""

from __future__ import annotations

from dataclasses import dataclass

from groma.catalog._store import memo, table


@dataclass(frozen=True, slots=True)
class Recommended:
    """One metric that AWS recommends to watch.

    Attributes:
        namespace, metric, statistic, comparison, missing: as CloudWatch has them, the comparison as a sign.
        threshold: in the metric's unit; None where AWS leaves it to the workload.
        period_s, datapoints, periods: its window.
        dimensions: each set of dimensions that it is recommended for; an empty one is the account.
        source, as_of: where and when it was read.
    """

    namespace: str
    metric: str
    statistic: str
    comparison: str
    threshold: float | None
    period_s: int
    datapoints: int
    periods: int
    missing: str
    dimensions: tuple[tuple[str, ...], ...]
    source: str
    as_of: str


@memo
def recommended_alarms() -> tuple[Recommended, ...]:
    """All of them, by service and metric."""
    data = table("recommended_alarms")
    found = []
    for name, row in data["rows"].items():
        namespace, metric = name.split(" ", 1)
        *cells, dimensions, index = row
        sets = tuple(tuple(each) for each in dimensions)
        found.append(Recommended(*(namespace, metric, *cells, sets), **data["sources"][index]))
    return tuple(found)
