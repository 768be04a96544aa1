"""What holds for every figure of every table: a source, a date, a sane value; and the size of it all."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from groma.catalog import (
    cache_nodes,
    database_classes,
    ec2_price,
    elasticache_price,
    fact,
    fact_names,
    instance_types,
    performance,
    rds_price,
    regions,
    sla,
    sla_names,
    unit_keys,
    unit_price,
)
from groma.catalog._store import DATA

TABLES = sorted(path.stem for path in DATA.glob("*.json"))
DATED = re.compile(r"^(20\d\d(-\d\d(-\d\d)?)?\b|undated, read 20\d\d-\d\d-\d\d|stated)")
PURCHASES = ("on-demand", "reserved-1y", "reserved-3y")


def hourly() -> Iterator[object]:
    for region in regions():
        for purchase in PURCHASES:
            yield from (ec2_price(region.name, t.name, purchase) for t in instance_types())
            for multi_az in (False, True):
                for engine in ("postgres", "mysql"):
                    for c in database_classes(engine):
                        yield rds_price(region.name, c.name, engine, multi_az, purchase)
            for engine in ("redis", "valkey"):
                yield from (elasticache_price(region.name, n.name, engine, purchase) for n in cache_nodes())


def test_every_hourly_price_is_positive_and_says_where_and_when_it_was_read():
    prices = [p for p in hourly() if p is not None]
    assert len(prices) > 20_000
    for p in prices:
        assert p.usd > 0
        assert p.unit == "hour"
        assert len(p.source) > 10
        assert DATED.match(p.as_of), p


def test_every_other_figure_says_where_and_when_it_was_read():
    figures = [
        *instance_types(),
        *cache_nodes(),
        *regions(),
        *(performance(t.family) for t in instance_types()),
        *(fact(n) for n in fact_names()),
        *(sla(n) for n in sla_names()),
        *(p for s, k, _ in unit_keys() for r in regions() if (p := unit_price(s, k, r.name))),
    ]
    for figure in figures:
        assert len(figure.source) > 10, figure
        assert DATED.match(figure.as_of), figure


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_one_record_per_line(name):
    lines = (DATA / f"{name}.json").read_text(encoding="utf-8").splitlines()
    body = json.loads("\n".join(lines))
    records = body.get("rows") or body["records"]
    assert len(lines) >= len(records)
    assert max(map(len, lines)) < 1_000


def test_the_tables_together_stay_small():
    assert sum((DATA / f"{name}.json").stat().st_size for name in TABLES) < 1_500_000


def test_importing_the_catalog_loads_no_table_and_nothing_heavy():
    code = (
        "import sys, groma.catalog, groma.catalog._store as s;"
        "heavy = {'boto3', 'numpy', 'moto', 'pydantic'} & set(sys.modules);"
        "print(s.table.cache_info().currsize, sorted(heavy))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "0 []"
