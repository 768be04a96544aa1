"""The regions of the worldwide blueprint: their shares of the users; each carries what is left of another."""

from __future__ import annotations

import ipaddress
import sys
from dataclasses import replace

import pytest
from worldwide_designs import REGIONS, made, text

from groma.application.sample import built_in
from groma.architecture import Architecture
from groma.blueprints.worldwide.load import ZONES, World
from groma.blueprints.worldwide.tiers import tiers, tiers_at
from groma.components.edge_monitoring import EdgeMonitoring
from groma.components.global_table import GlobalTable
from groma.components.load_balancer import LoadBalancer
from groma.components.nat_gateway import NatGateway
from groma.components.replicated_bucket import ReplicatedBucket
from groma.components.server_group import ServerGroup
from groma.components.table import DynamoTable
from groma.components.worker import Worker
from groma.design import design
from groma.errors import WorkloadError
from groma.monitoring import alarms
from groma.sizing.values import NO_WISH
from groma.workload import parse
from groma.workload.demand import demand

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("shares", "effective"),
    [
        ((1 / 3, 1 / 3, 1 / 3), 1 / 3),
        ((1 / 2, 1 / 2), 2 / 3),
        ((1 / 4,) * 4, 1 / 4),
        ((0.6, 0.2, 0.2), 0.6),
        ((0.4, 0.4, 0.2), 0.4 / 0.6 * 2 / 3),
    ],
)
def test_the_effective_share(shares, effective):
    world = World({f"region-{i}": share for i, share in enumerate(shares)}, 0.9, 0.3)
    every = [
        max(s, s / (1 - other) * (ZONES - 1) / ZONES)
        for i, s in enumerate(shares)
        for j, other in enumerate(shares)
        if i != j
    ]
    assert world.effective_share == pytest.approx(max(every))
    assert world.effective_share == pytest.approx(effective)


def test_a_region_is_as_busy_with_a_region_lost_as_with_a_zone_lost():
    """Three equal regions of three zones: both states put the same load on a machine."""
    workload = parse(text())
    world, load_ = World.of(workload), demand(parse(text()))
    sized = tiers(workload, load_, NO_WISH)[0].load.rate_per_s
    lost = tiers_at(workload, load_, world.largest_without * (ZONES - 1) / ZONES, 0.9, NO_WISH)[
        0
    ].load.rate_per_s
    assert sized == pytest.approx(lost)


def test_shares_of_the_users_are_stated_by_region():
    found = made(1, "shares: [0.5, 0.3, 0.2]")
    balancers = {lb.id: lb.mean_per_s.likely for lb in found.architecture.of_type(LoadBalancer)}
    ratio = balancers["us-east-1/web-lb"] / balancers["eu-west-1/web-lb"]
    assert ratio == pytest.approx(0.5 / 0.2)
    targets = {g.id: g.size.cpu_target_percent for g in found.architecture.of_type(ServerGroup)}
    assert targets["us-east-1/web"] > targets["eu-west-1/web"]
    equal = made(1)
    assert found.plan.of("app").desired > equal.plan.of("app").desired


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("shares: [0.5, 0.5]", "each of the 3 regions"),
        ("shares: [0.5, 0.3, 0.3]", "add up to 1.1"),
    ],
)
def test_shares_that_are_none(more, said):
    with pytest.raises(WorkloadError, match=said):
        parse(text(1, more))


@pytest.mark.parametrize(
    ("regions", "said"),
    [
        ("us-east-1", "two or more regions"),
        ("us-east-1, us-east-1", "named twice"),
        ("us-east-1, us-west-1", "has 2 zones"),
        ("us-east-1, mars-1", "mars-1"),
    ],
)
def test_regions_that_cannot_be(regions, said):
    with pytest.raises(WorkloadError, match=said):
        made(1, "", regions)


def test_two_regions_need_more_of_each_than_three():
    assert made(1, "", "us-east-1, eu-west-1").plan.of("app").desired > made(1).plan.of("app").desired


def test_every_region_has_the_same_elements_in_networks_of_their_own():
    architecture = made().architecture
    parts = {part.scope: part.architecture for part in architecture.parts if part.scope}
    kinds = {
        region: sorted(c.kind for c in part.components if c.kind not in ("secret", "budget"))
        for region, part in parts.items()
    }
    assert len({tuple(found) for found in kinds.values()}) == 1
    ranges = [ipaddress.ip_network(p.cidr) for p in architecture.places if p.kind == "vpc" and p.cidr]
    assert [str(r) for r in ranges] == ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"]
    for part in parts.values():
        assert len(part.of_type(NatGateway)) == ZONES
        assert len(part.zones_of(part.component("web"))) == ZONES
        assert len(part.of_type(Worker)) == 3
    assert len(architecture.of_type(GlobalTable)) == 1
    assert len(architecture.of_type(ReplicatedBucket)) == len(REGIONS)


