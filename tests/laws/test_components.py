"""Laws that hold for every component, whatever service it is, and for every design."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import pytest
from designs import (
    SAFEST,
    busier,
    cost,
    designed,
    example,
    example_names,
    examples_of,
    laden,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from groma import catalog
from groma.bill import Bill, bill
from groma.blueprints import BLUEPRINTS
from groma.components import kinds
from groma.design import design, server_tiers
from groma.monitoring import alarms
from groma.sizing import at_load
from groma.workload import parse
from groma.workload.demand import demand
from workloads import marked

LANES = {"users", "edge", "public", "application", "data", "asynchronous", "operations"}
OUTSIDE = {"users", "clients"}
LOADS = (1.0, 1.3, 2.0)
"""As far as the worldwide example needs no further database."""

every_type = pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
every_example = pytest.mark.parametrize("name", [marked(name) for name in example_names()])


def test_every_blueprint_has_an_example():
    assert {example(name).blueprint for name in example_names()} == set(BLUEPRINTS)


@every_type
def test_it_stands_in_an_example(kind):
    """Else no law below would say anything about it."""
    assert list(examples_of(kind)), f"no design of any example has a {kind.__name__}"


@every_example
def test_without_allowances_no_line_costs_less(name):
    """Every line is whole: its quantity at a price, or unknown where only the allowance's price is known."""
    architecture = designed(name).architecture
    with_free, without = (
        bill(replace(architecture, terms=replace(architecture.terms, free_tier=free_tier))).lines
        for free_tier in (True, False)
    )
    in_order = (sorted(lines, key=lambda line: (line.component, line.item)) for lines in (with_free, without))
    for free, whole in zip(*in_order, strict=True):
        assert (free.item, free.quantity) == (whole.item, whole.quantity)
        if free.monthly_usd and whole.monthly_usd:
            assert free.monthly_usd.likely <= whole.monthly_usd.likely + 1e-9
            assert whole.monthly_usd.likely > 0 or not whole.quantity.likely, whole
    assert cost(Bill(without)) > cost(Bill(with_free)) or any(line.monthly_usd is None for line in without)


@every_type
def test_it_has_a_label_an_icon_and_a_lane(kind):
    for _, component in examples_of(kind):
        assert component.label
        assert component.kind
        assert component.service
        assert component.lane in LANES
        assert (files("resources") / "aws" / f"{component.icon}.png").is_file()


@every_type
def test_its_bill_is_in_its_name_and_never_negative(kind):
    for architecture, component in examples_of(kind):
        for line in component.bill(architecture):
            assert line.component == component.id
            assert line.quantity.low >= 0
            assert line.monthly_usd is None or line.monthly_usd.low >= 0


@every_type
def test_a_price_is_known_or_unknown_as_a_whole(kind):
    for architecture, component in examples_of(kind):
        for line in component.bill(architecture):
            assert (line.unit_usd is None) == (line.monthly_usd is None), line.item


@every_type
def test_without_prices_nothing_of_it_costs_nothing(kind, monkeypatch):
    """What has a price with the catalog must be unknown without it, never 0."""
    examples = list(examples_of(kind))
    priced = [[line.item for line in c.bill(a) if line.monthly_usd is not None] for a, c in examples]
    for name in ("unit_price", "ec2_price", "rds_price", "aurora_price", "elasticache_price"):
        monkeypatch.setattr(catalog, name, lambda *_, **__: None)
    for (architecture, component), before in zip(examples, priced, strict=True):
        lines = component.bill(architecture)
        assert len(lines) >= bool(before)
        assert [line.item for line in lines if line.monthly_usd is not None] == []


@every_type
def test_its_alarms_are_in_its_name(kind):
    for architecture, component in examples_of(kind):
        assert all(alarm.component == component.id for alarm in component.alarms(architecture))


@every_type
def test_it_answers_the_same_twice(kind):
    for architecture, component in examples_of(kind):
        for ask in (component.bill, component.alarms, component.checks, component.module, component.uptime):
            assert ask(architecture) == ask(architecture)
        assert (component.label, component.details) == (component.label, component.details)


@every_type
def test_its_uptime_is_a_share(kind):
    for architecture, component in examples_of(kind):
        uptime = component.uptime(architecture)
        assert uptime is None or 0.9 < uptime.share <= 1


@every_type
def test_what_stands_in_aws_comes_from_terraform(kind):
    for architecture, component in examples_of(kind):
        assert (component.module(architecture) is None) == (component.id in OUTSIDE)


@every_type
def test_it_never_costs_less_when_the_load_grows(kind):
    """The sizes held, as auto scaling or a redesign would not: each meter counts more of the same."""
    for name in example_names():
        least: dict[str, float] = {}
        for times in LOADS:
            architecture = laden(name, times)
            priced = bill(architecture)
            ids = [c.id for c in architecture.components if type(c) is kind]
            assert times == 1 or ids == list(least)
            for id_ in ids:
                usd = cost(priced, id_)
                assert usd >= least.get(id_, 0.0) - 1e-6, (name, id_, times)
                least[id_] = usd


@every_example
def test_outputs_of_different_components_have_different_names(name):
    for part in designed(name).architecture.parts:
        outputs = {output for c in part.architecture.components for output in c.outputs().items()}
        assert len(outputs) == len({output for output, _ in outputs})


@every_example
def test_a_design_is_deterministic(name):
    once, again = designed(name), design(example(name))
    assert again.architecture == once.architecture
    assert bill(again.architecture) == bill(once.architecture)
    assert alarms(again.architecture) == alarms(once.architecture)
    assert again.plan == once.plan


@every_example
def test_a_design_never_costs_less_when_there_are_more_users(name):
    costs = [cost(bill(designed(name, times=times).architecture)) for times in LOADS[:2]]
    assert costs[1] >= costs[0] - 0.01


@every_example
def test_what_is_safer_is_never_cheaper_nor_less_available(name):
    usual, safest = designed(name), designed(name, SAFEST)
    assert safest.availability.value >= usual.availability.value
    assert cost(bill(safest.architecture)) >= cost(bill(usual.architecture))


@every_example
def test_no_request_gets_faster_when_the_load_of_the_same_machines_grows(name):
    made = designed(name)
    if not made.plan.sizes:
        assert not server_tiers(made.workload, made.demand)
        return  # nothing waits for a machine: more calls keep more functions warm
    before: dict[str, float] = {}
    for times in (1.0, 1.1, 1.3, 1.6):
        workload = busier(made.workload, times)
        tiers = server_tiers(workload, demand(workload), made.wish)
        found = at_load(tiers, made.plan, workload.slo.p99_ms)
        now = {name: ms["p99"] for name, ms in found.latency_by_class_ms.items()} | {
            "all": found.latency_ms["p99"],
            "all zones": found.latency_all_zones_ms["p99"],
        }
        assert all(now[key] >= ms for key, ms in before.items()), (times, before, now)
        before = now


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(st.integers(500, 300_000), st.floats(1.1, 3))
def test_more_users_never_cost_less(total: int, factor: float):
    def usd(users: int) -> float:
        text = f"name: ab\nblueprint: three-tier\nusers: {{total: {users}}}\n"
        return bill(design(parse(text)).architecture).monthly_usd.likely

    assert usd(int(total * factor)) >= usd(total) - 0.01
