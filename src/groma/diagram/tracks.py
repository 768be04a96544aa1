"""Tracks: every straight run of a way gets a line of its own within its level.

Runs of one level that overlap are ordered so that few of them cross where they turn off, then layered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from groma.diagram.routing import Path


@dataclass(frozen=True, slots=True)
class Run:
    """A straight part of a way: on `level` from `start` to `end` (start < end).

    An end at a card lies half a step before the card's node, so that runs at both sides of a card do not
    touch. `turns` says where the way goes on at either end: -1 up or left, 1 down or right, 0 at a card.
    """

    link: str
    number: int
    horizontal: bool
    level: int
    start: float
    end: float
    turns: tuple[int, int]

    def touches(self, other: Run, margin: float = 0.0) -> bool:
        """Whether both use some part of their level, or come nearer than a margin."""
        return self.start <= other.end + margin and other.start <= self.end + margin


def runs_of(link: str, path: Path) -> list[Run]:
    """The straight runs of a way, from its source to its target."""
    corners = [path[0]]
    for before, node, after in zip(path, path[1:], path[2:], strict=False):
        if (before[0] == node[0]) != (node[0] == after[0]):
            corners.append(node)
    corners.append(path[-1])
    found = []
    for number, (a, b) in enumerate(pairwise(corners)):
        horizontal = a[1] == b[1]
        along, across = (0, 1) if horizontal else (1, 0)
        before_turn = _sign(corners[number - 1][across] - a[across]) if number else 0
        after_turn = _sign(corners[number + 2][across] - b[across]) if number + 2 < len(corners) else 0
        turns = (before_turn, after_turn) if a[along] < b[along] else (after_turn, before_turn)
        ends = [float(a[along]), float(b[along])]
        inward = 0.5 * _sign(b[along] - a[along])
        ends[0] += inward if number == 0 else 0
        ends[1] -= inward if number + 2 == len(corners) else 0
        low, high = sorted(ends)
        found.append(Run(link, number, horizontal, a[across], low, high, turns))
    return found


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def by_level(runs: Iterable[Run]) -> dict[tuple[bool, int], list[Run]]:
    """Runs by (horizontal, level)."""
    found: dict[tuple[bool, int], list[Run]] = defaultdict(list)
    for run in runs:
        found[run.horizontal, run.level].append(run)
    return dict(found)


def crossings(first: Run, second: Run) -> int:
    """How often two runs must cross when the first lies before (above or left of) the second."""
    return sum(_crosses(first, second, 1)) + sum(_crosses(second, first, -1))


def _crosses(run: Run, other: Run, towards: int) -> Iterable[bool]:
    """For either end of a run that turns towards the other one: whether it crosses it."""
    for place, turn, inward in ((run.start, run.turns[0], 1), (run.end, run.turns[1], -1)):
        if turn != towards:
            continue
        if other.start < place < other.end:
            yield True
        for end, its_turn, its_inward in ((other.start, other.turns[0], 1), (other.end, other.turns[1], -1)):
            # both turn off into the same channel, towards each other, having come from the same side;
            # counted once, by the run that is before
            if end == place and its_turn == -towards and its_inward == inward and towards > 0:
                yield True


def ordered(runs: Sequence[Run], cost: Callable[[Run, Run], int] = crossings) -> list[Run]:
    """The runs in an order with few crossings: each is moved to where it crosses least, until none gains."""
    order = sorted(runs, key=lambda run: (sum(run.turns), run.start, run.end, run.link, run.number))
    for _ in range(3):
        changed = False
        for run in list(order):
            rest = [other for other in order if other is not run]
            total = sum(cost(run, other) for other in rest)
            prices = [total]
            for other in rest:
                total += cost(other, run) - cost(run, other)
                prices.append(total)
            place, now = min(range(len(prices)), key=prices.__getitem__), order.index(run)
            if prices[place] < prices[now]:
                order = [*rest[:place], run, *rest[place:]]
                changed = True
        if not changed:
            break
    return order


def layered(order: Sequence[Run]) -> dict[Run, int]:
    """Layer numbers from 0: a run lies below every earlier one that it touches."""
    layers: dict[Run, int] = {}
    for run in order:
        layers[run] = max((layers[other] + 1 for other in layers if other.touches(run)), default=0)
    return layers


def slots_in_row(order: Sequence[Run]) -> dict[Run, float]:
    """Places of the runs in a row of cells, counted from its middle.

    Runs that touch one another, directly or through others, are set around the middle together; if one
    of them goes straight from card to card, it lies in the middle.
    """
    slots: dict[Run, float] = {}
    for cluster in _clusters(order):
        layers = layered(cluster)
        straight = [layers[run] for run in cluster if run.turns == (0, 0)]
        middle = straight[len(straight) // 2] if straight else max(layers.values()) / 2
        slots.update({run: layer - middle for run, layer in layers.items()})
    return slots


def _clusters(order: Sequence[Run]) -> list[list[Run]]:
    clusters: list[list[Run]] = []
    for run in order:
        near = [cluster for cluster in clusters if any(run.touches(other) for other in cluster)]
        merged = [other for cluster in near for other in cluster] + [run]
        clusters = [cluster for cluster in clusters if cluster not in near] + [merged]
    return [sorted(cluster, key=list(order).index) for cluster in clusters]


Key = TypeVar("Key")


def spread(
    order: Sequence[Key],
    apart: Callable[[Key, Key], float],
    left: Mapping[Key, float],
    right: Mapping[Key, float],
    width: float,
) -> dict[Key, float]:
    """Positions across a channel of some width, as near to the middle of what is allowed as can be.

    `apart` is the least distance of two tracks in order (0: none), `left` and `right` what must stay
    free beside a track.
    """
    lowest = leftmost(order, apart, left)
    highest: dict[Key, float] = {}
    for key in reversed(order):
        bounds = [highest[o] - apart(key, o) for o in highest if apart(key, o) > 0]
        highest[key] = min([width - right[key], *bounds])
    return {key: (lowest[key] + highest[key]) / 2 for key in order}


def leftmost(
    order: Sequence[Key], apart: Callable[[Key, Key], float], left: Mapping[Key, float]
) -> dict[Key, float]:
    """The positions furthest to the left that keep the distances."""
    lowest: dict[Key, float] = {}
    for key in order:
        bounds = [lowest[o] + apart(o, key) for o in lowest if apart(o, key) > 0]
        lowest[key] = max([left[key], *bounds])
    return lowest
