"""Alternatives: the front is a front, and what is safer is billed and built."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groma.bill import bill
from groma.components.database import DatabaseServer
from groma.components.nat_gateway import NatGateway
from groma.design import design
from groma.questions.alternatives import Alternatives, candidates, front, pareto
from groma.questions.bound import bound
from groma.terraform import render
from groma.workload import load
from told import must_be_told
from workloads import EXAMPLES

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


def test_what_is_known_of_a_candidate_before_it_is_made_is_what_it_comes_to(found):
    for each in found:
        assert each.usd_per_month == bill(each.design.architecture).monthly_usd.likely
        assert each.p99_ms == each.design.plan.latency_ms["p99"]
        assert each.availability == each.design.availability.value
        assert each.outline.wish == each.design.wish


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


def test_a_tight_goal_has_cheaper_alternatives_that_miss_it(workload):
    tight = workload("slo: {p99_ms: 100}\n")
    cheaper = [each for kind, each in front(tight, candidates(tight)[:4]).rows if kind == "cheaper"]
    assert cheaper
    assert all(each.p99_ms > 100 and not each.keeps_goals for each in cheaper)


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


def test_what_binds_a_tier_is_varied_to_both_ends():
    """The shop's databases are as large as its rows are, not as its load is."""
    made = design(load(EXAMPLES / "shop.yaml"), reasons=False)
    found = bound(made)
    usd = bill(made.architecture).monthly_usd.likely
    by_change = {each.change: each for each in found}
    low, high = (by_change[f"load.app_working_gib: {end:g}"] for end in ends(made, "app_working_gib"))
    assert low.usd_per_month <= usd <= high.usd_per_month
    assert {each.tier: each.limit for each in found} == {
        size.tier: size.bound_by for size in made.plan.sizes if size.bound_by
    }
    answer = replace(Alternatives(made.workload, ()), bound=found)
    assert [row[2] for row in answer.words().tables[1].rows] == list(by_change)
    assert [each["kind"] for each in answer.document()] == ["bound"] * len(found)


def ends(made, key):
    value = getattr(made.workload.load, key)
    return value.low, value.high
