"""Why: the chosen size beside its neighbours, each with what it misses and how much more it costs."""

from __future__ import annotations

import pytest

from groma.errors import InputError
from groma.questions.why import why
from told import must_be_told
from workloads import designed_example as made


def test_a_tier_is_told_by_the_ways_in_which_its_neighbours_differ():
    answer = why(made("social-50k"), "web")
    must_be_told(answer)
    words, size = answer.words(), answer.plan.of("web")
    assert words.heading.startswith(f"web: {size.desired} × {size.choice.name}, ")
    assert "next size down or up" in [table.title for table in words.tables]
    assert sum(len(table.rows) for table in words.tables) == len(answer.rejected)
    for table in words.tables:
        for _, misses, by, _, _ in table.rows:
            assert (misses == "–") == (by == "keeps every goal")
    assert answer.document()["chosen"] == {"instance_type": size.choice.name, "desired": size.desired}


@pytest.mark.parametrize(("example", "name"), [("social-serverless", "api"), ("social-worldwide", "fan-out")])
def test_a_function_is_told_over_its_memories(example, name):
    answer = why(made(example), name)
    must_be_told(answer)
    (table,) = answer.words().tables
    assert len(table.rows) == len(answer.rejected)
    assert answer.document()["chosen"]["memory_mib"] == answer.plan.function(name).choice.memory_mib


def test_what_has_no_size_is_refused():
    with pytest.raises(InputError, match="no tier 'queue'"):
        why(made("social-50k"), "queue")
    with pytest.raises(InputError, match="nothing of starter is sized"):
        why(made("starter"), "web")
