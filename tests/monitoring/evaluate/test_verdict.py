"""M of N with missing data: laws that hold for every evaluation range. AWS's tables are among the cases."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from groma.monitoring.evaluate import TREATMENTS, evaluation_range, verdict

POINTS = st.sampled_from([True, False, None])
TREATED = st.sampled_from(TREATMENTS)


@st.composite
def ranges(draw):
    """An evaluation range with its M and N."""
    n = draw(st.integers(1, 6))
    seen = draw(st.lists(POINTS, min_size=evaluation_range(n), max_size=evaluation_range(n)))
    return seen, draw(st.integers(1, n)), n


@given(ranges(), TREATED, st.data())
def test_more_breaching_data_never_end_an_alarm(asked, treatment, data):
    seen, m, n = asked
    assume(verdict(seen, m, n, treatment).state == "ALARM")
    place = data.draw(st.integers(0, len(seen) - 1))
    worse = [*seen[:place], True, *seen[place + 1 :]]
    assert verdict(worse, m, n, treatment).state == "ALARM"


@given(ranges(), TREATED)
def test_to_ask_for_fewer_datapoints_never_ends_an_alarm(asked, treatment):
    seen, m, n = asked
    states = [verdict(seen, fewer, n, treatment).state for fewer in range(m, 0, -1)]
    assert "ALARM" not in states or states[states.index("ALARM") :] == ["ALARM"] * states.count("ALARM")


@given(ranges())
def test_treatments_differ_only_where_points_are_lacking(asked):
    seen, m, n = asked
    assume(sum(point is not None for point in seen) >= n)
    states = {verdict(seen, m, n, treatment).state for treatment in TREATMENTS}
    assert states in ({"OK"}, {"ALARM"})


@given(ranges())
def test_treatments_have_an_order(asked):
    """What alarms although missing points are good does so where they are missing, and where they are bad."""
    seen, m, n = asked
    alarmed = [
        verdict(seen, m, n, each).state == "ALARM" for each in ("notBreaching", "missing", "breaching")
    ]
    assert alarmed == sorted(alarmed)


@given(ranges(), TREATED)
def test_n_points_are_evaluated_the_newest_real_ones_first(asked, treatment):
    seen, m, n = asked
    found = verdict(seen, m, n, treatment)
    real = [place for place, point in enumerate(seen) if point is not None]
    assert len(found.taken) + found.filled == n
    assert list(found.taken) == real[-n:]


@given(st.integers(1, 6), st.integers(1, 6))
def test_silence_is_what_the_alarm_says_it_is(n, m):
    assume(m <= n)
    silence = [None] * evaluation_range(n)
    states = [verdict(silence, m, n, treatment).state for treatment in TREATMENTS]
    assert states == ["INSUFFICIENT_DATA", None, "ALARM", "OK"]
