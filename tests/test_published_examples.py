"""The bill's arithmetic against worked examples that AWS publishes: its quantities, our lines, its totals.

Where a page's price differs from today's catalog, the test says so and takes the difference into account.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from groma.architecture import Architecture
from groma.components.database import DatabaseServer
from groma.components.load_balancer import LoadBalancer, capacity_units
from groma.components.nat_gateway import NatGateway
from groma.components.pricing import CROSS_ZONE, Meter
from groma.components.server_group import ServerGroup
from groma.quantity import Range
from groma.terms import Month, Terms


@pytest.fixture
def home(designed) -> Architecture:
    """The example's architecture in us-east-1, for a month of 720 hours as AWS's examples take it."""
    return replace(designed.architecture, terms=Terms(Month.parse("720h")))


@pytest.fixture
def meter(home) -> Meter:
    return Meter("example", home)


def usd(line) -> float:
    return line.monthly_usd.likely


def test_load_balancer_example_1():
    """https://aws.amazon.com/elasticloadbalancing/pricing/, read 2026-09-20: 1 new connection/s of 2 minutes,
    5 requests/s, 300 KB/s, 60 rules: 0.04, 0.04, 1.08 and 0.25 units.
    """
    assert capacity_units(1, 0, 0, 0) == capacity_units(0, 120, 0, 0) == 0.04
    assert capacity_units(1, 120, 300 * 3600 / 1e6, 5 * (60 - 10)) == pytest.approx(1.08)
    assert capacity_units(0, 0, 0, 5 * (60 - 10)) == pytest.approx(0.25)


def test_load_balancer_example_1_costs_22_42_in_30_days(meter):
    units = capacity_units(1, 120, 1.08, 250)
    hours = meter.hours("load balancer hours", 1, "elb", "alb_hour")
    used = meter.hours("capacity units", units, "elb", "alb_lcu_hour")
    assert usd(hours) == pytest.approx(16.20)
    assert usd(hours) + usd(used) == pytest.approx(22.42, abs=0.005)


def test_load_balancer_example_2_costs_50_76_in_30_days(meter):
    """The same page: 100 new connections/s of 3 minutes, 400 requests/s, 0.36 GB/h, 20 rules: 6 units."""
    units = capacity_units(100, 100 * 180, 0.36, 400 * (20 - 10))
    assert units == 6
    lines = (
        meter.hours("load balancer hours", 1, "elb", "alb_hour"),
        meter.hours("capacity units", units, "elb", "alb_lcu_hour"),
    )
    assert sum(map(usd, lines)) == pytest.approx(50.76)


def test_the_load_balancer_component_gives_the_same_as_the_formula(home):
    """100 requests/s with 20 rules: the rules take 1,000 evaluations a second, the connections more."""
    balancer = replace(
        home.of_type(LoadBalancer)[0],
        mean_per_s=Range.exactly(100),
        gb_per_month=Range.exactly(0.36 * 730),
        rules=20,
    )
    assert balancer.capacity_units().likely == capacity_units(100, 6_000, 0.36, 1_000) == 4
    many = replace(balancer, rules=110)
    assert many.capacity_units().likely == pytest.approx(100 * (110 - 10) / 1_000)


def test_s3_storage_over_two_tiers_costs_1215(meter):
    """https://aws.amazon.com/s3/faqs/, stored copy: 100 GB for 15 days and 100 TB for 16 days of March."""
    byte_hours = 107_374_182_400 * 15 * 24 + 109_951_162_777_600 * 16 * 24
    gb_months = byte_hours / 2**30 / 744
    assert gb_months == pytest.approx(52_900)
    assert usd(meter.monthly("storage", gb_months, "s3", "standard_storage")) == pytest.approx(1_215.00)


def test_s3_versions_are_storage_like_any_other(meter):
    """https://aws.amazon.com/s3/faqs/: 4 GB for 31 days, replaced on day 16 by 5 GB: 6.581 GB-months."""
    gb_months = (4 * 2**30 * 31 * 24 + 5 * 2**30 * 16 * 24) / 2**30 / 744
    assert gb_months == pytest.approx(6.581, abs=0.0005)
    assert usd(meter.monthly("storage", gb_months, "s3", "standard_storage")) == pytest.approx(
        0.15, abs=0.005
    )


def test_s3_requests_of_march(meter):
    """https://aws.amazon.com/s3/faqs/: 310,000 PUT cost 1.55 USD, 620,000 GET 0.25 USD."""
    assert usd(meter.monthly("writes", 310_000, "s3", "put_copy_post_list")) == pytest.approx(1.55)
    assert usd(meter.monthly("reads", 620_000, "s3", "get_and_other")) == pytest.approx(0.25, abs=0.005)


def test_62_tb_to_the_internet_cross_three_tiers(meter):
    """https://aws.amazon.com/s3/faqs/: 63,488 GB cost 921.51 + 3,481.60 + 860.16 = 5,263.27 USD.

    The page still has 1 GB free a month; since December 2021 it is 100 GB, 99 more.
    """
    line = meter.monthly("out", 62 * 1024, "datatransfer", "internet_out")
    assert usd(line) == pytest.approx(5_263.27 - 99 * 0.09)


