"""Event-by-event simulations that the queueing laws are compared with: plain, independent, and compiled."""

from __future__ import annotations

import heapq
import math

import numba
import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.float64]
compiled = numba.njit(cache=True)
BATCHES = 20


def work(rng: np.random.Generator, mean_s: float, scv: float, count: int) -> Times:
    """Service times with a mean and squared coefficient of variation: two exponentials, or gamma below 1."""
    if scv == 0:
        return np.full(count, mean_s)
    if scv < 1:
        return rng.gamma(1 / scv, mean_s * scv, count)
    p = (1 + math.sqrt((scv - 1) / (scv + 1))) / 2
    short = rng.random(count) < p
    means = np.where(short, mean_s / (2 * p), mean_s / (2 * (1 - p)))
    return rng.exponential(1.0, count) * means


def arrivals(rng: np.random.Generator, rate_per_s: float, count: int) -> Times:
    return np.cumsum(rng.exponential(1 / rate_per_s, count))


def first_come(servers: int, arrived: Times, service: Times) -> Times:
    """The times in a queue with several servers: each arrival takes the server that is free first."""
    times = np.empty(len(arrived))
    _first_come(np.zeros(servers), arrived, service, times)
    return times


@compiled
def _first_come(free: Times, arrived: Times, service: Times, times: Times) -> None:
    for index in range(len(arrived)):
        first = np.argmin(free)
        free[first] = max(arrived[index], free[first]) + service[index]
        times[index] = free[first] - arrived[index]


def sharing(servers: int, arrived: Times, service: Times) -> Times:
    """The times when n requests inside each get min(1, servers / n) of a server.

    All requests inside progress equally, so each leaves when the progress since the beginning has grown by
    its work; between two events progress is linear in time.
    """
    times = np.zeros(len(arrived))
    _sharing(servers, arrived, service, times)
    return times


@compiled
def _sharing(servers: int, arrived: Times, service: Times, times: Times) -> None:
    inside = [(0.0, 0)][:0]  # the progress at which each leaves, and who it is
    now = progress = 0.0
    for following in range(len(arrived) + 1):
        # One more lets all others leave.
        start, amount = (
            (arrived[following], service[following]) if following < len(arrived) else (np.inf, 0.0)
        )
        while inside:
            rate = servers / len(inside) if len(inside) > servers else 1.0
            leaves = now + (inside[0][0] - progress) / rate
            if start <= leaves:
                progress += (start - now) * rate
                break
            progress, index = heapq.heappop(inside)
            now = leaves
            times[index] = now - arrived[index]
        now = start
        heapq.heappush(inside, (progress + amount, following))


def interval(times: Times, probability: float) -> tuple[float, float]:
    """A 95 % confidence interval of a quantile, by batch means after the first tenth."""
    settled = times[len(times) // 10 :]
    usable = len(settled) // BATCHES * BATCHES
    quantiles = np.quantile(settled[:usable].reshape(BATCHES, -1), probability, axis=1)
    half = 2.093 * float(quantiles.std(ddof=1)) / math.sqrt(BATCHES)
    middle = float(np.quantile(settled, probability))
    return middle - half, middle + half
