"""Hourly prices: known values, what is missing, what is refused."""

from __future__ import annotations

import pytest

from groma.catalog import (
    aurora_price,
    ec2_price,
    elasticache_price,
    instance_types,
    rds_price,
    regions,
    spot_advice,
)
from groma.errors import InputError


def usd(price: object) -> float:
    assert price is not None
    value = price.usd  # type: ignore[attr-defined]
    assert isinstance(value, float)
    return value


@pytest.mark.parametrize(
    ("region", "name", "purchase", "expected", "as_of"),
    [
        # On demand: aws/karpenter-provider-aws for us-east-1, lamngockhuong/aws-price elsewhere.
        ("us-east-1", "m7g.large", "on-demand", 0.0816, "2026-07-20"),
        ("eu-west-1", "m7g.large", "on-demand", 0.091, "2025-11-03"),
        ("us-east-1", "c5.12xlarge", "on-demand", 2.04, "2026-07-20"),
        ("sa-east-1", "m7g.large", "on-demand", 0.1301, "2025-11-03"),
        # Reserved, standard, no upfront: AWS reserved instance pages of April 2025.
        ("us-east-1", "m7g.large", "reserved-1y", 0.054, "2025-04"),
        ("us-east-1", "m7g.large", "reserved-3y", 0.037, "2025-04"),
        ("ap-northeast-1", "c5.12xlarge", "reserved-1y", 1.618, "2025-04"),
    ],
)
def test_ec2_prices_are_those_of_the_source(region, name, purchase, expected, as_of):
    price = ec2_price(region, name, purchase)
    assert price is not None
    assert (price.usd, price.unit, price.as_of) == (expected, "hour", as_of)


def test_provenance_is_that_of_the_figure_not_of_the_table():
    # Flex types outside us-east-1 were only in the older copy.
    flex = ec2_price("us-east-2", "m7i-flex.large")
    assert flex is not None
    assert (flex.as_of, "ec2.shop" in flex.source) == ("2025-04-04", True)
    home = ec2_price("us-east-1", "m7i-flex.large")
    assert home is not None
    assert home.as_of == "2026-07-20"


@pytest.mark.parametrize(
    ("engine", "multi_az", "purchase", "expected"),
    [
        # RDS pages of 2025-04-04, us-east-1, db.m7g.large; the 3-year figure is 0.0463 + 1218 / 26280.
        ("postgres", False, "on-demand", 0.168),
        ("postgres", True, "on-demand", 0.337),
        ("mysql", False, "reserved-1y", 0.1297),
        ("mysql", True, "reserved-1y", 0.2595),
        ("postgres", False, "reserved-3y", round(0.0463 + 1218 / 26280, 5)),
    ],
)
def test_rds_prices_are_those_of_the_source(engine, multi_az, purchase, expected):
    assert usd(rds_price("us-east-1", "db.m7g.large", engine, multi_az, purchase)) == expected


def test_aurora_and_elasticache_prices_are_those_of_the_source():
    # Aurora: static table of 2026-03-28; ElastiCache: LeanerCloud/ec2-instances-info of 2025-04-24.
    assert usd(aurora_price("us-east-1", "db.r7g.large")) == 0.276
    assert usd(elasticache_price("us-east-1", "cache.m7g.large", "redis")) == 0.158
    assert usd(elasticache_price("us-east-1", "cache.m7g.large", "valkey")) == 0.1264
    assert usd(elasticache_price("us-east-1", "cache.m7g.large", "valkey", "reserved-3y")) == 0.0656


def test_a_missing_price_is_none():
    assert ec2_price("sa-east-1", "c8a.large") is None
    assert ec2_price("us-east-1", "m8a.large", "reserved-1y") is None
    assert aurora_price("eu-west-1", "db.r7g.large") is None
    assert aurora_price("us-east-1", "db.r7g.large", "reserved-1y") is None
    assert rds_price("us-east-1", "db.r8g.large") is None


def test_every_arm64_type_is_priced_on_demand_in_us_east_1():
    arm = [t for t in instance_types() if t.arch == "arm64"]
    assert {t.family for t in arm} == {
        *("c6g", "c7g", "c8g", "m6g", "m7g", "m8g", "r6g", "r7g", "r8g", "t4g"),
    }
    assert [t.name for t in arm if ec2_price("us-east-1", t.name) is None] == []


def test_reservations_cost_less_than_on_demand_of_their_day():
    # The reserved table is from 2025-04, so a later on-demand price may differ: three families that did not.
    for name in ("m7g.large", "c6i.xlarge", "t3.medium"):
        on_demand = usd(ec2_price("us-east-1", name))
        one, three = (usd(ec2_price("us-east-1", name, p)) for p in ("reserved-1y", "reserved-3y"))
        assert three < one < on_demand


def test_two_zones_cost_about_twice_one():
    for region in regions():
        single, multi = (rds_price(region.name, "db.t4g.medium", multi_az=m) for m in (False, True))
        assert usd(multi) == pytest.approx(2 * usd(single), rel=0.03)


def test_spot_advice_is_a_range():
    # Spot Instance Advisor of 2025-06-28: c5.12xlarge in Tokyo saves 66 %, interrupted more than 20 %.
    advice = spot_advice("ap-northeast-1", "c5.12xlarge")
    assert advice is not None
    assert (advice.saving, advice.interruption_low, advice.interruption_high) == (0.66, 0.2, 1.0)
    assert spot_advice("us-east-1", "m8a.large") is None


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: ec2_price("us-east-9", "m7g.large"), "us-east-1"),
        (lambda: ec2_price("us-east-1", "m7g.larg"), "m7g.large"),
        (lambda: ec2_price("us-east-1", "m7g.large", "reserved"), "reserved-1y"),
        (lambda: rds_price("us-east-1", "db.m7g.larg"), "db.m7g.large"),
        (lambda: rds_price("us-east-1", "db.m7g.large", "oracle"), "postgres"),
        (lambda: aurora_price("us-east-1", "db.r7.large"), "db.r7g.large"),
        (lambda: elasticache_price("us-east-1", "cache.m7.large"), "cache.m7g.large"),
        (lambda: elasticache_price("us-east-1", "cache.m7g.large", "memcached"), "redis"),
        (lambda: spot_advice("us-east-1", "m9.large"), "m"),
    ],
)
def test_an_unknown_name_is_refused_with_near_matches(ask, says):
    with pytest.raises(InputError) as caught:
        ask()
    assert says in caught.value.hint
