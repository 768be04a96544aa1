"""Laws that hold for every component, whatever service it is."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groma.architecture import Architecture, Component
from groma.bill import bill
from groma.design import design
from groma.workload import load, parse
from workloads import EXAMPLE

LANES = {"users", "edge", "public", "application", "data", "asynchronous", "operations"}


@cache
def architecture() -> Architecture:
    return design(load(EXAMPLE)).architecture


def components() -> list[Component]:
    return list(architecture().components)


every_component = pytest.mark.parametrize("component", components(), ids=lambda c: c.id)


@every_component
def test_it_has_a_label_an_icon_and_a_lane(component: Component):
    assert component.label
    assert component.kind
    assert component.service
    assert component.lane in LANES
    assert (files("resources") / "aws" / f"{component.icon}.png").is_file()


@every_component
def test_its_bill_is_in_its_name_and_never_negative(component: Component):
    for line in component.bill(architecture()):
        assert line.component == component.id
        assert line.quantity.low >= 0
        assert line.monthly_usd is None or line.monthly_usd.low >= 0


@every_component
def test_its_alarms_are_in_its_name(component: Component):
    assert all(alarm.component == component.id for alarm in component.alarms(architecture()))


@every_component
def test_it_answers_the_same_twice(component: Component):
    for ask in (component.bill, component.alarms, component.checks, component.module, component.uptime):
        assert ask(architecture()) == ask(architecture())


@every_component
def test_its_uptime_is_a_share(component: Component):
    uptime = component.uptime(architecture())
    assert uptime is None or 0.9 < uptime.share <= 1


@every_component
def test_what_stands_in_aws_comes_from_terraform(component: Component):
    outside = {"users", "clients"}
    assert (component.module(architecture()) is None) == (component.id in outside)


def test_outputs_of_different_components_have_different_names():
    names = [name for component in components() for name in component.outputs()]
    assert len(names) == len(set(names))


@settings(max_examples=10, deadline=None)
@given(st.integers(500, 300_000), st.floats(1.1, 3))
def test_more_users_never_cost_less(total: int, factor: float):
    def usd(users: int) -> float:
        text = f"name: ab\nblueprint: three-tier\nusers: {{total: {users}}}\n"
        return bill(design(parse(text)).architecture).monthly_usd.likely

    assert usd(int(total * factor)) >= usd(total) - 0.01
