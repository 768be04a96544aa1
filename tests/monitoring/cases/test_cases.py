"""AWS's worked examples and cases of our own, in the notation that users write."""

from __future__ import annotations

from pathlib import Path

import pytest

from groma.monitoring.cases import load, run

FILES = sorted((Path(__file__).parent / "files").glob("*.yaml"))
OUTCOMES = [outcome for file in FILES for outcome in run(load(file, dict)).cases]
LEAST = 60
"""Cases that there are to be."""


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.name)
def test_it_comes_as_expected(outcome):
    assert outcome.came == outcome.expected, (outcome.where, *outcome.why)


def test_there_are_many_and_each_has_a_name_of_its_own():
    names = [outcome.name for outcome in OUTCOMES]
    assert len(names) >= LEAST
    assert len(set(names)) == len(names)
