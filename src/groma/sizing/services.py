"""Service times as distribution functions, and what is left of one that is met under way.

`t` are times in seconds, all above 0; results have their shape.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


def service_cdf(t: Floats, mean_s: float, scv: float) -> Floats:
    """P(S <= t) of a service time with a given mean and squared coefficient of variation.

    At cs² >= 1 a mixture of two exponentials with balanced means,
        p = (1 + √((cs² - 1) / (cs² + 1))) / 2,  rates 2p/s and 2(1-p)/s;
    below 1 a mixture of two Erlang distributions of k-1 and k phases, 1/k <= cs² <= 1/(k-1).

    Source: H. C. Tijms, Stochastic Models, 1994, appendix B.
    """
    if scv >= 1:
        p = _balanced(scv)
        fast, slow = np.exp(-2 * p / mean_s * t), np.exp(-2 * (1 - p) / mean_s * t)
        return np.asarray(1 - p * fast - (1 - p) * slow)
    phases, mix, rate = _phases(mean_s, scv)
    return np.asarray(mix * _erlang_cdf(phases - 1, rate, t) + (1 - mix) * _erlang_cdf(phases, rate, t))


def residual_cdf(t: Floats, mean_s: float, scv: float) -> Floats:
    """P(R <= t) of what is left of a service time that is met under way: 1/s · ∫ P(S > u) du from 0 to t.

    Of both exponentials one half, since their shares of the mean are equal; of an Erlang distribution any of
    its phases with the same chance, and those after it.
    """
    if scv >= 1:
        p = _balanced(scv)
        fast, slow = np.exp(-2 * p / mean_s * t), np.exp(-2 * (1 - p) / mean_s * t)
        return np.asarray(1 - (fast + slow) / 2)
    phases, mix, rate = _phases(mean_s, scv)
    parts = np.full(phases, 1 / (rate * mean_s))
    parts[-1] *= 1 - mix
    terms = _poisson_terms(phases, rate, t)
    return np.asarray(1 - np.cumsum(parts[::-1])[::-1] @ terms)


def _balanced(scv: float) -> float:
    """The share of the faster of two exponentials with balanced means."""
    return (1 + math.sqrt((scv - 1) / (scv + 1))) / 2


def _phases(mean_s: float, scv: float) -> tuple[int, float, float]:
    """Of two Erlang distributions the phases of the longer, the share of the shorter, the rate of a phase."""
    phases = min(math.ceil(1 / max(scv, 1e-3)), 1000)
    mix = (phases * scv - math.sqrt(max(phases * (1 + scv) - phases**2 * scv, 0.0))) / (1 + scv)
    return phases, mix, (phases - mix) / mean_s


def _erlang_cdf(phases: int, rate_per_s: float, t: Floats) -> Floats:
    """P(T <= t) of an Erlang distribution: 1 - Σ_{k<phases} e^(-μt) (μt)^k / k!."""
    return np.asarray(1 - _poisson_terms(phases, rate_per_s, t).sum(axis=0))


def _poisson_terms(count: int, rate_per_s: float, t: Floats) -> Floats:
    """e^(-μt) (μt)^k / k! for each k below `count`, a row each."""
    log_x = np.log(rate_per_s * t)
    k = np.arange(count)[:, None]
    log_factorial = np.array([math.lgamma(i + 1) for i in range(count)])[:, None]
    return np.asarray(np.exp(k * log_x - rate_per_s * t - log_factorial))
