"""The fault in which all Spot servers of the application go at once."""

from __future__ import annotations

from functools import cache

import pytest

from groma.design import design
from groma.errors import InputError
from groma.questions.drills.drilling import drill
from groma.questions.drills.fault import SPOT, Break
from groma.questions.drills.reading import built_in, read
from groma.questions.drills.stage import Stage, applies, stage_of
from groma.questions.drills.watching import guards_of
from groma.workload import parse

TAKEN = next(each for each in built_in() if each.name == "spot-taken")


@cache
def stage(machines: str = "{spot: true}") -> Stage:
    text = f"name: chirp\nblueprint: three-tier\nusers: {{total: 300_000}}\nmachines: {machines}\n"
    made = design(parse(text), reasons=False)
    return stage_of(made, guards_of(made.architecture), seed=1)


def test_those_beyond_the_minimum_are_lost_and_the_promise_is_kept():
    found = drill(stage(), TAKEN)
    size = stage().design.plan.of("app")
    assert found.wrong == ()
    assert found.hurt.failed > 0
    told = [words for _, words in found.scenes.regions[0].told if "servers lost" in words]
    (lost, standing) = (int(each) for each in (told[0].split()[1], told[0].split()[3]))
    assert standing - lost == size.min


def test_it_cannot_happen_where_nothing_is_spot():
    assert applies(TAKEN, stage()) == ""
    assert applies(TAKEN, stage("{spot: false}")) == "its app tier buys no Spot"
    assert applies(TAKEN, stage("{spot: [web]}")) == "its app tier buys no Spot"


def test_a_file_may_name_them():
    text = "faults:\n  - {name: mine, what: web, lasts: 10m, effects: [{break: front, servers: spot}]}\n"
    (mine,) = read(text, "mine.yaml")
    assert mine.effects == (Break("front", SPOT),)
    with pytest.raises(InputError, match="servers: spot"):
        read(text.replace("servers: spot", "servers: ''"), "mine.yaml")
