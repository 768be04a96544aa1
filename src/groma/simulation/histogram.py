"""Histograms of times: what a share of them stays below, and how they add up."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from groma.simulation.kernels.state import BINS, BINS_PER_OCTAVE, LEAST_S, Ints


@cache
def edges_s() -> NDArray[np.float64]:
    """The edges of all bins, in seconds: one more than there are bins; not to be written to."""
    return np.asarray(LEAST_S * 2 ** (np.arange(BINS + 1) / BINS_PER_OCTAVE))


def quantile_s(counts: Ints, share: float) -> float:
    """The time that a share of all stays below, within a bin on a logarithmic scale; not a number of none."""
    total = int(counts.sum())
    if not total:
        return math.nan
    cumulated = np.cumsum(counts)
    wanted = share * total
    place = int(np.searchsorted(cumulated, wanted))
    place = min(place, counts.size - 1)
    before = float(cumulated[place - 1]) if place else 0.0
    inside = (wanted - before) / counts[place] if counts[place] else 0.0
    return float(LEAST_S * 2 ** ((place + inside) / BINS_PER_OCTAVE))


def share_above(counts: Ints, time_s: float) -> float:
    """The share of all that took longer, within a bin on a logarithmic scale; 0 of none."""
    total = int(counts.sum())
    if not total or time_s <= LEAST_S:
        return float(total > 0)
    where = min(math.log2(time_s / LEAST_S) * BINS_PER_OCTAVE, BINS - 1.0)
    place = int(where)
    above = counts[place + 1 :].sum() + counts[place] * (1 - (where - place))
    return float(above / total)


def sum_s(counts: Ints) -> float:
    """All times together, each in the middle of its bin."""
    edges = edges_s()
    return float((counts * np.sqrt(edges[1:] * edges[:-1])).sum())


def mean_s(counts: Ints) -> float:
    """The mean of all; not a number of none."""
    total = int(counts.sum())
    return sum_s(counts) / total if total else math.nan
