"""What the prices in use cover: regions by services."""

from __future__ import annotations

import pytest
from price_list import small_list
from price_server import serving

from groma import catalog
from groma.catalog.prices import PURCHASES
from groma.cli.console import OUT, show
from groma.errors import InputError
from groma.live.prices import coverage, refresh


@pytest.fixture
def prices(tmp_path, monkeypatch):
    """A directory of refreshed prices that the catalog reads, forgotten afterwards."""
    monkeypatch.setenv("GROMA_PRICES", str(tmp_path))
    catalog.forget()
    yield tmp_path
    monkeypatch.undo()
    catalog.forget()


def test_every_region_has_every_service_with_its_dates(prices):
    found = coverage().regions
    assert list(found) == [region.name for region in catalog.regions()]
    assert len({tuple(services) for services in found.values()}) == 1
    nat = found["eu-west-1"]["natgateway"]
    assert (nat.known, nat.wanted, nat.oldest, nat.newest, nat.unknown) == (
        2,
        2,
        "2025-10-28",
        "2025-10-28",
        (),
    )


def test_what_is_unknown_is_named_and_never_counted(prices):
    there = coverage("us-west-2").regions["us-west-2"]
    assert (there["elb"].known, there["elb"].oldest) == (1, "undated")
    assert there["elb"].unknown == ("alb_lcu_hour",)
    assert there["aurora"].unknown == PURCHASES
    for covered in there.values():
        assert 0 <= covered.known <= covered.wanted
        assert (covered.oldest == "") == (covered.known == 0)


def test_a_refresh_shows_in_it(prices):
    with serving(small_list("us-west-2", "USW2-")) as served:
        refresh("us-west-2", base_url=served.url)
    there = coverage("us-west-2").regions["us-west-2"]
    assert (there["elb"].known, there["elb"].oldest, there["elb"].unknown) == (2, "2026-11-20", ())
    assert there["aurora"].newest == "2026-11-20"
    assert "on-demand" not in there["aurora"].unknown


def test_machines_are_counted_in_every_way_to_buy_them(prices):
    ec2 = coverage("us-east-1").regions["us-east-1"]["ec2"]
    assert ec2.wanted == len(PURCHASES) * len(catalog.instance_types())
    known = [catalog.ec2_price("us-east-1", t.name, p) for t in catalog.instance_types()
             for p in PURCHASES]  # fmt: skip
    assert ec2.known == sum(price is not None for price in known)


@pytest.mark.parametrize("region", ["", "sa-east-1"])
def test_it_fits_a_terminal(prices, monkeypatch, capsys, region: str):
    monkeypatch.setattr(OUT, "width", 80)
    show(coverage(region))
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    assert "aurora" in shown


def test_an_unknown_region_is_refused(prices):
    with pytest.raises(InputError, match="no region"):
        coverage("mars-1")
