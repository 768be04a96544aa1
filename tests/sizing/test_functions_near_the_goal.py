"""What is found on a grid that ends at the goal is what the whole of it says."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from groma.blueprints.functions import function_choices
from groma.quantity import Range
from groma.sizing.functions import Candidate, candidates, fitting, keeps_with, size_function
from groma.sizing.values import FunctionTier, FunctionWork

CHOICES = function_choices("us-east-1")


def any_tier(chance: random.Random) -> FunctionTier:
    kinds = [
        FunctionWork(name, share, chance.uniform(0.002, 0.08), chance.choice([0.5, 1.0, 2.0]), waits)
        for name, share, waits in (("read", 0.7, ((2.0, 0.004, 1.0),)), ("write", 0.3, ()))
    ]
    queued = chance.random() < 0.4
    rate = 10 ** chance.uniform(-1, 2.5)
    return FunctionTier(
        name="any",
        work=(replace(kinds[0], share=1.0),) if queued else tuple(kinds),
        rate_per_s=rate,
        high_per_s=2 * rate,
        hour_per_s=rate / 2,
        per_month=Range.exactly(rate * 1e6),
        goal_ms=chance.uniform(100, 1500),
        before_s=chance.choice([0.0, 0.01]),
        cold_start_s=0.6,
        idle_s=480,
        life_s=7200,
        working_mib=chance.choice([100, 600]),
        choices=CHOICES,
        waits_in_queue=queued,
        each=chance.random() < 0.5,
    )


def keeps_by_its_p99(each: Candidate) -> bool:
    """By the whole distribution, as it is told to people."""
    high_s = each._p99_of_queue_s(each.limit) if each.tier.waits_in_queue else 0.0
    p99_s = max(each.held[0], high_s)
    return each.choice.memory_mib >= each.tier.working_mib and p99_s <= each.tier.goal_ms / 1000 + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_the_cheapest_is_found_without_a_time_beyond_the_goal(seed: int):
    tier = any_tier(random.Random(seed))
    every = candidates(tier)
    kept = [each for each in every if keeps_by_its_p99(each)]
    assert [each for each in every if each.keeps] == kept
    assert fitting(tier) == (kept[0] if kept else None)
    assert [each.choice for each in every if keeps_with(tier, each.choice)] == [each.choice for each in kept]
    if kept:
        assert size_function(tier, timed=False).usd_per_month == kept[0].usd_per_month


@pytest.mark.parametrize("seed", range(40))
def test_no_function_is_shown_with_a_p99_beyond_its_goal(seed: int):
    """Of few messages many meet an environment that has to start, which those of the high peak do not."""
    chance = random.Random(seed)
    tier = any_tier(chance)
    rare = 10 ** chance.uniform(-4, -1)
    seldom = replace(
        tier, rate_per_s=rare, high_per_s=2 * rare, hour_per_s=rare, per_month=Range.exactly(rare * 1e6)
    )
    for each in (tier, seldom):
        chosen = fitting(each)
        if chosen is not None:
            shown = size_function(each)
            kinds = shown.latency_by_class_ms.values() if each.each else [shown.latency_ms]
            assert max(own["p99"] for own in kinds) <= each.goal_ms + 0.05


def test_what_is_not_timed_is_else_the_same():
    tier = replace(any_tier(random.Random(1)), goal_ms=2000)
    timed, counted = size_function(tier), size_function(tier, timed=False)
    times = {"latency_ms": timed.latency_ms, "latency_by_class_ms": timed.latency_by_class_ms}
    assert replace(counted, **times) == timed  # type: ignore[arg-type]
    assert all(math.isinf(each) for each in counted.latency_ms.values())
