"""Files that are wrong at random are refused in words, or read; `make fuzz` looks at many more of them."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from mutated_files import KEYS, SECTIONS, looked_at, mutated

from groma.workload import Workload


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_whatever_is_wrong_is_said_in_words(seed: int):
    assert looked_at(mutated(Random(seed)))


def test_every_key_of_the_schema_is_mutated():
    assert set(Workload.model_fields) <= set(KEYS)
    for section, part in SECTIONS.items():
        assert {f"{section}.{name}" for name in part.model_fields} <= set(KEYS)
    assert len(KEYS) > 90


def test_most_are_refused_with_a_line_and_some_are_read():
    found = [looked_at(mutated(Random(seed))) for seed in range(200)]
    assert found.count("refused with its line") > 80
    assert found.count("read") > 10
