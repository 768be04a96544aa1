"""How a budget is told: each thing that it bought, what was left out, and where it ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groma.design import design
from groma.questions.budget import budget
from groma.report.plan import Planned
from groma.workload import load, parse, with_budget
from told import must_be_told
from workloads import EXAMPLE, MINIMAL

pytestmark = pytest.mark.slow


def test_the_rows_add_up_to_the_bill_and_the_rest_is_named():
    made = design(with_budget(load(EXAMPLE), 2_000), reasons=False)
    found, spent = budget(made), made.spent
    assert found is not None
    assert spent is not None
    must_be_told(found)
    (table,) = found.words().tables
    first, *rows = table.rows
    money = [float(str(cell).replace(",", "")) for cell in (first[4], *(row[3] for row in rows))]
    assert sum(money) == pytest.approx(spent.usd_per_month, abs=0.05)
    assert [row[1] for row in rows] == [row.step.what for row in spent.rows if row.outcome == "bought"]
    left = [note for note in table.notes if note.startswith("left out: ")]
    assert len(left) == len(spent.left_out) == len(spent.rows) - len(rows) > 3
    ends = f"beyond ${spent.most_usd:,.0f} a month nothing here gets better"
    assert table.notes[-1] == ends
    (of_another,) = replace(found, lacks="Spot tasks").words().tables
    assert of_another.notes[-1] == f"{ends}; this blueprint lacks Spot tasks"
    assert table in Planned(made).words().tables
    document = Planned(made).document()["budget"]
    assert document == found.document()
    assert [step["outcome"] for step in document["steps"]] == [row.outcome for row in spent.rows]


def test_what_no_machine_does_is_said_once_by_the_first_of_its_kind():
    users = MINIMAL.replace("50_000", "6_000_000")
    made = design(parse(f"{users}budget_usd_per_month: 9_000_000\nspend: [headroom]\n"), reasons=False)
    assert made.spent is not None
    found = budget(made)
    assert found is not None
    must_be_told(found)
    beyond = [row for row in made.spent.rows if row.outcome == "out of reach"]
    notes = [note for note in found.words().tables[0].notes if note.startswith("out of reach")]
    assert len(beyond) > 1
    assert notes == [f"out of reach: {beyond[0].step.what}: {beyond[0].reason}"]


def test_who_spends_nothing_is_told_nothing(designed):
    assert budget(designed) is None
    assert Planned(designed).document()["budget"] is None
