"""The simulation beside SimPy, Ciw and plain Python on the same work, and beside queueing theory.

    python benchmarks/simulation.py speed [REQUESTS]
    python benchmarks/simulation.py theory [REQUESTS]
    python benchmarks/simulation.py order [REQUESTS]

Speed: M/M/8 at 80 % and a tandem of 8, 16 and 4 processors, random numbers included, by CPU time; the slower
ones are given a share of the requests, stations in order ten times as many. For the others: `pip install
simpy==4.1.2 ciw==3.2.7`. Then Groma alone: three tiers of 33 servers, with connections, a cache, two classes
and time-outs. Theory: mean and p99 over a grid of loads and numbers of processors, each with its error and
the 99 % interval of batch means. Order: the same of stations in order, with ten times as many requests.
"""

from __future__ import annotations

import heapq
import math
import platform
import random
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from groma.simulation.network import Behaviour, Kind, Tier, Visit, network
from groma.simulation.running import Run
from groma.simulation.shapes import Shape
from groma.simulation.tandem import Station, in_tandem

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "simulation"))
from closed_forms import mg1_mean_s, mmc_mean_s, mmc_quantile_s

PER_S = 100.0
Rows = tuple[tuple[int, float], ...]
WORK: dict[str, Rows] = {"M/M/8": ((8, 0.064),), "8 → 16 → 4": ((8, 0.064), (16, 0.128), (4, 0.032))}
"""Processors and mean service of each station, in s."""
Times = NDArray[np.float64]
BATCHES, T_99 = 20, 2.861


def tiers_of(rows: Rows) -> tuple[list[Tier], tuple[Visit, ...]]:
    visits = [Visit(work_s, reads=float(place < len(rows) - 1)) for place, (_, work_s) in enumerate(rows)]
    return [Tier(str(place), 1, processors) for place, (processors, _) in enumerate(rows)], tuple(visits)


def compiled(rows: Rows, count: int) -> Times:
    tiers, visits = tiers_of(rows)
    return simulated(tiers, visits, PER_S, count)


def simulated(tiers: list[Tier], visits: tuple[Visit, ...], per_s: float, count: int, seed: int = 1) -> Times:
    run = Run(network(tiers, [Kind("all", 1.0, visits)], seed=seed, logged=count))
    arrivals_s = np.cumsum(np.random.default_rng(seed).exponential(1 / per_s, count))
    run.until(math.inf, arrivals_s)
    return run.net.log


def in_order(rows: Rows, count: int) -> Times:
    """Stations in order and nothing else: what their histogram comes to."""
    return np.array([in_tandem([Station(*row) for row in rows], PER_S, count).mean_s])


def with_simpy(rows: Rows, count: int) -> list[float]:
    import simpy

    here, draw, took_s = simpy.Environment(), random.Random(1).expovariate, []
    stations = [(simpy.Resource(here, processors), 1 / work_s) for processors, work_s in rows]

    def request() -> Iterator[object]:
        begun_s = here.now
        for station, rate in stations:
            with station.request() as turn:
                yield turn
                yield here.timeout(draw(rate))
        took_s.append(here.now - begun_s)

    def come() -> Iterator[object]:
        for _ in range(count):
            yield here.timeout(draw(PER_S))
            here.process(request())

    here.process(come())
    here.run()
    return took_s


def with_ciw(rows: Rows, count: int) -> list[float]:
    import ciw

    many = len(rows)
    net = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(PER_S), *[None] * (many - 1)],
        service_distributions=[ciw.dists.Exponential(1 / work_s) for _, work_s in rows],
        number_of_servers=[processors for processors, _ in rows],
        routing=[[float(to == own + 1) for to in range(many)] for own in range(many)],
    )
    ciw.seed(1)
    simulation = ciw.Simulation(net)
    simulation.simulate_until_max_customers(count)
    records = simulation.get_all_records()
    begun_s = {each.id_number: each.arrival_date for each in records if each.node == 1}
    return [each.exit_date - begun_s[each.id_number] for each in records if each.node == many]


def with_a_heap(rows: Rows, count: int) -> list[float]:
    """Plain Python: one heap of events, a queue for each station."""
    draw, took_s = random.Random(1).expovariate, []
    free, rates = [processors for processors, _ in rows], [1 / work_s for _, work_s in rows]
    queues: list[deque[float]] = [deque() for _ in rows]
    events = [(draw(PER_S), -1, 0.0)]
    left = count
    while events:
        now_s, place, begun_s = heapq.heappop(events)
        if place < 0:
            begun_s, left = now_s, left - 1
            if left:
                heapq.heappush(events, (now_s + draw(PER_S), -1, 0.0))
        elif queues[place]:
            heapq.heappush(events, (now_s + draw(rates[place]), place, queues[place].popleft()))
        else:
            free[place] += 1
        if (after := place + 1) == len(rows):
            took_s.append(now_s - begun_s)
        elif free[after]:
            free[after] -= 1
            heapq.heappush(events, (now_s + draw(rates[after]), after, begun_s))
        else:
            queues[after].append(begun_s)
    return took_s


WHO: dict[str, tuple[Callable[[Rows, int], list[float] | Times], float]] = {
    "Groma, stations in order": (in_order, 0.1),
    "Groma, all mechanisms": (compiled, 1),
    "plain Python, one heap": (with_a_heap, 10),
    "SimPy": (with_simpy, 40),
    "Ciw": (with_ciw, 80),
}
"""How each is run, and which part of the requests it is given."""


