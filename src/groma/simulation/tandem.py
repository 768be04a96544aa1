"""Stations in order, first come first served, and nothing else: many requests of them in little time.

What a design needs of a network is left out: connections, workers that are held, classes, visits that are
made again, clients that give up, servers that come and go. Where none of it is there both are exact, and this
one is ten times as fast: by it the factors of sizing's laws are found (`scripts/safety_factors.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from groma.simulation.histogram import quantile_s
from groma.simulation.kernels.state import BINS, Floats, Ints
from groma.simulation.kernels.stations import NOBODY_S, SLAB, Stations, pass_slab
from groma.simulation.shapes import Shape, table_of

EXPONENTIAL = -1


@dataclass(frozen=True, slots=True)
class Station:
    """One queue for a number of processors.

    Attributes:
        work_s: mean work of a visit; scv: its squared coefficient of variation; shape: its distribution.
    """

    processors: int
    work_s: float
    scv: float = 1.0
    shape: Shape = "hyperexponential"


@dataclass(frozen=True, eq=False)
class Passed:
    """What was seen.

    Attributes:
        felt: times from the arrival until the last station was left, by batch of requests that leave.
        sums_s: of them, by batch.
        log_s: times of the first that left, where they were asked for.
    """

    felt: Ints
    sums_s: Floats
    log_s: Floats

    @property
    def mean_s(self) -> float:
        """The mean of all times."""
        return float(self.sums_s.sum() / self.felt.sum())

    @property
    def means_s(self) -> Floats:
        """That of each batch."""
        return np.asarray(self.sums_s / self.felt.sum(axis=1))

    def quantile_s(self, share: float) -> float:
        """The time that a share of all stay below."""
        return quantile_s(self.felt.sum(axis=0), share)

    def quantiles_s(self, share: float) -> Floats:
        """That of each batch."""
        return np.array([quantile_s(each, share) for each in self.felt])


def in_tandem(
    stations: Sequence[Station],
    per_s: float,
    requests: int,
    seed: int = 1,
    *,
    skipped: int = 0,
    batches: int = 1,
    logged: int = 0,
) -> Passed:
    """Let requests come at random times at a rate, and pass all stations.

    Args:
        skipped: of them, those that leave first, are not counted.
        batches: of equal size, into which the others are parted; what is left over is not counted.
        logged: of how many that leave first the times are kept.

    Raises:
        ValueError: there are fewer requests than batches, no station, or one without processors.
    """
    if not stations or any(each.processors < 1 for each in stations) or (requests - skipped) < batches:
        raise ValueError("a request in each batch, a station and a processor in each are the least")
    own = _stations(stations, batches, min(logged, requests))
    inside = sum(each.processors for each in stations)
    batch = (requests - skipped) // batches
    for first in range(0, requests + inside, SLAB):
        coming = min(max(requests - first, 0), SLAB)
        pass_slab(own, seed, 1 / per_s, coming, skipped, batch, skipped + batch * batches)
    return Passed(own.felt, own.sums_s, own.log_s)


def _stations(stations: Sequence[Station], batches: int, logged: int) -> Stations:
    """The arrays of stations that nobody has passed."""
    count, most = len(stations), max(each.processors for each in stations)
    wanted = dict.fromkeys((each.shape, each.scv) for each in stations if not _is_exponential(each))
    rows = {key: row for row, key in enumerate(wanted)}
    free_s = np.full((count, most + 1), np.inf)
    for row, each in zip(free_s, stations, strict=True):
        row[: each.processors] = NOBODY_S
    return Stations(
        processors=np.array([each.processors for each in stations]),
        mean_s=np.array([each.work_s for each in stations]),
        tables=np.array([table_of(*key) for key in rows] or [table_of("hyperexponential", 1.0)]),
        shapes=np.array([rows.get((each.shape, each.scv), EXPONENTIAL) for each in stations]),
        free_s=free_s,
        born_s=np.zeros_like(free_s),
        draws_s=np.zeros((count + 1, SLAB)),
        counts=np.array([0, -sum(each.processors for each in stations)]),
        clock_s=np.zeros(1),
        felt=np.zeros((batches, BINS), np.int64),
        sums_s=np.zeros(batches),
        log_s=np.zeros(logged),
    )


def _is_exponential(station: Station) -> bool:
    return station.scv == 1 and station.shape != "lognormal"
