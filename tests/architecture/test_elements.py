"""Rates are said so that they can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groma.architecture import format_rate

SECONDS = {"k/s": 1e-3, "M/s": 1e-6, "/s": 1.0, "/min": 60.0, "/h": 3600.0, "/day": 86_400.0}


@pytest.mark.parametrize(
    ("per_s", "said"),
    [(12_300, "12.3 k/s"), (2.5e6, "2.5 M/s"), (420, "420/s"), (1.84, "1.8/s"), (0.83, "50/min"),
     (0.04, "2.4/min"), (10 / 3600, "10/h"), (3 / 86_400, "3.0/day"), (1e-6, "under 1/day"), (0, "0/s")],
)  # fmt: skip
def test_a_rate_is_said_in_the_unit_that_reads(per_s: float, said: str) -> None:
    assert format_rate(per_s) == said


@given(st.floats(1.5e-5, 1e8))
def test_what_is_said_is_within_a_twentieth_of_the_rate(per_s: float) -> None:
    said = format_rate(per_s)
    unit = next(unit for unit in SECONDS if said.endswith(unit))
    assert float(said.removesuffix(unit)) / SECONDS[unit] == pytest.approx(per_s, rel=0.055)
