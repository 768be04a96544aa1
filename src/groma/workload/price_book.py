"""Reading a price book: a CSV file of one's own prices, and the rates of other currencies.

    what,service,key,region,purchase,value,date
    discount,ec2,,,,12,2026-11-01                   12 % off every machine of EC2, however it is bought
    discount,s3,standard_storage,eu-west-1,,5,…     5 % off one unit in one region
    price,natgateway,hour,,,0.04,…                  0.04 USD an hour in place of the catalog's price
    price,ec2,m7g.large,us-east-1,reserved-1y,…     of machines a price is on demand when purchase is empty
    rate,EUR,,,,0.92,2026-11-01                     a dollar is 0.92 EUR on that day

Of several rows that fit, the one with a key holds, then the one with a region; discounts do not add up.
"""

from __future__ import annotations

import csv
import datetime
import math
import pathlib
import re
from collections.abc import Iterable, Iterator
from typing import get_args

from groma import catalog
from groma.catalog.services import CLOUDFRONT_GEOGRAPHIES
from groma.errors import InputError, WorkloadError
from groma.files import read_text
from groma.terms import Currency, OwnPrice, PriceBook
from groma.words import abridged
from groma.workload.explaining import one_error
from groma.workload.lines import MOST_BYTES

COLUMNS = ("what", "service", "key", "region", "purchase", "value", "date")
KINDS = ("discount", "price", "rate")
MACHINES = frozenset({"ec2", "rds", "aurora", "elasticache"})
"""Services that sell machines by the hour, in several ways."""
HINT = f"the first line is {','.join(COLUMNS)}"
Row = dict[str, str]


def price_book(path: pathlib.Path, where: str) -> PriceBook:
    """Read a price book.

    Args:
        path: of the CSV file.
        where: the place in the workload file that names it.

    Raises:
        WorkloadError: it cannot be read, or has wrong rows; all are named, each with its line.
    """
    try:
        text = read_text(path, MOST_BYTES).removeprefix("\ufeff")
    except InputError as error:
        raise WorkloadError(f"{error.where} {error.what}", where=where, hint=HINT) from error
    rows = _rows(text, path)
    problems = [(f"{path}:{line}", *wrong) for line, cells in rows for wrong in _problems(cells)]
    if not problems:
        problems = [(f"{path}:{line}", *wrong) for line, wrong in _repeated(rows)]
    if problems:
        raise one_error(problems)
    named = [(line, dict(zip(COLUMNS, cells, strict=True))) for line, cells in rows]
    return PriceBook(
        path.name,
        tuple(_price(line, row) for line, row in named if row["what"] != "rate"),
        tuple(
            Currency(row["service"], float(row["value"]), row["date"])
            for _, row in named
            if row["what"] == "rate"
        ),
    )


def _rows(text: str, path: pathlib.Path) -> list[tuple[int, list[str]]]:
    """The rows below the first line, each with its line. Raises WorkloadError."""
    lines = csv.reader(text.splitlines())
    try:
        head = tuple(cell.strip() for cell in next(lines, []))
        rows = [(lines.line_num, [cell.strip() for cell in cells]) for cells in lines if any(cells)]
    except csv.Error as error:
        raise WorkloadError(f"is no CSV: {error}", where=f"{path}:{lines.line_num}", hint=HINT) from error
    if head != COLUMNS:
        begins = f"is no price book: it begins with {abridged(','.join(head))}"
        raise WorkloadError(begins, where=f"{path}:1", hint=HINT)
    return rows


def _price(line: int, row: Row) -> OwnPrice:
    value, off = float(row["value"]), row["what"] == "discount"
    on_demand = "" if off or row["service"] not in MACHINES else "on-demand"
    return OwnPrice(
        service=row["service"],
        key=row["key"],
        region=row["region"],
        purchase=row["purchase"] or on_demand,
        discount=value / 100 if off else None,
        usd=None if off else value,
        line=line,
        as_of=row["date"],
    )


