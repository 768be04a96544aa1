"""Calls of a function at once, and how many of them find no environment that stands."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from groma.sizing.queueing import Distribution, poisson_quantile
from groma.sizing.values import FunctionTier

BURST_S = 300
"""Length of the busiest five minutes, in seconds."""
ENOUGH = 0.999
"""Share of moments in which no more calls run than a concurrency says."""
MOST_INSIDE = 1e6
"""Calls at once; of more, fewer than one in a million would find its environment gone."""


def cold_share(rate_per_s: float, mean_s: float, idle_s: float) -> float:
    """Share of the calls that find no environment, when those that were idle for `idle_s` are gone.

    Calls at once are Poisson with mean a = λ·E[T] (M/G/∞). The call that makes them k + 1 needs environment
    k + 1, and such calls come at a rate of λ·p(k). It is cold when the one before came longer ago than τ:

        q = Σ_k p(k) · exp(-λ·p(k)·τ),  p(k) = e^-a · a^k / k!

    Taking these calls as Poisson is our approximation; it is exact for rare calls (q = e^-λτ).

    Args:
        rate_per_s: calls per second λ.
        mean_s: mean time of a call E[T], in seconds.
        idle_s: time τ after which an idle environment is gone, in seconds.
    """
    inside = rate_per_s * mean_s
    if inside > MOST_INSIDE:
        return 0.0
    most = poisson_quantile(inside, 1 - 1e-9) if inside > 0 else 0
    k = np.arange(most + 2)
    log_factorial = _log_factorials(len(k))
    log_mean = math.log(inside) if inside > 0 else -math.inf
    with np.errstate(invalid="ignore"):
        p = np.exp(np.where(k == 0, 0.0, k * log_mean) - inside - log_factorial)
    return float(np.sum(p * np.exp(-rate_per_s * p * idle_s)))


@lru_cache(maxsize=256)
def _log_factorials(count: int) -> Distribution:
    """log 0!, log 1! … of so many numbers; not to be written to."""
    return np.array([math.lgamma(i + 1) for i in range(count)])


def cold_share_at_peak(tier: FunctionTier, mean_s: float) -> float:
    """Share of cold starts in the busiest five minutes: growth, replacement, and idle environments.

        q = (N(peak) - N(hour)) / (λ·300 s) + N(peak) / (λ·life) + q_idle

    N is the concurrency that one moment in a thousand exceeds, at peak and on average of the busiest hour. Of
    a function that is never called (λ = 0) the one call that might come is cold.
    """
    rate = tier.rate_per_s
    if not rate:
        return 1.0
    if tier.by_the_clock:
        return float(1 / rate > tier.idle_s)
    there, needed = (concurrency(r, mean_s) for r in (tier.hour_per_s, rate))
    growth = max(0, needed - there) / (rate * BURST_S)
    replaced = needed / (rate * tier.life_s)
    return min(1.0, growth + replaced + cold_share(rate, mean_s, tier.idle_s))


def concurrency(rate_per_s: float, mean_s: float) -> int:
    """Calls at once that one moment in a thousand exceeds: Poisson of mean λ·E[T], by Little's law."""
    return max(1, poisson_quantile(rate_per_s * mean_s, ENOUGH))
