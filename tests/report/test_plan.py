"""The plan in words: what a console prints and what any page may show, from the same tables."""

from __future__ import annotations

import json

import pytest

from groma.bill import SMALL_USD, bill
from groma.report.plan import Planned
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


def test_only_what_there_is_has_a_table():
    usual = ["Goals", "Bill", "Decided"]
    assert [*tables("social-50k")] == ["Sizes", *usual, "Rejected"]
    assert [*tables("social-serverless")] == ["Functions at peak", *usual, "Rejected"]
    assert [*tables("starter")] == usual
    lost = ["Recovery", "When a region is lost, at peak"]
    sizes = ["Sizes in each region", "Functions at peak in each region"]
    assert [*tables("social-worldwide")] == [*sizes, "Goals", *lost, "Bill", "Decided", "Rejected"]


def test_the_table_of_the_bill_adds_up_to_its_total():
    for name in EXAMPLES:
        priced, table = bill(made(name).architecture), tables(name)["Bill"]
        *lines, small, total = table.rows
        assert table.bold == (len(table.rows) - 1,)
        least = "at least " if priced.unknown else ""
        assert total[4] == f"{least}{priced.monthly_usd.likely:,.2f}"
        known = [float(row[4].replace(",", "")) for row in lines if row[4] != "unknown"]
        assert (len(known) < len(lines)) == bool(priced.unknown)
        assert min(known) >= SMALL_USD
        usd = sum(known) + float(small[4].replace(",", ""))
        assert usd == pytest.approx(priced.monthly_usd.likely, abs=0.01 * len(lines))


def test_what_is_open_is_said_with_its_hint_once_for_all_regions():
    for name in EXAMPLES:
        lines = Planned(made(name)).words().lines
        assert all(line.startswith("  hint: ") for line in lines[1::2])
        assert len(lines[::2]) == len(set(lines[::2]))
        assert not any("\0" in line for line in lines)
