"""How long a request stays at a machine whose processors are shared evenly by all who are there."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from groma.sizing.queueing import (
    NEVER_WAITS,
    REMEMBERED_SERVICES,
    Distribution,
    Grid,
    Service,
    erlang_c,
    service_time,
    steps_of,
)
from groma.sizing.safety import SHARED, safety
from groma.sizing.services import residual_cdf, service_cdf

BLOCK = 32
"""Steps of a grid that `_still_there` takes together."""

NODE_EDGES = np.geomspace(0.1, 60, 40)
"""Edges of the amounts of work that `shared_sojourn` tells apart, over the mean work."""


def shared_sojourn(
    grid: Grid,
    servers: int,
    rate_per_s: float,
    service_s: float,
    scv: float,
    own: Service | None = None,
    longer: float | None = None,
    at_once: float = 1.0,
) -> Distribution:
    """The time from arrival to answer when all requests share the machine's CPUs evenly (M/G/c-PS).

    With n requests inside each gets min(1, c/n) of a CPU. A request of work x is then late by D(x) with

        E[D(x)]  = x · C / (c·(1 - ρ))                                whatever the distribution of work
        cv²[D(x)] = ((1 + ρ) / C - 1) · 2·(y - 1 + e^-y) / y²,  y = (1 - ρ)·x / (s·(1 + cs²)/2)

    The mean is exact for M/G/1 (Kleinrock, 1967; insensitivity) and for M/M/c. For M/M/1 the variance is
    that of Coffman, Muntz and Trotter (Waiting time distributions for processor-sharing systems, 1970);
    that it holds for c servers with C in the place of ρ, and for other work with the mean residual work in
    the place of s, is our approximation. D(x) is taken as a mixture of two exponentials of that mean and
    variance, at least exponential, and longer by the factor of `safety.py`.
    Beyond ρ = 1 all quantiles are infinite.

    Args:
        rate_per_s, service_s, scv: all requests together, with whom one shares.
        own: the request's own work x, when it is of a class that differs from the mixture.
        longer: another factor.
        at_once: requests that come at the same moment, on average b, in geometric numbers. Those who came
            with one are 2·(b - 1) on average and take E[min(S, x)] each, so that

                E[D(x)] = (x·C + 2·(b - 1)·E[min(S, x)]) / (c·(1 - ρ)),  E[min(S, x)] = s · P(R <= x),

            which has the exact mean for M/M/1 (Kleinrock, Muntz and Rodemich, The processor-sharing queueing
            model with bulk arrivals, 1971), and is our approximation beyond. Their number has the squared
            coefficient of variation b/(2·(b - 1)), and what each takes some of its own; the busier the
            machine, the more these delays are alike.
    """
    offered = rate_per_s * service_s
    if offered >= servers:
        return np.zeros(grid.steps)
    busy, waiting = offered / servers, erlang_c(servers, offered)
    mine = own or Service(service_s, scv)
    if waiting < NEVER_WAITS and at_once == 1:
        return service_time(grid, *mine)
    weights, work = _nodes(*mine, grid.step_s * grid.steps)
    y = np.maximum((1 - busy) * work / (service_s * (1 + scv) / 2), 1e-3)
    spread = np.maximum(((1 + busy) / waiting - 1) * 2 * (y - 1 + np.exp(-y)) / y**2, 1.0)
    shared = work * waiting
    if at_once > 1:
        mates = 2 * (at_once - 1) * service_s * residual_cdf(work, service_s, scv)
        alike, apart = np.sqrt(spread) * shared, math.sqrt((at_once + 1) / (2 * (at_once - 1))) * mates
        shared = shared + mates
        spread = np.maximum((alike**2 + apart**2 + 2 * busy * alike * apart) / shared**2, 1.0)
    late = (longer or safety(SHARED, servers)) * shared / (servers * (1 - busy))
    first = (1 + np.sqrt((spread - 1) / (spread + 1))) / 2
    both = np.concatenate((first, 1 - first))
    work, late = np.tile(work, 2), np.tile(late, 2)
    beyond = _still_there(grid, np.tile(weights, 2) * both, work, 2 * both / late)
    return steps_of(weights.sum() - beyond)


def _still_there(grid: Grid, weights: Distribution, work: Distribution, rates: Distribution) -> Distribution:
    """P(T > t) of times that are some work and, after it, exponential with some rate; mixed by weights.

    Steps lie in blocks. Once some work is done, what is left of its exponential at a step is that at the
    beginning of the block times that of the step in it: of all work together a product of matrices.
    """
    begins = np.arange(0, grid.steps, BLOCK)[:, None]
    steps, done = np.arange(BLOCK), np.ceil(work / grid.step_s - 0.5)
    late = (begins + 0.5) * grid.step_s - work
    left = weights * np.exp(np.where(begins >= done, -rates * late, -np.inf))
    beyond = left @ np.exp(np.multiply.outer(-rates * grid.step_s, steps))
    ends_in = done // BLOCK * BLOCK
    while_late = (ends_in[:, None] + steps + 0.5) * grid.step_s - work[:, None]
    ending = weights[:, None] * np.exp(-rates[:, None] * np.maximum(while_late, 0.0))
    beyond += ((begins == ends_in) & (begins < done)) @ ending
    beyond += ((begins + BLOCK <= done) @ weights)[:, None]
    return np.asarray(beyond.reshape(-1)[: grid.steps])


def alone(grid: Grid, mean_s: float, scv: float) -> Distribution:
    """A time that neither law falls below when nothing waits: the larger of both distribution functions.

    `shared_sojourn` puts all work between two edges in their middle, so that a little of it is ready earlier
    than the exact service time says. What is to bound both laws must be below both.
    """
    weights, work = _nodes(mean_s, scv, grid.step_s * grid.steps)
    ready = np.concatenate(([0.0], np.cumsum(weights)))[np.searchsorted(work, grid.edges(), side="right")]
    return steps_of(np.maximum(service_cdf(grid.edges(), mean_s, scv), ready))


@lru_cache(maxsize=REMEMBERED_SERVICES)
def _nodes(service_s: float, scv: float, horizon_s: float) -> tuple[Distribution, Distribution]:
    """A few amounts of work that stand for all up to a horizon: (probability, work in seconds)."""
    edges = service_s * NODE_EDGES
    edges = edges[: np.searchsorted(edges, horizon_s) + 1]
    weights = steps_of(service_cdf(edges, service_s, scv))
    work = edges - steps_of(edges) / 2
    return weights, work
