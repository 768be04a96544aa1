"""A law over meters: what components ask a price for is read by `groma prices refresh`, or said not to be."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from designs import designed, example_names
from random_workloads import LOADED, workload

from groma import catalog
from groma.bill import bill
from groma.design import design
from groma.live.prices.offers import OFFERS, UNREAD
from workloads import ROOT, marked

READ = {name for offer in OFFERS for name in offer.reads}
TABLES = {
    "ec2_price": {"ec2_on_demand", "ec2_reserved"},
    "rds_price": {"rds"},
    "aurora_price": {"aurora"},
    "elasticache_price": {"elasticache"},
}
"""What asks for a machine's hour → the tables that it looks into."""


@pytest.fixture
def asked(monkeypatch) -> set[str]:
    """Everything that a price was asked for: `natgateway/hour`, and tables of machines."""
    told: set[str] = set()

    def record(name: str, names: Callable[..., set[str]]) -> None:
        real = getattr(catalog, name)

        def asking(*args, **options):
            told.update(names(*args))
            return real(*args, **options)

        monkeypatch.setattr(catalog, name, asking)

    record("unit_price", lambda service, key, region: {f"{service}/{key}"})
    for name, tables in TABLES.items():
        record(name, lambda *_, tables=tables: tables)
    return told


def unread(names: set[str]) -> set[str]:
    return names - READ - UNREAD.keys()


@pytest.mark.parametrize("name", [marked(name) for name in example_names()])
def test_what_an_example_is_billed_by_is_read(asked, name: str):
    bill(designed(name).architecture)
    assert len(asked) > 10
    assert not unread(asked)


@pytest.mark.parametrize("blueprint", LOADED)
def test_what_sizes_are_compared_by_is_read(asked, blueprint: str):
    design(workload(blueprint, {}), reasons=False)
    assert any("_on_demand" in name or "/" in name for name in asked)
    assert not unread(asked)


def pairs(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Texts that stand side by side in a call or a tuple: a meter is written as service and key."""
    for node in ast.walk(tree):
        held = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
        for first, second in pairwise(held):
            texts = [each.value for each in (first, second) if isinstance(each, ast.Constant)]
            if len(texts) == 2 and all(isinstance(text, str) for text in texts):
                yield texts[0], texts[1]


def test_every_meter_that_is_written_anywhere_is_read():
    written = {
        f"{service}/{key}"
        for room in ("components", "blueprints")
        for path in (ROOT / "src" / "groma" / room).rglob("*.py")
        for service, key in pairs(ast.parse(path.read_text(encoding="utf-8")))
        if catalog.unit_of(service, key)
    }
    assert {"natgateway/hour", "dynamodb/pitr", "budgets/cost_budget"} <= written
    assert not unread(written)


def test_surplus_credits_of_every_burstable_class_have_a_meter():
    families = {c.name.split(".")[1] for c in catalog.database_classes() if c.burstable_baseline is not None}
    assert families
    assert not unread({f"rds/cpu_credit_{family}" for family in families})
    assert all(catalog.unit_of("rds", f"cpu_credit_{family}") for family in families)


def test_what_is_not_read_is_asked_for_and_has_a_reason():
    assert not UNREAD.keys() & READ
    assert all(catalog.unit_of(*name.split("/")) and reason for name, reason in UNREAD.items())


def test_every_unit_that_is_read_is_one_of_the_catalog():
    units = [name.split("/") for name in READ if "/" in name]
    assert all(catalog.unit_of(*each) for each in units)