def _problems(cells: list[str]) -> Iterator[tuple[str, str]]:
    """What is wrong in a row, and what to do."""
    if len(cells) != len(COLUMNS):
        yield f"has {len(cells)} cells, not {len(COLUMNS)}", f"one for each of {', '.join(COLUMNS)}"
        return
    row: Row = dict(zip(COLUMNS, cells, strict=True))
    if row["what"] not in KINDS:
        yield f"there is no {abridged(row['what'])}", f"a row begins with one of {', '.join(KINDS)}"
    elif row["what"] == "rate":
        yield from _wrong_rate(row)
    else:
        yield from _wrong_price(row)
    yield from _wrong_value(row)
    try:
        datetime.date.fromisoformat(row["date"])
    except ValueError:
        yield f"{abridged(row['date'])} is no day", "write YYYY-MM-DD: from when the figure is"


def _wrong_rate(row: Row) -> Iterator[tuple[str, str]]:
    if not re.fullmatch("[A-Z]{3}", row["service"]) or row["service"] == "USD":
        hint = "write its code: rate,EUR,,,,0.92,2026-11-01"
        yield f"{abridged(row['service'])} is no other currency", hint
    if row["key"] or row["region"] or row["purchase"]:
        yield "a rate has neither key nor region nor purchase", "leave these cells empty"


def _wrong_value(row: Row) -> Iterator[tuple[str, str]]:
    hints = {
        "discount": "write the percentage that is taken off, above 0 and up to 100",
        "price": "write USD for one unit, 0 or more",
        "rate": "write how much of the currency a dollar is, above 0",
    }
    try:
        value = float(row["value"])
    except ValueError:
        value = math.nan
    fits = {"discount": 0 < value <= 100, "price": value >= 0, "rate": value > 0}.get(row["what"], True)
    if not fits or not math.isfinite(value):
        yield f"{abridged(row['value'])} cannot be used", hints.get(row["what"], "write a number")


def _wrong_price(row: Row) -> Iterator[tuple[str, str]]:
    service, key, keys = row["service"], row["key"], _keys(row["service"])
    if not keys:
        known = sorted({name for name, _, _ in catalog.unit_keys()} | MACHINES)
        yield f"there is no service {abridged(service)}", f"known: {', '.join(known)}"
        return
    if key and key not in keys:
        some = sorted(keys)
        more = "" if len(some) <= 8 else f" and {len(some) - 8} more"
        yield f"{service} has no {abridged(key)}", f"known: {', '.join(some[:8])}{more}"
    elif not key and row["what"] == "price":
        yield "a price needs a key", "name one unit or machine; a discount may hold for the whole service"
    places = CLOUDFRONT_GEOGRAPHIES if service == "cloudfront" else ()
    if row["region"] and row["region"] not in {*places, *(each.name for each in catalog.regions())}:
        yield f"there is no region {abridged(row['region'])}", "leave it empty for all regions"
    if row["purchase"] and (service not in MACHINES or row["purchase"] not in _purchases()):
        yield (
            f"{abridged(row['purchase'])} is no way to buy {service}",
            f"of {', '.join(sorted(MACHINES))}: {', '.join(_purchases())}; leave it empty for all else",
        )


def _repeated(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Rows that say the same thing twice, where nobody could tell which one holds."""
    first: dict[tuple[str, ...], int] = {}
    for line, (what, *place, _, _) in rows:
        name = (what if what == "rate" else "price", *place)
        if name in first:
            yield line, (f"is said in line {first[name]} already", "leave one of the two")
        first.setdefault(name, line)


def _purchases() -> tuple[str, ...]:
    return tuple(get_args(catalog.Purchase))


def _keys(service: str) -> set[str]:
    """Every key that a service has: units, and names of machines."""
    databases = {c.name for c in catalog.database_classes()} | {
        c.name for c in catalog.database_classes("mysql")
    }
    machines: dict[str, set[str]] = {
        "ec2": {machine.name for machine in catalog.instance_types()},
        "rds": databases | {f"{name}/multi-az" for name in databases},
        "aurora": set(catalog.aurora_classes()),
        "elasticache": {node.name for node in catalog.cache_nodes()},
    }
    return {key for name, key, _ in catalog.unit_keys() if name == service} | machines.get(service, set())
