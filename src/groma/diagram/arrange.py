"""In which rows of a free column components stand, so that their links are short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, permutations
from math import perm

from groma.architecture import Link

MOST_TRIED = 3000
_TO_MIDDLE = 0.2
_OUT_OF_ORDER = 0.1
_IN_THE_WAY = 1.5


def best_rows(
    components: Sequence[str],
    rows: Sequence[int],
    links: Iterable[Link],
    placed: Mapping[str, float],
    passed: Mapping[int, int],
) -> tuple[int, ...]:
    """A row of its own for each component: nearest to what it is linked with, then to the middle.

    `placed` holds the rows of components that already stand, `passed` how many links go straight through
    the column in a row, for which that row is better kept free. All arrangements are tried as long as they
    are few; otherwise the components take their rows in order, spread over the column.
    """
    if perm(len(rows), len(components)) > MOST_TRIED:
        return tuple(rows[int((n + 0.5) * len(rows) / len(components))] for n in range(len(components)))
    number = {component: n for n, component in enumerate(components)}
    fixed: list[tuple[int, float]] = []
    inner: list[tuple[int, int]] = []
    for link in links:
        a, b = number.get(link.source), number.get(link.target)
        if a is not None and b is not None:
            inner.append((a, b))
        elif a is not None and link.target in placed:
            fixed.append((a, placed[link.target]))
        elif b is not None and link.source in placed:
            fixed.append((b, placed[link.source]))
    middle = (rows[0] + rows[-1]) / 2

    def cost(chosen: tuple[int, ...]) -> float:
        lengths = sum(abs(chosen[n] - row) for n, row in fixed)
        lengths += sum(abs(chosen[a] - chosen[b]) for a, b in inner)
        lengths += _IN_THE_WAY * sum(passed.get(row, 0) for row in chosen)
        disorder = sum(1 for a, b in pairwise(chosen) if a > b)
        return lengths + _TO_MIDDLE * sum(abs(r - middle) for r in chosen) + _OUT_OF_ORDER * disorder

    return min(permutations(rows, len(components)), key=lambda chosen: (round(cost(chosen), 6), chosen))
