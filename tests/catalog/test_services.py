"""Unit prices of services: tiers, free allowances, what is not known."""

from __future__ import annotations

import pytest

from groma.catalog import TieredPrice, UnknownPrice, regions, unit_keys, unit_price
from groma.errors import InputError

HERE = "us-east-1"


def price(service: str, key: str, region: str = HERE) -> TieredPrice:
    found = unit_price(service, key, region)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("service", "key", "region", "quantity", "expected"),
    [
        # AWS price lists and pages of 2024-07 to 2026-10; each row's source is in the table.
        ("natgateway", "hour", HERE, 730, 32.85),
        ("natgateway", "gb_processed", HERE, 100, 4.5),
        ("elb", "alb_hour", HERE, 730, 16.425),
        ("elb", "alb_lcu_hour", HERE, 10, 0.08),
        ("elb", "alb_hour", "eu-west-1", 1, 0.0252),
        ("elb", "alb_hour", "eu-west-2", 100, 2.646),
        ("sns", "email_notifications", "eu-west-1", 2_000, 0.02),  # a thousand free
        ("vpc", "public_ipv4_in_use", HERE, 730, 3.65),
        ("ebs", "gp3_storage", HERE, 20, 1.6),
        ("rds", "storage_gp3_multi", HERE, 100, 23.0),
        ("rds", "storage_io2_single", "eu-west-1", 100, 13.8),
        ("rds", "storage_io2_multi", HERE, 100, 25.0),
        ("rds", "io2_iops_single", HERE, 3_000, 300.0),
        ("rds", "io2_iops_multi", HERE, 3_000, 600.0),
        ("secretsmanager", "secret", HERE, 2, 0.8),
        ("kms", "key", "eu-west-1", 1, 1.0),
        ("kms", "requests", HERE, 120_000, 0.3),  # 20,000 free
        ("cloudwatch", "alarm_standard", HERE, 30, 2.0),  # ten free
        ("cloudwatch", "dashboard", HERE, 4, 3.0),  # three free
        ("cloudwatch", "custom_metric", HERE, 12_000, 9_990 * 0.3 + 2_000 * 0.1),  # ten free
        ("cloudwatch", "logs_ingest_standard", HERE, 30, 25 * 0.5),  # five free
        ("s3", "standard_storage", HERE, 60_000, 51_200 * 0.023 + 8_800 * 0.022),
        ("route53", "hosted_zone", "eu-west-1", 30, 25 * 0.5 + 5 * 0.1),  # the same in every region
        ("dynamodb", "storage_standard", HERE, 30, 5 * 0.25),  # 25 GB free
        # Internet out: 100 GB free, then AWS's four tiers.
        ("datatransfer", "internet_out", HERE, 100, 0.0),
        ("datatransfer", "internet_out", HERE, 20_000, 10_140 * 0.09 + 9_760 * 0.085),
        ("datatransfer", "internet_out", "ap-south-1", 1_100, 109.3),
        ("datatransfer", "cross_az_each_direction", "eu-central-1", 200, 2.0),
        # CloudFront by the viewers' place: 1 TB and 10 million requests free.
        ("cloudfront", "internet_out", "us", 1_024, 0.0),
        ("cloudfront", "internet_out", HERE, 20_480, 9_216 * 0.085 + 10_240 * 0.080),
        ("cloudfront", "https_requests", "eu-west-1", 20_000_000, 12.0),
        ("cloudfront", "https_requests", "sa", 11_000_000, 2.2),
    ],
)
def test_costs_follow_the_published_tiers(service, key, region, quantity, expected):
    assert price(service, key, region).cost(quantity) == pytest.approx(expected, rel=1e-9)


def test_the_free_allowance_can_be_withheld():
    egress = price("cloudfront", "internet_out")
    assert egress.free_quantity == 1024
    assert egress.cost(500, free=False) == pytest.approx(500 * 0.085)
    assert egress.cost(2_000, free=False) == pytest.approx(2_000 * 0.085)
    assert price("natgateway", "hour").cost(10, free=False) == pytest.approx(0.45)


def test_marginal_is_the_price_of_the_next_unit():
    egress = price("datatransfer", "internet_out")
    assert [egress.marginal(q) for q in (0, 99, 100, 10_240, 51_200, 153_600, 1e9)] == [
        *(0, 0, 0.09, 0.085, 0.07, 0.05, 0.05),
    ]


