"""Queueing laws: how long a request stays at a machine, as a whole distribution.

A machine with `c` vCPUs is a queue with `c` servers, first come first served, at which requests arrive at
random (Poisson) and take times of any distribution: M/G/c. Distributions are lists of probabilities over a
grid of equal steps, so that tiers in series are convolutions and a p99 is the p99 of the sum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Distribution: TypeAlias = NDArray[np.float64]
"""Probabilities of 0, 1, 2 … steps of a grid; what is missing to 1 lies beyond the grid."""

WAIT_SAFETY = 1.25
"""Factor on waiting times: Allen-Cunneen's p99 was measured up to 21 % below the true one
(squared coefficient of variation 4, two servers, 85 % busy), so 1 / (1 - 0.21) rounded down."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal steps of time from 0, `steps` of them, each `step_s` seconds long."""

    step_s: float
    steps: int

    @classmethod
    def covering(cls, horizon_s: float, steps: int = 4096) -> Grid:
        """A grid that reaches to `horizon_s`."""
        return cls(horizon_s / steps, steps)

    def edges(self) -> Distribution:
        """The upper edges of the steps, in seconds: a step holds the times nearest to it."""
        return np.asarray((np.arange(self.steps) + 0.5) * self.step_s, dtype=np.float64)

    def quantile(self, distribution: Distribution, probability: float) -> float:
        """The time, in seconds, that a share `probability` stays below; infinity when beyond the grid."""
        index = int(np.searchsorted(np.cumsum(distribution), probability - 1e-12))
        return index * self.step_s if index < self.steps else math.inf

    def convolve(self, first: Distribution, second: Distribution) -> Distribution:
        """The distribution of the sum of two independent times; what passes the grid is dropped."""
        size = 2 * self.steps
        product = np.fft.irfft(np.fft.rfft(first, size) * np.fft.rfft(second, size), size)[: self.steps]
        return np.maximum(product, 0.0)


def erlang_c(servers: int, offered: float) -> float:
    """The probability that an arrival must wait at an M/M/c queue.

        B(0) = 1,  B(k) = a·B(k-1) / (k + a·B(k-1)),  C = B(c) / (1 - ρ·(1 - B(c))),  ρ = a/c

    Args:
        servers: number of servers c, 1 or more.
        offered: offered load a in Erlang; at or above c every arrival waits.

    Source: A. K. Erlang, 1917; the recursion as in any text on queues.
    """
    if offered >= servers:
        return 1.0
    blocking = 1.0
    for k in range(1, servers + 1):
        blocking = offered * blocking / (k + offered * blocking)
    return blocking / (1 - offered / servers * (1 - blocking))


def mean_wait_s(servers: int, rate_per_s: float, service_s: float, scv: float) -> float:
    """The mean time in the queue of M/G/c by Allen and Cunneen's approximation, in seconds.

        W = C(c, a) · s / (c·(1 - ρ)) · (1 + cs²) / 2

    Exact for M/M/c (cs² = 1) and for M/G/1 (Pollaczek and Khinchine). Infinity at ρ >= 1.

    Args:
        servers: number of servers c.
        rate_per_s: arrivals per second λ; the offered load is a = λ·s and ρ = a/c.
        service_s: mean service time s, in seconds.
        scv: squared coefficient of variation of the service time cs².

    Source: A. O. Allen, Probability, Statistics, and Queueing Theory, 2nd edition, 1990.
    """
    offered = rate_per_s * service_s
    if offered >= servers:
        return math.inf
    return erlang_c(servers, offered) * service_s / (servers - offered) * (1 + scv) / 2


def sojourn(grid: Grid, servers: int, rate_per_s: float, service_s: float, scv: float) -> Distribution:
    """The time from arrival to answer at one M/G/c machine, as a distribution over the grid.

    A request waits with probability C(c, a); the wait of those who wait is taken as exponential with mean
    `WAIT_SAFETY · W / C`. Beyond ρ = 1 there is no distribution: all zeros, every quantile infinite.
    """
    offered = rate_per_s * service_s
    if offered >= servers:
        return np.zeros(grid.steps)
    service = service_time(grid, service_s, scv)
    waiting = erlang_c(servers, offered)
    if waiting < 1e-12:
        return service
    mean_of_waiters = WAIT_SAFETY * mean_wait_s(servers, rate_per_s, service_s, scv) / waiting
    wait = waiting * _steps(1 - np.exp(-grid.edges() / mean_of_waiters))
    wait[0] += 1 - waiting
    return grid.convolve(wait, service)


def service_time(grid: Grid, mean_s: float, scv: float) -> Distribution:
    """A service time with a given mean and squared coefficient of variation.

    At cs² >= 1 a mixture of two exponentials with balanced means,
        p = (1 + √((cs² - 1) / (cs² + 1))) / 2,  rates 2p/s and 2(1-p)/s;
    below 1 a mixture of two Erlang distributions of k-1 and k phases, 1/k <= cs² <= 1/(k-1).

    Source: H. C. Tijms, Stochastic Models, 1994, appendix B.
    """
    t = grid.edges()
    if scv >= 1:
        p = (1 + math.sqrt((scv - 1) / (scv + 1))) / 2
        cdf = 1 - p * np.exp(-2 * p / mean_s * t) - (1 - p) * np.exp(-2 * (1 - p) / mean_s * t)
        return _steps(cdf)
    phases = min(math.ceil(1 / max(scv, 1e-3)), 1000)
    mix = (phases * scv - math.sqrt(max(phases * (1 + scv) - phases**2 * scv, 0.0))) / (1 + scv)
    rate = (phases - mix) / mean_s
    return _steps(mix * _erlang_cdf(phases - 1, rate, t) + (1 - mix) * _erlang_cdf(phases, rate, t))


def _erlang_cdf(phases: int, rate_per_s: float, t: Distribution) -> Distribution:
    """P(T <= t) of an Erlang distribution: 1 - Σ_{k<phases} e^(-μt) (μt)^k / k!."""
    log_x = np.log(rate_per_s * t)
    k = np.arange(phases)[:, None]
    log_factorial = np.array([math.lgamma(i + 1) for i in range(phases)])[:, None]
    terms = np.exp(k * log_x - rate_per_s * t - log_factorial)
    return np.asarray(1 - terms.sum(axis=0))


def _steps(cdf: Distribution) -> Distribution:
    return np.diff(cdf, prepend=0.0)


def in_series(grid: Grid, visit: Distribution, visits: tuple[tuple[float, int], ...]) -> Distribution:
    """The time of several visits one after the other, mixed over kinds of requests.

    Args:
        visit: the distribution of one visit.
        visits: (share, number of visits) of each kind of request, shares adding up to 1.
    """
    power = np.zeros(grid.steps)
    power[0] = 1.0
    total, count = np.zeros(grid.steps), 0
    for share, number in sorted(visits, key=lambda entry: entry[1]):
        for _ in range(number - count):
            power = grid.convolve(power, visit)
        count = number
        total += share * power
    return total
