"""AWS's worked examples and cases of our own, in the notation that users write."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from groma.monitoring.cases import load, run

FILES = [load(file, dict) for file in sorted((Path(__file__).parent / "files").glob("*.yaml"))]
CASES = [(file, case) for file in FILES for case in file.cases]
LEAST = 60
"""Cases that there are to be."""


@pytest.mark.parametrize(("file", "case"), CASES, ids=[case.name for _, case in CASES])
def test_it_comes_as_expected(file, case):
    (outcome,) = run(replace(file, cases=(case,))).cases
    assert outcome.came == outcome.expected, (outcome.where, *outcome.why)


def test_there_are_many_and_each_has_a_name_of_its_own():
    names = [case.name for _, case in CASES]
    assert len(names) >= LEAST
    assert len(set(names)) == len(names)
