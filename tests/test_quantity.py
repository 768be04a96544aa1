"""Ranges: what arithmetic makes of them is in order, whatever it is made from."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groma.blueprints.servers import servers_running
from groma.quantity import Range
from groma.sizing.values import Size
from workloads import designed_example

numbers = st.floats(-1e12, 1e12)
ranges = st.tuples(numbers, numbers, numbers).map(lambda three: Range(*sorted(three)))


@given(ranges, ranges, numbers, st.floats(1e-6, 1e6) | st.floats(-1e6, -1e-6))
def test_what_arithmetic_makes_is_in_order(one, other, factor, divisor):
    made = (one + other, one + factor, one * other, one * factor, one / divisor, one.map(lambda x: -x))
    for each in made:
        assert each.low <= each.likely <= each.high


@given(numbers, numbers, numbers)
def test_a_range_around_a_value_holds_all_three(low, likely, high):
    made = Range.around(low, likely, high)
    assert (made.low, made.likely, made.high) == (min(low, likely, high), likely, max(low, likely, high))


@pytest.mark.parametrize("three", [(2, 1, 3), (1, 3, 2), (math.nan, 1, 2), (1, math.nan, 2)])
def test_what_is_stated_out_of_order_is_refused(three):
    with pytest.raises(ValueError, match="not in order"):
        Range(*three)


def size() -> Size:
    return designed_example("social-50k").plan.of("app")


@given(st.floats(1e-9, 1e9), st.floats(0, 1e3))
def test_servers_of_an_exact_load_are_in_order(busy, mean):
    """`mean · x / x` is not always `mean`: of an exact load the least then exceeded the likely servers."""
    running = servers_running(replace(size(), min=0, max=10**6, mean=mean), Range.exactly(busy))
    assert running.low <= running.likely == mean <= running.high
