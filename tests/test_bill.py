from __future__ import annotations

import csv
import io

import pytest

from groma.answers import BillLine
from groma.bill import Bill, bill, within_budget
from groma.quantity import Range


@pytest.fixture(scope="module")
def priced(designed):
    return bill(designed.architecture)


def test_every_line_is_quantity_times_unit_price(priced):
    for line in priced.lines:
        assert line.monthly_usd is not None, line.item
        assert line.quantity.likely * line.unit_usd == pytest.approx(line.monthly_usd.likely), line.item


def test_every_line_has_a_source_and_a_date(priced):
    for line in priced.lines:
        assert line.source, line.item
        assert line.as_of, line.item


def test_every_component_that_costs_something_is_on_the_bill(designed, priced):
    free = {"users", "clients", "internet-gateway"}
    assert {line.component for line in priced.lines} == {
        c.id for c in designed.architecture.components
    } - free


def test_figures_that_a_person_can_check(priced):
    """Prices of us-east-1: t4g.small 0.0168, NAT 0.045, ALB 0.0225, public IPv4 0.005 an hour of 730."""
    by_item = {(line.component, line.item): line.monthly_usd.likely for line in priced.lines}
    assert by_item["web", "t4g.small on demand"] == pytest.approx(2 * 730 * 0.0168)
    assert by_item["nat", "NAT gateway hours"] == pytest.approx(730 * 0.045)
    assert by_item["web-lb", "load balancer hours"] == pytest.approx(730 * 0.0225)
    assert by_item["web-lb", "public IPv4 addresses"] == pytest.approx(2 * 730 * 0.005)
    assert by_item["key", "customer-managed key"] == 1


def test_the_total_is_the_sum_of_the_lines(priced):
    assert priced.monthly_usd.likely == pytest.approx(sum(line.monthly_usd.likely for line in priced.lines))
    assert priced.monthly_usd.low <= priced.monthly_usd.likely <= priced.monthly_usd.high


def test_the_bill_of_the_example(priced, golden):
    golden("social-50k-bill.csv", priced.to_csv())


def test_csv_leaves_unknown_prices_empty():
    line = BillLine("a", "thing", Range.exactly(3), "hour", None, None, "no price in the catalog", "")
    (row,) = csv.DictReader(io.StringIO(Bill((line,)).to_csv()))
    assert (row["quantity"], row["unit_usd"], row["monthly_usd"]) == ("3", "", "")


def test_an_unknown_price_makes_the_total_a_lower_bound():
    known = BillLine("a", "x", Range.exactly(1), "hour", 5.0, Range.exactly(5), "s", "d")
    unknown = BillLine("a", "y", Range.exactly(1), "hour", None, None, "s", "")
    both = Bill((known, unknown))
    assert both.monthly_usd.likely == 5
    assert both.unknown == (unknown,)
    assert "at least $5.00" in within_budget(both, 10).actual


def test_the_budget_is_a_finding(priced):
    usd = priced.monthly_usd.likely
    assert within_budget(priced, usd + 1).ok
    assert not within_budget(priced, usd - 1).ok
