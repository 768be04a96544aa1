"""Statistics of samples, and windows of time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groma.monitoring.evaluate import Sample, Sliding, WallClock
from groma.monitoring.evaluate.points import aggregated, too_few, within
from groma.monitoring.evaluate.windows import check, periods, time_zone

SAMPLES = (Sample(0, 1, 3), Sample(1, 5), Sample(2, 2, 6))


@pytest.mark.parametrize(
    ("statistic", "value"),
    [
        ("Average", 2.0),
        ("Sum", 20.0),
        ("Minimum", 1),
        ("Maximum", 5),
        ("SampleCount", 10.0),
        ("p30", 1),
        ("p31", 2),
        ("p90", 2),
        ("p90.01", 5),
        ("p0", 1),
        ("p100", 5),
        ("TC(1:)", 7),
        ("TC(0.9:2)", 9),
        ("TC(:1)", 3),
        ("TC(5:)", 0),
    ],
)
def test_a_statistic_counts_how_often_a_value_was_seen(statistic, value):
    assert aggregated(SAMPLES, statistic) == pytest.approx(value)


def test_of_nothing_there_is_no_statistic_not_even_a_sum():
    assert aggregated((), "Sum") is None
    with pytest.raises(ValueError, match="'p101' is no statistic"):
        aggregated((), "p101")
    with pytest.raises(ValueError, match=r"'TC\(:\)' is no statistic"):
        aggregated((), "TC(:)")


@pytest.mark.parametrize(
    ("statistic", "enough"),
    [("p99", 1000), ("p99.9", 10_000), ("p50", 20), ("p10", 100), ("p0", 0), ("Sum", 0)],
)
def test_a_percentile_needs_ten_samples_beyond_it(statistic, enough):
    assert not too_few(statistic, enough)
    assert too_few(statistic, enough - 1) is (enough > 0)


@given(st.lists(st.integers(0, 100), max_size=20).map(sorted), st.integers(0, 100), st.integers(0, 100))
def test_samples_within_a_period_are_from_its_start_to_before_its_end(moments, one, other):
    start_s, end_s = sorted((one, other))
    found = within([Sample(at_s, 0) for at_s in moments], start_s, end_s)
    assert [sample.at_s for sample in found] == [at for at in moments if start_s <= at < end_s]


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "-08:00", "GMT+05:45", "Z"]
)
@pytest.mark.parametrize("period_s", [60, 300, 3600, 86_400, 604_800])
def test_periods_of_the_clock_touch_and_are_over(zone, period_s):
    """Around the last Sundays of March and October 2026, where Europe's clocks change."""
    for now_s in (1_774_746_000 + 37, 1_792_890_000 + 37):
        found = periods(now_s, period_s, 4, WallClock(zone))
        assert all(before[1] == after[0] for before, after in pairwise(found))
        assert found[-1][1] <= now_s < found[-1][1] + period_s + 3600
        assert all(abs(end - start - period_s) <= 3600 for start, end in found)


@given(st.integers(0, 2**31), st.integers(1, 1440), st.integers(1, 10))
def test_sliding_periods_end_now(now_s, minutes, count):
    found = periods(now_s, 60 * minutes, count, Sliding())
    assert found[-1][1] == now_s
    assert found[0][0] == now_s - 60 * minutes * count


def test_a_window_of_the_clock_has_few_periods():
    with pytest.raises(ValueError, match="no periods of 120 s, only of 60, 300"):
        check(WallClock(), 120)
    with pytest.raises(ValueError, match="no time zone 'Mars'"):
        check(WallClock("Mars"), 60)
    check(WallClock("Europe/Berlin"), 60)
    check(Sliding(), 120)


@pytest.mark.parametrize(("name", "seconds"), [("UTC+05:30", 19_800), ("-08:00", -28_800), ("Z", 0)])
def test_time_zones_by_their_offset(name, seconds):
    assert time_zone(name).utcoffset(None).total_seconds() == seconds  # type: ignore[union-attr]
