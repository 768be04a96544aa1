"""Groups of servers over time: target tracking by its two alarms, boots, draining, lost zones."""

from __future__ import annotations

import math

import pytest

from groma.simulation.groups import PROMOTED_S, Group
from groma.simulation.kernels.state import BROKEN, DRAINING, OFF, SERVING
from groma.simulation.scene import DRAINED_S, Row
from groma.sizing.starting import UNHEALTHY_S, boot_s
from groma.sizing.values import Choice, Size

CHOICE = Choice("m7g.large", 2, 8.0, 1.0, 10.0, None, 0.1)


def row(**changes: object) -> Row:
    size = Size("app", CHOICE, 2, 4, 10, 4.0, 50, 0.3, 0.6, 100.0)
    values = {"name": "app", "size": size, "zones": 2, "stations": 2, "cores": 1, "speed": 1.0}
    return Row(**{**values, "shared": True, "scales": True, **changes})  # type: ignore[arg-type]


def passed(group: Group, *cpu: float, first: int = 0) -> list[tuple[float, int, int]]:
    """The changes that some minutes of this CPU lead to, as (time, server, state)."""
    for minute, each in enumerate(cpu, first + 1):
        group.observe(minute * 60.0, each)
    return group.due(math.inf)


def test_three_minutes_above_the_target_launch_servers_in_proportion():
    group = Group(row(), 0, 4, standby=False)
    assert passed(group, 0.9, 0.9, 0.9) == []
    changes = passed(group, 0.9, first=3)
    assert group.desired == math.ceil(4 * 0.9 / 0.5)
    assert {state for _, _, state in changes} == {SERVING}
    assert {at_s for at_s, _, _ in changes} == {240 + boot_s()}
    assert len(changes) == 2 * (8 - 4)


def test_servers_that_boot_are_not_launched_again_and_the_most_is_kept():
    group = Group(row(), 0, 4, standby=False)
    passed(group, *[0.9] * 6)
    assert group.desired == 8
    passed(group, *[0.99] * 20, first=6)
    assert group.desired == 10


def test_two_of_three_minutes_launch_nothing():
    group = Group(row(), 0, 4, standby=False)
    assert passed(group, *[0.9, 0.9, 0.4] * 5) == []


def test_fifteen_minutes_far_below_the_target_drain_servers_down_to_the_least():
    group = Group(row(), 0, 4, standby=False)
    assert passed(group, *[0.1] * 15) == []
    changes = passed(group, 0.1, first=15)
    assert group.desired == 2
    assert {(at_s, state) for at_s, _, state in changes} == {(960, DRAINING), (960 + DRAINED_S, OFF)}
    left = {server // 2 for _, server, _ in changes}
    assert {group.servers[place].zone for place in left} == {0, 1}  # type: ignore[union-attr]


def test_a_little_below_the_target_drains_nothing():
    assert passed(Group(row(), 0, 4, standby=False), *[0.46] * 40) == []


def test_a_fixed_row_is_left_alone():
    assert passed(Group(row(scales=False), 0, 4, standby=False), *[0.99] * 40) == []


def test_servers_of_a_lost_zone_break_and_are_replaced_in_another():
    group = Group(row(), 0, 4, standby=False)
    group.lose_zone(0, 100.0)
    changes = group.due(math.inf)
    broken = {server // 2 for at_s, server, state in changes if state == BROKEN and at_s == 100}
    gone = {server // 2 for at_s, server, state in changes if state == OFF and at_s == 100 + UNHEALTHY_S}
    assert broken == gone == {0, 2}
    new = {server // 2 for at_s, server, state in changes if state == SERVING}
    assert len(new) == 2
    assert {group.servers[place].zone for place in new} == {1}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("standby", "until_s", "state"), [(True, 220.0, SERVING), (False, 100 + PROMOTED_S, OFF)]
)
def test_a_lost_master_is_taken_over_by_its_standby_or_by_hand(standby: bool, until_s: float, state: int):
    group = Group(row(scales=False, stations=1, routing="by-role"), 0, 2, standby=standby)
    group.lose_zone(0, 100.0)
    assert group.due(math.inf) == [(100.0, 0, BROKEN), (until_s, 0, state)]


def test_a_roll_goes_on_where_servers_that_it_would_replace_have_gone_meanwhile():
    group = Group(row(), 0, 4, standby=False)
    group.roll(0.0, None)
    group.lose((0, 1), 60.0, None)
    group.due(400.0)
    group.gone(400.0)
    old = [group.servers[place] for place in (2, 3)]
    for minute in range(7, 60):
        group.rolled(minute * 60.0)
        group.due(minute * 60.0)
        group.gone(minute * 60.0)
    assert not any(each in group.servers for each in old), "those that were left are replaced"
    assert group.booting == group.desired
