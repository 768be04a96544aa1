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
LEAST, LARGEST, POINTS = 1e-9, 1e4, 60_001
"""Times of mean 1 between which a density is added up, and at how many places."""
MOST_PHASES = 1000
FINELY = 1000
"""Places at which the first step is looked at."""

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
    steps = np.arange(UNITS * STEPS_PER_UNIT + 1) / STEPS_PER_UNIT
    values = _quantiles(shape, scv, np.exp(-steps))
    if scv not in (0, 1):
        within = 1 + math.expm1(-1 / STEPS_PER_UNIT) * (np.arange(FINELY) + 0.5) / FINELY
        values[0] = _first(values[1], _quantiles(shape, scv, within))
    values = values / _mean(values)
    values.flags.writeable = False
    return values


def _quantiles(shape: Shape, scv: float, beyond: Table) -> Table:
    """What is exceeded with each probability, from 1 down."""
    if scv == 0:
        return np.ones_like(beyond)
    if scv == 1 and shape != "lognormal":
        return np.asarray(-np.log(beyond))
    if shape == "lognormal":
        return _lognormal(beyond, scv)
    times = np.geomspace(LEAST, LARGEST, POINTS)
    left = _gamma_left(times, scv) if shape == "gamma" else _mixture_left(times, scv)
    return np.interp(-np.log(beyond), -np.log(np.maximum(left, 1e-300)), times)


def _first(second: float, within: Table) -> float:
    """The first value of a table, with which the times of its first step have the mean that they should have.

    The least time itself would not do: of distributions that hardly vary it is far below all others.
    """
    h = 1 / STEPS_PER_UNIT
    whole, rise = -math.expm1(-h), (1 - math.exp(-h) * (1 + h)) / h
    first = (float(np.mean(within)) * whole - float(second) * rise) / (whole - rise)
    return min(max(first, 0.0), float(second))


def _lognormal(beyond: Table, scv: float) -> Table:
    """exp(μ + σz) with σ² = ln(1 + cs²)."""
    sigma, normal = math.sqrt(math.log(1 + scv)), NormalDist()
    scores = [-normal.inv_cdf(float(each)) for each in np.clip(beyond, 1e-300, 1 - 1e-12)]
    return np.asarray(np.exp(sigma * np.array(scores)))


def _gamma_left(times: Table, scv: float) -> Table:
    """P(S > t) of gamma with k = 1/cs²: the density over ln t, added up from the end by trapezia.

    What lies below the first of the times is no longer than it.
    """
    k = 1 / scv
    density = np.exp(k * np.log(k * times) - k * times - math.lgamma(k))
    steps = (density[1:] + density[:-1]) / 2 * math.log(times[1] / times[0])
    return np.concatenate((np.cumsum(steps[::-1])[::-1], [0.0]))


def _mixture_left(times: Table, scv: float) -> Table:
    """P(S > t) of two exponentials with balanced means, or of two Erlang distributions; see `service_time`
    in `sizing/queueing.py`, whose distribution it is."""
    if scv >= 1:
        p = (1 + math.sqrt((scv - 1) / (scv + 1))) / 2
        return np.asarray(p * np.exp(-2 * p * times) + (1 - p) * np.exp(-2 * (1 - p) * times))
    phases = min(math.ceil(1 / scv), MOST_PHASES)
    mix = (phases * scv - math.sqrt(max(phases * (1 + scv) - phases**2 * scv, 0.0))) / (1 + scv)
    x = (phases - mix) * times
    logarithm, log_x, left = -x, np.log(x), np.zeros_like(x)
    for k in range(phases):
        left += np.exp(logarithm) * (1 if k < phases - 1 else 1 - mix)
        logarithm += log_x - math.log(k + 1)
    return left


def _mean(values: Table) -> float:
    """The mean of what is drawn from a table: ∫ e^-x · q(x) dx of a function of straight pieces.

    Over a step of length h from x with values a, b: e^-x · (a·(1 - e^-h) + (b - a)·(1 - e^-h·(1 + h)) / h).
    """
    h = 1 / STEPS_PER_UNIT
    start = np.exp(-np.arange(values.size - 1) * h)
    low, rise = values[:-1], np.diff(values)
    return float(np.sum(start * (low * -math.expm1(-h) + rise * (1 - math.exp(-h) * (1 + h)) / h)))
