"""Queueing laws against closed forms and against an event-by-event simulation."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest

from groma.sizing.queueing import Grid, erlang_c, in_series, mean_wait_s, service_time, sojourn


def mmc_waiting_probability(servers: int, offered: float) -> float:
    """Erlang C by its defining sum, which is exact for few servers."""
    terms = [offered**k / math.factorial(k) for k in range(servers)]
    last = offered**servers / math.factorial(servers) / (1 - offered / servers)
    return last / (sum(terms) + last)


@pytest.mark.parametrize("servers", [1, 2, 5, 20])
@pytest.mark.parametrize("busy", [0.1, 0.5, 0.9, 0.99])
def test_erlang_c_is_the_defining_sum(servers: int, busy: float):
    assert erlang_c(servers, servers * busy) == pytest.approx(
        mmc_waiting_probability(servers, servers * busy)
    )


def test_erlang_c_of_one_server_is_its_utilisation():
    assert erlang_c(1, 0.37) == pytest.approx(0.37)


def test_erlang_c_beyond_capacity_is_certain():
    assert erlang_c(3, 3.0) == 1.0
    assert mean_wait_s(3, 30, 0.1, 1) == math.inf


@pytest.mark.parametrize("scv", [0, 0.5, 1, 4])
def test_the_mean_wait_of_one_server_is_pollaczek_khinchine(scv: float):
    rate, service = 8.0, 0.1
    exact = rate * service**2 * (1 + scv) / (2 * (1 - rate * service))
    assert mean_wait_s(1, rate, service, scv) == pytest.approx(exact)


@pytest.mark.parametrize("servers", [2, 8])
def test_the_mean_wait_of_exponential_service_is_that_of_mmc(servers: int):
    rate, service = 0.8 * servers / 0.05, 0.05
    exact = erlang_c(servers, rate * service) / (servers / service - rate)
    assert mean_wait_s(servers, rate, service, 1) == pytest.approx(exact)


@pytest.mark.parametrize("scv", [0.1, 0.3, 0.5, 0.99, 1, 2, 4])
def test_service_times_have_the_moments_asked_for(scv: float):
    grid = Grid.covering(4.0, steps=8192)
    times = np.arange(grid.steps) * grid.step_s
    got = service_time(grid, 0.05, scv)
    mean = (got * times).sum()
    assert got.sum() == pytest.approx(1, abs=1e-6)
    assert mean == pytest.approx(0.05, rel=0.01)
    assert (got * times**2).sum() / mean**2 - 1 == pytest.approx(scv, abs=0.03)


def test_visits_in_series_add_their_means_and_mix_their_kinds():
    grid = Grid.covering(2.0)
    times = np.arange(grid.steps) * grid.step_s
    visit = service_time(grid, 0.01, 1)
    mean = (in_series(grid, visit, ((0.5, 1), (0.5, 3))) * times).sum()
    assert mean == pytest.approx(0.02, rel=0.02)
    assert in_series(grid, visit, ((1.0, 0),))[0] == pytest.approx(1)


def test_a_saturated_queue_has_no_quantile():
    grid = Grid.covering(1.0)
    assert grid.quantile(sojourn(grid, 2, 30, 0.1, 1), 0.99) == math.inf


def test_the_sojourn_of_one_exponential_server_is_exponential():
    """M/M/1: T is exponential with mean s / (1 - ρ); ours may only be longer, by the safety on waits."""
    grid = Grid.covering(3.0, steps=8192)
    exact = -math.log(0.01) * 0.02 / (1 - 0.6)
    got = grid.quantile(sojourn(grid, 1, 30, 0.02, 1), 0.99)
    assert exact <= got <= exact * 1.25


def simulated_p99(servers: int, rate: float, service: np.ndarray, seed: int) -> float:
    """First come, first served, event by event: each arrival takes the server that is free first."""
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1 / rate, len(service)))
    free = [0.0] * servers
    times = np.empty(len(service))
    for i, (arrived, work) in enumerate(zip(arrivals, service, strict=True)):
        started = max(arrived, heapq.heappop(free))
        heapq.heappush(free, started + work)
        times[i] = started + work - arrived
    return float(np.quantile(times[len(times) // 10 :], 0.99))


@pytest.mark.parametrize(
    ("servers", "busy", "scv"), [(2, 0.5, 1), (2, 0.8, 2), (4, 0.7, 4), (8, 0.85, 2), (2, 0.6, 0.5)]
)
def test_p99_is_never_optimistic_against_a_simulation(servers: int, busy: float, scv: float):
    """The safety on waits makes our p99 an upper estimate, yet not more than a third above."""
    mean_s, n = 0.02, 200_000
    rng = np.random.default_rng(7)
    if scv >= 1:
        p = (1 + math.sqrt((scv - 1) / (scv + 1))) / 2
        first = rng.random(n) < p
        service = np.where(
            first, rng.exponential(mean_s / (2 * p), n), rng.exponential(mean_s / (2 * (1 - p)), n)
        )
    else:
        service = rng.gamma(1 / scv, mean_s * scv, n)
    rate = busy * servers / mean_s
    real = simulated_p99(servers, rate, service, seed=11)
    grid = Grid.covering(4.0, steps=8192)
    ours = grid.quantile(sojourn(grid, servers, rate, mean_s, scv), 0.99)
    assert real * 0.97 <= ours <= real * 1.34
