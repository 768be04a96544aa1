"""The compiled network against queueing theory: what it says lies in the 99 % interval of batch means."""

from __future__ import annotations

import math

import numpy as np
import pytest
from closed_forms import (
    closed_mean_s,
    erlang_b,
    erlang_c,
    mg1_mean_s,
    mmc_mean_s,
    mmc_quantile_s,
)
from numpy.typing import NDArray

from groma.simulation.kernels.draws import key_of, quantile, uniform
from groma.simulation.network import UNLIMITED, Behaviour, Kind, Tier, Visit, network
from groma.simulation.running import Run
from groma.simulation.shapes import SHAPES, Shape, table_of

REQUESTS, BATCHES = 400_000, 20
T_99 = 2.861
"""Two-sided quantile of Student's t with 19 degrees of freedom."""
Batches = NDArray[np.float64]


def times_s(
    tiers: list[Tier], visits: tuple[Visit, ...], per_s: float, count: int = REQUESTS, seed: int = 1
) -> Batches:
    """Times of requests, or minus what became of them, in batches; the first tenth is left out."""
    arrivals_s = np.cumsum(np.random.default_rng(seed).exponential(1 / per_s, count))
    run = Run(network(tiers, [Kind("all", 1.0, visits)], seed=seed, logged=count))
    run.until(math.inf, arrivals_s)
    return run.net.log[count // 10 :].reshape(BATCHES, -1)


def holds(figures: Batches, theory: float) -> bool:
    """Whether a figure of each batch is on average what theory says, as far as their scatter tells."""
    half = T_99 * figures.std(ddof=1) / math.sqrt(figures.size)
    assert half < 0.25 * theory, "too few requests to tell anything"
    return bool(abs(figures.mean() - theory) <= half)


@pytest.mark.parametrize("servers", [1, 4, 16, 64])
@pytest.mark.parametrize("busy", [0.1, 0.5, 0.8, 0.95])
def test_many_exponential_servers(servers: int, busy: float) -> None:
    count = REQUESTS if busy < 0.9 else 5 * REQUESTS
    times = times_s([Tier("one", 1, servers)], (Visit(1.0),), busy * servers, count)
    assert holds(times.mean(axis=1), mmc_mean_s(servers, busy))
    assert holds(np.quantile(times, 0.99, axis=1), mmc_quantile_s(servers, busy, 0.99))


@pytest.mark.parametrize("busy", [0.3, 0.8])
@pytest.mark.parametrize(
    ("shape", "scv"), [("gamma", 0.0), *((each, scv) for each in SHAPES for scv in (0.3, 4))]
)
def test_one_server_of_any_distribution(shape: Shape, scv: float, busy: float) -> None:
    times = times_s([Tier("one", 1, 1)], (Visit(1.0, scv, shape),), busy)
    assert holds(times.mean(axis=1), mg1_mean_s(busy, scv))


@pytest.mark.parametrize("busy", [0.3, 0.8])
@pytest.mark.parametrize(("shape", "scv"), [("gamma", 0.0), ("lognormal", 1.0), ("hyperexponential", 4.0)])
def test_a_shared_server_asks_for_the_mean_only(shape: Shape, scv: float, busy: float) -> None:
    times = times_s([Tier("one", 1, 1, shared=True)], (Visit(1.0, scv, shape),), busy)
    assert holds(times.mean(axis=1), 1 / (1 - busy))


def test_several_shared_processors() -> None:
    times = times_s([Tier("one", 1, 4, shared=True)], (Visit(1.0),), 3.2)
    assert holds(times.mean(axis=1), mmc_mean_s(4, 0.8))


def test_tiers_behind_each_other() -> None:
    rows = ((8, 0.064), (16, 0.128), (4, 0.032))
    tiers = [Tier(f"tier {servers}", 1, servers) for servers, _ in rows]
    visits = tuple(Visit(work_s, reads=float(servers != 4)) for servers, work_s in rows)
    times = times_s(tiers, visits, 100.0)
    theory = sum(work_s * mmc_mean_s(servers, 100 * work_s / servers) for servers, work_s in rows)
    assert holds(times.mean(axis=1), theory)


def test_requests_are_spread_evenly() -> None:
    """A random choice of 10 servers makes each of them an M/M/2 of a tenth of the load."""
    times = times_s([Tier("many", 10, 2)], (Visit(1.0),), 14.0)
    assert holds(times.mean(axis=1), mmc_mean_s(2, 0.7))


@pytest.mark.parametrize(("servers", "offered"), [(1, 0.5), (8, 6.0), (64, 70.0)])
def test_share_that_is_refused(servers: int, offered: float) -> None:
    times = times_s([Tier("one", 1, servers, workers=servers, backlog=0)], (Visit(1.0, 2.0),), offered)
    assert holds((times < 0).mean(axis=1), erlang_b(servers, offered))


@pytest.mark.parametrize(("servers", "busy"), [(2, 0.5), (8, 0.8)])
def test_share_that_waits(servers: int, busy: float) -> None:
    """Who waits takes longer than its own work, its second draw after that of its class."""
    count, table = REQUESTS // 4, table_of("hyperexponential", 1.0)
    times = times_s([Tier("one", 1, servers)], (Visit(1.0),), busy * servers, count)
    keys = (np.uint64(key_of(1, serial, 0)) for serial in range(count // 10, count))
    work = np.array([quantile(table, uniform(key, 2)) for key in keys]).reshape(times.shape)
    assert holds((times > work + 1e-6).mean(axis=1), erlang_c(servers, busy * servers))


@pytest.mark.parametrize(("clients", "think_s"), [(5, 1.0), (40, 10.0), (60, 5.0)])
def test_clients_that_go_round(clients: int, think_s: float) -> None:
    work_s = (0.2, 0.15)
    tiers = [Tier("front", 1, 1, shared=True, workers=UNLIMITED), Tier("back", 1, 1)]
    visits = (Visit(work_s[0], reads=1.0), Visit(work_s[1]))
    behaviour = Behaviour(think_s=think_s, stride=clients)
    run = Run(network(tiers, [Kind("all", 1.0, visits)], behaviour))
    figures, arrivals_s = [], np.linspace(0, think_s, clients)
    for batch in range(BATCHES + 1):
        run.until(4000.0 * (batch + 1), arrivals_s)
        figures.append(float(run.net.sums[0] / run.net.outcomes[0, 0]))
        run.forget()
        arrivals_s = arrivals_s[:0]
    assert holds(np.array(figures[1:]), closed_mean_s(work_s, think_s, clients))
