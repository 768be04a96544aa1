"""Functions against theory, simulation and brute force; tables and gateways against their price lists."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from groma.blueprints.functions import function_choices
from groma.blueprints.serverless import units
from groma.catalog import unit_price
from groma.errors import Infeasible
from groma.quantity import Range
from groma.sizing.capacity import size_gateway, size_table
from groma.sizing.functions import (
    Candidate,
    candidates,
    cold_share,
    concurrency,
    short_list,
    size_function,
    why_function,
)
from groma.sizing.queueing import Grid
from groma.sizing.values import MIB_PER_VCPU, FunctionTier, FunctionWork, Plan, TableTier, Wish
from groma.workload import Workload, parse
from groma.workload.demand import demand

WORKLOAD = "name: chirp\nblueprint: serverless\ndomain: chirp.example.com\nslo: {availability: 0.998}\n"
CHOICES = function_choices("us-east-1")


def planned(factor: float = 1.0) -> Plan:
    """The plan of the serverless blueprint at so many times its peak."""
    made, plan = workload(), Plan()
    for unit in units(made, demand(made), Wish(load_factor=factor)):
        plan = unit.sized(plan, reasons=False)
    return plan


def workload(users: int = 50_000, more: str = "") -> Workload:
    return parse(f"{WORKLOAD}users: {{total: {users}}}\n{more}")


def tier(**other: object) -> FunctionTier:
    usual = FunctionTier(
        name="api",
        work=(
            FunctionWork("read", 0.8, 0.010, 1.0, ((2, 0.004, 1.0),)),
            FunctionWork("write", 0.2, 0.02, 1.0),
        ),
        rate_per_s=50.0,
        high_per_s=120.0,
        hour_per_s=25.0,
        per_month=Range(1e7, 2e7, 5e7),
        goal_ms=300,
        before_s=0.01,
        cold_start_s=0.6,
        idle_s=480,
        life_s=7200,
        working_mib=150,
        choices=CHOICES,
    )
    return replace(usual, **other)  # type: ignore[arg-type]


def test_cpu_grows_with_memory_up_to_one_thread():
    arm = {c.memory_mib: c.power / c.speed for c in CHOICES if c.processor == "arm64"}
    assert arm[896] == pytest.approx(896 / 1769)
    assert arm[1769] == arm[3008] == 1


@pytest.mark.parametrize("rate", [1 / 3600, 1 / 600, 1 / 100])
def test_rare_calls_are_cold_when_none_came_within_the_idle_time(rate: float):
    assert cold_share(rate, 0.05, 480) == pytest.approx(math.exp(-rate * 480), rel=0.1)


@pytest.mark.parametrize(
    ("rate", "mean_s", "idle_s"), [(0.2, 0.5, 30), (2, 0.5, 20), (10, 0.5, 10), (40, 0.2, 5)]
)
def test_cold_starts_are_those_of_a_simulation(rate: float, mean_s: float, idle_s: float):
    """The environment last used is taken first; the formula is an approximation."""
    told, seen = cold_share(rate, mean_s, idle_s), simulated_cold_share(rate, mean_s, idle_s, 100_000)
    assert told == pytest.approx(seen, rel=0.35)


def simulated_cold_share(rate: float, mean_s: float, idle_s: float, calls: int) -> float:
    """Calls at random that each take the environment which was free most recently; cold when all are gone."""
    draw = random.Random(7)
    now, cold = 0.0, 0
    busy: list[float] = []
    free: list[float] = []
    for _ in range(calls):
        now += draw.expovariate(rate)
        done = sorted(end for end in busy if end <= now)
        busy = [end for end in busy if end > now]
        free = [since for since in [*free, *done] if since > now - idle_s]
        if free:
            free.pop()
        else:
            cold += 1
        busy.append(now + draw.expovariate(1 / mean_s))
    return cold / calls


def test_concurrency_is_little_s_law_with_room_for_chance():
    assert concurrency(1000, 0.1) == pytest.approx(100 + 3.09 * 10, abs=2)
    assert concurrency(0.001, 0.1) == 1


def test_the_time_of_a_call_is_what_it_waits_and_what_it_computes():
    half = next(c for c in CHOICES if c.memory_mib == 896 and c.processor == "arm64")
    found = Candidate(tier(), half, Grid.covering(2, 4096))
    computing = (0.8 * 0.010 + 0.2 * 0.020) / (half.speed * 896 / MIB_PER_VCPU)
    assert found.warm_s == pytest.approx(computing + 0.8 * 2 * 0.004)
    assert found.usd_per_month == pytest.approx(
        2e7 * 2e-7 + 2e7 * found.billed_s * 896 / 1024 * 1.33334e-5, rel=1e-6
    )


def test_the_size_is_the_cheapest_of_all_that_keep_the_goal():
    for goal_ms in (100, 200, 400, 1000):
        wanted = tier(goal_ms=goal_ms)
        every = [c for c in candidates(wanted) if c.miss is None]
        if not every:
            with pytest.raises(Infeasible):
                size_function(wanted)
            continue
        assert size_function(wanted).usd_per_month == min(c.usd_per_month for c in every)


def test_every_kind_of_call_keeps_the_goal():
    size = size_function(tier(each=True))
    assert max(own["p99"] for own in size.latency_by_class_ms.values()) <= 300


def test_more_memory_is_never_slower_and_beyond_one_vcpu_only_dearer():
    """The curve of cost and latency."""
    arm = sorted(
        (c for c in candidates(tier()) if c.choice.processor == "arm64"), key=lambda c: c.choice.memory_mib
    )
    times = [c.worst[0] for c in arm]
    assert times == sorted(times, reverse=True)
    whole = [c for c in arm if c.choice.memory_mib >= MIB_PER_VCPU]
    assert len({c.worst[0] for c in whole}) == 1
    assert [c.usd_per_month for c in whole] == sorted(c.usd_per_month for c in whole)


def test_memory_that_is_too_small_is_never_chosen():
    assert size_function(tier(goal_ms=20_000, working_mib=700)).choice.memory_mib == 704


def test_a_goal_out_of_reach_says_how_close_one_comes():
    with pytest.raises(Infeasible, match="misses p99 of"):
        size_function(tier(goal_ms=20))


def test_cold_starts_are_in_the_p99():
    """When more than one call in a hundred starts cold, the start is what the p99 sees."""
    rare = tier(rate_per_s=0.001, high_per_s=0.001, hour_per_s=0.001, idle_s=300, goal_ms=5000)
    assert size_function(rare).cold_share > 0.5
    assert size_function(rare).latency_ms["p99"] > 600
    assert size_function(tier()).latency_ms["p99"] < 600


def test_a_goal_is_for_all_calls_or_for_the_slowest_kind():
    """A rare heavy kind misses a goal that all calls together keep, and so takes more memory."""
    light, heavy = FunctionWork("light", 0.995, 0.01, 1.0, ()), FunctionWork("heavy", 0.005, 0.06, 1.0, ())
    both = tier(work=(light, heavy), goal_ms=500)
    together, every = size_function(both), size_function(replace(both, each=True))
    assert together.latency_ms["p99"] <= 500 < together.slowest_ms["p99"]
    assert every.slowest_ms["p99"] <= 500
    assert every.choice.memory_mib > together.choice.memory_mib


def test_calls_by_the_clock_are_cold_only_when_the_clock_is_slow():
    often = tier(rate_per_s=1 / 300, goal_ms=5000, by_the_clock=True)
    assert size_function(often).cold_share == 0
    assert size_function(replace(often, rate_per_s=1 / 600)).cold_share == 1


def test_a_queue_gets_the_fewest_calls_at_once_that_keep_it_fresh():
    waiting = tier(waits_in_queue=True, goal_ms=2000, high_per_s=200.0, working_mib=256)
    size = size_function(waiting)
    chosen = next(c for c in candidates(waiting) if c.choice == size.choice)
    assert chosen._p99_of_queue_s(size.concurrency_high) <= 2
    assert size.concurrency_high == 2 or chosen._p99_of_queue_s(size.concurrency_high - 1) > 2


def test_rejected_neighbours_miss_the_goal_or_cost_more():
    wanted = tier()
    size = size_function(wanted)
    smaller, larger, other = short_list(wanted, size)
    assert smaller.misses.startswith("p99 of")
    assert larger.usd_per_month >= size.usd_per_month
    assert "x86_64" in other.option
    assert other.usd_per_month >= size.usd_per_month
    assert len(why_function(wanted, size)) == len(CHOICES) // 2


def test_a_function_without_a_price_is_sized_and_not_free():
    unpriced = tuple(replace(c, request=None, gb_second=None) for c in CHOICES)
    assert size_function(tier(choices=unpriced)).usd_per_month == math.inf


def test_arm_is_cheaper_than_x86_for_the_same_work():
    assert {f.choice.processor for f in planned().functions} == {"arm64"}


def test_twice_the_load_needs_more_at_once():
    once, twice = planned(1), planned(2)
    assert twice.function("api").concurrency_high > once.function("api").concurrency_high


def table(**other: object) -> TableTier:
    prices = {
        mode: (
            unit_price("dynamodb", f"{key}_read", "us-east-1"),
            unit_price("dynamodb", f"{key}_write", "us-east-1"),
        )
        for mode, key in (("on_demand", "ondemand"), ("provisioned", "provisioned"))
    }
    usual = TableTier(
        name="table",
        reads_per_s=Range(100, 400, 1000),
        writes_per_s=Range(50, 200, 600),
        reads_per_month=Range.exactly(400 * 730 * 3600 / 2),
        writes_per_month=Range.exactly(200 * 730 * 3600 / 2),
        hourly=(1.0,) * 24,
        standing=1.0,
        hot_reads_per_s=0,
        hot_writes_per_s=0,
        index=(0, 0),
        scaling_usd=0.0,
        **prices,  # type: ignore[arg-type]
    )
    return replace(usual, **other)  # type: ignore[arg-type]


def test_capacity_that_is_half_busy_is_cheaper_than_paying_by_request():
    """Prices of AWS: a write of capacity that is always busy costs $0.18 a million, on demand $0.625."""
    size = size_table(table())
    assert size.mode == "provisioned"
    assert size.usd_per_month == pytest.approx(730 * (400 * 0.00013 + 200 * 0.00065))
    assert size.read_capacity == (400, 1000)


def test_capacity_that_must_stand_large_bursts_is_not():
    size = size_table(table(standing=4.0))
    assert size.mode == "on-demand"
    assert size.usd_per_month == pytest.approx(730 * 3600 / 2 * (400 * 1.25e-7 + 200 * 6.25e-7))


def test_capacity_follows_the_hours():
    day = (1.0,) * 12 + (0.1,) * 12
    size = size_table(table(hourly=day))
    assert size.mean_capacity == pytest.approx((220, 110))
    assert size.read_capacity[0] == 40


def test_the_index_and_the_alarms_of_scaling_are_part_of_what_capacity_costs():
    bare, indexed = size_table(table()), size_table(table(index=(40, 20), scaling_usd=0.8))
    assert bare.usd_per_month is not None
    assert indexed.usd_per_month == pytest.approx(
        bare.usd_per_month + 730 * (40 * 0.00013 + 20 * 0.00065) + 0.8
    )
    heavy = size_table(table(index=(0, 1_000)))
    assert (heavy.mode, heavy.usd_per_month) == ("on-demand", bare.other_usd_per_month)


def test_a_table_without_prices_is_unknown_not_free():
    assert size_table(table(on_demand=None, provisioned=None)).usd_per_month is None


def test_an_http_api_is_cheaper_and_its_stage_stands_the_high_peak():
    prices = (
        unit_price("apigateway", "http_requests", "us-east-1"),
        unit_price("apigateway", "rest_requests", "us-east-1"),
    )
    size = size_gateway(Range.exactly(1e6), Range(10, 50, 100), prices)
    assert (size.kind, size.usd_per_month, size.other_usd_per_month) == (
        "HTTP",
        pytest.approx(1.0),
        pytest.approx(3.5),
    )
    assert size.rate_per_s == 120
    assert size_gateway(Range.exactly(1e9), Range.exactly(1e5), prices).rate_per_s == 120_000


def test_of_very_many_calls_at_once_none_is_cold_for_having_been_idle():
    assert cold_share(1e10, 5.0, 300) == 0.0
    assert cold_share(2e5, 4.9, 300) < 1e-5
