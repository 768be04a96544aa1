"""The plan on one screen: it fits, says what hangs on guesses, and cuts nothing off at any width."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from groma.bill import bill
from groma.design import Design, design
from groma.questions.guesses import guesses
from groma.report.brief import Brief
from groma.report.plan import Planned
from groma.words import Mark, usd
from groma.workload import load, parse
from groma.workload.first_file import write_first_file
from told import printed
from workloads import ROOT, SHOP, designed_example, marked

EXAMPLES = ("social-50k", "social-50k-premium", "social-serverless", "social-worldwide", "starter")
UNPRICED = "sa-east-1"
"""A region whose load balancers no public copy of the price list tells of."""
LINES, NEXT = 30, "next: groma up examples/social-50k-balanced.yaml; more: --bill --decisions --all"


@cache
def shop() -> Design:
    return design(parse(f"{SHOP}alerts: ops@acme.dev\n"), reasons=False)


@pytest.mark.parametrize("name", [marked(name) for name in EXAMPLES])
def test_a_plan_fits_one_screen(name: str):
    lines = printed(Brief(designed_example(name)), 80, NEXT).splitlines()
    assert len(lines) <= LINES, len(lines)
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_no_width_cuts_a_type_a_key_or_an_amount(columns: int, golden):
    made = shop()
    text = printed(Brief(made), columns, NEXT)
    golden(f"plan-{columns}.txt", text)
    found = guesses(made)
    assert found is not None
    whole = [size.choice.name for size in made.plan.sizes] + [each.key for each in found.rows]
    assert all(word in text.split() for word in whole)
    everything = printed(Planned(made), columns, NEXT)
    for line in (text + everything).splitlines():
        assert len(line) <= max([columns, *map(len, line.split())])
    assert all(size.choice.name in everything.split() for size in made.plan.sizes)


def test_a_goal_that_the_likely_values_alone_keep_is_shown_as_bad_with_what_helps():
    text = "name: chirp\nblueprint: three-tier\nprofile: saas\nusers: {daily: 60_000}\nslo: {p99_ms: 300}\n"
    shown = [
        next(row for row in table.rows if row[0] == "ranges")
        for goal in ("300", "600")
        for table in Brief(design(parse(text.replace("300", goal)), reasons=False)).words().tables
        if table.columns[0] == "GOALS"
    ]
    assert shown[0][2:] == (Mark("0%", "bad"), "of 60 draws; no safer design found: `--ranges`")
    assert str(shown[1][3]).endswith("more: `--ranges`")


def test_the_guess_that_most_money_hangs_on_stands_in_the_first_lines():
    lines = printed(Brief(shop()), 80, NEXT).splitlines()
    line = next(text for text in lines if text.startswith("load.database_hot_gib_per_million_users"))
    assert "60 [20–150], a guess: $" in line
    assert lines[lines.index(line) + 1].startswith("  measure: ")
    assert lines.index(line) < LINES


def test_readme_and_tutorial_show_what_one_sees(tmp_path: Path):
    """The screens of the first pages are those of today."""
    folder = tmp_path / "chirp"
    folder.mkdir()
    first = write_first_file(folder / "groma.yaml", "serverless")[0]
    for page, made, end in (
        ("README.md", designed_example("social-50k"), " examples/social-50k.yaml"),
        ("docs/tutorial.md", design(load(first), reasons=False), ""),
    ):
        text = (ROOT / page).read_text(encoding="utf-8").partition(f"$ groma plan{end}\n")[2]
        shown = printed(Brief(made), 80, NEXT).removesuffix(f"{NEXT}\n")
        assert text.startswith(f"{shown}next: groma up{end}; more: "), page


@pytest.mark.slow
def test_a_total_with_unknown_prices_is_at_least_so_much():
    stated = f"regions: [{UNPRICED}]\nusers: {{total: 1_000}}\nbudget_usd_per_month: 500\n"
    made = design(parse(f"name: chirp\nblueprint: three-tier\n{stated}"))
    text = printed(Brief(made), 80, NEXT)
    assert f"at least ${usd(bill(made.architecture).monthly_usd.likely)}" in text
    assert "less what is unknown" in text
    assert "groma prices refresh" in text
