"""How many users there are: each reading of a number gives the others, and is found again from them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groma.errors import WorkloadError
from groma.questions.growth import at_users
from groma.workload import parse
from groma.workload.demand import demand
from groma.workload.people import READINGS, at_once, read_as, reading_of, requests_per_s

TEXT = "name: chirp\nblueprint: three-tier\nusers: "


def test_registered_is_total_by_another_name():
    total, registered = (parse(f"{TEXT}{{{key}: 50_000}}\n") for key in ("total", "registered"))
    assert registered.users == total.users
    assert reading_of(registered.users) == ("registered", 50_000)


def test_daily_users_are_on_the_day_exactly_and_registered_by_the_share_that_is_active():
    workload = parse(f"{TEXT}{{daily: 50_000, active_daily: 0.4}}\n")
    assert workload.users.total == 125_000
    assert demand(workload).active_users.likely == pytest.approx(50_000)
    assert demand(workload).active_users.is_exact
    assert reading_of(workload.users) == ("daily", 50_000)


def test_users_at_once_make_the_peak_and_are_registered_by_their_habits():
    workload = parse(f"{TEXT}{{concurrent: 50_000, think_s: 30}}\n")
    load = demand(workload)
    assert load.peak_per_s.likely == pytest.approx(requests_per_s(workload, 50_000, 30.0))
    by_day = workload.users.total * workload.users.active_daily.likely
    asked = by_day * workload.users.requests_per_active_day.likely / 86_400
    assert asked == pytest.approx(load.mean_per_s.likely, rel=1e-5)


def test_who_states_both_keeps_both():
    workload = parse(f"{TEXT}{{registered: 900_000, concurrent: 50_000}}\n")
    assert (workload.users.total, workload.users.concurrent) == (900_000, 50_000)
    assert reading_of(workload.users) == ("at once", 50_000)


@settings(max_examples=50)
@given(st.integers(1_000, 5_000_000))
def test_all_readings_of_one_crowd_ask_the_same(registered: int):
    first = parse(f"{TEXT}{{registered: {registered}}}\n")
    peak = demand(first).peak_per_s.likely
    crowd = {
        "registered": registered,
        "daily": round(demand(first).active_users.likely),
        "at once": round(at_once(first, peak)),
    }
    for reading in READINGS:
        other = read_as(first, reading, crowd[reading])
        assert demand(other).peak_per_s.likely == pytest.approx(peak, rel=0.02)
        assert other.users.total == pytest.approx(registered, rel=0.02)
        assert reading_of(other.users) == (reading, crowd[reading])


@pytest.mark.parametrize("key", ["registered", "daily", "concurrent"])
def test_growth_takes_every_reading_along(key: str):
    workload = parse(f"{TEXT}{{{key}: 40_000}}\n")
    larger = at_users(workload, 3 * workload.users.total)
    assert demand(larger).peak_per_s.likely == pytest.approx(3 * demand(workload).peak_per_s.likely)
    assert reading_of(larger.users)[1] == (120_000 if key != "registered" else larger.users.total)


@pytest.mark.parametrize(
    ("users", "said"),
    [
        ("{registered: 5, daily: 2}", "users: are counted 2 times, by registered and daily"),
        ("{total: 5, registered: 5}", "users: are counted 2 times, by total and registered"),
        ("{active_daily: 0.4}", "users: must say how many: registered, daily or concurrent"),
        ("{daily: 0}", "users.daily: "),
        ("{registered: -3}", "users.registered: "),
        ("{total: 0}", "users.total: "),
        ("{dayly: 3}", "did you mean 'daily'?"),
    ],
)
def test_users_that_cannot_be_counted_are_refused_with_their_line(users: str, said: str):
    with pytest.raises(WorkloadError) as caught:
        parse(f"{TEXT}{users}\n", source="groma.yaml")
    assert "groma.yaml:3: users" in str(caught.value)
    assert said in str(caught.value)
