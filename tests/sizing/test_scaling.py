"""The load that a group may carry: the quick search for it against the bisection that defines it."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from groma.sizing.scaling import HALVINGS, ROUNDING, _most


def bisected(share, high: float) -> float:
    low = 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) >= 0.99 - ROUNDING else (low, middle)
    return low


@given(
    st.floats(0.5, 500),
    st.floats(0.3, 900),
    st.floats(0.05, 60),
    st.sampled_from(["steep", "waiting", "stairs"]),
)
def test_the_most_load_is_that_of_the_bisection(high, limit, steepness, shape):
    def share(factor: float) -> float:
        late = {
            "steep": 0.01 * math.exp(min(steepness * (factor - limit), 4)),
            "waiting": 0.01 * math.exp(-steepness * (1 / max(factor, 1e-9) - 1 / limit)),
            "stairs": 0.002 * math.floor(5.5 + steepness * (factor - limit)),
        }
        return 1 - min(max(late[shape], 0.0), 1.0)

    assert _most(share, high) == bisected(share, high)
