"""The time of a call of a function that no load changes: what it waits for, what it computes, its cold start.

Each distribution is that of a sum. The transforms of what is the same for every memory are kept, so that of a
memory only what it computes is transformed anew.
"""

from __future__ import annotations

from functools import lru_cache, reduce

import numpy as np

from groma.sizing.queueing import Distribution, Grid, Spectrum, at_zero, in_series, service_time

COLD_SCV = 0.1
BEFORE_SCV = 1.0
REMEMBERED = 1024
"""Pairs of times that are kept, some 130 kB each: other numbers of users meet the same calls."""
REMEMBERED_SPECTRA = 64
"""Transforms that are kept, some 130 kB each."""

Waits = tuple[tuple[float, float, float], ...]
"""What a call waits for: how often, for how many seconds on average, and with which variation (squared)."""


@lru_cache(maxsize=REMEMBERED)
def warm_and_cold(
    grid: Grid, before_s: float, waits: Waits, computing_s: float, scv: float, cold_start_s: float
) -> tuple[Distribution, Distribution]:
    """The time of a call whose environment stands, and of one whose must be started; the same at any load."""
    computing = grid.spectrum(service_time(grid, computing_s, scv))
    inside = grid.inverse(_waiting_spectrum(grid, waits) * computing)
    warm = grid.inverse(before_spectrum(grid, before_s) * grid.spectrum(inside))
    return warm, grid.inverse(grid.spectrum(warm) * _starting_spectrum(grid, cold_start_s))


@lru_cache(maxsize=REMEMBERED_SPECTRA)
def before_spectrum(grid: Grid, before_s: float) -> Spectrum:
    """The transform of what passes before a function is called."""
    return grid.spectrum(service_time(grid, before_s, BEFORE_SCV) if before_s else at_zero(grid))


@lru_cache(maxsize=REMEMBERED_SPECTRA)
def _waiting_spectrum(grid: Grid, waits: Waits) -> Spectrum:
    """The transform of what a call waits for, one after the other."""
    parts = (in_series(grid, service_time(grid, each, scv), count) for count, each, scv in waits)
    return grid.spectrum(reduce(grid.convolve, parts, at_zero(grid)))


@lru_cache(maxsize=REMEMBERED_SPECTRA)
def _starting_spectrum(grid: Grid, cold_start_s: float) -> Spectrum:
    """The transform of the time in which an environment starts."""
    return grid.spectrum(service_time(grid, cold_start_s, COLD_SCV))


@lru_cache(maxsize=REMEMBERED_SPECTRA)
def time_left(grid: Grid, before_s: float, waits: Waits = (), cold_start_s: float = 0.0) -> Distribution:
    """P(Y <= t - i) for each step i of a grid that ends at t, with Y all of a call that is not computed.

    The share of its calls that end by t is then one product with what is computed, without a transform.
    """
    all_else = before_spectrum(grid, before_s) * _waiting_spectrum(grid, waits)
    if cold_start_s:
        all_else = grid.spectrum(grid.inverse(all_else)) * _starting_spectrum(grid, cold_start_s)
    return np.asarray(np.cumsum(grid.inverse(all_else))[::-1])
