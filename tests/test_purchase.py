"""Months and purchases: what is reserved, what is left on demand, what stays unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groma.bill import bill
from groma.components.server_group import AGENT_METRICS_PER_GROUP, ServerGroup
from groma.design import bought, design
from groma.sizing.reservations import beyond, cheapest_reserved
from groma.terms import BUYINGS, Month, Terms
from groma.workload import json_schema, parse
from workloads import MINIMAL

WITH_EACH = ("gp3 volumes", "metrics by the minute", "public IPv4 addresses")
"""What comes with each server, and no reservation covers."""


@pytest.fixture(scope="module")
def large():
    """A design whose server groups follow the day."""
    return design(parse("name: large\nblueprint: three-tier\nusers: {total: 2_000_000}\n"))


def total(planned, terms: Terms) -> float:
    return bill(bought(planned, terms).architecture).monthly_usd.likely


def lines(planned, purchase, component: str):
    priced = bill(bought(planned, Terms(purchase=purchase)).architecture)
    return [line for line in priced.lines if line.component == component]


counts = st.lists(st.integers(1, 30), min_size=24, max_size=24)


@given(counts, st.floats(0.01, 5), st.floats(0.2, 1.2))
def test_the_split_is_the_cheapest_of_all(by_hour, on_demand, share):
    """Against every possible count."""
    reserved = on_demand * share

    def day(count: int) -> float:
        return 24 * (count * reserved + beyond(by_hour, count) * on_demand)

    best = min(day(count) for count in range(max(by_hour) + 1))
    assert day(cheapest_reserved(by_hour, on_demand, reserved)) == pytest.approx(best)


def test_a_reserved_machine_pays_off_above_a_share_of_hours():
    """At 62.5 % of the price from 16 of 24 hours on: the second machine runs in 18, the third in 12."""
    by_hour = [1] * 6 + [2] * 6 + [3] * 12
    assert cheapest_reserved(by_hour, 0.0168, 0.0105) == 2
    assert beyond(by_hour, 2) == 0.5


def test_nothing_is_reserved_that_costs_as_much_as_on_demand():
    assert cheapest_reserved([3] * 24, 1.0, 1.0) == 0


def test_servers_by_the_hour_make_the_mean_that_is_paid_for(designed, large):
    for planned in (designed, large):
        for group in planned.architecture.of_type(ServerGroup):
            assert sum(group.by_hour) / 24 == pytest.approx(group.servers.likely)
            assert min(group.by_hour) >= group.size.min


def test_mixed_is_never_dearer_than_on_demand_or_a_year_of_everything(designed, large):
    for planned in (designed, large):
        usd = {purchase: total(planned, Terms(purchase=purchase)) for purchase in BUYINGS}
        assert usd["mixed"] <= min(usd["on-demand"], usd["reserved-1y"]) + 1e-9
        assert usd["mixed"] < usd["on-demand"]
        assert usd["reserved-3y"] < usd["reserved-1y"]


def test_mixed_has_a_reserved_base_and_the_rest_on_demand(large):
    group = large.architecture.of_type(ServerGroup)[1]
    hours = lines(large, "mixed", group.id)[:2]
    base, rest = sorted(hours, key=lambda line: "on demand" in line.item)
    reserved = round(base.quantity.likely / 730)
    assert base.quantity.is_exact
    assert group.size.min <= reserved < max(group.by_hour)
    assert rest.quantity.likely == pytest.approx(730 * beyond(group.by_hour, reserved))
    assert base.quantity.likely + rest.quantity.likely >= 730 * group.servers.likely
    assert rest.quantity.high > rest.quantity.likely


def test_a_year_of_everything_reserves_the_busiest_hour(large):
    group = large.architecture.of_type(ServerGroup)[1]
    base = lines(large, "reserved-1y", group.id)[0]
    assert base.quantity.likely == 730 * max(group.by_hour)
    assert "reserved 1 year" in base.item


def test_the_database_is_reserved_as_rds_sells_it(designed):
    on_demand, one, three, mixed = (lines(designed, p, "database-master")[0] for p in BUYINGS[:4])
    prices = (on_demand.unit_usd, one.unit_usd, mixed.unit_usd, three.unit_usd)
    assert prices == (0.129, 0.093, 0.093, 0.06201)  # db.t4g.large in us-east-1
    assert "in advance" in three.note


def test_spot_is_advice_and_never_a_price(designed):
    line = lines(designed, "on-demand", "web")[0]
    assert line.note.startswith("advice only: spot about")
    assert line.unit_usd == 0.0168


def test_a_reservation_without_a_price_stays_unknown(designed):
    """m8a has on-demand prices only."""
    group = designed.architecture.of_type(ServerGroup)[0]
    other = replace(group, size=replace(group.size, choice=replace(group.size.choice, name="m8a.large")))
    swapped = tuple(other if c is group else c for c in designed.architecture.components)
    for purchase in ("reserved-1y", "mixed"):
        architecture = replace(designed.architecture, components=swapped, terms=Terms(purchase=purchase))
        priced = bill(architecture)
        unknown = [line for line in priced.unknown if line.component == group.id]
        assert [line.item for line in unknown] == ["m8a.large reserved 1 year"]
        assert unknown[0].quantity.likely == 2 * 730
        assert unknown[0].monthly_usd is None


def test_the_decision_says_how_it_is_bought(designed):
    mixed = bought(designed, Terms(purchase="mixed"))
    (decision,) = [d for d in mixed.decisions if d.about == "purchase"]
    assert decision.decided == "mixed"
    assert "one year" in decision.because


def test_a_calendar_month_changes_hours_and_volumes_but_not_what_is_paid_by_the_month(designed):
    november = bill(bought(designed, Terms(Month.parse("2026-11"))).architecture)
    usual = bill(designed.architecture)
    hours, volumes, monthly = 0, 0, 0
    for before, after in zip(usual.lines, november.lines, strict=True):
        assert (before.component, before.item, before.unit) == (after.component, after.item, after.unit)
        if before.unit.endswith("-month"):
            assert after.quantity == before.quantity
            monthly += 1
        else:
            assert after.quantity.likely == pytest.approx(before.quantity.likely * 720 / 730)
            hours, volumes = hours + ("hour" in before.unit), volumes + ("hour" not in before.unit)
    assert min(hours, volumes, monthly) > 5


def test_a_longer_month_never_costs_less(designed):
    months = [Terms(Month.parse(text)) for text in ("2027-02", "2026-11", "730h", "2026-12")]
    costs = [total(designed, terms) for terms in months]
    assert costs == sorted(costs)


def test_the_architecture_itself_is_not_changed(designed):
    later = bought(designed, Terms(purchase="mixed"))
    assert later.architecture.components == designed.architecture.components
    assert designed.architecture.terms == Terms()


def test_where_prices_are_missing_every_purchase_is_a_lower_bound():
    planned = design(parse(MINIMAL + "regions: [us-west-2]\n"))
    for purchase in BUYINGS:
        priced = bill(bought(planned, Terms(purchase=purchase)).architecture)
        assert priced.unknown
        assert all(line.monthly_usd is None for line in priced.unknown)


@pytest.mark.parametrize("purchase", ["reserved-1y", "reserved-3y", "mixed"])
def test_sizes_are_the_cheapest_at_the_prices_of_the_purchase(large, purchase):
    """Against the sizes of the same workload on demand, bought in the same way."""
    own = design(large.workload.model_copy(update={"purchase": purchase}))
    assert own.architecture.terms.purchase == purchase
    machines = sum(each.usd_per_month for each in own.plan.sizes)
    whole = replace(own.architecture, terms=replace(own.architecture.terms, free_tier=False))
    of_machines = [
        line
        for line in bill(whole).lines
        if line.component in ("web", "app", "database-master", "database-replica")
        and ("reserved" in line.item or "on demand" in line.item or line.item in WITH_EACH)
    ]
    agents = 2 * AGENT_METRICS_PER_GROUP * 0.30
    assert machines == pytest.approx(sum(line.monthly_usd.likely for line in of_machines) - agents)
    assert total(own, Terms(purchase=purchase)) <= total(large, Terms(purchase=purchase)) + 1e-6
    (decision,) = [d for d in own.decisions if d.about == "purchase"]
    assert "cheapest at these prices" in decision.because


def test_a_reservation_changes_what_is_cheapest():
    """On demand many small servers follow the day; reserved, two large ones are paid all day anyway."""
    text = "name: ab\nblueprint: three-tier\nusers: {total: 400_000}\nslo: {p99_ms: 150}\n"
    usual, reserved = (
        design(parse(f"{text}purchase: {how}\n"), reasons=False).plan.of("app")
        for how in ("on-demand", "reserved-1y")
    )
    assert (usual.desired, usual.choice.name) != (reserved.desired, reserved.choice.name)


def test_where_no_reservation_has_a_price_sizes_are_those_on_demand():
    text = MINIMAL + "regions: [us-west-2]\n"
    usual, reserved = design(parse(text)), design(parse(text + "purchase: reserved-1y\n"))
    same = [(each.tier, each.choice.name, each.desired) for each in usual.plan.sizes]
    unpriced = all(each.choice.buying == "on-demand" for each in reserved.plan.sizes)
    (decision,) = [d for d in reserved.decisions if d.about == "purchase"]
    assert ("sizes as on demand" in decision.because) == unpriced
    if unpriced:
        assert [(each.tier, each.choice.name, each.desired) for each in reserved.plan.sizes] == same


def test_the_workload_knows_every_way_to_buy():
    schema = json_schema()["properties"]["purchase"]
    assert tuple(schema["enum"]) == BUYINGS
