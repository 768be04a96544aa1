"""Instance types, database classes, cache nodes, performance."""

from __future__ import annotations

import pytest

from groma.catalog import (
    cache_node,
    cache_nodes,
    database_class,
    database_classes,
    instance_type,
    instance_types,
    performance,
)
from groma.errors import InputError


def test_an_instance_type_is_as_aws_describes_it():
    # EC2 DescribeInstanceTypes, as carried by moto.
    m7g = instance_type("m7g.large")
    assert (m7g.family, m7g.vcpu, m7g.mem_gib, m7g.arch) == ("m7g", 2, 8, "arm64")
    assert (m7g.network_baseline_gbps, m7g.network_peak_gbps) == (0.937, 12.5)
    assert (m7g.ebs_baseline_mbps, m7g.ebs_baseline_iops) == (630, 3600)
    assert (m7g.ebs_max_mbps, m7g.ebs_max_iops) == (10_000, 40_000)
    assert m7g.burstable_baseline is None
    assert instance_type("t3.micro").burstable_baseline == 0.1
    assert instance_type("t4g.medium").burstable_baseline == 0.2


def test_only_t_types_are_burstable():
    for t in instance_types():
        assert (t.burstable_baseline is not None) == t.family.startswith("t"), t.name


def test_limits_are_positive_and_baselines_do_not_exceed_maxima():
    for t in instance_types():
        assert t.vcpu >= 1, t.name
        assert t.mem_gib >= 0.5, t.name
        assert 0 < t.network_baseline_gbps <= t.network_peak_gbps, t.name
        assert 0 < t.ebs_baseline_mbps <= t.ebs_max_mbps, t.name
        assert 0 < t.ebs_baseline_iops <= t.ebs_max_iops, t.name


def test_the_families_asked_for_are_there_and_no_metal():
    families = {t.family for t in instance_types()}
    assert families >= {
        "m5",
        "m5a",
        "m6a",
        "m6g",
        "m6i",
        "m7a",
        "m7g",
        "m7i",
        "m7i-flex",
        "m8a",
        "m8g",
        "m8i",
    }
    assert families >= {"c5", "c6g", "c7g", "c7i-flex", "c8a", "r5", "r6g", "r7i", "r8g", "t3", "t3a", "t4g"}
    assert not [t.name for t in instance_types() if "metal" in t.name]


@pytest.mark.parametrize(
    ("name", "connections"),
    # Measured: db.t4g.small 181 and db.m7g.large 832 of LEAST(bytes / 9531392, 5000); the others lie between.
    [("db.t4g.small", 181), ("db.m7g.large", 832), ("db.r7g.large", 1700), ("db.r7g.16xlarge", 5000)],
)
def test_postgres_max_connections(name, connections):
    assert database_class(name).max_connections == connections


def test_mysql_max_connections_has_its_own_formula():
    # (8 · 0.9632 - 0.3195) GiB / 12582880
    assert database_class("db.m7g.large", "mysql").max_connections == 630


def test_database_classes_share_the_machine_of_their_ec2_type():
    names = [c.name for c in database_classes()]
    assert len(names) == len(set(names)) > 60
    for c in database_classes("mysql"):
        machine = instance_type(c.name.removeprefix("db."))
        assert (c.vcpu, c.mem_gib, c.arch) == (machine.vcpu, machine.mem_gib, machine.arch)


def test_cache_nodes():
    # LeanerCloud/ec2-instances-info, 2025-04-24.
    node = cache_node("cache.m7g.large")
    assert (node.vcpu, node.mem_gib, node.arch) == (2, 6.38, "arm64")
    assert {n.arch for n in cache_nodes() if n.name.startswith("cache.r5.")} == {"x86_64"}


def test_performance_is_relative_to_m6i():
    m6i = performance("m6i")
    assert (m6i.low, m6i.likely, m6i.high) == (0.982, 1.0, 1.053)


def test_graviton_low_is_three_quarters_of_coremark_low():
    # CoreMark for m7g: 1.466 – 1.521 – 1.540.
    m7g = performance("m7g")
    assert (m7g.low, m7g.likely, m7g.high) == (pytest.approx(0.75 * 1.466, abs=1e-4), 1.521, 1.54)


def test_every_family_has_a_performance_range():
    for family in {t.family for t in instance_types()}:
        p = performance(family)
        assert 0 < p.low <= p.likely <= p.high, family


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: instance_type("m7g.huge"), "m7g.large"),
        (lambda: database_class("db.m7g.larg"), "db.m7g.large"),
        (lambda: cache_node("cache.m7g.larg"), "cache.m7g.large"),
        (lambda: performance("m7"), "m7g"),
        (lambda: database_classes("oracle"), "postgres"),
    ],
)
def test_an_unknown_name_is_refused_with_near_matches(ask, says):
    with pytest.raises(InputError) as caught:
        ask()
    assert says in caught.value.hint
