"""Whether requests keep a goal, most often without making a distribution of any of their times.

The transform of a sum is the product of the transforms of its parts, so that of all tiers together one
inverse transform is enough, where distributions take three for each tier. Times are damped as those of a
queue are, so that what passes the grid hardly comes round; the share that keeps the goal is then within
`CLOSE` of the one that distributions say, which are asked where it is as close to the goal as that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce

import numpy as np

from groma.sizing.candidates import Candidate, Mixture, shares
from groma.sizing.queueing import (
    Grid,
    Service,
    Spectrum,
    at_zero,
    damped,
    sojourn_spectrum,
    undamped,
)
from groma.sizing.scaling import ENOUGH, cumulated, kept
from groma.sizing.sharing import shared_sojourn
from groma.sizing.values import ClassWork

REMEMBERED_GRIDS = 64
CLOSE = 1e-6
"""Some fifty times what comes round the grid at the most, e^-18."""


def all_in_time(chosen: Sequence[Candidate]) -> bool:
    """Whether 99 % of all requests, or of each class, are answered on the grid of the candidates."""
    share = share_in_time(chosen)
    if abs(share - ENOUGH) > CLOSE:
        return share > ENOUGH
    *others, last = chosen
    rest = reduce(last.grid.convolve, [c.times for c in others]) if others else at_zero(last.grid)
    return kept(shares([c.tier for c in chosen]), cumulated(rest), last.times)


def share_in_time(chosen: Sequence[Candidate]) -> float:
    """The share of all requests, or of the slowest class, that are answered on the grid of the candidates."""
    together = reduce(np.multiply, (_of_classes(each) for each in chosen))
    ended = (together @ _ended(chosen[0].grid)).real
    return float(np.min(shares([each.tier for each in chosen]) @ ended))


@lru_cache(maxsize=REMEMBERED_GRIDS)
def _ended(grid: Grid) -> Spectrum:
    """What makes of a damped transform the share of the times that end on the grid, as a scalar product.

    Σ_j irfft(S)_j / d_j = Σ_k Re(S_k · conj(rfft(1/d))_k · a_k / M): d the damping, M the length of the
    transform, and a_k 2 but for the first and the last, since a real inverse has each other frequency twice.
    """
    weights = np.conj(grid.spectrum(undamped(grid, np.ones(grid.steps))))
    length = 2 * (len(weights) - 1)
    weights[1:-1] *= 2
    return np.asarray(weights / length)


def _of_classes(candidate: Candidate) -> Spectrum:
    """The damped transforms of what a request of each class spends in a tier, all its visits together."""
    rate_per_s = candidate.tier.load.rate_per_s / candidate.survivors
    parts = [(share, _under(candidate, mixture)) for mixture, share in candidate.mixtures(rate_per_s)]
    return parts[0][1] if len(parts) == 1 else np.asarray(sum(share * each for share, each in parts))


def _under(candidate: Candidate, mixture: Mixture) -> Spectrum:
    """The same of each class, where the queues of a machine get a mixture of requests."""
    tier, grid, speed = candidate.tier, candidate.grid, candidate.choice.speed
    owns = [Service(work.service_s / speed, work.scv) for work in tier.work]
    visits = _visits(grid, tier.discipline == "processor-sharing", mixture, owns)
    return np.array([_in_series(grid, visits[own], work) for own, work in zip(owns, tier.work, strict=True)])


def _visits(
    grid: Grid, is_shared: bool, mixture: Mixture, owns: Sequence[Service]
) -> dict[Service, Spectrum]:
    """The damped transforms of one visit, by its service."""
    queue, at_once, different = mixture[:4], mixture[4], list(dict.fromkeys(owns))
    if not is_shared:
        return {own: sojourn_spectrum(grid, *queue, own, at_once=at_once) for own in different}
    times = np.array([shared_sojourn(grid, *queue, own, at_once=at_once) for own in different])
    return dict(zip(different, grid.spectrum(damped(grid, times)), strict=True))


def _in_series(grid: Grid, visit: Spectrum, work: ClassWork) -> Spectrum:
    """The damped transform of all visits of a class, one after the other, and of what it is away."""
    each = work.hit_share + (1 - work.hit_share) * visit if work.hit_share else visit
    whole = int(work.visits)
    rest, steps = work.visits - whole, grid.steps_of(work.away_s)
    factors = [_power(each, whole)] if whole else []
    factors += [(1 - rest) + rest * each] if rest else []
    factors += [_always(grid, steps)] if steps or not factors else []
    return reduce(np.multiply, factors)


def _power(each: Spectrum, times: int) -> Spectrum:
    """A transform by itself so often, by squares: numpy's powers of complex numbers are slow."""
    if times == 1:
        return each
    half = _power(each, times // 2)
    return np.asarray(half * half * each if times % 2 else half * half)


def _always(grid: Grid, steps: int) -> Spectrum:
    """The damped transform of a time of so many steps."""
    once = np.zeros(grid.steps)
    if steps < grid.steps:
        once[steps] = 1.0
    return grid.spectrum(damped(grid, once))
