"""Points, states and durations in a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groma.monitoring.cases.notation import NotationError, duration, points, seconds, shown, states

ONE = ((1.0, 1.0),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", (ONE,)),
        ("_", ((),)),
        ("1x2 _x2", (ONE, ONE, (), ())),
        ("0.2*990&3*10", (((0.2, 990.0), (3.0, 10.0)),)),
        ("-1.5e3", (((-1500.0, 1.0),),)),
        ("1_000_000", (((1e6, 1.0),),)),
        ("0..9x4", tuple(((value, 1.0),) for value in (0.0, 3.0, 6.0, 9.0))),
    ],
)
def test_points(text, expected):
    assert points(text) == expected


def test_states():
    assert states("OKx2 INSUFFICIENT_DATA ALARM") == ("OK", "OK", "INSUFFICIENT_DATA", "ALARM")


@pytest.mark.parametrize(("text", "expected"), [("90s", 90), ("5m", 300), ("2h30m", 9000), ("1d", 86_400)])
def test_durations(text, expected):
    assert seconds(text) == expected


@pytest.mark.parametrize(
    ("read", "text", "hint"),
    [
        (points, "", "_ (missing)"),
        (points, "1 2 three", "_ (missing)"),
        (points, "1x0", "ten times"),
        (points, "0..5", "0..90x10"),
        (points, "0x1000000", "at most 100,000"),
        (states, "OKAY", "OK, ALARM or INSUFFICIENT_DATA"),
        (seconds, "", "2h30m"),
        (seconds, "5 minutes", "5m"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_can(read, text, hint):
    with pytest.raises(NotationError) as raised:
        read(text)
    assert hint in raised.value.hint


@given(st.integers(1, 10**7))
def test_a_duration_is_read_as_it_is_written(number):
    assert seconds(duration(number)) == number


@given(st.lists(st.sampled_from(["OK", "ALARM", "INSUFFICIENT_DATA"]), min_size=1, max_size=30))
def test_states_are_read_as_they_are_written(line):
    assert list(states(shown(line))) == line
