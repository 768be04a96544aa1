"""Whether requests keep a goal, most often without making a distribution of any of their times.

The transform of a sum is the product of the transforms of its parts, so that of all tiers together one
inverse transform is enough, where distributions take three for each tier. Times are damped as those of a
queue are, so that what passes the grid hardly comes round; the share that keeps the goal is then within
`CLOSE` of the one that distributions say, which are asked where it is as close to the goal as that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, reduce

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
    grid, together = chosen[0].grid, (_of_classes(each) for each in chosen)
    mixed = shares([each.tier for each in chosen]) @ reduce(np.multiply, together)
    return float(np.min(undamped(grid, grid.inverse(mixed)).sum(axis=-1)))


def _of_classes(candidate: Candidate) -> Spectrum:
    """The damped transforms of what a request of each class spends in a tier, all its visits together."""
    rate_per_s = candidate.tier.load.rate_per_s / candidate.survivors
    parts = (
        np.multiply(share, list(_under(candidate, mixture)), dtype=complex)
        for mixture, share in candidate.mixtures(rate_per_s)
    )
    return reduce(np.add, parts)


def _under(candidate: Candidate, mixture: Mixture) -> Iterator[Spectrum]:
    """The same of each class, where the queues of a machine get a mixture of requests."""
    tier, grid, speed = candidate.tier, candidate.grid, candidate.choice.speed
    is_shared = tier.discipline == "processor-sharing"
    queue, at_once = mixture[:4], mixture[4]

    @cache
    def visit(own: Service) -> Spectrum:
        if is_shared:
            return grid.spectrum(damped(grid, shared_sojourn(grid, *queue, own, at_once=at_once)))
        return sojourn_spectrum(grid, *queue, own, at_once=at_once)

    for work in tier.work:
        each = visit(Service(work.service_s / speed, work.scv))
        if work.hit_share:
            each = work.hit_share + (1 - work.hit_share) * each
        whole = int(work.visits)
        rest, steps = work.visits - whole, grid.steps_of(work.away_s)
        factors = [_power(each, whole)] if whole else []
        factors += [(1 - rest) + rest * each] if rest else []
        factors += [_always(grid, steps)] if steps or not factors else []
        yield reduce(np.multiply, factors)


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
