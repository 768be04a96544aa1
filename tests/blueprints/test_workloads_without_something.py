"""A load may have nothing of something, no posts, no uploads, no pages: there is a design all the same."""

from __future__ import annotations

import pytest

from groma.bill import bill
from groma.design import design
from groma.quantity import Range
from groma.report.plan import Planned
from groma.workload import Load, Workload, parse

pytestmark = pytest.mark.slow  # what hangs on guesses is worked out for dozens of workloads

BLUEPRINTS = ("three-tier", "serverless", "worldwide")
TEXT = """\
name: shop
blueprint: {blueprint}
domain: shop.example.com
users: {{total: 20_000}}
slo: {{p99_ms: 1000, availability: 0.99}}
"""
REQUESTS = """\
requests:
  browse: {share: 0.9, web_ms: 1, app_ms: 20, reads: 3, writes: 0, query_ms: 2}
  buy: {share: 0.1, web_ms: 1, app_ms: 40, reads: 2, writes: 3, query_ms: 2}
"""
READS_ALONE = """\
requests:
  browse: {share: 1.0, web_ms: 1, app_ms: 20, reads: 3, writes: 0, query_ms: 2}
"""


def allows_nothing(name: str) -> bool:
    """Whether a quantity of the load may be 0: pydantic says so of the field's own checks."""
    try:
        Load.__pydantic_validator__.validate_assignment(Load.model_construct(), name, Range.exactly(0.0))
    except ValueError:
        return False
    return True


MAY_BE_NOTHING = [name for name in Load.model_fields if name != "discipline" and allows_nothing(name)]


def shop(blueprint: str, more: str = "") -> Workload:
    return parse(TEXT.format(blueprint=blueprint) + more, source="groma.yaml")


def planned(workload: Workload) -> None:
    """Design, price and tell it."""
    made = design(workload, reasons=False)
    assert bill(made.architecture).lines
    assert Planned(made).words().tables
    Planned(made).document()


def test_some_quantities_may_be_nothing() -> None:
    assert {"uploads_per_active_day", "logins_per_active_day", "page_mb"} <= set(MAY_BE_NOTHING)
    assert "followers" not in MAY_BE_NOTHING


@pytest.mark.parametrize("requests", [REQUESTS, READS_ALONE], ids=["no posts", "no writes"])
@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_requests_that_post_or_write_nothing(blueprint: str, requests: str) -> None:
    planned(shop(blueprint, requests))


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_nothing_of_all_that_may_be_nothing(blueprint: str) -> None:
    nothing = "".join(f"  {name}: 0\n" for name in MAY_BE_NOTHING)
    planned(shop(blueprint, f"load:\n{nothing}{REQUESTS}"))


@pytest.mark.parametrize("name", MAY_BE_NOTHING)
def test_nothing_of_one_quantity(name: str) -> None:
    planned(shop("serverless", f"load: {{{name}: 0}}\n"))
