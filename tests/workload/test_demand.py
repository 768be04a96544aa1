from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groma.errors import Infeasible
from groma.quantity import Range
from groma.workload import parse
from groma.workload.demand import daily_curve, demand
from workloads import MINIMAL


def test_likely_values_can_be_checked_by_hand(example):
    got = demand(example)
    assert got.active_users.likely == 50_000 * 0.4
    assert got.mean_per_s.likely == pytest.approx(50_000 * 0.4 * 100 / 86_400)
    assert got.peak_hour_per_s.likely == pytest.approx(got.mean_per_s.likely * 1.8)
    assert got.peak_per_s.likely == pytest.approx(got.mean_per_s.likely * 1.8 * 2)
    assert got.writes_per_s.likely == pytest.approx(got.peak_per_s.likely * 0.1 * 2)
    assert got.reads_per_s.likely == pytest.approx(got.peak_per_s.likely * (0.6 * 4 + 0.3 * 3 + 0.1 * 3))
    web_ms = 0.6 * 3 + 0.3 * 3 + 0.1 * 4
    assert got.web_busy.likely == pytest.approx(got.peak_per_s.likely * web_ms / 1000)


def test_the_same_workload_gives_the_same_demand(example):
    assert demand(example) == demand(example)


def test_without_ranges_there_is_no_spread(workload):
    exact = workload(
        "load: {peak_hour_to_mean: 2, burst_to_peak_hour: 2}\n"
        "requests: {all: {share: 1, web_ms: 1, app_ms: 1, reads: 1, writes: 0, query_ms: 1}}\n"
    )
    exact = exact.model_copy(
        update={
            "users": exact.users.model_copy(
                update={"active_daily": Range.exactly(0.4), "requests_per_active_day": Range.exactly(100)}
            )
        }
    )
    assert demand(exact).peak_per_s.is_exact


@pytest.mark.slow
@given(st.integers(1_000, 10_000_000), st.floats(1.1, 10))
def test_more_users_never_make_less_of_anything(total: int, factor: float):
    from groma.workload import parse
    from workloads import MINIMAL

    few = demand(parse(MINIMAL.replace("50_000", str(total))))
    many = demand(parse(MINIMAL.replace("50_000", str(int(total * factor)))))
    for field in fields(few):
        for case in ("low", "likely", "high"):
            assert getattr(getattr(many, field.name), case) >= getattr(getattr(few, field.name), case)


@given(st.floats(1, 15))
def test_the_daily_curve_has_its_mean_and_its_peak(ratio: float):
    curve = daily_curve(ratio)
    assert len(curve) == 24
    assert sum(curve) / 24 == pytest.approx(1)
    assert max(curve) == pytest.approx(ratio, rel=1e-6)
    assert min(curve) > 0
    assert curve.index(max(curve)) == 20 or ratio < 1.0001


@pytest.mark.parametrize("more", ["load: {followers: 1_000_000_000}"])
def test_more_than_all_the_world_asks_for_is_refused(more: str):
    with pytest.raises(Infeasible, match="per second are more than any design here is made for"):
        demand(parse(f"{MINIMAL}{more}\n"))