def test_cloudfront_tiers_are_those_of_the_price_table(meter):
    """https://aws.amazon.com/cloudfront/pricing/, stored copy: first 10 TB, next 40 TB, next 100 TB of US,
    Mexico and Canada at 0.085, 0.080, 0.060 USD; 1 TB and 10,000,000 requests free.
    """
    line = meter.monthly("out", 60 * 1024, "cloudfront", "internet_out", at="us")
    assert usd(line) == pytest.approx(9 * 1024 * 0.085 + 40 * 1024 * 0.080 + 10 * 1024 * 0.060)
    requests = meter.monthly("requests", 12_000_000, "cloudfront", "https_requests", at="us")
    assert usd(requests) == pytest.approx(2_000_000 / 10_000 * 0.0100)


def test_detailed_monitoring_of_ten_servers_costs_21(meter, home):
    """https://aws.amazon.com/cloudwatch/pricing/, example 1: 7 metrics of 10 instances are 70, 21 USD.

    The example leaves out the page's own allowance of 10 metrics, 3 USD.
    """
    free = 10 * 0.30
    assert usd(meter.monthly("metrics", 70, "cloudwatch", "custom_metric")) == pytest.approx(21 - free)
    group = replace(home.of_type(ServerGroup)[0], servers=Range.exactly(10.0))
    line = next(line for line in group.bill(home) if line.item == "metrics by the minute")
    agent = 3  # memory and disk of the group, by the agent
    assert usd(line) == pytest.approx(21 - free + agent * 0.30)


def test_a_gigabyte_of_logs_a_day_costs_12_53(meter):
    """https://aws.amazon.com/cloudwatch/pricing/: 30 GB taken in, 25 of them paid; 6 GB kept, 1 paid."""
    lines = (
        meter.monthly("in", 30, "cloudwatch", "logs_ingest_standard"),
        meter.monthly("kept", 6, "cloudwatch", "logs_storage"),
    )
    assert [round(usd(line), 2) for line in lines] == [12.50, 0.03]


def test_a_gigabyte_through_a_nat_gateway_for_an_hour(home):
    """https://aws.amazon.com/vpc/pricing/: an hour 0.045 USD, a processed gigabyte 0.045 USD.

    From the other zone that gigabyte is also paid leaving and entering, 0.01 USD each.
    """
    gateway = replace(home.of_type(NatGateway)[0], gb_per_month=Range.exactly(730 / 720))
    by_item = {line.item: usd(line) for line in gateway.bill(home)}
    assert by_item["NAT gateway hours"] / 720 == pytest.approx(0.045)
    assert by_item["data processed"] == pytest.approx(0.045)
    assert by_item["traffic from other zones, both directions"] == pytest.approx(0.5 * 2 * 0.01)


def test_database_traffic_across_zones_is_paid_at_both_ends(meter, home):
    """https://aws.amazon.com/rds/postgresql/pricing/, stored copy: inside a VPC, EC2's regional data transfer
    is charged on both sides. 10 GB written and 5 GB read by a server in another zone: 0.30 USD.
    """
    assert usd(meter.monthly("traffic", 2 * (10 + 5), *CROSS_ZONE)) == pytest.approx(0.30)
    master = home.of_type(DatabaseServer)[0]
    asked = replace(master, query_gb_per_month=Range.exactly(30 * 730 / 720))  # half from the other zone
    line = next(line for line in asked.bill(home) if line.item.startswith("traffic"))
    assert usd(line) == pytest.approx(0.30)


def test_backups_as_large_as_the_provisioned_storage_are_free(home):
    """https://aws.amazon.com/rds/faqs/: no charge up to 100 % of the provisioned storage of a region."""
    master, replica = home.of_type(DatabaseServer)
    line = next(line for line in master.bill(home) if line.item.startswith("backups"))
    assert usd(line) == 0
    assert "60 GB free" in line.note
    alone = replace(home, components=tuple(c for c in home.components if c is not replica), links=())
    large = replace(master, stored_gib=Range.exactly(100.0))
    alone = replace(alone, components=tuple(large if c is master else c for c in alone.components))
    line = next(line for line in large.bill(alone) if line.item.startswith("backups"))
    # 100 GB and 7 days of 3 %, 100 GB free: 21 GB at 0.095 USD
    assert line.quantity.likely == pytest.approx(21)
    assert usd(line) == pytest.approx(21 * 0.095)


def test_a_database_hour_and_its_storage(home):
    """https://aws.amazon.com/rds/postgresql/pricing/: hours and gigabyte-months are simply multiplied."""
    master = home.of_type(DatabaseServer)[0]
    machine, storage = master.bill(home)[:2]
    assert usd(machine) == pytest.approx(720 * 0.129)
    assert usd(storage) == pytest.approx(30 * 0.115)
