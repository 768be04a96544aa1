"""Random numbers by key: a draw depends on the seed, the request, its attempt and how many it has drawn.

So two runs of different designs under one seed see the same requests do the same work, whatever happens in
between, and any part of a run can be computed again alone.
"""

from __future__ import annotations

import math

import numpy as np

from groma.simulation.kernels import compiled, inner

STEPS_PER_UNIT = 64
"""Points of a table of quantiles for each unit of the exponential variate."""
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
LOWEST = np.uint64(11)
UNIT = 1.0 / 9007199254740992.0


@inner
def mixed(bits: np.uint64) -> np.uint64:
    """A number of 64 bits that looks unlike its neighbours' (SplitMix64; Steele, Lea and Flood, 2014)."""
    bits = (bits ^ (bits >> SHIFTS[0])) * FIRST
    bits = (bits ^ (bits >> SHIFTS[1])) * SECOND
    return bits ^ (bits >> SHIFTS[2])


@compiled
def key_of(seed: int, serial: int, attempt: int) -> np.uint64:
    """What all draws of one attempt of one request begin from."""
    own = mixed(np.uint64(seed) * GOLDEN + np.uint64(1)) + np.uint64(serial)
    return mixed(mixed(own * GOLDEN) + np.uint64(attempt))


@compiled
def uniform(key: np.uint64, count: int) -> float:
    """The draw of that number between 0 and 1, both excluded."""
    bits = mixed(key + (np.uint64(count) + np.uint64(1)) * GOLDEN)
    return (float(bits >> LOWEST) + 0.5) * UNIT


@compiled
def quantile(table: np.ndarray, chance: float) -> float:
    """The value that a share `chance` stays above, by the table of a distribution; see `shapes.py`."""
    where = -math.log(chance) * STEPS_PER_UNIT
    step = min(int(where), table.size - 2)
    return table[step] + (table[step + 1] - table[step]) * (where - step)