def test_beyond_the_known_tiers_the_price_is_unknown_not_zero():
    queries = price("route53", "queries_latency")
    assert queries.covers(1e9)
    assert not queries.covers(1e9 + 1)
    with pytest.raises(UnknownPrice, match="route53 queries_latency"):
        queries.cost(2e9)
    with pytest.raises(UnknownPrice):
        queries.marginal(1e9)


def test_a_gap_between_tiers_is_unknown_too():
    users = price("cognito", "mau_lite")
    assert users.cost(50_000) == pytest.approx(40_000 * 0.0055)
    assert users.marginal(200_000) == 0.0046
    with pytest.raises(UnknownPrice):
        users.cost(200_000)


def test_a_negative_quantity_is_a_mistake():
    with pytest.raises(ValueError, match="negative"):
        price("natgateway", "hour").cost(-1)


def test_a_price_that_is_not_known_in_a_region_is_none():
    assert unit_price("secretsmanager", "secret", "eu-west-1") is None
    assert unit_price("elb", "alb_hour", "us-east-2") is None
    assert unit_price("cloudfront", "origin_out", "sa-east-1") is None


@pytest.mark.parametrize(
    ("service", "key", "region"),
    [
        ("natgateway", "hours", HERE),
        ("nat", "hour", HERE),
        ("natgateway", "hour", "eu"),
        ("elb", "alb_hour", "x"),
    ],
)
def test_unknown_names_are_refused(service, key, region):
    with pytest.raises(InputError, match="the catalog has no"):
        unit_price(service, key, region)


def all_prices() -> list[TieredPrice]:
    places = [r.name for r in regions()]
    found = (unit_price(s, k, r) for s, k, _ in unit_keys() for r in places)
    return [p for p in found if p is not None]


def test_tiers_rise_without_overlap_and_only_the_free_one_is_zero():
    for p in all_prices():
        assert p.tiers[0].from_quantity == 0, p
        for before, after in zip(p.tiers, p.tiers[1:], strict=False):
            assert before.to_quantity is not None, p
            assert before.from_quantity < before.to_quantity <= after.from_quantity, p
        assert all(tier.usd > 0 for tier in p.tiers[1:]), p
        assert p.tiers[0].usd > 0 or p.free_quantity > 0, p


def test_more_never_costs_less():
    for p in all_prices():
        known = [q for t in p.tiers for q in (t.from_quantity, t.to_quantity or 2 * t.from_quantity + 1)]
        costs = [p.cost(q) for q in sorted(known) if p.covers(q)]
        assert costs == sorted(costs), p


def test_volume_never_raises_the_unit_price():
    for p in all_prices():
        paid = [t.usd for t in p.tiers if t.usd > 0]
        assert paid == sorted(paid, reverse=True), p


THREE_TIER = [
    *(("elb", k) for k in ("alb_hour", "alb_lcu_hour")),
    *(("natgateway", k) for k in ("hour", "gb_processed")),
    *(("ebs", k) for k in ("gp3_storage", "gp3_iops_over_3000", "gp3_throughput_over_125")),
    *(("rds", k) for k in ("storage_gp3_single", "storage_gp3_multi", "backup_over_free")),
    *(("datatransfer", k) for k in ("internet_out", "cross_az_each_direction")),
    *(("cloudfront", k) for k in ("internet_out", "https_requests", "origin_out")),
    *(("s3", k) for k in ("standard_storage", "put_copy_post_list", "get_and_other")),
    *(("cloudwatch", k) for k in ("custom_metric", "alarm_standard", "dashboard", "logs_ingest_standard")),
    *(("sns", k) for k in ("api_requests", "email_notifications")),
    ("vpc", "public_ipv4_in_use"),
    ("cloudwatch", "logs_storage"),
    ("secretsmanager", "secret"),
    ("kms", "key"),
    ("route53", "hosted_zone"),
    ("route53", "queries_standard"),
    ("budgets", "cost_budget"),
]


@pytest.mark.parametrize(("service", "key"), THREE_TIER)
def test_every_unit_of_a_three_tier_bill_is_priced_in_us_east_1(service, key):
    assert price(service, key).covers(1)