def speed(count: int) -> None:
    compiled(WORK["M/M/8"], 10)
    in_order(WORK["M/M/8"], 10)
    print(f"{platform.machine()}, Python {platform.python_version()}, numba {version('numba')}, ", end="")
    print(f"SimPy {version('simpy')}, Ciw {version('ciw')}\n")
    print("| Work | Who | Requests/s of CPU | Error of the mean |\n| --- | --- | ---: | ---: |")
    for name, rows in WORK.items():
        theory_s = sum(s * mmc_mean_s(c, PER_S * s / c) for c, s in rows)
        for who, (run, part) in WHO.items():
            requests, begun_s = int(count / part), time.process_time()
            took_s = run(rows, requests)
            spent_s = time.process_time() - begun_s
            error = 100 * (float(np.mean(took_s)) / theory_s - 1)
            print(f"| {name} | {who} | {requests / spent_s:,.0f} | {error:+.2f} % |", flush=True)
    begun_s = time.process_time()
    run = whole(count)
    rate, visits = count / (time.process_time() - begun_s), run.net.visited.sum() / count
    print(f"| three tiers, {visits:.2f} visits a request | Groma, all mechanisms | {rate:,.0f} | – |")


def whole(count: int) -> Run:
    """Three tiers with pools of connections, a cache, reads and writes, and clients that wait 5 s."""
    tiers = [
        Tier("web", 10, 2, workers=64, backlog=128, routing="round-robin"),
        Tier("app", 20, 2, workers=32, backlog=64, pool=8, routing="least-outstanding"),
        Tier("db", 3, 4, shared=True, workers=100, pool=2, routing="by-role"),
    ]
    back = Visit(0.004, 2.0)
    kinds = [
        Kind("read", 0.7, (Visit(0.01, reads=1.0), Visit(0.02, reads=1.0, hits=0.6), back)),
        Kind("write", 0.3, (Visit(0.01, writes=1.0), Visit(0.02, writes=1.0), back)),
    ]
    run = Run(network(tiers, kinds, Behaviour(timeout_s=5.0, retries=2)))
    run.until(math.inf, np.cumsum(np.random.default_rng(1).exponential(1 / 1400, count)))
    return run


def told(whole: float, batches: Times, theory: float) -> str:
    """What theory says, the error of a figure of all requests, and the interval that its batches tell."""
    half = T_99 * batches.std(ddof=1) / math.sqrt(batches.size) / theory
    return f"{theory:.4f} | {100 * (whole / theory - 1):+.2f} ± {100 * half:.2f} %"


def mean_told(times: Times, theory: float) -> str:
    return told(float(times.mean()), times.mean(axis=1), theory)


def high_told(times: Times, theory: float) -> str:
    return told(float(np.quantile(times, 0.99)), np.quantile(times, 0.99, axis=1), theory)


def batches_of(tier: Tier, visit: Visit, busy: float, count: int, seed: int) -> Times:
    times = simulated([tier], (visit,), busy * tier.cores, count, seed)
    return times[count // 10 :][: count // 10 * 9 // BATCHES * BATCHES].reshape(BATCHES, -1)


def theory(count: int) -> None:
    seeds = iter(range(1, 1000))
    print("| Processors | Busy | Mean | Error | p99 | Error |\n| ---: | ---: | ---: | ---: | ---: | ---: |")
    for processors in (1, 2, 8, 64):
        for busy in (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95):
            times = batches_of(Tier("one", 1, processors), Visit(1.0), busy, count, next(seeds))
            mean = mean_told(times, mmc_mean_s(processors, busy))
            high = high_told(times, mmc_quantile_s(processors, busy, 0.99))
            print(f"| {processors} | {100 * busy:.0f} % | {mean} | {high} |", flush=True)
    print("\n| Discipline | Shape | scv | Busy | Mean | Error |\n| --- | --- | ---: | ---: | ---: | ---: |")
    shapes: tuple[tuple[Shape, float], ...] = (("gamma", 0.0), ("lognormal", 1.0), ("hyperexponential", 4.0))
    for shared in (False, True):
        for shape, scv in shapes:
            for busy in (0.3, 0.8):
                times = batches_of(
                    Tier("one", 1, 1, shared=shared), Visit(1.0, scv, shape), busy, count, next(seeds)
                )
                known = 1 / (1 - busy) if shared else mg1_mean_s(busy, scv)
                row = f"| {'shared' if shared else 'in order'} | {shape} | {scv:g} | {100 * busy:.0f} %"
                print(f"{row} | {mean_told(times, known)} |", flush=True)


def order(count: int) -> None:
    """Stations in order beside theory."""
    print("| In order | Mean | Error | p99 | Error |\n| --- | ---: | ---: | ---: | ---: |")
    for processors, busy in ((1, 0.5), (1, 0.9), (8, 0.8), (8, 0.95), (64, 0.9)):
        passed = in_tandem(
            [Station(processors, 1.0)], busy * processors, 10 * count, 7, skipped=count, batches=BATCHES
        )
        mean = told(passed.mean_s, passed.means_s, mmc_mean_s(processors, busy))
        high = told(passed.quantile_s(0.99), passed.quantiles_s(0.99), mmc_quantile_s(processors, busy, 0.99))
        print(f"| {processors} processors, {100 * busy:.0f} % busy | {mean} | {high} |", flush=True)


if __name__ == "__main__":
    asked, requests = sys.argv[1], int(float(sys.argv[2])) if len(sys.argv) > 2 else 10_000_000
    {"speed": speed, "theory": theory, "order": order}[asked](requests)
