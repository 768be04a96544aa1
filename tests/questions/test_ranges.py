"""Ranges: the design of least regret regrets least, by the rule that is stated."""

from __future__ import annotations

import pytest

from groma.bill import bill
from groma.design import design
from groma.questions.ranges import outlook
from groma.sizing.regret import DRAWS, MISSED, regret
from groma.workload.demand import draws
from told import must_be_told

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seen(example):
    return outlook(example)


def test_the_least_regret_is_the_least(seen):
    assert seen.least_regret.mean_regret_usd == min(r.mean_regret_usd for r in seen.rows if r.keeps_likely)
    assert not next(row for row in seen.rows if row.name.startswith("low")).keeps_likely
    assert seen.draws == DRAWS


def test_low_and_high_ends_are_there_and_the_high_one_keeps_more(seen):
    by_name = {row.name: row for row in seen.rows}
    assert by_name["low end (p10)"].kept < by_name["high end (p90)"].kept
    assert all(0 <= row.kept <= 1 for row in seen.rows)


def test_the_outlook_is_told_with_the_least_regret_stressed(seen):
    must_be_told(seen)
    (table,) = seen.words().tables
    assert [table.rows[place][0] for place in table.bold] == [seen.least_regret.name]
    assert seen.document()["regret"] == seen.regret


def test_regret_by_hand():
    assert regret((120.0, True), [(120.0, True), (100.0, True)]) == 20
    assert regret((90.0, False), [(90.0, False), (100.0, True)]) == MISSED * 100
    assert regret((90.0, False), [(90.0, False)]) == MISSED * 90


def test_the_design_of_least_regret_is_the_one_that_is_built(example, designed, seen):
    chosen = design(example.model_copy(update={"sizing": "least-regret"}))
    types = [size.choice.name for size in chosen.plan.sizes]
    assert types == [part.split(" × ")[1] for part in seen.least_regret.machines.split(", ")]
    assert chosen.plan.latency_ms["p99"] <= example.slo.p99_ms
    assert bill(chosen.architecture).monthly_usd.likely > bill(designed.architecture).monthly_usd.likely
    (decision,) = [d for d in chosen.decisions if d.about == "sizing"]
    assert f"{seen.least_regret.kept:.0%} of {DRAWS} draws" in decision.because
    assert any(row.misses == "least regret" for row in chosen.plan.rejected)
    assert not any(row.misses == "nothing" for row in chosen.plan.rejected)


def test_the_outlook_is_the_same_for_who_has_adopted_it(example, seen):
    assert outlook(example.model_copy(update={"sizing": "least-regret"})) == seen


def test_draws_are_always_the_same_and_lie_in_the_ranges(example):
    first = draws(example, 30)
    assert first == draws(example, 30)
    share = [each.active_users.likely / example.users.total for each in first]
    assert all(0.3 <= value <= 0.6 for value in share)
    assert len(set(share)) > 20


def test_the_outlook_is_deterministic(example, seen):
    assert outlook(example) == seen
