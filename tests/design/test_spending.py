"""Budgets: the best that the money pays for, in the stated order; more money never makes a design worse."""

from __future__ import annotations

import math
import re
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groma.bill import bill
from groma.components.database import DatabaseServer
from groma.components.nat_gateway import NatGateway
from groma.components.network import FlowLogs
from groma.components.server_group import ServerGroup
from groma.components.web_firewall import BOT_CONTROL, MORE_GROUPS, WebFirewall
from groma.design import Design, cheapest, design, server_tiers
from groma.design.elsewhere import Elsewhere
from groma.design.making import as_stated
from groma.design.outlined import outline_of
from groma.design.spending import _Shop
from groma.design.steps import TRACED_SHARE, reserves, steps
from groma.errors import Infeasible, WorkloadError
from groma.questions import alternatives, blueprints
from groma.questions.alternatives import UNSPENT, Alternatives
from groma.questions.review import review
from groma.sizing.standing import standing
from groma.sizing.units import ServerTiers
from groma.terms import ASPECTS
from groma.terraform import render
from groma.workload import Workload, load, parse, with_budget
from workloads import EXAMPLE, MINIMAL, designed_example

pytestmark = pytest.mark.slow

CHEAP = "[availability, recovery, observability, security]"
"""What no machine is sized for: everything that can be bought is tried together."""


@cache
def example() -> Workload:
    return load(EXAMPLE)


@cache
def shop(spend: str = "") -> _Shop:
    if not spend:
        return _Shop(with_budget(example(), 1.0))
    return _Shop(parse(f"{MINIMAL}slo: {{p99_ms: 400}}\nbudget_usd_per_month: 9000\nspend: {spend}\n"))


@cache
def everything() -> Design:
    return design(with_budget(example(), 1e6), reasons=False)


def worth(at: _Shop, budget: float) -> tuple[bool, ...]:
    """What is bought of everything, what is worth most first."""
    return tuple(row.outcome == "bought" for row in at.bought(budget)[1])


def test_traces_are_for_sale_where_their_price_is_known_and_none_are_stated():
    def offered(more: str = "") -> bool:
        text = f"{MINIMAL}budget_usd_per_month: 9000\nspend: [observability]\n{more}"
        return any("traced_share" in step.changes for step in _Shop(parse(text)).steps)

    assert offered()
    assert not offered("traced_share: 0.05\n")
    assert not offered("regions: [sa-east-1]\n")
    assert everything().wish.traced_share == TRACED_SHARE


def test_the_steps_begin_with_the_first_of_each_aspect_in_the_stated_order():
    aspects = [step.aspect for step in shop().steps]
    assert tuple(aspects[: len(ASPECTS)]) == ASPECTS
    assert aspects.count("headroom") > 3
    other = [step.aspect for step in shop("[security, availability]").steps]
    assert other == ["security", "availability"] * 2


def test_more_never_costs_less():
    usd, wish = shop().least_usd, shop().least.wish
    for step in shop().steps:
        wish = step.added(wish)
        made, with_it = shop().offer(wish)
        assert with_it >= usd - 1e-9, step.what
        assert made.plan.latency_ms["p99"] <= example().slo.p99_ms
        usd = with_it


@pytest.mark.parametrize("more", [0, 2.5, 38, 97, 98, 135, 204.7, 300, 1_000])
def test_what_is_bought_is_the_best_of_all_that_can_be_paid(more: float):
    at = shop(CHEAP)
    budget, steps = at.least_usd + more, at.steps
    best: tuple[bool, ...] = (False,) * len(steps)
    for count in range(1, len(steps) + 1):
        for some in combinations(steps, count):
            wish = at.least.wish
            for step in some:
                wish = step.added(wish)
            if at.offer(wish)[1] <= budget:
                best = max(best, tuple(step in some for step in steps))
    assert len(steps) == 8
    assert worth(at, budget) == best


