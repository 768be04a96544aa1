"""Queueing laws: how long a request stays at a machine, as a whole distribution.

A machine with `c` vCPUs is a queue with `c` servers at which requests arrive at random (Poisson) and take
times of any distribution: M/G/c, served first come first served or by processor sharing. Distributions are
lists of probabilities over a grid of equal steps, so that tiers in series are convolutions and a p99 is the
p99 of the sum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from statistics import NormalDist
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from groma.sizing.safety import FIFO, safety
from groma.sizing.services import residual_cdf, service_cdf

Distribution: TypeAlias = NDArray[np.float64]
"""Probabilities of 0, 1, 2 … steps of a grid; what is missing to 1 lies beyond the grid. The last axis is
time; the one before it, where there is one, is that of the classes of requests."""


Spectrum: TypeAlias = NDArray[np.complex128]
"""The Fourier transform of a distribution: that of a sum of times is the product of theirs."""


class Service(NamedTuple):
    """The service time of one kind of request: its mean, and its squared coefficient of variation."""

    mean_s: float
    scv: float


NEVER_WAITS = 1e-12
"""A probability of waiting that is none."""

REMEMBERED_SERVICES = 256
"""Transforms of service times that are kept, some 20 kB each."""

DAMPING = 9.0
"""What would come round again, beyond twice the grid, counts e to minus twice this, some 10^-8."""

MOST_AT_ONCE = 4
"""Visits whose sum is worked out by one transform of that many grids; of more first half."""


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
        return _halves(self.steps) * self.step_s

    def up_to(self, horizon_s: float) -> Grid:
        """The beginning of this grid as far as a horizon; what lies below it is the same on both."""
        return Grid(self.step_s, int(horizon_s / self.step_s + 1e-9) + 1)

    def steps_of(self, time_s: float) -> int:
        """A time in whole steps, rounded up; all steps where it passes the grid."""
        return min(math.ceil(time_s / self.step_s - 1e-9), self.steps)

    def quantile(self, distribution: Distribution, probability: float) -> float:
        """The time, in seconds, that a share `probability` stays below; infinity when beyond the grid.

        Of several distributions, a row each, the longest of these times.
        """
        if distribution.ndim > 1:
            return max(self.quantile(row, probability) for row in distribution)
        index = int(np.searchsorted(np.cumsum(distribution), probability - 1e-12))
        return index * self.step_s if index < self.steps else math.inf

    def convolve(self, first: Distribution, second: Distribution) -> Distribution:
        """The distribution of the sum of two independent times; what passes the grid is dropped."""
        return self.inverse(self.spectrum(first) * self.spectrum(second))

    def spectrum(self, times: Distribution, parts: int = 2) -> Spectrum:
        """The Fourier transform of a distribution, with room for the sum of so many of its kind."""
        return np.asarray(np.fft.rfft(times, _transformed(parts * self.steps)))

    def inverse(self, spectrum: Spectrum, parts: int = 2) -> Distribution:
        """The distribution of which this is the transform; what passes the grid is dropped."""
        times = np.fft.irfft(spectrum, _transformed(parts * self.steps))
        return np.asarray(np.maximum(times[..., : self.steps], 0.0))


@cache
def _halves(steps: int) -> Distribution:
    """½, 1½, 2½ …; not to be written to."""
    halves: Distribution = np.arange(steps, dtype=np.float64) + 0.5
    halves.flags.writeable = False
    return halves


@cache
def _transformed(least: int) -> int:
    """A length from `least` on for which Fourier transforms are quick: few small factors beside twos."""
    return min(factor << max(-(-least // factor) - 1, 0).bit_length() for factor in (1, 3, 5, 9, 15))


@lru_cache(maxsize=REMEMBERED_SERVICES)
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


@cache
def busy_when_doubled(servers: int) -> float:
    """How busy each server of M/M/c is when one waits as long, on average, as one is served: a share."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        wait = mean_wait_s(servers, middle * servers, 1.0, 1.0)
        low, high = (middle, high) if wait <= 1 else (low, middle)
    return low


def poisson_quantile(mean: float, probability: float) -> int:
    """The smallest k with P(N <= k) >= probability, N being Poisson with that mean.

    From a mean of 500 on by the normal approximation, which is then within one.
    """
    if mean > 500:
        return math.ceil(mean + NormalDist().inv_cdf(probability) * math.sqrt(mean))
    term = total = math.exp(-mean)
    k = 0
    while total < probability:
        k += 1
        term *= mean / k
        total += term
    return k


def sojourn(
    grid: Grid,
    servers: int,
    rate_per_s: float,
    service_s: float,
    scv: float,
    own: Service | None = None,
    longer: float | None = None,
    at_once: float = 1.0,
) -> Distribution:
    """The time from arrival to answer at one M/G/c machine, as a distribution over the grid.

    A request waits with probability C(c, a). The wait of those who wait is taken as a geometric sum of
    residual work, each a c-th of it long,

        W* = 1 - C + C·(1 - ρ)·R* / (1 - ρ·R*),

    where R* is the transform of the residual service time over c. It is exact for M/G/1 (Pollaczek and
    Khinchine) and for M/M/c, and its mean is that of Allen and Cunneen; for other work and several servers it
    is our approximation. Residuals are longer by the factor of `safety.py`. Beyond ρ = 1 there is no
    distribution: all zeros, every quantile infinite.

    Args:
        rate_per_s, service_s, scv: all requests together, for whom one waits.
        own: the request's own service, when it is of a class that differs from the mixture.
        longer: another factor.
        at_once: requests that come at the same moment, on average; see `_behind_others`.
    """
    offered = rate_per_s * service_s
    if offered >= servers:
        return np.zeros(grid.steps)
    mine = own or Service(service_s, scv)
    waiting = erlang_c(servers, offered)
    if waiting < NEVER_WAITS and at_once == 1:
        return service_time(grid, *mine)
    spectrum = sojourn_spectrum(grid, servers, rate_per_s, service_s, scv, mine, longer, at_once)
    return undamped(grid, grid.inverse(spectrum))