def test_alarms_of_what_is_global_are_in_the_home_region_alone():
    own = [alarm.id for alarm in alarms(made().architecture) if "/" not in alarm.id]
    assert {"cdn-5xx", "regions-us-west-2", "table-read-throttles"} <= set(own)
    abroad = made(1, "", "eu-west-1, us-west-2").architecture
    edge = {alarm.id for alarm in alarms(abroad) if alarm.region == "us-east-1"}
    assert {"cdn-5xx", "regions-us-west-2", "certificate-days"} <= edge
    assert abroad.component("edge-monitoring").module(abroad).providers == {"aws": "us-east-1"}
    assert not made().architecture.of_type(EdgeMonitoring)


def own_tables(architecture: Architecture) -> dict[str, DynamoTable]:
    """The timelines of each region."""
    found = [each for each in architecture.of_type(DynamoTable) if not isinstance(each, GlobalTable)]
    return {each.id.partition("/")[0]: each for each in found}


def test_what_expires_in_the_global_table_is_paid_in_all_regions_but_one():
    """AWS deletes it for nothing where it expires, in any region, and writes the deletion in the others."""
    table = made().architecture.of_type(GlobalTable)[0]
    lines = {line.item: line.quantity.likely for line in table.bill(made().architecture)}
    deleted = sum(lines[f"replicated deletions by time to live, {at}"] for at in REGIONS)
    assert table.ttl is not None
    assert deleted == pytest.approx((len(REGIONS) - 1) * table.expired_per_month.likely)


def test_what_expires_in_the_global_table_are_sessions_and_no_timelines():
    """Each region's timelines are in a table of its own, where what expires is deleted for nothing."""
    architecture, asked = made().architecture, made().demand
    shared = architecture.of_type(GlobalTable)[0]
    assert shared.expired_per_month == asked.logins_per_month
    entries = (asked.deliveries_per_month + asked.posts_per_month).likely
    assert set(own_tables(architecture)) == set(REGIONS)
    for region, table in own_tables(architecture).items():
        own_posts = asked.posts_per_month.likely * World.of(made().workload).shares[region]
        assert table.ttl is not None
        assert table.writes_per_month.likely == pytest.approx(entries + own_posts)
        items = [line.item for line in table.bill(architecture)]
        assert not any("delet" in item or "replicat" in item for item in items)
    assert shared.writes_per_month.likely < 0.05 * entries


def test_the_fan_out_of_each_region_takes_the_posts_of_all():
    found = made(1, "shares: [0.5, 0.3, 0.2]")
    posts = found.demand.posts_per_month.likely
    components = {component.id: component for component in found.architecture.components}
    for region, share in zip(REGIONS, (0.5, 0.3, 0.2), strict=True):
        topic, queue = (components[f"{region}/{name}"] for name in ("posted-topic", "fan-out-queue"))
        others = set(REGIONS) - {region}
        assert set(topic.elsewhere) == set(queue.elsewhere) == others
        assert topic.messages_per_month.likely == pytest.approx(share * posts)
        assert queue.messages_per_month.likely == pytest.approx(posts)
        assert components[f"{region}/fan-out-function"].calls_per_month.likely == pytest.approx(posts)
        assert components[f"{region}/pictures-queue"].elsewhere == ()
        lines = {line.item: line.quantity.likely for line in topic.bill(found.architecture)}
        assert lines["messages to queues of other regions"] == pytest.approx(
            2 * topic.sent_gb_per_month.likely
        )


def test_the_tables_are_read_as_the_application_asks_for_it(monkeypatch):
    """A page of 20 entries of 0.6 KiB is 3 units, and half of it when the newest write need not be seen."""
    consistent = made().architecture.of_type(GlobalTable)[0]
    told = replace(built_in(), table=replace(built_in().table, consistent_reads=False))
    tables = sys.modules["groma.blueprints.worldwide.tables"]
    monkeypatch.setattr(tables, "built_in", lambda: told)
    eventual = tables.global_table(made().workload, made().demand, World.of(made().workload))
    assert built_in().table.consistent_reads
    for reads in ("reads_per_month", "reads_of_each_per_month"):
        assert getattr(consistent, reads).likely == pytest.approx(2 * getattr(eventual, reads).likely)
    again = design(made().workload, reasons=False).architecture
    for region, table in own_tables(made().architecture).items():
        assert table.reads_per_month.likely == pytest.approx(
            2 * own_tables(again)[region].reads_per_month.likely
        )
