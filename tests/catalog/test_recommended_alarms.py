"""The alarms that AWS recommends, as its page has them."""

from __future__ import annotations

import pytest

from groma.catalog.recommended import recommended_alarms

SIGNS = {">", ">=", "<", "<="}


def test_there_are_so_many_of_so_many_services() -> None:
    found = recommended_alarms()
    assert len(found) == len({(each.namespace, each.metric) for each in found}) == 83
    assert len({each.namespace for each in found}) == 15
    assert sum(len(each.dimensions) for each in found) == 93


@pytest.mark.parametrize(
    ("metric", "expected"),
    # AWS, "Recommended alarms".
    [
        (("AWS/RDS", "MaximumUsedTransactionIDs"), ("Average", ">", 1_000_000_000, 60, 1, 1, "missing")),
        (("AWS/EC2", "StatusCheckFailed"), ("Maximum", ">=", 1, 300, 2, 2, "missing")),
        (("AWS/Route53", "HealthCheckStatus"), ("Average", "<", 1, 60, 3, 3, "breaching")),
        (("AWS/Lambda", "Duration"), ("p90", ">", None, 60, 15, 15, "missing")),
    ],
)
def test_figures(metric: tuple[str, str], expected: tuple[object, ...]) -> None:
    (one,) = [each for each in recommended_alarms() if (each.namespace, each.metric) == metric]
    assert (
        one.statistic, one.comparison, one.threshold, one.period_s, one.datapoints, one.periods, one.missing
    ) == expected  # fmt: skip


def test_all_are_whole() -> None:
    for each in recommended_alarms():
        assert each.comparison in SIGNS
        assert 1 <= each.datapoints <= each.periods
        assert each.period_s % 60 == 0
        assert each.missing in ("missing", "breaching", "notBreaching", "ignore")
        assert each.as_of.startswith("undated, read 20")