def sojourn_spectrum(
    grid: Grid,
    servers: int,
    rate_per_s: float,
    service_s: float,
    scv: float,
    own: Service,
    longer: float | None = None,
    at_once: float = 1.0,
) -> Spectrum:
    """The damped transform of what `sojourn` is the distribution of; all zeros beyond ρ = 1."""
    offered = rate_per_s * service_s
    service = _service_spectrum(grid, *own)
    if offered >= servers:
        return np.zeros_like(service)
    waiting = erlang_c(servers, offered)
    if waiting < NEVER_WAITS and at_once == 1:
        return service
    behind = Service((longer or safety(FIFO, servers)) * service_s / servers, scv)
    wait = _wait_spectrum(grid, waiting, offered / servers, behind, at_once, servers)
    return np.asarray(wait * service)


@lru_cache(maxsize=1)
def _wait_spectrum(
    grid: Grid, waiting: float, busy: float, behind: Service, at_once: float, servers: int
) -> Spectrum:
    """The damped transform of the wait of all classes at a machine, which are asked for one after the other.

    Args:
        waiting: the probability of waiting; busy: ρ; behind: the service of which residuals are waited for.
    """
    residual = grid.spectrum(damped(grid, steps_of(residual_cdf(grid.edges(), *behind))))
    if at_once == 1:
        return np.asarray(1 - waiting + waiting * (1 - busy) * residual / (1 - busy * residual))
    once = grid.spectrum(damped(grid, steps_of(service_cdf(grid.edges(), *behind))))
    of_others = _behind_others(once, at_once, 1)
    rest = residual * of_others
    wait = 1 - waiting + waiting * (1 - busy) * rest / (1 - busy * rest)
    return np.asarray(wait * _behind_others(once, at_once, servers))


def _behind_others(once: Spectrum, at_once: float, servers: int) -> Spectrum:
    """The transform of the wait for those who came at the same moment.

    Their number is geometric with ratio r = 1 - 1/b, b the mean of those who come at once; then that of those
    who are served before one of them is geometric with the same ratio, and the first c find a processor. For
    one server a batch is one request whose work is that of all of it, and its residual is that of a service
    times this transform: the law is exact (Burke, Delays in single-server queues with batch input, 1975). For
    more it is our approximation, as is that they ask for the processors of a machine that works.

        G = 1 - r^c + r^c · S·(1 - r) / (1 - r·S),  S the transform of a service time over c
    """
    ratio = 1 - 1 / at_once
    late = ratio**servers
    return np.asarray(1 - late + late * once * (1 - ratio) / (1 - ratio * once))


@lru_cache(maxsize=REMEMBERED_SERVICES)
def _service_spectrum(grid: Grid, mean_s: float, scv: float) -> Spectrum:
    """The damped transform of a service time, which is the same under every load."""
    return grid.spectrum(damped(grid, service_time(grid, mean_s, scv)))


def damped(grid: Grid, times: Distribution) -> Distribution:
    """Times that count the less the longer they are: the transform of a sum without end goes round, and what
    passes twice the grid comes back at its beginning.
    """
    return np.asarray(times * _damping(grid.steps))


def undamped(grid: Grid, times: Distribution) -> Distribution:
    """A distribution from the damped one."""
    return np.asarray(times / _damping(grid.steps))


@cache
def _damping(steps: int) -> Distribution:
    """From 1 down to e^-`DAMPING` at the end of a grid; not to be written to."""
    damping: Distribution = np.exp(-DAMPING / steps * np.arange(steps))
    damping.flags.writeable = False
    return damping


def service_time(grid: Grid, mean_s: float, scv: float) -> Distribution:
    """A service time with a given mean and squared coefficient of variation; see `service_cdf`."""
    return steps_of(service_cdf(grid.edges(), mean_s, scv))


def steps_of(cdf: Distribution) -> Distribution:
    """The probability of each step, from that of all steps up to it."""
    steps = cdf.copy()
    steps[1:] -= cdf[:-1]
    return steps


def in_series(grid: Grid, visit: Distribution, visits: float, hit_share: float = 0.0) -> Distribution:
    """The time of several visits one after the other.

    Args:
        visit: the distribution of one visit.
        visits: their number; of 2.3 the third is made with probability 0.3.
        hit_share: probability that a visit is answered before it gets here, in no time.
    """
    if visits == 1 and not hit_share:
        return visit
    whole, parts = int(visits), math.ceil(visits)
    if parts > MOST_AT_ONCE:
        half = in_series(grid, visit, whole // 2, hit_share)
        others = in_series(grid, visit, visits - whole // 2 * 2, hit_share)
        return grid.convolve(grid.convolve(half, half), others)
    if not parts:
        return at_zero(grid)
    each = hit_share + (1 - hit_share) * grid.spectrum(visit, parts)
    rest = visits - whole
    factors = [each] * whole + ([(1 - rest) + rest * each] if rest else [])
    return grid.inverse(reduce(np.multiply, factors), parts)


def at_zero(grid: Grid) -> Distribution:
    """The time of what takes no time."""
    nothing = np.zeros(grid.steps)
    nothing[0] = 1.0
    return nothing