@settings(max_examples=60, derandomize=True)
@given(st.floats(0, 8_000), st.floats(0, 8_000))
def test_a_bigger_budget_never_gives_a_worse_design(over: float, more: float):
    small = shop().least_usd + over
    assert worth(shop(), small + more) >= worth(shop(), small)
    wish, rows = shop().bought(small)
    assert shop().offer(wish)[1] <= small
    for row in rows:
        assert (row.outcome == "left out") == (row.usd_per_month is not None and row.usd_per_month > small)


def test_a_third_zone_is_bought_where_the_file_leaves_it_to_the_money():
    stated = f"{MINIMAL}slo: {{p99_ms: 400}}\nbudget_usd_per_month: 9000\nspend: [availability]\n"
    assert "a third zone" not in [step.what for step in _Shop(parse(stated)).steps]
    assert len(design(parse(f"{stated}network: {{zones: 3}}\n"), reasons=False).spent.rows) == 2
    open_to_it = parse(f"{stated}network: {{zones: up to 3}}\n")
    least = cheapest(open_to_it, reasons=False)
    made = design(open_to_it, reasons=False)
    assert [row.step.what for row in made.spent.rows if row.outcome == "bought"][-1] == "a third zone"
    assert [zones_of(each) for each in (least, made)] == [2, 3]
    assert as_stated(made) == open_to_it
    assert Elsewhere(made).usd_per_month == pytest.approx(Elsewhere(least).usd_per_month)
    assert len(made.architecture.of_type(NatGateway)) == 3
    assert all(size.desired % 3 == 0 for size in made.plan.sizes if size.tier != "database")
    (zones,) = (decision for decision in made.decisions if decision.about == "zones")
    assert zones.because.startswith("bought; two thirds are left")


def zones_of(made: Design) -> int:
    return sum(place.kind == "zone" for place in made.architecture.places)


def test_the_most_that_money_buys_is_the_bill_of_all_of_it():
    spent = everything().spent
    assert spent is not None
    assert spent.left_out == ()
    assert spent.most_usd == spent.usd_per_month == bill(everything().architecture).monthly_usd.likely
    wish, rows = shop().bought(2_000)
    assert shop().most_usd(wish, rows) == pytest.approx(spent.most_usd)


def test_everything_is_drawn_billed_and_built():
    architecture, root = everything().architecture, render(everything().architecture)["main.tf"]
    master, _ = architecture.of_type(DatabaseServer)
    (firewall,), (logs,) = architecture.of_type(WebFirewall), architecture.of_type(FlowLogs)
    assert (master.standby, master.backup_retention_days, logs.retention_days) == ("private-b", 35, 365)
    assert len(architecture.of_type(NatGateway)) == 2
    assert set(firewall.groups) > {*MORE_GROUPS, BOT_CONTROL}
    assert re.search(r"backup_retention_days +=\s35\n", root)
    assert re.search(r"flow_log_retention_days +=\s365\n", root)
    assert all(f'"{group}"' in root for group in firewall.groups)
    lines = {(line.component, line.item): line for line in bill(architecture).lines}
    assert lines["waf", "rules"].quantity.likely == firewall.rule_count
    inspected = firewall.requests_per_month.likely
    charged = lines["waf", "inspected by Bot Control"].monthly_usd
    assert charged is not None
    assert charged.likely == pytest.approx((inspected - 10_000_000) / 1e6)
    assert {size.choice.baseline for size in everything().plan.sizes} == {None}
    assert [
        finding for finding in review(everything()) if finding.severity == "error" and not finding.ok
    ] == []


def test_a_reserve_stands_day_and_night_and_carries_the_crowd_with_a_zone_lost():
    made = everything()
    factor = made.wish.load_factor
    assert factor == max(step.changes.get("load_factor", 0) for step in shop().steps)
    for tier in ("web", "app"):
        size = made.plan.of(tier)
        assert size.min == size.desired == size.mean
    web = next(group for group in made.architecture.of_type(ServerGroup) if group.id == "web")
    assert web.servers.is_exact
    usual = server_tiers(made.workload, made.demand, made.wish)
    crowd = ServerTiers(usual, 400, factor)._loaded
    assert crowd[0].load.rate_per_s == pytest.approx(usual[0].load.rate_per_s * factor)
    there = standing(crowd, crowd, made.plan, made.wish.p99_ms or 400)
    assert there.breaks is None
    assert [size.desired for size in there.sizes] == [size.desired for size in made.plan.sizes]


