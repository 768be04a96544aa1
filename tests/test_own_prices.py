"""A design at one's own prices: sizes, bill, sources and currencies."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from groma import catalog
from groma.bill import Bill, bill
from groma.catalog import own_prices
from groma.cli.designs import billed
from groma.design import Design, bought, design
from groma.errors import InputError
from groma.report.plan import Planned
from groma.terms import NO_BOOK, OwnPrice, PriceBook, Terms
from groma.workload import Workload, load
from groma.workload.price_book import COLUMNS
from workloads import MINIMAL, ROOT

EVERYTHING = ROOT / "tests" / "workload" / "price_books" / "everything.csv"
HERE = "us-east-1"


def workload(tmp_path, *rows: str) -> Workload:
    head = ",".join(COLUMNS)
    (tmp_path / "prices.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    file = tmp_path / "groma.yaml"
    file.write_text(f"{MINIMAL}price_book: prices.csv\n", encoding="utf-8")
    return load(file)


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> Design:
    file = tmp_path_factory.mktemp("usual") / "groma.yaml"
    file.write_text(MINIMAL, encoding="utf-8")
    return design(load(file), reasons=False)


@pytest.fixture
def own(tmp_path) -> Design:
    rows = EVERYTHING.read_text(encoding="utf-8").splitlines()[1:]
    return design(workload(tmp_path, *rows), reasons=False)


def by_item(priced: Bill) -> dict[tuple[str, str], float]:
    return {(line.component, line.item): line.monthly_usd.likely for line in priced.lines if line.monthly_usd}


def test_a_discount_holds_for_every_line_of_the_service(own, usual):
    before, after = by_item(bill(usual.architecture)), by_item(bill(own.architecture))
    machines = [name for name in after if "on demand" in name[1]]
    assert machines
    for name in machines:
        assert after[name] == pytest.approx(before[name] * 0.88)
    assert after["key", "customer-managed key"] == 0.5
    assert after["nat", "NAT gateway hours"] == before["nat", "NAT gateway hours"]


def test_the_source_of_each_line_names_the_row(own):
    sources = {line.item: line.source for line in bill(own.architecture).lines}
    assert sources["customer-managed key"] == "price book prices.csv, line 4"
    machine = next(source for item, source in sources.items() if "on demand" in item)
    assert machine.startswith("12 % off by price book prices.csv, line 2: AWS")


def test_what_was_asked_before_or_after_is_the_catalogs(own):
    assert catalog.ec2_price(HERE, "m7g.large").usd == 0.0816
    with own_prices(own.workload.book):
        assert catalog.ec2_price(HERE, "m7g.large").usd == pytest.approx(0.0816 * 0.88)
        assert catalog.ec2_price(HERE, "m7g.large", "reserved-1y").usd == 0.04
    assert catalog.ec2_price(HERE, "m7g.large").usd == 0.0816


def test_the_book_is_left_when_something_fails():
    book = PriceBook("p.csv", (OwnPrice("ec2", "", "", "", 0.5, None, 2, "2026-11-01"),))
    with pytest.raises(InputError), own_prices(book):
        catalog.ec2_price(HERE, "no.such")
    assert catalog.ec2_price(HERE, "m7g.large").usd == 0.0816


def test_a_price_makes_known_what_the_catalog_does_not_know(tmp_path):
    assert catalog.unit_price("elb", "alb_hour", "us-east-2") is None
    made = workload(
        tmp_path, "price,elb,alb_hour,us-east-2,,0.02,2026-11-01", "discount,xray,,,,5,2026-11-01"
    )
    with own_prices(made.book):
        assert catalog.unit_price("elb", "alb_hour", "us-east-2").cost(100) == 2.0
        assert catalog.unit_price("xray", "traces_recorded", "us-west-2") is None
        assert catalog.unit_price("xray", "traces_recorded", HERE).cost(1_100_000) == pytest.approx(4.75)


def test_the_free_allowance_stays_below_a_price_of_ones_own(tmp_path):
    made = workload(tmp_path, "price,kms,requests,,,0.01,2026-11-01")
    with own_prices(made.book):
        assert catalog.unit_price("kms", "requests", HERE).cost(20_100) == pytest.approx(1.0)


def test_sizes_are_the_cheapest_at_these_prices(tmp_path, usual):
    names = {size.choice.name for size in usual.plan.sizes if size.tier != "database"}
    rows = [f"price,ec2,{name},,,9,2026-11-01" for name in names]
    other = design(workload(tmp_path, *rows), reasons=False)
    assert not names & {size.choice.name for size in other.plan.sizes}


def test_two_books_do_not_meet(own, usual):
    assert bill(usual.architecture).monthly_usd.likely > bill(own.architecture).monthly_usd.likely
    again = replace(own.architecture, terms=Terms())
    assert by_item(bill(again))["key", "customer-managed key"] == 1.0


def test_another_currency_is_shown_in_table_and_goals_and_added_to_the_rest(own):
    euros = billed(own, "730h", currency="EUR")
    priced, usd = bill(euros.architecture), bill(own.architecture).monthly_usd.likely
    assert priced.monthly_usd.likely == usd
    tables = {table.title: table for table in Planned(euros).words().tables}
    assert "EUR/month" in tables["Bill"].columns
    assert tables["Bill"].rows[-1][-1] == f"{usd * 0.92:,.2f}"
    assert any("1 USD = 0.92 EUR on 2026-11-04" in note for note in tables["Bill"].notes)
    assert any("prices.csv" in note for note in tables["Bill"].notes)
    assert "EUR/month" in tables["Sizes"].columns
    assert f"EUR {usd * 0.92:,.2f}" in next(row for row in tables["Goals"].rows if row[0] == "bill")[2]
    document = json.loads(json.dumps(Planned(euros).document()["bill"]))
    assert document["monthly_usd"] == round(usd, 2)
    assert document["currency"]["monthly"] == round(usd * 0.92, 2)
    assert document["price_book"] == "prices.csv"


def test_the_bill_as_a_table_has_columns_of_the_other_currency(own):
    text = bill(billed(own, "730h", currency="EUR").architecture).to_csv()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["currency"] for row in rows} == {"EUR"}
    key = next(row for row in rows if row["item"] == "customer-managed key")
    assert (key["monthly_usd"], key["monthly"], key["source"]) == (
        *("0.50", "0.46", "price book prices.csv, line 4"),
    )
    assert "currency" not in bill(own.architecture).to_csv().splitlines()[0]


def test_a_currency_without_a_rate_is_refused(own, usual):
    with pytest.raises(InputError, match="no rate for 'GBP'"):
        billed(own, "730h", currency="GBP")
    with pytest.raises(InputError, match="no rate for 'EUR'"):
        billed(usual, "730h", currency="EUR")


def test_other_terms_keep_the_book(own):
    assert billed(own, "2026-11").architecture.terms.book == own.workload.book
    assert bought(own, Terms()).architecture.terms.book == NO_BOOK
