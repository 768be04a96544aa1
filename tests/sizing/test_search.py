"""The search against brute force, and its laws."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from brute_force import brute_force
from hypothesis import given, settings
from hypothesis import strategies as st

from groma.errors import Infeasible
from groma.sizing import at_load, size, why
from groma.sizing.candidates import Candidate, grid_for
from groma.sizing.pools import pool
from groma.sizing.queueing import Grid
from groma.sizing.ranked import least_usd_per_month
from groma.sizing.search import counts
from groma.sizing.values import Choice, ClassWork, Tier, TierLoad

HOURLY = tuple([0.3] * 12 + [1.0] * 12)


def choice(
    name: str, vcpu: int, usd: float | None, *, speed: float = 1.0, mem: float = 8, base: float | None = None
):
    return Choice(name, vcpu, mem, speed, 5.0, base, usd)


def tier(name: str, rate: float, service_ms: float, choices, *, scales=True, visits=1.0, scv=2.0) -> Tier:
    """A tier to which all requests come alike; `rate` is that of the visits."""
    return of_classes(
        name, rate / visits, (ClassWork("all", 1.0, visits, service_ms / 1000, scv),), choices, scales
    )


def of_classes(name: str, per_s: float, work, choices, scales=True, burst=1.5) -> Tier:
    load = TierLoad.of(per_s, work)
    high = replace(load, rate_per_s=load.rate_per_s * 1.5)
    return Tier(name, load, high, work, 2, 1.0, 0.01, HOURLY, burst, scales, choices)


SMALL = (choice("s1", 1, 0.02), choice("s2", 2, 0.045, speed=1.2), choice("s4", 4, 0.07))
DATABASES = (
    replace(choice("d1", 1, 0.05), max_connections=60),
    replace(choice("d2", 2, 0.1), max_connections=120),
    replace(choice("d8", 8, 0.5), max_connections=480),
)


workloads = st.tuples(
    st.floats(5, 250),
    st.floats(1, 15),
    st.floats(1, 25),
    st.floats(0.3, 3),
    st.sampled_from([0.5, 1.0, 2.0, 4.0]),
    st.sampled_from([60, 120, 250, 500]),
    st.sampled_from(["fifo", "processor-sharing"]),
    st.tuples(st.floats(0.01, 0.6), st.floats(1, 6), st.sampled_from([0.0, 0.5])),
    st.sampled_from([1.5, 3.0, 5.0]),
    st.booleans(),
)


def two_classes(share, times, service_ms, scv, visits=(1, 1), hit_share=0.0):
    """A light class and a heavy one, which takes so many times as long."""
    light, heavy = visits
    return (
        ClassWork("light", 1 - share, light, service_ms / 1000, scv, hit_share),
        ClassWork("heavy", share, heavy, service_ms * times / 1000, scv),
    )


def agree(rate, web_ms, app_ms, query_ms, scv, goal_ms, discipline, heavy, burst, each, sized=counts) -> None:
    """A plan costs what brute force finds, also one without times, which take as long as the search."""
    share, times, hits = heavy
    web = two_classes(share, times, web_ms, scv)
    app = two_classes(share, times, app_ms, scv)
    queries = two_classes(share, times, query_ms, 2.0, (1.5, 3), hits)
    tiers = (
        of_classes("web", rate, web, SMALL, burst=burst),
        replace(of_classes("app", rate, app, SMALL, burst=burst), discipline=discipline),
        replace(of_classes("database", rate, queries, DATABASES, scales=False), clients="app"),
    )
    tiers = tuple(replace(tier, each=each) for tier in tiers)
    expected = brute_force(tiers, goal_ms)
    try:
        found = sum(s.usd_per_month for s in sized(tiers, goal_ms).sizes)
    except Infeasible:
        found = None
    assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(workloads)
def test_the_search_finds_what_brute_force_finds(workload):
    agree(*workload, sized=partial(size, reasons=False))


@pytest.mark.slow
@settings(max_examples=500, deadline=None, derandomize=True)
@given(workloads)
def test_the_search_finds_what_brute_force_finds_on_500_workloads(workload):
    agree(*workload)


@given(
    hourly=st.lists(st.floats(0.01, 1), min_size=24, max_size=24).map(lambda each: (1.0, *each[1:])),
    buying=st.sampled_from(["on-demand", "reserved-1y", "reserved-3y", "mixed"]),
    prices=st.tuples(st.floats(0.01, 9), st.floats(0, 9), st.floats(0, 0.01)),
    machines=st.tuples(st.integers(1, 40), st.integers(1, 3), st.integers(0, 6)),
)
def test_what_orders_choices_is_never_above_what_they_cost(hourly, buying, prices, machines):
    (usd, reserved_usd, extra_usd), (per_zone, zones, copies) = prices, machines
    stated = replace(choice("m7g.large", 2, usd), buying=buying, reserved_usd_per_hour=reserved_usd)
    stated = replace(stated, extra_usd_per_hour=extra_usd)
    row = replace(tier("web", 10, 5, (stated,)), hourly=hourly, zones=zones, copies=copies)
    for scales in (True, False):
        one = Candidate(replace(row, scales=scales), stated, per_zone, Grid(1.0, 1))
        assert least_usd_per_month(one.tier, stated, per_zone) <= one.usd_per_month


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


def test_a_burstable_machine_must_not_run_out_of_credits_on_a_day_without_a_zone():
    burstable = choice("t", 2, 0.01, base=0.2)
    plain = choice("m", 4, 0.2)
    calm = size((tier("database", 20, 10, (burstable, plain), scales=False),), 500)
    busy = size((tier("database", 170, 10, (burstable, plain), scales=False),), 500)
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


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.floats(5, 300), st.floats(1.05, 4), st.sampled_from([150, 300, 600]))
def test_more_load_never_costs_less(rate, factor, goal_ms):
    few = size((tier("web", rate, 8, SMALL), tier("app", rate, 15, SMALL)), goal_ms)
    many = size((tier("web", rate * factor, 8, SMALL), tier("app", rate * factor, 15, SMALL)), goal_ms)
    assert sum(s.usd_per_month for s in many.sizes) >= sum(s.usd_per_month for s in few.sizes) - 1e-6


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.floats(5, 300), st.floats(1.05, 4))
def test_a_stricter_goal_never_costs_less(rate, factor):
    tiers = (tier("web", rate, 8, SMALL), tier("app", rate, 15, SMALL))
    easy, strict = size(tiers, 200 * factor), size(tiers, 200)
    assert sum(s.usd_per_month for s in strict.sizes) >= sum(s.usd_per_month for s in easy.sizes) - 1e-6


@settings(max_examples=15, deadline=None)
@given(st.floats(5, 300), st.floats(1.01, 3), st.sampled_from(["fifo", "processor-sharing"]))
def test_the_time_in_fixed_machines_never_falls_when_load_grows(rate, factor, discipline):
    grid = Grid.covering(2.0)
    each = replace(tier("web", rate, 8, SMALL), discipline=discipline)
    quantiles = [
        grid.quantile(Candidate(each, SMALL[2], 2, grid).times_at(rate * f / 2)[0], 0.99) for f in (1, factor)
    ]
    assert quantiles[1] >= quantiles[0]


def test_the_plan_is_deterministic():
    tiers = (tier("web", 200, 10, SMALL), tier("database", 300, 3, DATABASES, scales=False))
    assert size(tiers, 200) == size(tiers, 200)


def test_why_lists_every_kind_of_neighbour_with_its_miss_and_price():
    families = (*SMALL, choice("x1.l", 2, 0.06), choice("x1.s", 1, 0.03), choice("tiny", 1, 0.001, mem=0.5))
    tiers = (tier("web", 300, 10, families),)
    plan = size(tiers, 150)
    rows = why(tiers, plan, 150, "web")
    assert {"count", "family", "cheaper"} <= {row.differs for row in rows}
    assert plan.of("web").choice.name not in {row.option for row in rows}
    chosen = plan.of("web").usd_per_month
    for row in rows:
        if row.usd_per_month < chosen - 1e-9:
            assert row.misses not in ("price", "nothing"), row
    assert any(row.misses == "memory" for row in rows)
    assert len({row.option for row in rows}) == len(rows)


def test_one_machine_fewer_misses_the_goal():
    tiers = (tier("web", 400, 10, (choice("only", 2, 0.05),)),)
    plan = size(tiers, 100)
    (fewer, more) = (row for row in why(tiers, plan, 100, "web") if row.differs == "count")
    assert fewer.usd_per_month < plan.of("web").usd_per_month < more.usd_per_month
    assert fewer.misses in ("p99", "CPU")
    assert more.misses == "price"


def test_a_database_with_too_few_connections_is_passed_over():
    few = replace(choice("few", 4, 0.05), max_connections=20)
    many = replace(choice("many", 4, 0.5), max_connections=5000)
    app = tier("app", 400, 20, SMALL)
    database = replace(tier("database", 400, 2, (few, many), scales=False), clients="app")
    plan = size((app, database), 500)
    assert plan.of("database").choice.name == "many"
    assert plan.of("database").pool >= 2
    misses = {row.option: row.misses for row in why((app, database), plan, 500, "database")}
    assert misses["2 × few"] == "connections"


def test_a_pool_holds_what_littles_law_puts_into_it():
    grid = Grid.covering(1.0)
    app = Candidate(tier("app", 400, 20, SMALL), SMALL[2], 5, grid)
    database = Candidate(tier("database", 400, 5, DATABASES, scales=False), DATABASES[2], 1, grid)
    mean = database.tier.high.rate_per_s * database.mean_visit_s / app.survivors
    assert mean < pool(database, app) <= mean + 5 * mean**0.5 + 2


def test_every_process_of_an_application_has_a_connection_and_as_many_as_the_others():
    """A process cannot borrow what another keeps open; a server that is one queue has one pool."""
    grid = Grid.covering(1.0)
    few = Candidate(tier("database", 4, 5, DATABASES, scales=False), DATABASES[2], 1, grid)
    many = Candidate(tier("database", 1200, 5, DATABASES, scales=False), DATABASES[2], 1, grid)
    one = Candidate(tier("app", 400, 20, SMALL), SMALL[2], 5, grid)
    apart = replace(one, tier=replace(one.tier, discipline="processor-sharing"))
    assert (pool(few, one), pool(few, apart)) == (2, 4)
    assert pool(many, one) < pool(many, apart)
    assert pool(many, apart) % 4 == 0


def test_processes_that_work_apart_are_as_slow_as_machines_of_one_processor():
    grid = Grid.covering(1.0)
    apart = replace(tier("app", 100, 20, SMALL), discipline="processor-sharing")
    four, ones = (
        Candidate(apart, replace(SMALL[0], vcpu=vcpu), count, grid) for vcpu, count in ((4, 1), (1, 4))
    )
    assert four.times == pytest.approx(ones.times)
    assert four.mean_visit_s == pytest.approx(ones.mean_visit_s)
    assert grid.quantile(four.times[0], 0.99) > grid.quantile(
        replace(four, tier=replace(apart, discipline="fifo", clients="web")).times[0], 0.99
    )


@pytest.mark.parametrize(("writes", "busiest"), [(0.0, 1.0), (0.25, 0.75), (0.5, 0.5), (0.8, 0.8)])
def test_with_all_zones_a_replica_has_all_reads_and_the_master_all_writes(writes: float, busiest: float):
    work = (replace(ClassWork("all", 1.0, 1.0, 0.005, 2.0), writes=writes),)
    database = of_classes("database", 200, work, DATABASES[2:], scales=False)
    plan = size((database,), 500)
    alone = replace(database, load=replace(database.load, rate_per_s=200 * busiest))
    assert plan.latency_all_zones_ms == at_load((alone,), plan, 500).latency_ms


@pytest.mark.parametrize(
    ("limit", "change"),
    [
        ("EBS operations", {"ebs_iops": 50}),
        ("EBS throughput", {"ebs_mbps": 5}),
        ("network", {"network_gbps": 0.001}),
    ],
)
def test_what_a_machine_can_move_is_a_limit(limit, change):
    narrow, wide = replace(choice("narrow", 2, 0.01), **change), choice("wide", 2, 0.2)
    each = replace(
        tier("database", 50, 5, (narrow, wide), scales=False), iops=100.0, volume_mbps=10.0, gbps=0.01
    )
    plan = size((each,), 500)
    assert plan.of("database").choice.name == "wide"
    assert limit in {row.misses for row in plan.rejected}


def test_a_volume_that_is_too_slow_is_infeasible():
    each = replace(tier("database", 50, 5, DATABASES, scales=False), iops=5000.0, storage_iops=3000.0)
    with pytest.raises(Infeasible, match="database"):
        size((each,), 500)


HEAVY = (
    of_classes("web", 60, two_classes(0.05, 8, 12, 1.0), SMALL),
    of_classes("app", 60, two_classes(0.05, 8, 12, 1.0), SMALL),
)


def test_a_heavy_class_is_heavy_in_every_tier_at_once():
    """Mixed in each tier by itself, the p99 would belong to a request that is heavy in one tier only."""
    plan = size(HEAVY, 800)
    by_class = {name: ms["p99"] for name, ms in plan.latency_by_class_ms.items()}
    assert by_class["light"] < plan.latency_ms["p99"] < by_class["heavy"]
    alike = [
        replace(each, work=(ClassWork("all", 1.0, 1, each.load.service_s, each.load.scv),)) for each in HEAVY
    ]
    mixed = at_load(alike, plan, 800)
    assert plan.latency_ms["p99"] > 1.03 * mixed.latency_ms["p99"]


def test_tiers_of_different_classes_are_refused():
    other = replace(HEAVY[1], work=two_classes(0.06, 8, 12, 1.0))
    with pytest.raises(ValueError, match="different classes"):
        size((HEAVY[0], other), 800)


def test_a_cache_takes_its_hits_from_the_tier_behind_it():
    def database(hit_share):
        work = (ClassWork("all", 1.0, 3, 0.004, 1.0, hit_share),)
        return of_classes("database", 200, work, DATABASES, scales=False)

    without, behind = database(0.0), database(0.75)
    assert behind.load.rate_per_s == pytest.approx(without.load.rate_per_s / 4)
    assert behind.load.service_s == pytest.approx(without.load.service_s)
    slow, fast = (at_load((each,), size((behind,), 400), 400) for each in (without, behind))
    assert fast.latency_ms["p50"] < slow.latency_ms["p50"]
    assert fast.of("database").utilisation_zone_lost == pytest.approx(
        slow.of("database").utilisation_zone_lost / 4
    )


ONLY = (choice("only", 1, 0.05),)


def test_a_group_that_no_target_could_shrink_keeps_its_size_all_day():
    """Bursts of five times the busiest hour leave at most 0.95 / 2 / 5 = 9.5 % for that hour."""
    calm, bursty = (
        size((of_classes("web", 400, (ClassWork("all", 1, 1, 0.01, 1),), ONLY, burst=burst),), 300).of("web")
        for burst in (1.5, 5.0)
    )
    assert calm.min < calm.desired
    assert calm.mean < calm.desired
    assert calm.cpu_target_percent >= 10
    assert bursty.min == bursty.desired == bursty.mean == calm.desired
    assert bursty.cpu_target_percent < 10
    assert bursty.usd_per_month == pytest.approx(bursty.desired * 0.05 * 730)


@settings(max_examples=25, deadline=None)
@given(st.floats(20, 400), st.floats(2, 12), st.sampled_from([60, 100, 300]), st.sampled_from([1.5, 3, 5]))
def test_whatever_a_group_shrinks_to_its_target_keeps_the_goal_with_a_zone_lost(rate, ms, goal_ms, burst):
    """At the load at which the busiest hour is at the target, a burst that meets a lost zone is in time."""
    tiers = (of_classes("web", rate, (ClassWork("all", 1, 1, ms / 1000, 1),), SMALL, burst=burst),)
    try:
        got = size(tiers, goal_ms, reasons=False).of("web")
    except Infeasible:
        return
    if got.cpu_target_percent >= 10:
        grid = grid_for(tiers, goal_ms)
        candidate = Candidate(tiers[0], got.choice, got.desired // 2, grid)
        busy = got.cpu_target_percent / 100 * 2 * burst
        late = candidate.times_at(rate / candidate.survivors * busy / candidate.utilisation)[0]
        assert grid.quantile(late, 0.99) <= goal_ms / 1000 + 1e-9
    else:
        assert got.min == got.desired == got.mean


def test_a_rejected_size_costs_what_it_would_cost_all_day():
    tiers = (of_classes("web", 400, (ClassWork("all", 1, 1, 0.01, 1),), SMALL, burst=5.0),)
    plan = size(tiers, 300)
    assert not any(row.misses == "nothing" for row in plan.rejected)
    for row in why(tiers, plan, 300, "web"):
        assert row.misses != "nothing", row
