"""What changes between two designs, as it is told and as it adds up."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from groma.design import Design, design
from groma.questions.difference import Difference, difference, signed
from groma.words import markdown
from groma.workload import parse
from told import must_be_told, printed
from workloads import ROOT, designed_example

NAMES = ("HEAD", "groma.yaml")


def changed(name: str, old: str, new: str) -> Design:
    """The design of an example in whose file something else is stated."""
    text = (ROOT / "examples" / f"{name}.yaml").read_text(encoding="utf-8")
    assert old in text
    return design(parse(text.replace(old, new, 1), source="groma.yaml"))


@pytest.fixture(scope="module")
def larger() -> Difference:
    return difference(
        designed_example("social-50k"), changed("social-50k", "total: 50_000", "total: 200_000"), NAMES
    )


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_it_is_read_in_terminals_of_all_widths(larger, golden, columns):
    shown = printed(larger, columns)
    assert max(map(len, shown.splitlines())) <= columns
    golden(f"diff-{columns}.txt", shown)


def test_it_is_a_comment_on_a_pull_request(larger, golden):
    golden("diff.md", markdown(larger.words()))


def test_it_is_told_whole(larger):
    must_be_told(larger)
    assert larger.changes
    assert [effect.element for effect in larger.interrupts] == ["database master", "read replica"]
    assert larger.document()["bill"]["more_usd"]["likely"] > 3_000
    assert larger.summary()[0].startswith("+$3,3")
    facts = {fact.about: fact for fact in larger.facts}
    assert facts["web"].before == facts["web"].now
    assert facts["breaks first"].now.startswith("database beyond ")
    assert [fact.about for fact in larger.stated] == ["users.total"]


def test_what_a_budget_bought_is_not_stated():
    poor, rich = (
        design(
            parse(
                "name: chirp\nblueprint: three-tier\nusers: {total: 50_000}\nslo: {p99_ms: 400}\n"
                f"network: {{zones: up to 3}}\nspend: [availability]\nbudget_usd_per_month: {usd}\n"
            ),
            reasons=False,
        )
        for usd in (1_300, 9_000)
    )
    assert (poor.wish.third_zone, rich.wish.third_zone) == (False, True)
    assert [fact.about for fact in difference(poor, rich, NAMES).stated] == ["budget_usd_per_month"]


def test_the_same_design_changes_nothing():
    made = designed_example("social-50k")
    same = difference(made, replace(made), NAMES)
    assert not same.changes
    assert same.summary() == ("nothing changes",)
    must_be_told(same)


def test_the_lines_add_up_to_the_difference_of_the_bills():
    """Of every two designs, whatever they have in common, where all prices are known."""
    names = ("social-50k", "social-serverless", "starter")
    for one, other in itertools.permutations(names, 2):
        found = difference(designed_example(one), designed_example(other), NAMES)
        known = [priced.monthly_usd.likely for priced in found.bills]
        more = sum(line.more_usd for line in found.lines)
        assert more == pytest.approx(known[1] - known[0], abs=0.005 * 100)
        assert found.changes


def test_what_cannot_become_the_other_in_place_says_so():
    found = difference(designed_example("social-50k"), designed_example("social-serverless"), NAMES)
    assert found.refused == "another stack: chirp-serverless is made beside chirp"
    text = "name: chirp\nblueprint: three-tier\n"
    there = changed("social-50k", "regions: [us-east-1]", "regions: [eu-west-1]")
    assert text.splitlines()[1] in there.workload.text
    moved = difference(designed_example("social-50k"), there, NAMES)
    assert "`groma down` comes first" in moved.refused
    assert moved.effects == ()
    must_be_told(moved)


def test_a_setting_that_nobody_notices_is_a_change_too():
    found = difference(
        designed_example("social-50k"),
        changed("social-50k", "alerts: ops@example.com", "alerts: all@example.com"),
        NAMES,
    )
    assert (found.changes, found.effects, found.lines) == (True, (), ())
    assert found.in_place == ("alarms",)
    assert "nothing restarts, is replaced or loses data" in found.words().heading
    must_be_told(found)


def test_a_price_that_is_not_known_is_no_number():
    found = difference(
        designed_example("social-serverless"), changed("social-serverless", "50_000", "200_000"), NAMES
    )
    (unknown,) = (line for line in found.lines if line.unknown)
    assert unknown.cells()[-1] == "unknown"
    assert "prices that are not known are left out" in found.summary()[0]
    assert any("at least" in cell for cell in found.words().tables[-1].rows[-1])


def test_money_is_written_with_its_sign():
    assert [signed(usd) for usd in (12.4, -3.5, 0.001, 1234.0, -0.004)] == [
        *("+$12", "-$3.50", "±$0", "+$1,234", "±$0"),
    ]
