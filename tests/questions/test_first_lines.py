"""What a plan says first: which users were counted, and how often its goals are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groma.bill import bill
from groma.design import design, server_tiers
from groma.questions.odds import odds
from groma.questions.ranges import outlook
from groma.questions.readings import readings
from groma.report.plan import Planned
from groma.sizing.regret import DRAWS
from groma.workload import parse
from told import must_be_told
from workloads import MINIMAL, designed_example


def test_a_plan_says_first_which_users_it_counts_and_what_the_others_would_cost(designed):
    found = readings(designed)
    assert found is not None
    must_be_told(found)
    assert (found.number, found.reading, found.daily) == (50_000, "registered", 20_000)
    assert found.at_once == pytest.approx(designed.demand.peak_per_s.likely * 30, rel=0.01)
    lines = Planned(designed).words().heading.splitlines()
    assert lines[1:] == list(found.words().lines)
    assert "`daily: 50_000` or `concurrent: 50_000`" in lines[2]


def test_the_other_readings_cost_what_a_file_that_states_them_costs(designed):
    found = readings(designed)
    assert found is not None
    usd = [each.usd_per_month for each in found.others]
    for key, cost in zip(("daily", "concurrent"), usd, strict=True):
        goals = "slo: {p99_ms: 400, availability: 0.9995}\nalerts: ops@example.com\n"
        stated = parse(MINIMAL.replace("total", key) + goals)
        assert bill(design(stated, reasons=False).architecture).monthly_usd.likely == pytest.approx(cost)
    assert usd[1] > 15 * bill(designed.architecture).monthly_usd.likely


def test_they_cost_what_the_standby_costs_that_the_file_states():
    stated = f"{MINIMAL}slo: {{availability: 0.99}}\ndatabase: {{multi_az: true}}\n"
    found = readings(design(parse(stated), reasons=False))
    assert found is not None
    otherwise = design(parse(stated.replace("total", "daily")), reasons=False)
    assert found.others[0].usd_per_month == bill(otherwise.architecture).monthly_usd.likely


def test_what_no_design_carries_is_said_and_costs_no_number():
    made = design(parse(MINIMAL.replace("50_000", "3_000_000")), reasons=False)
    found = readings(made)
    assert found is not None
    assert found.others[1].usd_per_month is None
    assert "at once at peak more than any design carries" in found.words().lines[1]
    must_be_told(found)


@pytest.mark.slow
def test_the_odds_are_those_of_the_ranges(example, designed):
    """The safer plan is the one for the high end, of which `--ranges` says the same."""
    found, rows = odds(designed), {row.name: row for row in outlook(example).rows}
    assert found is not None
    assert found.safer is not None
    must_be_told(found)
    likely, high = rows["likely values"], rows["high end (p90)"]
    assert (found.kept, found.draws) == (likely.kept, DRAWS)
    assert (found.safer.machines, found.safer.kept) == (high.machines, high.kept)
    assert found.safer.more_usd == pytest.approx(high.mean_usd - likely.mean_usd)
    told = [row for row in Planned(designed).words().tables[1].rows if row[0] == "ranges"]
    assert [row[2:] for row in told] == [(f"{likely.kept:.0%}", *found.words().lines)]


def test_a_safe_design_is_offered_nothing_safer(designed):
    sizes = tuple(replace(size, max=99 * size.max, desired=9 * size.desired) for size in designed.plan.sizes)
    database = designed.plan.of("database")
    roomy = replace(database, choice=replace(database.choice, vcpu=96, mem_gib=999, baseline=None))
    large = replace(designed, plan=replace(designed.plan, sizes=(*sizes[:2], roomy)))
    found = odds(large)
    assert found is not None
    assert found.kept >= 0.9
    assert found.safer is None


def test_where_nothing_is_uncertain_or_nothing_is_a_server_there_are_no_odds():
    assert odds(designed_example("social-serverless")) is None
    assert odds(designed_example("starter")) is None
    assert readings(designed_example("starter")) is None
    assert server_tiers(designed_example("starter").workload, designed_example("starter").demand) == ()
