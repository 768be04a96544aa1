"""What the search passes over is bounded: more machines are never slower, and nothing behind costs less."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groma.sizing.branches import SURE, Branches
from groma.sizing.candidates import Candidate, at_best, grid_for, without_waiting
from groma.sizing.pools import joint_limit
from groma.sizing.ranked import _capacity
from groma.sizing.scaling import ENOUGH, cumulated, share_kept
from groma.sizing.values import Bursts, Choice, ClassWork, Tier, TierLoad

GOAL_MS = 300
CHOICES = (
    Choice("s1", 1, 8, 1.0, 5.0, None, 0.02),
    Choice("s2", 2, 8, 1.0, 5.0, None, 0.05),
    Choice("f4", 4, 8, 1.3, 5.0, None, 0.11),
)
DATABASES = (
    Choice("d1", 1, 8, 1.0, 5.0, None, 0.05, max_connections=20),
    Choice("d4", 4, 8, 1.0, 5.0, None, 0.3, max_connections=60),
)


def tier(name: str, per_s: float, service_ms: float, scv: float = 2.0, **other: object) -> Tier:
    work = (
        ClassWork("light", 0.8, 1.0, service_ms / 1000, scv),
        ClassWork("heavy", 0.2, 2.3, service_ms / 400, scv, 0.3),
    )
    load = TierLoad.of(per_s, work)
    high = replace(load, rate_per_s=load.rate_per_s * 1.5)
    made = Tier(name, load, high, work, 2, 1.0, 0.01, tuple([0.3] * 12 + [1.0] * 12), 1.5, True, CHOICES)
    return replace(made, **other)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(
    st.floats(20, 400),
    st.floats(1, 20),
    st.floats(0.3, 5),
    st.sampled_from(["fifo", "processor-sharing"]),
    st.sampled_from(CHOICES),
    st.sampled_from([Bursts(), Bursts(2.5, 0.4)]),
)
def test_a_request_takes_no_longer_on_more_machines(per_s, service_ms, scv, discipline, choice, bursts):
    one = tier("web", per_s, service_ms, scv, discipline=discipline, bursts=bursts)
    grid = grid_for((one,), GOAL_MS).up_to(GOAL_MS / 1000)
    numbers = (1, 2, 3, 5, 9, 40)
    times = [np.cumsum(Candidate(one, choice, number, grid).times, axis=1) for number in numbers]
    for fewer, more in itertools.pairwise(times):
        assert (more >= fewer - SURE).all()


def test_processors_that_are_queues_of_their_own_are_as_fast_in_any_machine():
    one = tier("app", 60, 20, discipline="processor-sharing")
    grid = grid_for((one,), GOAL_MS)
    small, large = Candidate(one, CHOICES[0], 4, grid), Candidate(one, CHOICES[1], 2, grid)
    assert _capacity(small) == _capacity(large)
    assert np.allclose(small.times, large.times, atol=1e-12)
    shared = [replace(each, tier=replace(one, discipline="fifo")) for each in (small, large)]
    assert len({_capacity(each) for each in shared}) == 2


@pytest.mark.parametrize("discipline", ["fifo", "processor-sharing"])
def test_nothing_beats_machines_that_never_wait(discipline):
    one = tier("web", 40, 8, discipline=discipline)
    grid = grid_for((one,), GOAL_MS).up_to(GOAL_MS / 1000)
    best = np.cumsum(at_best(grid, one, CHOICES[2].speed), axis=1)
    assert (best <= np.cumsum(without_waiting(grid, one, CHOICES[2].speed), axis=1) + SURE).all()
    for number in (2, 30):
        assert (np.cumsum(Candidate(one, CHOICES[2], number, grid).times, axis=1) <= best + SURE).all()


def test_no_tiers_behind_a_candidate_that_keep_the_goal_cost_less_than_the_bound():
    tiers = (
        tier("web", 40, 3),
        tier("app", 40, 15, discipline="processor-sharing"),
        tier("database", 60, 4, scales=False, choices=DATABASES, clients="app"),
    )
    grid = grid_for(tiers, GOAL_MS).up_to(GOAL_MS / 1000)
    found = Branches(tiers, grid, GOAL_MS / 1000)
    assert found.best() is not None
    webs, apps, databases = ([*itertools.islice(ranked, 12)] for ranked in found.ranked)
    kept = 0
    for web, app, database in itertools.product(webs, apps, databases):
        early = cumulated(grid.convolve(web.times, app.times))
        if joint_limit((web, app, database)) or share_kept(found.shares, early, database.times) < ENOUGH:
            continue
        kept += 1
        assert found._least_behind(1, app) <= database.usd_per_month
        assert found.least[0] <= app.usd_per_month + database.usd_per_month
        assert found.best_usd <= web.usd_per_month + app.usd_per_month + database.usd_per_month + SURE
    assert kept > 10
    assert math.isfinite(found.least[0])
