"""Alternatives and budgets: the front is a front, and more money never makes a design worse."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groma.alternatives import candidates, front, pareto, within
from groma.components.nat_gateway import NatGateway
from groma.errors import Infeasible
from groma.terraform import render

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(example):
    return candidates(example)


def test_the_first_candidate_is_the_design_of_the_workload(found, designed):
    assert found[0].design.plan.sizes == designed.plan.sizes
    assert found[0].usd_per_month == min(each.usd_per_month for each in found)


def test_every_candidate_keeps_the_goals_and_has_every_element(found, designed):
    kinds = {component.kind for component in designed.architecture.components}
    for each in found:
        assert each.keeps_goals
        assert each.p99_ms <= each.design.workload.slo.p99_ms
        assert each.availability >= each.design.workload.slo.availability
        assert kinds <= {component.kind for component in each.design.architecture.components}


def test_no_design_of_the_front_is_beaten(found):
    best = pareto(found)
    assert len(best) > 3
    for one in best:
        for other in found:
            better = (other.usd_per_month, other.p99_ms, -other.availability)
            mine = (one.usd_per_month, one.p99_ms, -one.availability)
            assert not (all(b <= m for b, m in zip(better, mine, strict=True)) and better != mine)


def test_the_front_names_the_design_and_a_safer_one(example, found):
    rows = front(example, found)
    kinds = [kind for kind, _ in rows]
    assert kinds.count("design") == kinds.count("safer") == 1
    assert [each.usd_per_month for _, each in rows] == sorted(each.usd_per_month for _, each in rows)


def test_a_tight_goal_has_cheaper_alternatives_that_miss_it(workload):
    tight = workload("slo: {p99_ms: 100}\n")
    cheaper = [each for kind, each in front(tight, candidates(tight)[:4]) if kind == "cheaper"]
    assert cheaper
    assert all(each.p99_ms > 100 and not each.keeps_goals for each in cheaper)


def test_a_budget_buys_independent_zones_headroom_and_time(found):
    choice = within(found, 6_500)
    assert choice.best.usd_per_month <= 6_500
    assert choice.best.worth > choice.cheapest.worth
    assert choice.best.nat_per_zone


def test_a_budget_below_the_cheapest_says_what_that_costs(found):
    with pytest.raises(Infeasible, match=f"{found[0].usd_per_month:,.0f}"):
        within(found, found[0].usd_per_month - 1)


def test_the_next_step_costs_more_than_the_budget_and_is_worth_more(found):
    budget = found[0].usd_per_month + 60
    choice = within(found, budget)
    assert choice.following is not None
    assert choice.following.usd_per_month > budget
    assert choice.following.worth > choice.best.worth


@settings(max_examples=200)
@given(st.floats(0, 3_000), st.floats(0, 30_000))
def test_a_bigger_budget_never_gives_a_worse_design(found, over, more):
    small = found[0].usd_per_month + over
    assert within(found, small + more).best.worth >= within(found, small).best.worth


def test_a_nat_gateway_per_zone_is_drawn_built_and_named_once(found):
    architecture = found[1].design.architecture
    assert len(architecture.of_type(NatGateway)) == 2
    root = render(architecture)
    assert 'nat_zones               = ["us-east-1a", "us-east-1b"]' in root["main.tf"]
    assert sum(text.count('output "nat_gateway_ids"') for path, text in root.items() if "/" not in path) == 1
