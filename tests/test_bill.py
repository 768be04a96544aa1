from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from groma.answers import BillLine
from groma.bill import Bill, bill, within_budget
from groma.catalog import regions
from groma.catalog.services import CLOUDFRONT_GEOGRAPHIES
from groma.components.database import DatabaseServer
from groma.components.delivery import served_from
from groma.components.outside import Clients
from groma.components.pricing import Meter
from groma.design import bought, design
from groma.quantity import Range
from groma.terms import Month, Terms
from groma.workload import parse
from workloads import designed_example


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


@pytest.mark.slow
@pytest.mark.parametrize("name", ["social-50k-lean", "social-50k-balanced", "social-50k-premium"])
def test_the_bills_of_the_budgets(name, golden):
    golden(f"{name}-bill.csv", bill(designed_example(name).architecture).to_csv())


@pytest.mark.parametrize("purchase", ["reserved-1y", "reserved-3y", "mixed"])
def test_the_bill_of_two_million_users_in_november_by_purchase(purchase, golden):
    """Server groups that follow the day, volumes of 30 days, and tiers that are passed."""
    large = design(parse("name: large\nblueprint: three-tier\nusers: {total: 2_000_000}\n"))
    terms = Terms(Month.parse("2026-11"), purchase)
    golden(f"social-2m-{purchase}-bill.csv", bill(bought(large, terms).architecture).to_csv())


CHARGED = [
    *(
        ("web", item)
        for item in ("on demand", "gp3 volumes", "metrics by the minute", "public IPv4 addresses")
    ),
    *(("app", item) for item in ("on demand", "gp3 volumes", "metrics by the minute")),
    *(("web-lb", item) for item in ("load balancer hours", "capacity units", "public IPv4 addresses")),
    *(("app-lb", item) for item in ("load balancer hours", "capacity units", "traffic between zones, both")),
    *(
        ("nat", item)
        for item in ("gateway hours", "data processed", "public IPv4", "traffic from other zones")
    ),
    *(("cdn", item) for item in ("data to users", "HTTPS requests", "data to the origin")),
    *(("site", item) for item in ("storage", "older versions", "writes", "reads by CloudFront")),
    *(("database-master", item) for item in ("PostgreSQL", "gp3 storage", "logs taken in", "logs stored")),
    *(
        ("database-master", item)
        for item in ("backups over the free allowance", "traffic with servers in other")
    ),
    *(("database-replica", item) for item in ("PostgreSQL", "gp3 storage", "traffic with servers in other")),
    *(("flow-logs", item) for item in ("logs taken in", "logs stored")),
    *(("monitoring", item) for item in ("metrics watched by alarms", "dashboard")),
    *(("secret", item) for item in ("secret", "API calls")),
    *(("key", item) for item in ("customer-managed key", "requests")),
    *(("mail", item) for item in ("messages published", "e-mails")),
    ("budget", "cost budget"),
]


@pytest.mark.parametrize(("component", "item"), CHARGED)
def test_every_chargeable_thing_of_the_design_is_on_the_bill(priced, component, item):
    assert [line for line in priced.lines if line.component == component and item in line.item]


@pytest.mark.parametrize(
    ("region", "price_class", "place"),
    [
        ("us-west-2", "PriceClass_100", "us"),
        ("eu-north-1", "PriceClass_100", "eu"),
        ("ap-northeast-1", "PriceClass_100", "us"),  # served from far, at the price of there
        ("ap-northeast-1", "PriceClass_200", "jp"),
        ("ap-southeast-2", "PriceClass_200", "us"),
        ("ap-southeast-2", "PriceClass_All", "au"),
        ("ap-south-1", "PriceClass_200", "in"),
        ("ap-northeast-2", "PriceClass_All", "apac"),
        ("sa-east-1", "PriceClass_All", "sa"),
        ("ca-central-1", "PriceClass_All", "us"),
    ],
)
def test_cloudfront_is_priced_by_where_the_price_class_serves_from(region, price_class, place):
    assert served_from(region, price_class) == place


def test_every_region_has_a_place_of_cloudfront():
    for region in regions():
        assert served_from(region.name, "PriceClass_All") in CLOUDFRONT_GEOGRAPHIES


def test_lines_of_one_meter_fill_its_tiers_together(designed):
    """40,000 + 20,000 GB of S3 are 51,200 GB at 0.023 USD and 8,800 GB at 0.022 USD."""
    site = designed.architecture.component("site")
    old = replace(site, id="old", stored_gb=Range.exactly(20_000.0))
    new = replace(site, stored_gb=Range.exactly(40_000.0))
    both = replace(designed.architecture, components=(new, old), links=())
    stored = [line for line in bill(both).lines if line.unit == "GB-month"]
    total = sum(line.quantity.likely for line in stored)
    assert total == pytest.approx(60_000 * 1.02)
    assert sum(line.monthly_usd.likely for line in stored) == pytest.approx(
        51_200 * 0.023 + (total - 51_200) * 0.022
    )
    assert stored[-1].unit_usd == pytest.approx(0.022)


