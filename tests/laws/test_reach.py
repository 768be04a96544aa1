"""A law over blueprints × goals: an alarm on a share can be reached, and is above what is promised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_workloads import LOADED, workload

from groma.answers import Alarm, Expression
from groma.components.error_budget import FAST_BURN, too_many
from groma.design import design
from groma.monitoring import alarms

WHOLE = {"CPUUtilization": 100, "mem_used_percent": 100, "disk_used_percent": 100, "5xxErrorRate": 100}
OF_API = {"5xx": 1, "4xx": 1}


def most(alarm: Alarm) -> float:
    """The most that what it watches can be; infinite where it is no share."""
    if isinstance(alarm.watches, Expression):
        return 100 if "%" in alarm.watches.label else float("inf")
    of_api = OF_API if alarm.watches.namespace == "AWS/ApiGateway" else {}
    return {**WHOLE, **of_api}.get(alarm.watches.name, float("inf"))


@pytest.mark.parametrize("blueprint", LOADED)
@pytest.mark.parametrize("goal", [0.01, 0.5, 0.92, 0.96])
def test_an_alarm_on_a_share_can_be_reached(blueprint: str, goal: float):
    one = workload(blueprint, {})
    slo = one.slo.model_copy(update={"availability": goal})
    found = alarms(design(one.model_copy(update={"slo": slo}), reasons=False).architecture)
    shares = [alarm for alarm in found if most(alarm) < float("inf")]
    assert any("5xx" in alarm.id for alarm in shares)
    for alarm in shares:
        assert alarm.threshold < most(alarm), f"{alarm.id} at {alarm.threshold} never fires"
        if alarm.id.endswith("5xx"):
            assert alarm.threshold > (1 - goal) * most(alarm), f"{alarm.id} fires though the goal is kept"


@given(st.floats(1e-9, 1 - 1e-9))
def test_too_many_errors_are_more_than_may_be_and_fewer_than_all(budget: float):
    assert budget < too_many(budget).share < 1


def test_a_strict_goal_is_watched_by_the_burn_of_its_budget():
    assert too_many(0.001).percent == pytest.approx(100 * FAST_BURN * 0.001)
    assert "two days" in too_many(0.001).because
    assert "half" in too_many(0.07).because
