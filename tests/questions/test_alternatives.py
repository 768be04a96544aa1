"""Alternatives and budgets: the front is a front, and more money never makes a design worse."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import must_be_told

from groma.bill import bill
from groma.components.database import DatabaseServer
from groma.components.nat_gateway import NatGateway
from groma.errors import Infeasible
from groma.questions.alternatives import candidates, front, pareto
from groma.questions.budget import within
from groma.terraform import render
from groma.workload import parse

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(example_candidates):
    return example_candidates


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


def test_the_front_names_the_design_safer_ones_and_one_of_independent_zones(example, found):
    rows = front(example, found).rows
    kinds = [kind for kind, _ in rows]
    assert kinds.count("design") == kinds.count("independent") == 1
    assert "faster" in kinds
    for kind, each in rows:
        assert (kind == "safer") == each.multi_az == (each.availability > found[0].availability)
    assert [each.usd_per_month for _, each in rows] == sorted(each.usd_per_month for _, each in rows)


def test_alternatives_are_told_with_the_meaning_of_their_kinds(example, found):
    answer = front(example, found)
    must_be_told(answer)
    assert [row[0] for row in answer.words().tables[0].rows] == [kind for kind, _ in answer.rows]
    assert any(line.startswith("safer ones have a standby") for line in answer.words().lines)
    assert not any(line.startswith("cheaper ones") for line in answer.words().lines)


def test_a_budget_is_told_with_what_it_buys_and_what_more_would(found):
    some, much = within(found, 6_500), within(found, 1e6)
    for choice in (some, much):
        must_be_told(choice)
    assert some.words().lines[0].startswith("buys    a standby of the database master")
    assert some.document()["buys"] in some.words().lines[0]
    assert much.words().lines[1].startswith("next    nothing")
    assert len(much.words().tables[0].rows) == 2


def test_a_tight_goal_has_cheaper_alternatives_that_miss_it(workload):
    tight = workload("slo: {p99_ms: 100}\n")
    cheaper = [each for kind, each in front(tight, candidates(tight)[:4]).rows if kind == "cheaper"]
    assert cheaper
    assert all(each.p99_ms > 100 and not each.keeps_goals for each in cheaper)


def test_a_budget_buys_availability_independent_zones_headroom_and_time(found):
    choice = within(found, 6_500)
    assert choice.best.usd_per_month <= 6_500
    assert choice.best.worth > choice.cheapest.worth
    assert choice.best.multi_az
    assert choice.best.nat_per_zone
    assert choice.best.availability > choice.cheapest.availability
    assert choice.best.carries > choice.cheapest.carries


def test_availability_is_bought_first(found):
    """The standby costs more than a NAT gateway, which no agreement counts, and is bought before it."""
    standby = min(each.usd_per_month for each in found if each.multi_az)
    best = within(found, standby).best
    assert best.multi_az
    assert not best.nat_per_zone
    before = within(found, standby - 0.01).best
    assert (before.multi_az, before.nat_per_zone) == (False, True)


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


calm = st.floats(0.5, 2)


@settings(max_examples=3, derandomize=True)
@given(st.integers(2_000, 400_000), st.sampled_from([200, 300, 500]), calm, st.floats(0, 3_000), calm)
def test_a_bigger_budget_never_gives_a_worse_design_of_any_workload(users, p99_ms, query_ms, over, more):
    requests = "".join(
        f"  {name}: {{share: {share}, web_ms: {2 * times}, app_ms: {8 * times}, reads: {reads}, "
        f"writes: {writes}, query_ms: {query_ms}}}\n"
        for name, share, times, reads, writes in (("view", 0.9, 1, 2, 0), ("post", 0.1, 3, 1, 2.5))
    )
    text = f"name: ab\nblueprint: three-tier\nusers: {{total: {users}}}\nslo: {{p99_ms: {p99_ms}}}\n"
    found = candidates(parse(text + "requests:\n" + requests))
    budgets = sorted({found[0].usd_per_month + over * step * more for step in (0, 0.1, 0.3, 1, 3)})
    chosen = [within(found, budget) for budget in budgets]
    assert [c.best.worth for c in chosen] == sorted(c.best.worth for c in chosen)
    for budget, choice in zip(budgets, chosen, strict=True):
        assert choice.best.usd_per_month <= budget
        assert choice.following is None or choice.following.usd_per_month > budget


def test_a_standby_is_billed_built_and_counted(found):
    each = next(a for a in found if a.multi_az and a.machines == found[0].machines and not a.nat_per_zone)
    master, replica = each.design.architecture.of_type(DatabaseServer)
    assert (master.standby, replica.standby) == ("private-b", "")
    root = render(each.design.architecture)["main.tf"]
    assert root.count("multi_az ") == 1
    assert any("Multi-AZ" in detail for detail in master.details)
    lines = {(line.component, line.item): line for line in bill(each.design.architecture).lines}
    standby = lines["database-master", "db.t4g.large PostgreSQL Multi-AZ, with its standby"]
    alone = lines["database-replica", "db.t4g.large PostgreSQL single-AZ"]
    assert standby.unit_usd == pytest.approx(2 * alone.unit_usd, rel=0.02)
    assert lines["database-master", "gp3 storage, standby's too"].unit_usd == 0.23
    size = each.design.plan.of("database")
    assert size.usd_per_month == pytest.approx(730 * (standby.unit_usd + alone.unit_usd))


def test_a_nat_gateway_per_zone_is_drawn_built_and_named_once(found):
    architecture = found[1].design.architecture
    assert len(architecture.of_type(NatGateway)) == 2
    root = render(architecture)
    assert 'nat_zones               = ["us-east-1a", "us-east-1b"]' in root["main.tf"]
    assert sum(text.count('output "nat_gateway_ids"') for path, text in root.items() if "/" not in path) == 1
