"""Requests that pass stations in order: each with processors that take them first come, first served.

A station is the times at which its processors are free, in order, and whose request each of them then leaves.
An arrival takes the first: what it removes is the next to leave, so that departures come out in order and are
the arrivals of the next station at once. With f when it will be done, the times become
w'(j) = min(max(f, w(j)), w(j+1)) (Kiefer and Wolfowitz, 1955), a shift without a branch.

Nothing may act backwards: there are no pools, no worker that is held, no time-out and no server that goes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from groma.simulation.kernels import compiled
from groma.simulation.kernels.draws import exponentials, key_of, stretched
from groma.simulation.kernels.endings import bin_of
from groma.simulation.kernels.state import Floats, Ints

SLAB = 8192
"""Visits of a station whose draws have one key."""
NOBODY_S = -math.inf
"""When a processor was free that has had no request."""


class Stations(NamedTuple):
    """Stations in the order in which they are passed (K), and what was counted.

    Attributes:
        processors: of each; mean_s: work; tables: quantiles of work of mean 1, no row of them exponential.
        shapes: the row of each, or -1 where its work is exponential.
        free_s, born_s: when processors are free, in order, then for ever later (K × more than any has); and
            when the requests came that leave them then.
        draws_s: between arrivals and of work, of one slab (K + 1 × SLAB).
        counts: slabs begun, and requests that left.
        clock_s: when the last arrival was.
        felt: times from the arrival to the end, by batch (batches × BINS); sums_s: of them (batches).
        log_s: times of the first to leave.
    """

    processors: Ints
    mean_s: Floats
    tables: Floats
    shapes: Ints
    free_s: Floats
    born_s: Floats
    draws_s: Floats
    counts: Ints
    clock_s: Floats
    felt: Ints
    sums_s: Floats
    log_s: Floats


@compiled
def pass_slab(
    own: Stations, seed: int, gap_s: float, coming: int, skipped: int, batch: int, last: int
) -> None:
    """Let a slab of requests come, or what is left of them; when all have come, those inside leave.

    Args:
        gap_s: mean time between two arrivals.
        coming: requests that come in this slab, the first of it.
        skipped: how many that leave first are not counted; batch: requests of a batch, after these.
        last: how many leave until the last that is counted.
    """
    draw(own, seed, gap_s, coming)
    pass_on(own, skipped, batch, last)


@compiled
def draw(own: Stations, seed: int, gap_s: float, coming: int) -> None:
    """Times between arrivals and of work: by seed, station and slab."""
    slab, draws_s = own.counts[0], own.draws_s
    own.counts[0] += 1
    exponentials(key_of(seed, slab, 0), gap_s, draws_s[0])
    draws_s[0, coming:] = math.inf
    for station in range(own.processors.size):
        work_s, shape = draws_s[station + 1], own.shapes[station]
        key = key_of(seed, slab, station + 1)
        if shape < 0:
            exponentials(key, own.mean_s[station], work_s)
        else:
            exponentials(key, 1.0, work_s)
            stretched(own.tables[shape], own.mean_s[station], work_s)


@compiled
def pass_on(own: Stations, skipped: int, batch: int, last: int) -> None:
    """Pass a slab from station to station, and count those who leave the last."""
    free, born, draws_s = own.free_s, own.born_s, own.draws_s
    stations, now_s, number = own.processors.size, own.clock_s[0], own.counts[1]
    for visit in range(draws_s.shape[1]):
        now_s += draws_s[0, visit]
        at_s = came_s = now_s
        for station in range(stations):
            done_s = max(at_s, free[station, 0]) + draws_s[station + 1, visit]
            at_s, left_s = free[station, 0], born[station, 0]
            for place in range(own.processors[station]):
                here, after = free[station, place], free[station, place + 1]
                kept, moved = born[station, place], born[station, place + 1]
                free[station, place] = min(max(done_s, here), after)
                born[station, place] = kept if done_s < here else (moved if done_s >= after else came_s)
            came_s = left_s
        if skipped <= number < last:
            at = (number - skipped) // batch
            own.felt[at, bin_of(at_s - came_s)] += 1
            own.sums_s[at] += at_s - came_s
        if 0 <= number < own.log_s.size:
            own.log_s[number] = at_s - came_s
        number += 1
    own.clock_s[0], own.counts[1] = now_s, number
