"""The plan in words: what a console prints and what any page may show, from the same tables."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest

from groma.bill import GROUPS, SMALL_USD, bill
from groma.report.plan import Part, Planned
from groma.report.plan_document import plan_document
from groma.words import Table
from workloads import designed_example as made
from workloads import marked

EXAMPLES = ("social-50k", "social-serverless", "social-worldwide", "starter")


def tables(name: str) -> dict[str, Table]:
    return {table.title: table for table in Planned(made(name)).words().tables}


@pytest.mark.parametrize("name", [marked(name) for name in EXAMPLES])
def test_every_table_is_whole_and_the_document_plain(name):
    planned = Planned(made(name))
    for table in planned.words().tables:
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert set(table.right) <= set(table.columns)
    assert planned.document() == plan_document(made(name))
    json.dumps(planned.document(), allow_nan=False)


@pytest.mark.slow
def test_only_what_there_is_has_a_table():
    usual = ["Goals", "Hangs on guesses", "Bill", "Decided"]
    assert [*tables("social-50k")] == ["Sizes", *usual, "Rejected"]
    assert [*tables("social-serverless")] == ["Functions at peak", *usual, "Rejected"]
    assert [*tables("starter")] == ["Goals", "Bill", "Decided"]
    lost = ["Recovery", "When a region is lost, at peak"]
    sizes = ["Sizes in each region", "Functions at peak in each region"]
    assert [*tables("social-worldwide")] == [*sizes, "Goals", *lost, *usual[1:], "Rejected"]


def number(cell: object) -> float:
    return float(str(cell).removeprefix("at least ").replace(",", "").replace("$", ""))


def test_the_table_of_the_bill_adds_up_to_its_total_part_by_part():
    for name in EXAMPLES:
        priced, table = bill(made(name).architecture), tables(name)["Bill"]
        heads = [row for place, row in enumerate(table.rows) if place in table.bold]
        *parts, total = heads
        assert total[4] == f"{priced.least}{priced.monthly_usd.likely:,.2f}"
        assert [row[0] for row in parts] == [group.name for group in priced.groups]
        assert sum(number(row[4]) for row in parts) == pytest.approx(number(total[4]), abs=0.05)
        lines = [row for row in table.rows if row not in heads]
        known = [number(row[4]) for row in lines if row[4] != "unknown"]
        assert (len(known) < len(lines)) == bool(priced.unknown)
        assert sum(known) == pytest.approx(priced.monthly_usd.likely, abs=0.01 * len(lines))
        assert all(number(row[4]) >= SMALL_USD for row in lines if row[0] and row[4] != "unknown")


def test_the_dearest_of_each_part_comes_first_in_every_output():
    for name in EXAMPLES:
        priced = bill(made(name).architecture)
        names = [group.name for group in priced.groups]
        assert names == [group for group in GROUPS if group in names]
        for group in priced.groups:
            usd = [math.inf if x.monthly_usd is None else x.monthly_usd.likely for x in group.lines]
            assert usd == sorted(usd, reverse=True)
        order = [(line.component, line.item) for line in priced.lines]
        written = csv.DictReader(io.StringIO(priced.to_csv()))
        assert [(row["component"], row["item"]) for row in written] == order
        assert [(row["component"], row["item"]) for row in priced.document()["lines"]] == order


def test_a_part_of_a_plan_is_the_same_table():
    whole = Planned(made("social-50k")).words().tables
    parts = Part(made("social-50k"), ("bill", "rejected")).words().tables
    assert parts == tuple(table for table in whole if table.title in ("Bill", "Rejected"))


def test_what_is_open_is_said_with_its_hint_once_for_all_regions():
    for name in EXAMPLES:
        lines = Planned(made(name)).words().lines
        assert all(line.startswith("  hint: ") for line in lines[1::2])
        assert len(lines[::2]) == len(set(lines[::2]))
        assert not any("\0" in line for line in lines)
