"""What goes wrong meanwhile: it does what it says, from its minute on, and what is over is over."""

from __future__ import annotations

from typing import Any

import pytest

from groma.simulation.day import Setting, simulate
from groma.simulation.disturbed import Broken, Disturbance, Heavier, Rolled
from groma.simulation.scene import Assumed, scenes_of
from groma.simulation.seen import Seen
from groma.simulation.traffic import steady
from workloads import designed_example

MADE = designed_example("social-50k")
SCENE = scenes_of(MADE, Assumed())[0]
RATE = MADE.demand.peak_per_s.likely / 4
WEB, APP, DATA = range(3)


def seen_with(*disturbances: Disturbance, minutes: int = 8, **settings: Any) -> Seen:
    setting = Setting(disturbances=disturbances, **settings)
    return simulate(SCENE, 0, steady(RATE, 60 * minutes, 1), setting, lambda *_: True)


def cpu(seen: Seen, row: int) -> list[float]:
    return [minute.cpu[row] for minute in seen.minutes]


@pytest.mark.parametrize("every", [1, 8])
def test_work_that_is_heavier_is_so_in_its_minutes_and_in_its_tier_alone(every: int):
    usual, seen = seen_with(held=True), seen_with(Heavier("app", 3.0, 120.0, 240.0), held=True, every=every)
    times = [now / before for now, before in zip(cpu(seen, APP), cpu(usual, APP), strict=True)]
    rel = 0.05 if every == 1 else 0.1
    assert times[:2] == pytest.approx([1.0, 1.0], rel=rel)
    assert times[2:4] == pytest.approx([3.0, 3.0], rel=rel)
    assert times[5:] == pytest.approx([1.0] * 3, rel=rel)
    assert cpu(seen, WEB) == pytest.approx(cpu(usual, WEB), rel=rel)


def test_a_server_that_breaks_fails_requests_until_it_is_found_out_and_another_takes_its_place():
    seen = seen_with(Broken("app", (0,), 130.0))
    by_minute = [int(count) for count in seen.failed_by_minute]
    assert by_minute[2] > 0
    assert sum(by_minute) == by_minute[2]
    serving = [minute.serving[APP] for minute in seen.minutes]
    assert serving == [2, 2, 1, 1, 2, 2, 2, 2], "another boots, starts and passes two checks in 109 s"
    assert [minute.unready[APP] for minute in seen.minutes][2:5] == [1, 1, 0]
    assert all(minute.wanted[APP] == 2 for minute in seen.minutes)


def test_a_master_that_is_back_takes_writes_again_and_is_silent_meanwhile():
    seen = seen_with(Broken("database", (0,), 120.0, back_s=240.0))
    failed = [int(count) for count in seen.failed_by_minute]
    assert failed[2] > 0
    assert failed[3] > 0
    assert sum(failed[5:]) == 0
    masters = [minute.each_cpu[DATA][0] for minute in seen.minutes]
    assert masters[2:4] == [None, None]
    assert all(busy for busy in (*masters[:2], *masters[4:]))


def test_servers_are_rolled_one_by_one_and_nobody_is_hurt():
    seen = seen_with(Rolled("app", 60.0), minutes=14)
    assert seen.failed == 0
    serving = [minute.serving[APP] for minute in seen.minutes]
    assert min(serving) == 2
    assert max(serving) == 3
    assert serving[-1] == 2


def test_what_goes_wrong_elsewhere_changes_nothing_here():
    elsewhere = Broken("app", (0, 1), 60.0, region="nowhere-1")
    assert seen_with(elsewhere, minutes=4).outcomes == seen_with(minutes=4).outcomes
