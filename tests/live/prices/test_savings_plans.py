"""Savings plans: read by SKU for the machines of the offers, otherwise unknown, and bought for a year."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from groma import catalog
from groma.bill import bill
from groma.components.server_group import ServerGroup
from groma.design import Design, bought, design
from groma.live.prices import refresh
from groma.sizing.reservations import cheapest_reserved
from groma.terms import Buying, Terms
from groma.workload import parse
from workloads import MINIMAL

HERE = "us-east-1"
COMPUTE = "/savingsPlan/v1.0/aws/AWSComputeSavingsPlan"
LARGE = "name: large\nblueprint: three-tier\nusers: {total: 2_000_000}\npurchase: savings-plan-1y\n"


def test_one_year_without_upfront_is_read_for_every_machine(served, prices):
    assert refresh(HERE, base_url=served.url).left_out == ()
    m7g = catalog.ec2_price(HERE, "m7g.large", "savings-plan-1y")
    assert m7g is not None
    assert (m7g.usd, m7g.as_of) == (0.051, "2026-11-20")
    assert m7g.source == "AWS public price list, offer AWSComputeSavingsPlan"
    assert catalog.rds_price(HERE, "db.m7g.large", purchase="savings-plan-1y").usd == 0.13
    assert catalog.aurora_price(HERE, "db.r7g.large", "savings-plan-1y").usd == 0.25
    assert catalog.elasticache_price(HERE, "cache.m7g.large", "valkey", "savings-plan-1y").usd == 0.1


def test_what_no_plan_covers_has_no_price(served, prices):
    refresh(HERE, base_url=served.url)
    assert catalog.rds_price(HERE, "db.r6g.xlarge").usd == 0.44
    assert catalog.rds_price(HERE, "db.r6g.xlarge", purchase="savings-plan-1y") is None


def test_a_plan_that_cannot_be_read_is_named_and_the_rest_stands(served, prices):
    del served.files[f"{COMPUTE}/current/region_index.json"]
    done = refresh(HERE, base_url=served.url)
    assert done.left_out == ("AWSComputeSavingsPlan: the price list answers 404 Not Found",)
    assert catalog.ec2_price(HERE, "m7g.large").usd == 0.07
    assert catalog.ec2_price(HERE, "m7g.large", "savings-plan-1y") is None
    assert catalog.rds_price(HERE, "db.m7g.large", purchase="savings-plan-1y").usd == 0.13


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda body: body.update(regions={}), "expected a list of regions, found dict"),
        (lambda body: body.update(regions=[]), "nothing is sold in us-east-1"),
    ],
)
def test_a_changed_list_of_regions_is_said(served, prices, change: Callable, says: str):
    served.edit(f"{COMPUTE}/current/region_index.json", change)
    (left,) = refresh(HERE, base_url=served.url).left_out
    assert left.startswith("AWSComputeSavingsPlan: ")
    assert says in left


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda body: body["products"].clear(), "a product of ComputeSavingsPlans, 1yr, No Upfront"),
        (lambda body: body["terms"]["savingsPlan"].clear(), "rates of ComputeSavingsPlans for machines"),
    ],
)
def test_a_changed_plan_is_said(served, prices, change: Callable, says: str):
    served.edit(f"{COMPUTE}/20261120/{HERE}/index.json", change)
    (left,) = refresh(HERE, base_url=served.url).left_out
    assert says in left


def test_broken_json_is_said(served, prices):
    served.files[f"{COMPUTE}/20261120/{HERE}/index.json"] = b'{"products": [{"sku": '
    (left,) = refresh(HERE, base_url=served.url).left_out
    assert "AWSComputeSavingsPlan: the price list holds broken JSON" in left


def usd_of(made: Design, purchase: Buying) -> float:
    return bill(bought(made, Terms(purchase=purchase)).architecture).monthly_usd.likely


def test_the_packaged_catalog_knows_no_plan_and_says_so():
    made = design(parse(f"{MINIMAL}purchase: savings-plan-1y\n"), reasons=False)
    unknown = [line.item for line in bill(made.architecture).unknown]
    assert [item for item in unknown if "savings plan 1 year" in item]
    (decision,) = [each for each in made.decisions if each.about == "purchase"]
    assert decision.because.endswith("sizes as on demand")


@pytest.fixture
def planned(monkeypatch) -> Iterator[Design]:
    """A design whose machines all have a plan at half the price on demand."""
    for name in ("ec2_price", "rds_price"):
        monkeypatch.setattr(catalog, name, _with_plan(getattr(catalog, name)))
    catalog.forget()
    yield design(parse(LARGE), reasons=False)
    catalog.forget()


def _with_plan(real: Callable[..., catalog.Price | None]) -> Callable[..., catalog.Price | None]:
    def ask(region: str, name: str, *more: str | bool) -> catalog.Price | None:
        if not more or more[-1] != "savings-plan-1y":
            return real(region, name, *more)
        price = real(region, name, *more[:-1], "on-demand")
        return price and catalog.Price(price.usd / 2, "hour", "a plan", "2026-11-20")

    return ask


def test_a_commitment_covers_what_pays_off_and_the_rest_runs_on_demand(planned):
    priced = bill(planned.architecture)
    assert not priced.unknown
    for group in planned.architecture.of_type(ServerGroup):
        name = group.size.choice.name
        lines = {line.item: line for line in priced.lines if line.component == group.id}
        base, whole = lines[f"{name} savings plan 1 year"], catalog.ec2_price(HERE, name).usd
        assert base.quantity.likely == 730 * cheapest_reserved(group.by_hour, whole, whole / 2)
        assert base.source == "a plan"
    (decision,) = [each for each in planned.decisions if each.about == "purchase"]
    assert decision.decided == "savings plan 1y"
    assert decision.because.endswith("sizes are the cheapest at these prices")


def test_mixed_takes_a_plan_where_it_is_cheaper(planned):
    others: tuple[Buying, ...] = ("on-demand", "reserved-1y", "savings-plan-1y")
    assert usd_of(planned, "mixed") <= min(usd_of(planned, each) for each in others) + 1e-6
    items = [line.item for line in bill(bought(planned, Terms(purchase="mixed")).architecture).lines]
    assert any("savings plan 1 year" in item for item in items)
