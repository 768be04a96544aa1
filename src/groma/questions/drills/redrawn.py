"""Times of minutes that a simulation left out, or knows by a part of their requests: drawn anew.

Of many requests one of several minutes is simulated, and stands for the others. Taken as often as it stands
for others, what is rare in it would last for a quarter of an hour, which no chance does.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from groma.simulation.kernels.state import BINS_PER_OCTAVE, Floats
from groma.simulation.seen import Minute, Seen, Trimmed, trimmed

ENOUGH = 30_000
"""So many requests say how long the slowest of a hundred take: three hundred of them, known to 6 %."""
LEAST_NEAR, MOST_NEAR = 5, 60
"""So many minutes about one are asked for them, as far as they are like it."""
ALIKE = BINS_PER_OCTAVE / 4
"""So far the mean bins of minutes that are alike may lie apart: a fifth of a time."""


def redrawn(seen: Seen, seed: int, place: int = 0) -> Seen:
    """The same with times of its own for each minute that was not simulated as a whole.

    In each bin of its histogram stands a number that is Poisson distributed about what is expected there:
    its own number of requests, times the mean share of that bin in those near it that stand for others, too,
    and are like it: one with a backlog to answer is not.

    Args:
        seed, place: of what is drawn, and which region it is, so that no two draw the same.
    """
    standing = [number for number in range(len(seen.minutes)) if _stands_for_others(seen.minutes, number)]
    if not standing:
        return seen
    draw, others = np.random.default_rng((seed, place)), frozenset(standing)
    felt = _Near([seen.minutes[each].felt for each in standing])
    stayed = _Near([seen.minutes[each].stayed for each in standing])

    def minutes() -> Iterator[Minute]:
        for number, each in enumerate(seen.minutes):
            if each.simulated is None and number not in others:
                yield each
            else:
                place = bisect_right(standing, number) - 1
                own_felt, own_stayed = (
                    near.drawn(own, place, draw) for near, own in ((felt, each.felt), (stayed, each.stayed))
                )
                yield replace(each, felt=own_felt, stayed=own_stayed)

    return replace(seen, minutes=tuple(minutes()))


def _stands_for_others(minutes: Sequence[Minute], number: int) -> bool:
    """Whether a minute was simulated by a part of its requests, or is what later ones are taken to be."""
    own, follower = minutes[number].simulated, minutes[number + 1 : number + 2]
    return own != 0 and (own is not None or any(each.simulated == 0 for each in follower))


class _Near:
    """What share of all each bin has about each of some minutes, row by row, in those that are like it."""

    def __init__(self, parts: Sequence[Trimmed]) -> None:
        self.first = min(first for first, _ in parts)
        last = max(first + counts.shape[1] for first, counts in parts)
        seen = np.zeros((len(parts), parts[0][1].shape[0], last - self.first))
        for place, (first, counts) in enumerate(parts):
            seen[place, :, first - self.first : first - self.first + counts.shape[1]] = counts
        totals = seen.sum(axis=2)
        middles = seen @ np.arange(seen.shape[2]) / np.maximum(totals, 1)
        near = math.ceil(ENOUGH / max(float(totals.sum(axis=1).mean()), 1.0))
        near = min(max(near, LEAST_NEAR), MOST_NEAR)
        self.shares = [_shares(seen[_alike(middles, place, near)].sum(axis=0)) for place in range(len(parts))]

    def drawn(self, own: Trimmed, place: int, draw: np.random.Generator) -> Trimmed:
        """As many as there are of its own, more or less, by those about a place."""
        first, counts = trimmed(draw.poisson(self.shares[place] * own[1].sum(axis=1, keepdims=True)))
        return self.first + first, counts


def _alike(middles: Floats, place: int, near: int) -> list[int]:
    """Which of so many minutes about one are like it, by the mean bin of each row of each minute."""
    first = max(min(place - near // 2, len(middles) - near), 0)
    about = range(first, min(first + near, len(middles)))
    return [each for each in about if np.abs(middles[each] - middles[place]).max() <= ALIKE]


def _shares(counts: Floats) -> Floats:
    """Each row in parts of its sum; of an empty one nothing."""
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-300))
