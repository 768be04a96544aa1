"""Tables of service times against formulas of their distributions, and the bins that times are counted in."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import pytest
from closed_forms import inverse

from groma.simulation.kernels.draws import quantile
from groma.simulation.kernels.endings import bin_of
from groma.simulation.kernels.state import BINS, BINS_PER_OCTAVE, LEAST_S
from groma.simulation.shapes import SHAPES, Shape, table_of

CHANCES = (0.9, 0.5, 0.1, 0.01, 1e-4, 1e-8)


def moment(shape: Shape, scv: float, power: int) -> float:
    """Mean of a power of what is drawn: the integral over the exponential variate, added up finely."""
    table, where = table_of(shape, scv), (np.arange(40 * 64 * 10) + 0.5) / 640
    values = np.interp(where * 64, np.arange(table.size), table)
    return float(np.sum(np.exp(-where) * values**power) / 640)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scv", [0.0, 0.001, 0.1, 0.5, 0.7, 1.0, 1.5, 4.0, 10.0])
def test_mean_and_variation(shape: Shape, scv: float) -> None:
    assert np.all(np.diff(table_of(shape, scv)) >= 0)
    assert moment(shape, scv, 1) == pytest.approx(1, abs=1e-5)
    assert moment(shape, scv, 2) - 1 == pytest.approx(scv, rel=0.005, abs=1e-5)


def erlang(phases: int, time: float) -> float:
    """P(S > t) of a sum of exponentials of equal means."""
    x = phases * time
    return math.exp(-x) * sum(x**k / math.factorial(k) for k in range(phases))


def balanced(scv: float, time: float) -> float:
    """P(S > t) of two exponentials, each of which has half of the work."""
    p = (1 + math.sqrt((scv - 1) / (scv + 1))) / 2
    return sum(each * math.exp(-2 * each * time) for each in (p, 1 - p))


@pytest.mark.parametrize(
    ("shape", "scv", "beyond"),
    [
        ("gamma", 0.5, lambda t: erlang(2, t)),
        ("gamma", 0.25, lambda t: erlang(4, t)),
        ("gamma", 2.0, lambda t: math.erfc(math.sqrt(t / 2))),
        ("gamma", 1.0, lambda t: math.exp(-t)),
        ("hyperexponential", 0.25, lambda t: erlang(4, t)),
        ("hyperexponential", 1.0, lambda t: math.exp(-t)),
        ("hyperexponential", 4.0, lambda t: balanced(4.0, t)),
    ],
)
def test_quantiles(shape: Shape, scv: float, beyond: Callable[[float], float]) -> None:
    table = table_of(shape, scv)
    for chance in CHANCES:
        assert quantile(table, chance) == pytest.approx(inverse(beyond, chance), rel=1e-3, abs=1e-4), chance


def test_quantiles_of_a_lognormal() -> None:
    sigma = math.sqrt(math.log(3))
    for chance in CHANCES:
        value = math.exp(-(sigma**2) / 2 + sigma * -NormalDist().inv_cdf(chance))
        assert quantile(table_of("lognormal", 2.0), chance) == pytest.approx(value, rel=1e-3), chance


def test_a_variation_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="below 0"):
        table_of("gamma", -0.1)


def test_every_time_has_its_bin() -> None:
    for place in range(BINS):
        assert bin_of(LEAST_S * 2 ** ((place + 0.5) / BINS_PER_OCTAVE)) == place
    assert [bin_of(time_s) for time_s in (-1.0, 0.0, LEAST_S, 1e9)] == [0, 0, 0, BINS - 1]
