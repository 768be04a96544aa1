"""Regions, limits, service-level agreements."""

from __future__ import annotations

import pytest

from groma.catalog import fact, fact_names, region, regions, sla, sla_names
from groma.errors import InputError


def test_sixteen_regions_with_their_zones():
    assert len(regions()) == 16
    assert regions()[0].name == "us-east-1"
    assert region("us-east-1").label == "US East (N. Virginia)"
    assert region("us-east-1").zones[:2] == ("us-east-1a", "us-east-1b")
    assert region("ca-central-1").zones == ("ca-central-1a", "ca-central-1b", "ca-central-1d")
    assert all(len(r.zones) >= 2 for r in regions())


def test_an_unknown_region_names_its_neighbours():
    with pytest.raises(InputError) as caught:
        region("us-est-1")
    assert "us-east-1" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "value"),
    # AWS documentation.
    [
        ("nat.connections_per_destination", 55_000),
        ("alb.health_check_interval_s", 30),
        ("alb.unhealthy_threshold", 2),
        ("rds.failover_low_s", 60),
        ("rds.failover_high_s", 120),
        ("alb.lcu_new_connections_per_s", 25),
        ("rds.postgres_bytes_per_connection", 9_531_392),
        ("autoscaling.scale_out_points", 3),
    ],
)
def test_facts(name, value):
    assert fact(name).value == value


def test_low_never_exceeds_high():
    pairs = [n for n in fact_names() if "_low_" in n]
    assert pairs
    for low in pairs:
        assert fact(low).value <= fact(low.replace("_low_", "_high_")).value, low


@pytest.mark.parametrize(
    ("service", "availability"),
    # AWS's service-level agreements.
    [
        ("elb", 0.9999),
        ("ec2-instance", 0.995),
        ("rds-multi-az", 0.9995),
        ("rds-single-az", 0.995),
        ("route53", 1.0),
    ],
)
def test_slas(service, availability):
    assert sla(service).availability == availability


def test_slas_are_fractions_of_at_least_99_percent_with_a_page():
    for service in sla_names():
        agreement = sla(service)
        assert 0.99 <= agreement.availability <= 1.0
        assert agreement.source.startswith("https://aws.amazon.com/")


def test_unknown_facts_and_slas_are_refused():
    with pytest.raises(InputError, match="no fact"):
        fact("nat.conections")
    with pytest.raises(InputError, match="no service-level agreement"):
        sla("rds")
