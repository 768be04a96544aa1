"""Random numbers by key: a draw depends on the seed, the request, its attempt and how many it has drawn.

So two runs of different designs under one seed see the same requests do the same work, whatever happens in
between, and any part of a run can be computed again alone.
"""

from __future__ import annotations

import math

import numpy as np

from groma.simulation.kernels import compiled, many, written_out

STEPS_PER_UNIT = 64
"""Points of a table of quantiles for each unit of the exponential variate."""
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
LOWEST = np.uint64(11)
UNIT = 1.0 / 9007199254740992.0


@written_out
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


_SQRT_HALF, _MANTISSA_BITS = np.float64(math.sqrt(0.5)).view(np.int64), 52
_LN_2 = math.log(2.0)


@written_out
def minus_log(chance: float) -> float:
    """-ln of a number between 0 and 1, to 1e-14: without a branch, so that several are taken at once.

    chance = m · 2^e with m about 1, and ln m = 2·(t + t³/3 + t⁵/5 + …) with t = (m - 1) / (m + 1).
    """
    bits = np.float64(chance).view(np.int64)
    power = (bits - _SQRT_HALF) >> _MANTISSA_BITS
    m = np.int64(bits - (power << _MANTISSA_BITS)).view(np.float64)
    t = (m - 1.0) / (m + 1.0)
    z = t * t
    series = 1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17))))
    series = 1.0 + z * (1 / 3 + z * (1 / 5 + z * (1 / 7 + z * series)))
    return -(2.0 * t * series + float(power) * _LN_2)


@many
def exponentials(key: np.uint64, mean: float, out: np.ndarray) -> None:
    """Exponential variates of a mean: of the draws of a key, from the first on."""
    for count in range(out.size):
        out[count] = mean * minus_log(uniform(key, count))


@many
def stretched(table: np.ndarray, mean: float, out: np.ndarray) -> None:
    """Exponential variates of mean 1 made those of another distribution, by its table."""
    for place in range(out.size):
        where = out[place] * STEPS_PER_UNIT
        step = min(int(where), table.size - 2)
        out[place] = mean * (table[step] + (table[step + 1] - table[step]) * (where - step))


@compiled
def quantile(table: np.ndarray, chance: float) -> float:
    """The value that a share `chance` stays above, by the table of a distribution; see `shapes.py`."""
    where = -math.log(chance) * STEPS_PER_UNIT
    step = min(int(where), table.size - 2)
    return table[step] + (table[step + 1] - table[step]) * (where - step)
