"""The factors by which the laws of sizing take waits longer, found by simulation: `sizing/data/safety.csv`.

    python scripts/safety_factors.py [REQUESTS] > src/groma/sizing/data/safety.csv

Every case is simulated under the distribution of service times that the laws take, and the least factor is
looked for with which the p99 of the law is not below the 99 % interval of the one that was seen. Three tiers
in series have two, four and two machines, to which requests come at random, as those of designs do. One
station that takes its requests in order is given fifty times as many of them.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator
from dataclasses import astuple, fields, replace
from functools import reduce

import numpy as np

from groma.simulation.network import Kind, Tier, Visit, network
from groma.simulation.running import Run
from groma.simulation.tandem import Station, in_tandem
from groma.sizing.queueing import Grid, sojourn
from groma.sizing.safety import FIFO, SHARED, Case
from groma.sizing.sharing import shared_sojourn

REQUESTS = 1_000_000
MORE_IN_ORDER = 50
"""Requests of a station that takes them in order, over those of others: it is so much faster to simulate."""
SERIES = (2, 4, 2)
"""Machines of three tiers, all of them equally busy."""
BATCHES, T_99 = 20, 2.861
MOST, HALVINGS = 2.0, 12
STEPS = 16_384


def tried() -> Iterator[Case]:
    """The cases: in order up to 16 processors, shared up to 4, and three stations in series."""
    for discipline, stations, most in ((FIFO, 1, 16), (SHARED, 1, 4), (FIFO, 3, 1), (SHARED, 3, 1)):
        for processors in (1, 2, 4, 16):
            if processors <= most:
                for scv in (0.5, 2.0, 4.0):
                    for busy in (0.5, 0.8, 0.9):
                        yield Case(discipline, stations, processors, scv, busy, 0, 0, 0, 1)


def judged(case: Case, requests: int, seed: int) -> Case:
    """A case with what it came to."""
    simulated, half = seen(case, requests, seed)
    low, high = 1.0, MOST
    law = predicted(case, simulated, 1.0)
    least = simulated - half
    for _ in range(HALVINGS if law < least else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if predicted(case, simulated, middle) < least else (low, middle)
    factor = high if law < least else 1.0
    return replace(case, simulated=simulated, half=half, law=law, factor=round(factor, 3))


def machines_of(case: Case) -> tuple[int, ...]:
    """Of each tier; the work of a request is in proportion, so that all machines are equally busy."""
    return SERIES if case.stations > 1 else (1,)


def seen(case: Case, requests: int, seed: int) -> tuple[float, float]:
    """The p99 of a simulation, and half of its 99 % interval by the means of batches."""
    if case.discipline == FIFO and case.stations == 1:
        return seen_in_order(case, MORE_IN_ORDER * requests, seed)
    machines, shared = machines_of(case), case.discipline == SHARED
    most, last = max(machines), len(machines) - 1
    tiers = [Tier(str(place), count, case.processors, shared=shared) for place, count in enumerate(machines)]
    visits = [Visit(count / most, case.scv, reads=float(at < last)) for at, count in enumerate(machines)]
    run = Run(network(tiers, [Kind("all", 1.0, tuple(visits))], seed=seed, logged=requests))
    gaps = np.random.default_rng(seed).exponential(1 / (case.busy * case.processors * most), requests)
    run.until(math.inf, np.cumsum(gaps))
    times = run.net.log[requests // 10 :]
    batches = times[: times.size // BATCHES * BATCHES].reshape(BATCHES, -1)
    p99s = np.quantile(batches, 0.99, axis=1)
    return float(np.quantile(times, 0.99)), float(T_99 * p99s.std(ddof=1) / math.sqrt(BATCHES))


def seen_in_order(case: Case, requests: int, seed: int) -> tuple[float, float]:
    """The same of one station that takes its requests in order."""
    station, per_s = Station(case.processors, 1.0, case.scv), case.busy * case.processors
    passed = in_tandem([station], per_s, requests, seed, skipped=requests // 10, batches=BATCHES)
    p99s = passed.quantiles_s(0.99)
    return passed.quantile_s(0.99), float(T_99 * p99s.std(ddof=1) / math.sqrt(BATCHES))


def predicted(case: Case, reach: float, factor: float) -> float:
    """The p99 of the law with a factor."""
    grid = Grid.covering(4 * reach, STEPS)
    law = shared_sojourn if case.discipline == SHARED else sojourn
    machines, rate = machines_of(case), case.busy * case.processors
    works = [count / max(machines) for count in machines]
    times = [law(grid, case.processors, rate / work, work, case.scv, longer=factor) for work in works]
    return grid.quantile(reduce(grid.convolve, times), 0.99)


def main() -> None:
    """Write the table, case by case."""
    requests = int(float(sys.argv[1])) if len(sys.argv) > 1 else REQUESTS
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow([field.name for field in fields(Case)])
    for number, case in enumerate(tried()):
        longer = 3 if case.busy > 0.8 else 1  # the busier, the more alike are neighbouring requests
        found = astuple(judged(case, longer * requests, 100 + number))
        out.writerow([f"{each:.4g}" if isinstance(each, float) else each for each in found])
        sys.stdout.flush()


if __name__ == "__main__":
    main()
