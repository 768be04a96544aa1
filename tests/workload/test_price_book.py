"""Price books: rows that are wrong, each with its line, and which row holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from groma.errors import InputError, WorkloadError
from groma.terms import DOLLARS, NO_BOOK, PriceBook
from groma.workload import load
from groma.workload.price_book import COLUMNS, price_book

HEAD = ",".join(COLUMNS)
BOOK = """\
discount,ec2,,,,12,2026-11-01
discount,ec2,,eu-west-1,,15,2026-11-01
discount,ec2,m7g.large,,,20,2026-11-01
price,ec2,m7g.large,us-east-1,reserved-1y,0.04,2026-11-02
price,natgateway,hour,,,0.04,2026-11-02
rate,EUR,,,,0.92,2026-11-03
"""


def read(tmp_path, rows: str, head: str = HEAD) -> PriceBook:
    path = tmp_path / "prices.csv"
    path.write_text(f"{head}\n{rows}", encoding="utf-8")
    return price_book(path, "groma.yaml:4: price_book")


@pytest.mark.parametrize(
    ("key", "region", "purchase", "line"),
    [
        ("c7g.large", "us-east-1", "on-demand", 2),
        ("c7g.large", "us-east-1", "reserved-3y", 2),
        ("c7g.large", "eu-west-1", "on-demand", 3),
        ("m7g.large", "eu-west-1", "on-demand", 4),
        ("m7g.large", "us-east-1", "reserved-1y", 5),
        ("m7g.large", "us-east-1", "on-demand", 4),
    ],
)
def test_the_narrowest_row_holds(tmp_path, key, region, purchase, line):
    row = read(tmp_path, BOOK).of("ec2", key, region, purchase)
    assert row is not None
    assert row.line == line


def test_what_it_does_not_say_it_does_not_change(tmp_path):
    book = read(tmp_path, BOOK)
    assert book.of("natgateway", "gb_processed", "us-east-1") is None
    assert book.of("rds", "db.m7g.large", "us-east-1") is None


def test_currencies_have_their_rate_and_day(tmp_path):
    book = read(tmp_path, BOOK)
    euro = book.currency("EUR")
    assert (euro.of(100), euro.as_of, euro.sign) == (92.0, "2026-11-03", "EUR ")
    assert book.currency("USD") == DOLLARS
    with pytest.raises(InputError) as caught:
        book.currency("GBP")
    assert (caught.value.where, caught.value.what) == ("--currency", "there is no rate for 'GBP'")
    assert "add a line to prices.csv: rate,GBP" in caught.value.hint


def test_without_a_book_there_is_no_other_currency():
    with pytest.raises(InputError, match="no rate for 'EUR'") as caught:
        NO_BOOK.currency("EUR")
    assert "price_book" in caught.value.hint


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("discount,ec2,,,,12", "has 6 cells, not 7"),
        ("gift,ec2,,,,12,2026-11-01", "there is no 'gift'"),
        ("discount,ec3,,,,12,2026-11-01", "there is no service 'ec3'"),
        ("discount,ec2,m7g.lage,,,12,2026-11-01", "ec2 has no 'm7g.lage'"),
        ("discount,natgateway,hours,,,12,2026-11-01", "natgateway has no 'hours'"),
        ("discount,ec2,,mars-1,,12,2026-11-01", "there is no region 'mars-1'"),
        ("discount,ec2,,eu,,12,2026-11-01", "there is no region 'eu'"),
        ("discount,ec2,,,weekly,12,2026-11-01", "'weekly' is no way to buy ec2"),
        ("discount,kms,,,reserved-1y,12,2026-11-01", "'reserved-1y' is no way to buy kms"),
        ("discount,ec2,,,,0,2026-11-01", "'0' cannot be used"),
        ("discount,ec2,,,,101,2026-11-01", "'101' cannot be used"),
        ("price,kms,,,,1,2026-11-01", "a price needs a key"),
        ("price,kms,key,,,-1,2026-11-01", "'-1' cannot be used"),
        ("price,kms,key,,,inf,2026-11-01", "'inf' cannot be used"),
        ("price,kms,key,,,cheap,2026-11-01", "'cheap' cannot be used"),
        ("price,kms,key,,,1,November", "'November' is no day"),
        ("rate,euro,,,,0.92,2026-11-01", "'euro' is no other currency"),
        ("rate,USD,,,,1,2026-11-01", "'USD' is no other currency"),
        ("rate,EUR,,us-east-1,,0.92,2026-11-01", "a rate has neither key nor region nor purchase"),
        ("rate,EUR,,,,0,2026-11-01", "'0' cannot be used"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path, row, says):
    with pytest.raises(WorkloadError) as caught:
        read(tmp_path, f"discount,s3,,,,5,2026-11-01\n\n{row}\n")
    assert caught.value.where == f"{tmp_path}/prices.csv:4"
    assert says in caught.value.what
    assert caught.value.hint


def test_all_wrong_rows_are_named_at_once(tmp_path):
    with pytest.raises(WorkloadError) as caught:
        read(tmp_path, "gift,,,,,1,2026-11-01\ndiscount,ec2,,,,12,never\n")
    assert ":2: there is no 'gift'" in str(caught.value)
    assert ":3: 'never' is no day" in str(caught.value)


def test_a_book_is_bounded_and_long_cells_are_not_told_whole(tmp_path):
    with pytest.raises(WorkloadError, match="has more than 1,000,000 bytes"):
        read(tmp_path, "x" * 1_000_001)
    with pytest.raises(WorkloadError) as caught:
        read(tmp_path, f"discount,{'e' * 5_000},,,,12,2026-11-01\n")
    assert len(caught.value.what) < 200
    with pytest.raises(WorkloadError, match="is no CSV: field larger") as caught:
        read(tmp_path, f"discount,{'e' * 200_000},,,,12,2026-11-01\n")
    assert caught.value.where.endswith("prices.csv:2")


@pytest.mark.parametrize("second", ["discount,ec2,,,,9,2026-11-02", "rate,EUR,,,,1,2026-11-02"])
def test_nothing_is_said_twice(tmp_path, second):
    with pytest.raises(WorkloadError, match=r"is said in line \d already") as caught:
        read(tmp_path, f"{BOOK}{second}\n")
    assert caught.value.where.endswith(":8")


def test_the_first_line_names_the_columns(tmp_path):
    with pytest.raises(WorkloadError, match="is no price book") as caught:
        read(tmp_path, BOOK, head="service,price")
    assert caught.value.where.endswith("prices.csv:1")
    assert HEAD in caught.value.hint


def test_a_book_lies_beside_the_workload_file(tmp_path):
    (tmp_path / "prices.csv").write_text(f"{HEAD}\n{BOOK}", encoding="utf-8")
    file = tmp_path / "groma.yaml"
    file.write_text("name: chirp\nblueprint: three-tier\nusers: {total: 5_000}\nprice_book: prices.csv\n")
    assert load(file).book.name == "prices.csv"
    file.write_text(file.read_text().replace("prices.csv", "others.csv"))
    with pytest.raises(WorkloadError, match="cannot be read: No such file") as caught:
        load(file)
    assert caught.value.where == f"{file}:4: price_book"


def test_a_service_may_be_named_from_a_spreadsheet(tmp_path):
    """A spreadsheet may put a byte-order mark before the first cell, and spaces around others."""
    path = tmp_path / "prices.csv"
    path.write_text(f"{HEAD}\ndiscount, ec2 ,,,,12,2026-11-01\n", encoding="utf-8-sig")
    assert price_book(path, "").of("ec2", "m7g.large", "us-east-1") is not None


def test_a_name_that_no_file_can_have_is_shown_without_control_characters(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match="cannot be read") as error:
        price_book(tmp_path / "a\0b", "groma.yaml:1")
    assert str(error.value).replace("\n", "").isprintable()
