"""The load that a group may carry: the quick search for it against the bisection that defines it, and beyond
which use of its CPU the goal is missed.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groma.blueprints.three_tier.tiers import tiers
from groma.sizing.candidates import MOST_BUSY, candidate_of, end_to_end, grid_for, shares
from groma.sizing.scaling import HALVINGS, ROUNDING, _most
from groma.sizing.values import NO_WISH
from workloads import designed_example


def bisected(share, high: float) -> float:
    low = 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) >= 0.99 - ROUNDING else (low, middle)
    return low


@given(
    st.floats(0.5, 500),
    st.floats(0.3, 900),
    st.floats(0.05, 60),
    st.sampled_from(["steep", "waiting", "stairs"]),
)
def test_the_most_load_is_that_of_the_bisection(high, limit, steepness, shape):
    def share(factor: float) -> float:
        late = {
            "steep": 0.01 * math.exp(min(steepness * (factor - limit), 4)),
            "waiting": 0.01 * math.exp(-steepness * (1 / max(factor, 1e-9) - 1 / limit)),
            "stairs": 0.002 * math.floor(5.5 + steepness * (factor - limit)),
        }
        return 1 - min(max(late[shape], 0.0), 1.0)

    assert _most(share, high) == bisected(share, high)


@pytest.fixture(scope="module")
def example_tiers():
    """The tiers of the three-tier example, their plan and their goal in ms."""
    made = designed_example("social-50k")
    return tiers(made.workload, made.demand, NO_WISH), made.plan, made.workload.slo.p99_ms


@pytest.mark.parametrize("tier", ["web", "app", "database"])
def test_beyond_the_most_that_a_tier_may_be_busy_the_goal_is_missed(example_tiers, tier):
    """While the other tiers are as busy as at peak with a zone lost."""
    every, plan, goal_ms = example_tiers
    grid = grid_for(every, goal_ms)
    chosen = [candidate_of(each, plan.of(each.name), grid) for each in every]
    size = plan.of(tier)

    def reached_ms(busy: float) -> float:
        times = [
            each.times_at(each.tier.load.rate_per_s / each.survivors * busy / each.utilisation)
            if each.tier.name == tier
            else each.times
            for each in chosen
        ]
        return 1000 * grid.quantile(end_to_end(grid, times, shares(every)), 0.99)

    assert size.utilisation_zone_lost < size.most_busy < MOST_BUSY
    assert reached_ms(size.most_busy) <= goal_ms
    if size.most_busy < MOST_BUSY - 0.001:
        assert reached_ms(size.most_busy * 1.02) > goal_ms


def test_a_tier_takes_of_the_goal_what_it_and_those_behind_it_take(example_tiers):
    every, plan, goal_ms = example_tiers
    grid = grid_for(every, goal_ms)
    found = [plan.of(each.name).goal_share for each in every]
    assert found[0] == 1
    assert found == sorted(found, reverse=True)
    last = candidate_of(every[-1], plan.of("database"), grid)
    alone_ms = 1000 * grid.quantile(end_to_end(grid, [last.times], shares(every)), 0.99)
    assert found[-1] == pytest.approx(alone_ms / plan.latency_ms["p99"], rel=0.01)
