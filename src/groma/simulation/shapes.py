"""Distributions of service times, as tables of quantiles.

A table of a distribution of mean 1 holds the value that is exceeded with probability e^-(i/64), for i = 0,
1, 2 …; a draw reads it at the exponential variate -ln(u), in between by a straight line. So an exponential
service time is exact, the tail of every distribution is as fine as its middle, and one draw serves for all of
them: another shape under the same seed changes every request a little, and none altogether.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from groma.simulation.kernels.draws import STEPS_PER_UNIT

UNITS = 40
"""How far tables reach: beyond it lies a share of e^-40, and lines go on straight."""
LEAST, LARGEST, POINTS = 1e-9, 1e4, 400_001
"""Times of mean 1 between which a density is added up, and at how many places."""
MOST_PHASES = 1000

Shape = Literal["hyperexponential", "lognormal", "gamma"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
Table = NDArray[np.float64]


@lru_cache(maxsize=256)
def table_of(shape: Shape, scv: float) -> Table:
    """The table of a distribution of mean 1; not to be written to.

    Args:
        shape: `hyperexponential`, as sizing takes it (below a variation of 1 a mixture of Erlang
            distributions), `lognormal` or `gamma`.
        scv: squared coefficient of variation; at 0 all times are equal.

    Raises:
        ValueError: the variation is negative.
    """
    if scv < 0:
        raise ValueError(f"a squared coefficient of variation of {scv:g} is below 0")
    beyond = np.exp(-np.arange(UNITS * STEPS_PER_UNIT + 1) / STEPS_PER_UNIT)
    if scv == 0:
        values = np.ones_like(beyond)
    elif scv == 1 and shape != "lognormal":
        values = -np.log(beyond)
    elif shape == "lognormal":
        values = _lognormal(beyond, scv)
    else:
        times = np.geomspace(LEAST, LARGEST, POINTS)
        left = _gamma_left(times, scv) if shape == "gamma" else _mixture_left(times, scv)
        values = np.interp(-np.log(beyond), -np.log(np.maximum(left, 1e-300)), times)
    values = values / _mean(values)
    values.flags.writeable = False
    return values


def _lognormal(beyond: Table, scv: float) -> Table:
    """exp(μ + σz) with σ² = ln(1 + cs²)."""
    sigma, normal = math.sqrt(math.log(1 + scv)), NormalDist()
    scores = [-normal.inv_cdf(float(each)) for each in np.clip(beyond, 1e-300, 1 - 1e-12)]
    return np.asarray(np.exp(sigma * np.array(scores)))


def _gamma_left(times: Table, scv: float) -> Table:
    """P(S > t) of gamma with k = 1/cs²: the density over ln t, added up from the end by trapezia."""
    k = 1 / scv
    density = np.exp(k * np.log(k * times) - k * times - math.lgamma(k))
    steps = (density[1:] + density[:-1]) / 2 * math.log(times[1] / times[0])
    left = np.concatenate((np.cumsum(steps[::-1])[::-1], [0.0]))
    return np.asarray(left / left[0])


def _mixture_left(times: Table, scv: float) -> Table:
    """P(S > t) of two exponentials with balanced means, or of two Erlang distributions; see `service_time`
    in `sizing/queueing.py`, whose distribution it is."""
    if scv >= 1:
        p = (1 + math.sqrt((scv - 1) / (scv + 1))) / 2
        return np.asarray(p * np.exp(-2 * p * times) + (1 - p) * np.exp(-2 * (1 - p) * times))
    phases = min(math.ceil(1 / scv), MOST_PHASES)
    mix = (phases * scv - math.sqrt(max(phases * (1 + scv) - phases**2 * scv, 0.0))) / (1 + scv)
    x = (phases - mix) * times
    term, left = np.exp(-x), np.zeros_like(x)
    for k in range(phases):
        left += term if k < phases - 1 else (1 - mix) * term
        term = term * x / (k + 1)
    return left


def _mean(values: Table) -> float:
    """The mean of what is drawn from a table: ∫ e^-x · q(x) dx of a function of straight pieces.

    Over a step of length h from x with values a, b: e^-x · (a·(1 - e^-h) + (b - a)·(1 - e^-h·(1 + h)) / h).
    """
    h = 1 / STEPS_PER_UNIT
    start = np.exp(-np.arange(values.size - 1) * h)
    low, rise = values[:-1], np.diff(values)
    return float(np.sum(start * (low * -math.expm1(-h) + rise * (1 - math.exp(-h) * (1 + h)) / h)))
