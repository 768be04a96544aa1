"""The factors of the laws: from the committed table, never below what its cases show."""

from __future__ import annotations

import sys

import pytest

from groma.sizing.safety import FIFO, SHARED, cases, safety
from workloads import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from safety_factors import predicted, tried


@pytest.mark.parametrize("discipline", [FIFO, SHARED])
def test_a_factor_is_beyond_all_of_its_cases(discipline: str):
    known = [case for case in cases() if case.discipline == discipline]
    for case in known:
        assert 1.0 <= case.factor < safety(discipline, case.processors) <= 1.5
    largest = max(case.processors for case in known)
    assert safety(discipline, 10 * largest) == safety(discipline, largest)
    assert round(safety(discipline, 1) / 0.05, 6).is_integer()


def test_the_table_has_the_cases_that_its_script_tries():
    named = [(c.discipline, c.stations, c.processors, c.scv, c.busy) for c in tried()]
    assert [(c.discipline, c.stations, c.processors, c.scv, c.busy) for c in cases()] == named


@pytest.mark.parametrize("case", [cases()[0], cases()[-3]], ids=str)
def test_a_row_holds_what_the_law_says_today(case):
    """A change of a law is a reason to make the table again."""
    assert predicted(case, case.simulated, 1.0) == pytest.approx(case.law, rel=0.002)
    assert predicted(case, case.simulated, safety(case.discipline, case.processors)) >= (
        case.simulated - case.half
    )
