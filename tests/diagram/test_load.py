"""Load at peak, from links and sizes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from three_tier_sample import Part, part, three_tier

from groma.architecture import Link
from groma.diagram import Load, peak_load
from groma.sizing.values import Choice, Size

CHOICE = Choice("db.m7g.large", 2, 8.0, 1.0, 1.0, None, 0.2)
DATABASE = Size("database", CHOICE, 2, 2, 2, 2.0, 60, 0.30, 0.60, 300.0)


@dataclass(frozen=True, kw_only=True)
class Sized(Part):
    size: Size


def sized(id_: str, size: Size) -> Sized:
    plain = part(id_, "data", "private-a", id_, "Amazon RDS", "database/rds")
    return Sized(id=id_, places=plain.places, name=id_, lane="data", size=size)


def loads(*links: Link) -> dict[str, Load]:
    web = part("web", "public", "public-a", "web", "", "compute/ec2")
    return peak_load(
        three_tier(components=(web, sized("master", DATABASE), sized("replica", DATABASE)), links=links)
    )


def test_requests_of_all_links_add_up_and_other_flows_do_not_count() -> None:
    found = loads(
        Link("master", "web", "HTTP", peak_per_s=20.0),
        Link("replica", "web", "HTTPS", peak_per_s=22.0),
        Link("master", "web", "egress", "egress", peak_per_s=100.0),
        Link("replica", "web", "gossip"),
    )
    assert found["web"] == Load(42.0)
    assert str(found["web"]) == "42/s at peak"


def test_master_and_replica_share_their_tiers_work_by_what_reaches_them() -> None:
    found = loads(
        Link("web", "master", "SQL writes", peak_per_s=10.0),
        Link("web", "replica", "SQL reads", peak_per_s=30.0),
    )
    assert (found["master"].busy, found["replica"].busy) == pytest.approx((0.15, 0.45))
    assert found["master"].busy_zone_lost == found["replica"].busy_zone_lost == 0.60
    assert str(found["replica"]) == "30/s at peak · 45 % busy"


def test_equal_sizes_of_different_tiers_are_not_shared() -> None:
    other = replace(DATABASE)
    components = (sized("one", DATABASE), sized("two", other))
    found = peak_load(three_tier(components=components, links=(Link("one", "two", "SQL", peak_per_s=5.0),)))
    assert found["one"].busy == found["two"].busy == pytest.approx(0.30)


def test_without_rates_only_what_is_busy_is_known() -> None:
    found = loads()
    assert set(found) == {"master", "replica"}
    assert str(found["master"]) == "30 % busy"
