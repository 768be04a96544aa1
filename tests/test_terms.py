from __future__ import annotations

import pytest

from groma.errors import InputError
from groma.terms import Month


@pytest.mark.parametrize(
    ("text", "hours"),
    [("730h", 730), ("744h", 744), ("672h", 672), ("2026-11", 720), ("2026-12", 744), ("2027-02", 672)],
)
def test_hours_of_a_month(text, hours):
    assert Month.parse(text).hours == hours


def test_a_leap_year_has_its_day():
    assert Month.parse("2028-02").hours == 29 * 24


def test_volumes_go_with_the_days():
    assert Month().share == 1
    assert Month.parse("2026-11").share == 720 / 730


@pytest.mark.parametrize(
    "text", ["", "730", "h", "100h", "745h", "2026-13", "2026-00", "0000-01", "nov", "-1h"]
)
def test_what_is_no_month_is_refused_with_an_example(text):
    with pytest.raises(InputError) as caught:
        Month.parse(text)
    assert caught.value.where == "--month"
    assert "730h" in caught.value.hint
