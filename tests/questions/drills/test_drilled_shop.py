"""Drills of an application of one's own, on servers and as tasks: few ask, and each alarm is tried."""

from __future__ import annotations

from functools import cache

import pytest

from groma.questions.drills.answer import Drill
from groma.questions.drills.drilling import calm_evening, drill
from groma.questions.drills.published import AGAIN_MIN, Scenes, Usual
from groma.questions.drills.reading import built_in
from groma.questions.drills.stage import Stage, applies, expanded, stage_of
from groma.questions.drills.watching import courses_of, guards_of, turned
from workloads import designed_example

KNOWN = {each.name: each for each in built_in()}


@cache
def stage(example: str) -> Stage:
    made = designed_example(example)
    return stage_of(made, guards_of(made.architecture), 1)


@cache
def calm(example: str) -> Usual:
    return calm_evening(stage(example))


def tried(example: str, name: str) -> list[Drill]:
    found = expanded(KNOWN[name], stage(example))
    return [drill(stage(example), each, calm(example)) for each in found]


@pytest.mark.parametrize("example", ["shop", "shop-containers"])
def test_a_calm_evening_tells_nobody(example: str) -> None:
    """Of hundreds of requests in a minute the slowest of a hundred are a few: no minute stands for all."""
    there, scenes = calm(example), calm(example).scenes
    courses = courses_of(stage(example).guards, there.series, scenes.at_s(0), scenes.at_s(scenes.minutes))
    assert [each.guard.id for each in turned(stage(example).guards, courses) if each.is_call] == []


def test_minutes_before_and_after_are_as_the_first_and_the_last_ones() -> None:
    shown = calm("shop").scenes
    scenes = Scenes(shown.regions, shown.rows, shown.deepest, 0, before=25, after=15)
    places = [scenes.place(number) for number in range(scenes.minutes)]
    assert len(shown.regions[0].minutes) == AGAIN_MIN
    assert places == [5, 6, 7, 8, 9, *(list(range(10)) * 4), 0, 1, 2, 3, 4]


FAULTS = ("too-few-tasks", "silent-tasks", "full-service", "memory-leak-of-tasks", "busy-tasks")


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_tasks_is_told_as_promised_and_servers_have_none(name: str) -> None:
    assert applies(KNOWN[name], stage("shop"))
    for found in tried("shop-containers", name):
        assert found.ok, found.wrong


def test_each_alarm_of_tasks_is_set_off_by_one_of_them() -> None:
    """But that web tasks are too few: one of two carries that evening, and none is silence."""
    found = [one for name in FAULTS for one in tried("shop-containers", name)]
    on = {each.guard.id for one in found for each in one.turned if each.state == "ALARM"}
    of_tasks = {f"{tier}-{what}" for tier in ("web", "app") for what in ("cpu", "memory", "short", "full")}
    assert of_tasks <= {each.id for each in stage("shop-containers").guards}
    assert of_tasks - on == {"web-short"}
