"""Why not another size: the neighbours of what was chosen, the goal each misses and its price."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce

from groma.sizing.candidates import Candidate, Miss, hard_limit, shares
from groma.sizing.pools import joint_limit
from groma.sizing.queueing import Distribution, Grid, at_zero
from groma.sizing.scaling import Targets
from groma.sizing.values import Rejected

SHORT = 4
LONG = 12


class Reasons:
    """What is wrong with the candidates that could stand in the place of one of the chosen."""

    def __init__(self, chosen: Sequence[Candidate], position: int, goal_s: float, targets: Targets) -> None:
        self.chosen, self.position, self.goal_s = tuple(chosen), position, goal_s
        self.targets = targets
        self.mine = self.chosen[position]
        self.grid: Grid = self.mine.grid
        self.shares = shares([c.tier for c in self.chosen])
        others = [c.times for i, c in enumerate(self.chosen) if i != position]
        self.rest: Distribution = reduce(self.grid.convolve, others, at_zero(self.grid))

    def miss(self, other: Candidate) -> Miss | None:
        """The goal that the design misses with another candidate in this place; None when it keeps all."""
        return hard_limit(other) or joint_limit(self._with(other)) or self._late(other)

    def _with(self, other: Candidate) -> tuple[Candidate, ...]:
        return (*self.chosen[: self.position], other, *self.chosen[self.position + 1 :])

    def _late(self, other: Candidate) -> Miss | None:
        reached = self.grid.quantile(self.shares @ self.grid.convolve(self.rest, other.times), 0.99)
        if reached <= self.goal_s:
            return None
        text = "beyond measure" if math.isinf(reached) else f"{reached * 1000:.0f} ms"
        return "p99", f"{text} for {self.goal_s * 1000:g} ms"

    def rejected(self, other: Candidate, differs: str = "") -> Rejected:
        """Another candidate with what it misses, or with how much more or less it costs when it does not."""
        miss = self.miss(other)
        usd = other.usd_per_month
        if miss is None:
            together = self.targets.settled(self._with(other))
            usd = together[self.position].usd_per_month
            more = sum(c.usd_per_month for c in together) - sum(c.usd_per_month for c in self.chosen)
            miss = ("price", f"${more:,.2f} more") if more >= 0 else ("nothing", f"${-more:,.2f} less")
        if not other.choice.stand_in:
            return Rejected(other.tier.name, other.option, *miss, usd, differs)
        miss = (miss[0], "by prices of another region") if miss[0] in ("price", "nothing") else miss
        return Rejected(other.tier.name, other.option, *miss, None, differs)

    def short_list(self) -> Iterator[Rejected]:
        """The few next cheaper, which miss a goal, and the next dearer, which only cost more."""
        for candidate in _next_cheaper(self.mine, _singles(self.mine), SHORT):
            yield self.rejected(candidate)
        for candidate in self._dearer(SHORT):
            yield self.rejected(candidate)

    def long_list(self) -> tuple[Rejected, ...]:
        """Every kind of neighbour: count, size, family, and what is cheaper."""
        listed = [
            *((c, "count") for c in _other_counts(self.mine)),
            *((c, "size") for c in _other_sizes(self.mine)),
            *((c, "family") for c in self._families()),
            *((c, "cheaper") for c in _next_cheaper(self.mine, _dearest_below(self.mine), LONG)),
        ]
        seen = {self.mine.option}
        rows: list[Rejected] = []
        for candidate, differs in listed:
            if candidate.option not in seen:
                seen.add(candidate.option)
                rows.append(self.rejected(candidate, differs))
        return tuple(rows)

    def _dearer(self, number: int) -> list[Candidate]:
        """The cheapest that keep every goal, one of each type, in order of price, looked at no further."""
        each = [_from_price(single, self.mine.usd_per_month) for single in _singles(self.mine)]
        kept: dict[str, Candidate] = {}
        for candidate in heapq.merge(*each, key=lambda c: (c.usd_per_month, c.choice.name)):
            name = candidate.choice.name
            if name != self.mine.choice.name and name not in kept and self.miss(candidate) is None:
                kept[name] = candidate
            if len(kept) == number:
                break
        return list(kept.values())

    def _families(self) -> list[Candidate]:
        """The cheapest of each other family that keeps every goal, in order of price."""
        best: dict[str, Candidate] = {}
        for candidate in sorted(self._cheapest_of_each(), key=lambda c: (c.usd_per_month, c.choice.name)):
            best.setdefault(family(candidate), candidate)
        best.pop(family(self.mine), None)
        return list(best.values())

    def _cheapest_of_each(self) -> Iterator[Candidate]:
        for choice in self.mine.tier.choices:
            if choice == self.mine.choice or not choice.priced:
                continue
            counts = (
                replace(self.mine, choice=choice, per_zone=n, least=1)
                for n in _counts(self.mine, choice.vcpu)
            )
            kept = next((c for c in counts if self.miss(c) is None), None)
            if kept is not None:
                yield kept


def family(candidate: Candidate) -> str:
    """`m7g` of `m7g.large` and of `db.m7g.large`."""
    return candidate.choice.family or candidate.choice.name.rsplit(".", 1)[0]


def _from_price(single: Candidate, usd: float) -> Iterator[Candidate]:
    """A choice in rising counts, from those that cost no less than `usd` a month."""
    least = math.ceil(usd / single.usd_per_month - 1e-9)
    for per_zone in range(max(1, least), 4 * least + 2 if single.tier.scales else 2):
        candidate = replace(single, per_zone=per_zone)
        if candidate.usd_per_month >= usd:
            yield candidate


def _counts(mine: Candidate, vcpu: int) -> Iterable[int]:
    """Counts per zone of another type, from a little less CPU than the chosen has to much more."""
    if not mine.tier.scales:
        return (1,)
    same = mine.per_zone * mine.choice.vcpu / vcpu
    return range(max(1, int(same / 2)), max(2, math.ceil(same * 2)) + 1)


def _singles(mine: Candidate) -> Iterator[Candidate]:
    """One machine per zone of every choice with a price, whatever limit it breaks."""
    for choice in mine.tier.choices:
        if choice.priced:
            yield replace(mine, choice=choice, per_zone=1, least=1)


def _dearest_below(mine: Candidate) -> Iterator[Candidate]:
    """Of every choice the largest count that costs less than the chosen."""
    for single in _singles(mine):
        most = 2 * math.ceil(mine.usd_per_month / single.usd_per_month) if mine.tier.scales else 1
        counts = range(most, 0, -1)
        options = (replace(single, per_zone=n) for n in counts)
        below = next((c for c in options if c.usd_per_month < mine.usd_per_month), None)
        if below is not None:
            yield below


def _next_cheaper(mine: Candidate, candidates: Iterable[Candidate], number: int) -> list[Candidate]:
    cheaper = [c for c in candidates if c.usd_per_month < mine.usd_per_month]
    return sorted(cheaper, key=lambda c: (-c.usd_per_month, c.choice.name))[:number]


def _other_counts(mine: Candidate) -> Iterator[Candidate]:
    if mine.tier.scales:
        if mine.per_zone > 1:
            yield replace(mine, per_zone=mine.per_zone - 1, least=1)
        yield replace(mine, per_zone=mine.per_zone + 1, least=1)


def _other_sizes(mine: Candidate) -> Iterator[Candidate]:
    """The next smaller and the next larger size of the same family, as many of them as were chosen."""
    same = [c for c in _singles(mine) if family(c) == family(mine)]
    same.sort(key=lambda c: (c.choice.vcpu * c.choice.speed, c.choice.mem_gib))
    at = next(i for i, c in enumerate(same) if c.choice == mine.choice)
    for index in (at - 1, at + 1):
        if 0 <= index < len(same):
            yield replace(same[index], per_zone=mine.per_zone)
