"""What metric math refuses; what it gives is among the cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groma.monitoring.evaluate.metric_math import MathError, result
from groma.monitoring.evaluate.metric_math.values import Series

AXIS = (0, 60, 120)
METRICS = {"m1": Series((1.0, None, 3.0), 60), "m2": Series((2.0, 2.0, None), 60)}


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("", "at character 1 stands the end instead of a number"),
        ("m1 +", "at character 5 stands the end"),
        ("m1 m2", "at character 4 stands 'm2' instead of an operator"),
        ("(m1", "at character 4 stands the end instead of ')'"),
        ("m1 ? 2", "character 4, '?', has no meaning"),
        ("m9", "no metric 'm9', only m1, m2"),
        ("SUM(m1)", "gives only 4.0; an alarm needs one time series"),
        ("5 + 5", "gives only 10.0"),
        ("METRICS()", "gives several time series"),
        ("SEARCH('{Own}', 'Sum')", "has no meaning"),
        ("INSIGHT_RULE(METRICS())", "the function INSIGHT_RULE cannot be evaluated here, only ABS, AVG"),
        ("FIRST(SORT(METRICS(), STDDEV, ASC))", "no metric 'STDDEV'"),
        (
            "FIRST(SORT(METRICS(), ASC, AVG))",
            "SORT needs an array, one of AVG, MIN, MAX, SUM, and ASC or DESC",
        ),
        ("FIRST(SLICE(METRICS()))", "SLICE needs an array and one or two places"),
        ("FIRST(SLICE(METRICS(), -1))", "a place in an array is a number from 0"),
        ("FIRST(SLICE(METRICS(), 5))", "an array of at least one time series"),
        ("ANOMALY_DETECTION_BAND(m1, 2)", "the function ANOMALY_DETECTION_BAND cannot be evaluated here"),
        ("FILL(m1)", "FILL needs a time series and what to fill it with"),
        ("FILL(m1, METRICS())", "FILL fills with a number"),
        ("IF(m1)", "IF needs two or three"),
        ("IF(METRICS(), 1)", "IF needs numbers and time series"),
        ("PERIOD(m1 + 1) * m1", "PERIOD needs a metric"),
        ("TIME_SERIES(m1)", "TIME_SERIES needs a number"),
        ("FIRST(m1)", "an array of at least one time series"),
        ("ABS(5) * m1", "a time series is needed, not 5.0"),
        ("ABS(m1, m2)", "one argument is needed, not 2"),
        ("METRICS(m1) * 1", "METRICS needs nothing, or one text"),
        ('m1 + "a"', "'a' cannot stand beside +"),
        ("m1 * (1 / 0)", "1 / 0 is no number"),
    ],
)
def test_what_cannot_be_computed_is_refused(expression, what):
    with pytest.raises(MathError) as raised:
        result(expression, AXIS, METRICS)
    assert what in str(raised.value)


def test_a_function_of_nothing_gives_nothing():
    assert result("m3 - MAX(m3)", AXIS, {"m3": Series((None,) * 3, 60)}) == (None, None, None)


def test_arrays_of_arrays_are_one_array():
    assert result('SUM([METRICS("1"), METRICS("2")])', AXIS, METRICS) == (3.0, 2.0, 3.0)
    assert result("METRIC_COUNT(METRICS()) * m1", AXIS, METRICS) == (2.0, None, 6.0)
    assert result("LAST(REMOVE_EMPTY([m1, m2, m1 - m2 - 99])) + FIRST([m1, m2])", AXIS, METRICS) == (
        -99.0,
        -101.0,
        -93.0,
    )


POINTS = st.lists(st.one_of(st.none(), st.integers(-50, 50).map(float)), min_size=3, max_size=3)


@given(POINTS, POINTS)
def test_filled_with_0_missing_points_count_as_they_do_in_a_sum(first, second):
    metrics = {"a": Series(tuple(first), 60), "b": Series(tuple(second), 60)}
    plain, filled = result("a + b", AXIS, metrics), result("FILL(a, 0) + FILL(b, 0)", AXIS, metrics)
    assert all(one is None or one == other for one, other in zip(plain, filled, strict=True))
    assert [one is None for one in plain] == [a is b is None for a, b in zip(first, second, strict=True)]
