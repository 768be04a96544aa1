"""The page about many users: what it takes from a hundred on, and what breaks first."""

from __future__ import annotations

import pytest

from groma.bill import bill
from groma.design import design
from groma.errors import InputError
from groma.questions.growth import at_users
from groma.questions.guide import guide
from groma.words import markdown
from groma.workload import load
from told import must_be_told
from workloads import ROOT

EXAMPLES = ROOT / "examples"
COMMAND = "groma guide groma.yaml --to 100_000 -o docs/scaling.md"


@pytest.fixture(scope="module")
def servers():
    return guide(load(EXAMPLES / "social-50k.yaml"), 100_000, COMMAND)


def test_the_page_is_as_it_was_reviewed(servers, golden):
    golden("guide.md", markdown(servers.words(), level=1))


def test_each_row_is_the_design_for_its_users(servers):
    assert [row.users for row in servers.rows] == [
        *(100, 300, 1_000, 3_000, 10_000, 30_000, 50_000, 100_000),
    ]
    row = servers.rows[5]
    made = design(at_users(servers.workload, row.users), reasons=False)
    assert row.usd == bill(made.architecture).monthly_usd
    assert (row.made_of, row.p99_ms) == (made.plan.machines, made.plan.latency_ms["p99"])
    assert all(row.p99_ms <= 400 and row.up_to >= row.users for row in servers.rows)
    bills = [row.usd.likely for row in servers.rows]
    assert bills == sorted(bills)
    must_be_told(servers)


def test_functions_break_nowhere_and_unknown_prices_are_at_least():
    found = guide(load(EXAMPLES / "social-serverless.yaml"), 200_000, COMMAND)
    assert {row.up_to for row in found.rows} == {None}
    assert len(found.words().tables) == 1
    assert found.rows[-1].cells()[3].startswith("at least ")
    must_be_told(found)


def test_where_there_is_no_design_it_says_why(workload):
    found = guide(workload("slo: {p99_ms: 16, availability: 0.9}\n"), 1_000, COMMAND)
    assert {row.usd for row in found.rows} == {None}
    assert found.rows[0].cells()[1].startswith("no design: ")
    must_be_told(found)


def test_what_cannot_be_asked_is_said(workload):
    with pytest.raises(InputError, match="not more than 100"):
        guide(workload(), 100, COMMAND)
    with pytest.raises(InputError, match="nothing of starter is sized by its load"):
        guide(load(EXAMPLES / "starter.yaml"), 1_000, COMMAND)
