"""Traffic: what comes when, by the curve of a workload or a recorded series."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from groma.design import design
from groma.errors import InputError
from groma.simulation.traffic import (
    HOUR_S,
    SLAB_S,
    WEEKEND,
    Traffic,
    flash_of,
    of_days,
    of_series,
    steady,
)
from groma.sizing.cold_starts import BURST_S
from groma.sizing.values import POISSON, Bursts
from groma.workload import parse
from groma.workload.people import DAY_S
from workloads import designed_example

MADE = designed_example("social-50k")
PER_HOUR = HOUR_S // SLAB_S


def day(**changes: object) -> Traffic:
    return of_days(MADE.workload, MADE.demand, 1, **changes)  # type: ignore[arg-type]


def test_a_day_has_the_mean_the_busiest_hour_and_the_burst_of_its_workload():
    demand, rates = MADE.demand, day().rates
    by_hour = rates.reshape(24, PER_HOUR).mean(axis=1)
    assert rates.mean() == pytest.approx(demand.mean_per_s.likely, rel=0.02)
    assert by_hour.max() == pytest.approx(demand.peak_hour_per_s.likely, rel=0.02)
    assert int(np.argmax(by_hour)) == 20
    burst = np.convolve(rates, np.ones(BURST_S // SLAB_S), "valid").max() * SLAB_S / BURST_S
    assert burst == pytest.approx(demand.peak_per_s.likely, rel=0.05)


def test_a_week_has_a_weekend():
    by_day = day(days=7).rates.reshape(7, -1).mean(axis=1)
    assert by_day[5:].mean() / by_day[:5].mean() == pytest.approx(WEEKEND, rel=0.01)


def test_arrivals_are_as_many_as_the_rate_says_in_order_and_can_be_computed_again_alone():
    traffic = steady(50.0, 1000, seed=3)
    whole = traffic.arrivals(0, 0, 100)
    assert whole.size == pytest.approx(50_000, abs=4 * 50_000**0.5)
    assert np.all(np.diff(whole) >= 0)
    assert 0 <= whole[0] < whole[-1] < 1000
    part = traffic.arrivals(0, 40, 60)
    assert np.array_equal(part, whole[(whole >= 400) & (whole < 600)])
    assert not np.array_equal(traffic.arrivals(1, 0, 100)[:10], whole[:10])
    assert not np.array_equal(replace(traffic, seed=4).arrivals(0, 0, 100)[:10], whole[:10])


def test_arrivals_of_one_rate_are_poisson():
    gaps = np.diff(steady(200.0, 2000, seed=5).arrivals(0, 0, 200))
    assert gaps.std() / gaps.mean() == pytest.approx(1.0, abs=0.01)


def test_a_crowd_multiplies_the_rate_for_its_time_alone():
    crowd = flash_of("3x@14:00/60s")
    ratio = day(flashes=[crowd]).rates / day().rates
    inside = slice(14 * PER_HOUR, 14 * PER_HOUR + 6)
    assert np.allclose(ratio[inside], 3.0)
    assert np.count_nonzero(ratio != 1.0) == 6


@pytest.mark.parametrize("text", ["", "3x", "3@14:00/60s", "0x@14:00/60s", "3x@25:00/60s", "1e9x@1:00/1s"])
def test_what_is_no_crowd_is_told_how_one_is_written(text: str):
    with pytest.raises(InputError, match="3x@14:00/60s"):
        flash_of(text)


def test_a_series_of_rates_lasts_until_its_last_row_does():
    traffic = of_series("time,rate\n0,10\n60,20\n120,0\n", "a.csv", 1)
    assert traffic.rates.tolist() == [10.0] * 6 + [20.0] * 6 + [0.0] * 6


def test_a_series_of_requests_counts_them():
    traffic = of_series("time\n2026-11-29T14:00:00\n2026-11-29T14:00:03\n2026-11-29T14:00:15\n", "a.csv", 1)
    assert (traffic.rates * SLAB_S).tolist() == [2.0, 1.0]


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "a.csv, line 1", "name the columns"),
        ("when,rate\n0,1\n", "a.csv, line 1", "name the columns"),
        ("time,rate\n", "a.csv", "no series"),
        ("time,rate\n0,1\n60,many\n", "a.csv, line 3", "'many' is no number"),
        ("time,rate\nnoon,1\n", "a.csv, line 2", "'noon' is no number"),
        ("time,rate\n0,1\n60\n", "a.csv, line 3", "1 columns"),
        ("time,rate\n0,1\n60,-1\n", "a.csv, line 3", "not finite and positive"),
        ("time,rate\n0,1\n60,nan\n", "a.csv, line 3", "not finite and positive"),
        ("time,rate\n60,1\n0,1\n", "a.csv, line 3", "before the line above"),
        ("time,rate\n0,1\n60,1\n120,1\n9000,1\n", "a.csv, line 4", "until the next row"),
        (f"time\n0\n{DAY_S * 40}\n", "a.csv", "more than 31 days"),
    ],
)
def test_a_bad_series_is_refused_with_its_line(text: str, where: str, what: str):
    with pytest.raises(InputError) as refused:
        of_series(text, "a.csv", 1)
    assert what in str(refused.value)
    assert refused.value.where == where
    assert refused.value.hint


def test_requests_that_come_at_once_keep_the_rate():
    alone, three = steady(50.0, 2000, 3), steady(50.0, 2000, 3, Bursts(at_once=3.0))
    times = three.arrivals(0, 0, 200)
    moments, sizes = np.unique(times, return_counts=True)
    assert times.size == pytest.approx(alone.arrivals(0, 0, 200).size, rel=0.03)
    assert sizes.mean() == pytest.approx(3, rel=0.02)
    assert (sizes == 1).mean() == pytest.approx(1 / 3, abs=0.02), "geometric"
    assert np.diff(moments).mean() == pytest.approx(3 / 50, rel=0.03)


def test_a_rate_that_swings_keeps_its_mean():
    """Counts of ten seconds vary by chance and by the swing: σ²/μ² = 1/μ + swing²."""
    traffic = steady(100.0, 20_000, 5, Bursts(swing=0.3))
    counts = np.array([traffic.arrivals(0, slab, slab + 1).size for slab in range(2000)])
    assert counts.mean() == pytest.approx(1000, rel=0.03)
    assert counts.std() / counts.mean() == pytest.approx((0.001 + 0.09) ** 0.5, rel=0.1)


def test_how_requests_come_is_read_from_the_file_and_bought_for():
    text = "name: chirp\nblueprint: three-tier\nusers: {total: 200_000}\nslo: {p99_ms: 170}\n"
    usual = design(parse(text), reasons=False)
    rough = design(parse(text + "load: {arrivals: {at_once: 3, swing: 0.1}}\n"), reasons=False)
    assert of_days(rough.workload, rough.demand, 1).bursts == Bursts(3.0, 0.1)
    assert of_days(usual.workload, usual.demand, 1).bursts == POISSON
    assert rough.plan.latency_ms["p99"] <= 170
    assert sum(size.usd_per_month for size in rough.plan.sizes) > sum(
        size.usd_per_month for size in usual.plan.sizes
    )
