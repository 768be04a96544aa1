"""A law over the schema: what may be 0 can be 0, alone and with others, and the design is whole."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_workloads import LOADED, workload, zero_keys

from groma.bill import bill
from groma.design import design
from groma.errors import WorkloadError
from groma.monitoring import alarms
from groma.questions.blueprints import compare
from groma.questions.growth import growth
from groma.questions.review import review

ROWS = {"requests.reads", "requests.writes"}
"""A request asks the database for something: not both are 0."""
EVERY_KEY = [
    pytest.param(blueprint, key, marks=[] if blueprint == "serverless" else [pytest.mark.slow])
    for blueprint in LOADED
    for key in zero_keys()
]


def is_whole(blueprint: str, keys: tuple[str, ...]) -> None:
    made = design(workload(blueprint, dict.fromkeys(keys, 0)), reasons=False)
    priced = bill(made.architecture)
    for line in priced.lines:
        for usd in (line.monthly_usd.low, line.monthly_usd.high) if line.monthly_usd else ():
            assert math.isfinite(usd), line
            assert usd >= 0, line
    assert review(made)
    assert all(math.isfinite(alarm.threshold) for alarm in alarms(made.architecture))
    json.dumps(priced.document(), allow_nan=False)


def test_the_schema_has_quantities_that_may_be_zero():
    assert {"requests.posts", "requests.writes", "load.page_mb"} <= set(zero_keys())


@pytest.mark.parametrize(("blueprint", "key"), EVERY_KEY)
def test_each_may_be_zero(blueprint: str, key: str):
    is_whole(blueprint, (key,))


pairs = st.lists(st.sampled_from(zero_keys()), min_size=2, max_size=4, unique=True)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.sampled_from(LOADED), pairs.filter(lambda keys: not set(keys) >= ROWS))
@example("worldwide", ["requests.reads", "load.region_round_trip_ms"])
@example("serverless", ["requests.posts", "load.uploads_per_active_day"])
def test_so_may_several(blueprint: str, keys: list[str]):
    is_whole(blueprint, tuple(keys))


@pytest.mark.slow
@pytest.mark.parametrize("key", ["requests.posts", "requests.writes"])
def test_questions_stand_zeros(key: str):
    read_only = workload("three-tier", {key: 0})
    compare(read_only, "three-tier", "serverless", between=(10_000, 50_000), points=2)
    growth(read_only, 100_000)


def test_nobody_active_is_refused_with_its_line():
    with pytest.raises(WorkloadError, match=r"workload:4: users\.active_daily: must be above 0"):
        workload("three-tier", {"users.active_daily": 0})


@pytest.mark.parametrize("blueprint", LOADED)
def test_exact_numbers_are_planned(blueprint: str):
    """Every quantity of the load as one number, of those that divide into each other with a remainder."""
    exact = {"load.peak_hour_to_mean": 1.7, "load.burst_to_peak_hour": 1.3, "users.active_daily": 0.37}
    made = design(workload(blueprint, {**exact, "users.requests_per_active_day": 77.7}), reasons=False)
    assert made.demand.peak_per_s.is_exact
    assert bill(made.architecture).monthly_usd.likely > 0