def test_a_free_allowance_is_used_once(designed):
    topic = designed.architecture.component("mail")
    twice = replace(designed.architecture, components=(topic, replace(topic, id="more")), links=())
    messages = [line for line in bill(twice).lines if line.item == "e-mails"]
    assert [line.monthly_usd.likely for line in messages] == [0, 0]  # 200 of 1,000 free
    many = tuple(replace(topic, id=f"topic-{n}") for n in range(12))
    usd = bill(replace(designed.architecture, components=many, links=())).monthly_usd.likely
    assert usd == pytest.approx((12 * 100 - 1_000) * 2e-5)


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


class Asked(Clients):
    """Messages and storage in two regions."""

    def bill(self, architecture):
        meter, places = Meter(self.id, architecture), ("us-east-1", "us-west-2")
        messages = [meter.monthly(f"sent {at}", 800_000, "sns", "api_requests", at=at) for at in places]
        stored = [meter.monthly(f"gb {at}", 25, "dynamodb", "storage_standard", at=at) for at in places]
        return (*messages, *stored)


def test_a_free_allowance_is_the_accounts_and_not_every_regions(designed):
    """A million messages are free in all regions together; a table's first 25 GB are in each region."""
    asked = Asked(id="asked", places=("world",))
    found = bill(replace(designed.architecture, components=(asked,), links=()))
    by_item = {line.item: line.monthly_usd.likely for line in found.lines}
    assert by_item["sent us-east-1"] == 0
    assert by_item["sent us-west-2"] == pytest.approx((1_600_000 - 1_000_000) * 5e-7)
    assert by_item["gb us-east-1"] == by_item["gb us-west-2"] == 0


class Calling(Clients):
    """Calls of functions on both processors, in two regions."""

    def bill(self, architecture):
        meter, places = Meter(self.id, architecture), ("us-east-1", "us-west-2")
        keys = [("requests_arm", 600_000), ("gb_second_arm", 300_000), ("gb_second_x86", 200_000)]
        return tuple(
            meter.monthly(f"{key} {at}", n, "lambda", key, at=at) for at in places for key, n in keys
        )


def calling(designed, *, free_tier: bool) -> dict[str, float]:
    asked = replace(designed.architecture, components=(Calling(id="calls", places=("world",)),), links=())
    found = bill(replace(asked, terms=Terms(free_tier=free_tier)))
    return {line.item: line.monthly_usd.likely for line in found.lines}


def test_lambdas_allowance_is_one_for_both_processors_and_all_regions(designed):
    """A million calls and 400,000 GB-seconds, used by the lines in their order."""
    usd = calling(designed, free_tier=True)
    assert usd["requests_arm us-east-1"] == usd["gb_second_arm us-east-1"] == 0
    assert usd["gb_second_x86 us-east-1"] == pytest.approx(100_000 * 1.66667e-5)
    assert usd["requests_arm us-west-2"] == pytest.approx(200_000 * 2e-7)
    assert usd["gb_second_arm us-west-2"] == pytest.approx(300_000 * 1.33334e-5)


def test_an_account_that_uses_its_allowances_up_elsewhere_has_none(designed):
    usd = calling(designed, free_tier=False)
    assert usd["requests_arm us-east-1"] == usd["requests_arm us-west-2"] == pytest.approx(600_000 * 2e-7)
    assert usd["gb_second_x86 us-east-1"] == pytest.approx(200_000 * 1.66667e-5)


def test_what_a_burstable_database_uses_beyond_its_credits_is_billed(designed):
    """RDS never slows it down: 100 vCPU-hours at the high end cost $7.50; of T3 no price is known."""
    master = designed.architecture.component("database-master")
    assert isinstance(master, DatabaseServer)
    assert master.surplus_vcpu_hours == Range.exactly(0)
    busy = replace(master, surplus_vcpu_hours=Range(0, 0, 100))
    (line,) = [one for one in busy.bill(designed.architecture) if one.item == "surplus CPU credits"]
    assert line.monthly_usd.likely == 0
    assert line.monthly_usd.high == pytest.approx(7.5)
    choice = replace(master.size.choice, name="db.t3.large")
    other = replace(busy, size=replace(master.size, choice=choice))
    assert [one.monthly_usd for one in other.bill(designed.architecture) if "surplus" in one.item] == [None]


def test_a_plan_says_in_which_mode_its_burstable_machines_run(designed):
    (decision,) = [one for one in designed.decisions if one.about == "CPU credits"]
    assert decision.decided == "web, app, database: unlimited"
    assert "surplus" in decision.because
