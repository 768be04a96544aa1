"""The search against brute force, and its laws."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groma.errors import Infeasible
from groma.sizing import size
from groma.sizing.queueing import Grid
from groma.sizing.search import Candidate, _hard_limit
from groma.tiers import Choice, Tier, TierLoad

HOURLY = tuple([0.3] * 12 + [1.0] * 12)


def choice(
    name: str, vcpu: int, usd: float | None, *, speed: float = 1.0, mem: float = 8, base: float | None = None
):
    return Choice(name, vcpu, mem, speed, 5.0, base, usd)


def tier(
    name: str, rate: float, service_ms: float, choices, *, scales=True, visits=((1.0, 1),), scv=2.0
) -> Tier:
    load = TierLoad(rate, service_ms / 1000, scv)
    return Tier(
        name, load, replace(load, rate_per_s=rate * 1.5), visits, 2, 1.0, 0.01, HOURLY, 1.5, scales, choices
    )


SMALL = (choice("s1", 1, 0.02), choice("s2", 2, 0.045, speed=1.2), choice("s4", 4, 0.07))
DATABASES = (choice("d1", 1, 0.05), choice("d2", 2, 0.1), choice("d8", 8, 0.5))


def brute_force(tiers, p99_ms: float) -> float | None:
    """The least cost over every combination, each judged by the convolution of its own times."""
    grid = Grid.covering(4 * p99_ms / 1000)
    options = []
    for each in tiers:
        counts = range(1, 13) if each.scales else (1,)
        every = [Candidate(each, c, n, grid) for c in each.choices for n in counts]
        options.append([c for c in every if _hard_limit(c) is None and c.choice.usd_per_hour is not None])
    best = None
    for combination in itertools.product(*options):
        usd = sum(c.usd_per_month for c in combination)
        if best is not None and usd >= best:
            continue
        time = reduce(grid.convolve, [c.time for c in combination])
        if grid.quantile(time, 0.99) <= p99_ms / 1000:
            best = usd
    return best


@settings(max_examples=40, deadline=None)
@given(
    st.floats(5, 250),
    st.floats(1, 15),
    st.floats(1, 25),
    st.floats(0.3, 3),
    st.sampled_from([1.0, 2.0, 4.0]),
    st.sampled_from([60, 120, 250, 500]),
)
def test_the_search_finds_what_brute_force_finds(rate, web_ms, app_ms, query_ms, scv, goal_ms):
    tiers = (
        tier("web", rate, web_ms, SMALL, scv=scv),
        tier("app", rate, app_ms, SMALL, scv=scv),
        tier("database", rate * 2, query_ms, DATABASES, scales=False, visits=((0.5, 1), (0.5, 3))),
    )
    expected = brute_force(tiers, goal_ms)
    try:
        found = sum(s.usd_per_month for s in size(tiers, goal_ms).sizes)
    except Infeasible:
        found = None
    assert found == (None if expected is None else pytest.approx(expected))


def test_the_goal_is_kept_with_a_zone_lost():
    plan = size((tier("web", 100, 10, SMALL), tier("app", 100, 20, SMALL)), 300)
    assert plan.latency_ms["p99"] <= 300
    assert plan.latency_all_zones_ms["p99"] <= plan.latency_ms["p99"]


def test_an_impossible_goal_says_how_close_one_comes():
    with pytest.raises(Infeasible, match=r"takes .* ms at p99"):
        size((tier("web", 10, 10, SMALL),), 1)


def test_work_that_no_fixed_machine_can_carry_is_infeasible():
    with pytest.raises(Infeasible, match="database"):
        size((tier("database", 10_000, 10, DATABASES, scales=False),), 500)


def test_a_machine_without_a_price_is_never_chosen():
    choices = (choice("unpriced", 8, None), choice("priced", 2, 0.1))
    assert size((tier("web", 10, 10, choices),), 500).of("web").choice.name == "priced"


def test_a_burstable_machine_must_stand_the_busiest_hour_on_its_baseline():
    burstable = choice("t", 2, 0.01, base=0.3)
    plain = choice("m", 2, 0.2)
    calm = size((tier("database", 20, 10, (burstable, plain), scales=False),), 500)
    busy = size((tier("database", 120, 10, (burstable, plain), scales=False),), 500)
    assert calm.of("database").choice.name == "t"
    assert busy.of("database").choice.name == "m"
    assert any(r.misses == "CPU credits" for r in busy.rejected)


def test_rejected_options_say_what_they_miss_and_their_price():
    plan = size((tier("web", 200, 10, SMALL),), 120)
    assert plan.rejected
    for option in plan.rejected:
        assert option.misses
        assert option.by
        assert option.usd_per_month > 0


def test_counts_are_in_order_and_equal_in_every_zone():
    got = size((tier("web", 400, 10, SMALL),), 200).of("web")
    assert 2 <= got.min <= got.desired < got.max
    assert all(count % 2 == 0 for count in (got.min, got.desired, got.max))
    assert got.min <= got.mean <= got.desired


@settings(max_examples=25, deadline=None)
@given(st.floats(5, 300), st.floats(1.05, 4), st.sampled_from([150, 300, 600]))
def test_more_load_never_costs_less(rate, factor, goal_ms):
    few = size((tier("web", rate, 8, SMALL), tier("app", rate, 15, SMALL)), goal_ms)
    many = size((tier("web", rate * factor, 8, SMALL), tier("app", rate * factor, 15, SMALL)), goal_ms)
    assert sum(s.usd_per_month for s in many.sizes) >= sum(s.usd_per_month for s in few.sizes) - 1e-6


@settings(max_examples=25, deadline=None)
@given(st.floats(5, 300), st.floats(1.05, 4))
def test_a_stricter_goal_never_costs_less(rate, factor):
    tiers = (tier("web", rate, 8, SMALL), tier("app", rate, 15, SMALL))
    easy, strict = size(tiers, 200 * factor), size(tiers, 200)
    assert sum(s.usd_per_month for s in strict.sizes) >= sum(s.usd_per_month for s in easy.sizes) - 1e-6