def test_no_reserve_is_for_more_than_all_registered_users():
    (*_, (most, because)) = reserves(example(), 83.3, 210)
    assert because == "all registered users"
    assert most * 83.3 == pytest.approx(50_000 / 30.05, rel=0.01)
    crowded = parse(f"{MINIMAL[: MINIMAL.index('users')]}users: {{registered: 500, concurrent: 500}}\n")
    assert [factor for factor, _ in reserves(crowded, 16.6, 33.2)] == [2.0]


def test_of_several_regions_each_stands_in_for_another_so_that_reserves_end_at_the_high_end():
    found = steps(designed_example("social-worldwide"))
    assert [step.aspect for step in found] == ["headroom", "latency", "latency", "latency"]
    assert "the high end of the ranges" in found[0].because


def test_what_is_not_named_is_not_bought():
    made = design(parse(MINIMAL + "budget_usd_per_month: 9000\nspend: [recovery]\n"), reasons=False)
    assert made.spent is not None
    assert [row.step.aspect for row in made.spent.rows] == ["recovery"] * 2
    assert made.wish.load_factor == 1
    assert made.wish.backup_days == 35


def test_machines_that_do_not_exist_are_out_of_reach_and_said_so():
    users = MINIMAL.replace("50_000", "6_000_000")
    made = design(parse(f"{users}budget_usd_per_month: 9_000_000\nspend: [headroom]\n"), reasons=False)
    assert made.spent is not None
    beyond = [row for row in made.spent.rows if row.outcome == "out of reach"]
    assert beyond
    assert all(row.reason and row.more_usd is None for row in beyond)
    assert math.isfinite(made.spent.most_usd)


def test_the_option_and_the_file_are_one():
    asked = with_budget(example(), 3_000)
    written = parse(asked.text, source="groma.yaml")
    assert "# A social media application" in asked.text
    assert written.budget_usd_per_month == 3_000
    assert written.spend == ASPECTS
    assert written.model_dump() == asked.model_dump()
    assert design(written).architecture == design(asked).architecture


def test_too_little_money_names_its_line_and_what_is_needed():
    text = MINIMAL + "budget_usd_per_month: 10\nspend: [security]\n"
    with pytest.raises(Infeasible, match="too little") as caught:
        design(parse(text, source="groma.yaml"), reasons=False)
    assert caught.value.where == "groma.yaml:4: budget_usd_per_month"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("spend: [security]\n", "groma.yaml:4: spend: has no money to spend"),
        ("budget_usd_per_month: 9\nspend: []\n", "groma.yaml:5: spend"),
        ("budget_usd_per_month: 9\nspend: [security, security]\n", "must name each aspect once"),
        ("budget_usd_per_month: 9\nspend: [speed]\n", "'speed' does not exist"),
        ("budget_usd_per_month: 9\nspend: security\n", "groma.yaml:5: spend"),
    ],
)
def test_what_cannot_be_spent_is_refused_with_its_line(lines: str, said: str):
    with pytest.raises(WorkloadError) as caught:
        parse(MINIMAL + lines, source="groma.yaml")
    assert said in str(caught.value)


def test_an_aspect_that_a_blueprint_does_not_sell_is_refused():
    text = (
        "name: ab\nblueprint: worldwide\ndomain: a.acme.dev\nusers: {total: 900}\nbudget_usd_per_month: 9\n"
    )
    with pytest.raises(WorkloadError, match="worldwide has nothing to buy for recovery"):
        parse(text + "spend: [headroom, recovery]\n")


def test_what_is_compared_and_what_else_could_be_built_spends_nothing():
    spending = with_budget(example(), 9_000)
    assert blueprints._as(spending, "serverless").spend is None
    usual = alternatives._priced(outline_of(cheapest(spending, reasons=False)))
    told = Alternatives(spending, (("design", usual),)).words()
    assert told.lines[-1] == UNSPENT
    assert UNSPENT not in Alternatives(example(), (("design", usual),)).words().lines
    assert usual.usd_per_month == shop().least_usd
