"""The candidates of one tier in order of cost, made only as far as anyone looks."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from groma.errors import Infeasible
from groma.sizing.candidates import MOST_BUSY, Candidate, could_do, grid_for, hard_limit
from groma.sizing.pools import LEAST_POOL, MOST_CONNECTIONS
from groma.sizing.queueing import Grid, erlang_c
from groma.sizing.values import Tier

MOST_PER_ZONE = 400
REMEMBERED = 256
"""Tiers whose least cost is kept: of two designs that differ in a quantity most tiers are the same."""
HARDLY_BUSY = 0.002
"""Of processors that work apart: beyond this, more machines make a request faster by less than a 500th."""


class Ranked:
    """The candidates of a tier that could be in time, cheapest first, made only as far as anyone looks.

    A queue holds of each choice the next number of machines, at what it costs at least, and candidates at
    what they cost; limits and times are looked at when something comes to its head, and never of what is
    dearer than anyone asks for. More machines of a choice never cost less.

    Args:
        price: makes of a candidate the one that costs what it costs at least, whatever the other tiers are.
        could: whether machines of a speed might be in time, whatever the other tiers are.
        fits: whether a candidate might be.

    Raises:
        Infeasible: none keeps the limits that are not latency.
    """

    def __init__(
        self,
        tier: Tier,
        grid: Grid,
        price: Callable[[Candidate], Candidate],
        could: Callable[[float], bool],
        fits: Callable[[Candidate], bool],
    ) -> None:
        self._price, self._could, self._fits, self._is_large = price, could, fits, False
        self._queue = [_Entry.of(candidate) for candidate in _fewest(tier, grid)]
        heapq.heapify(self._queue)
        self._made: list[Candidate] = []
        self.least_usd = next((each.usd_per_month for each in self), math.inf)
        if not self._is_large:
            raise Infeasible(
                f"no machine in the catalog is large enough for the {tier.name} tier{_largest(tier, grid)}",
                hint="split the load over more regions, or lower the work of a request"
                + ("; or raise machines.most, where it is stated" if tier.most < math.inf else ""),
            )

    def __iter__(self) -> Iterator[Candidate]:
        for position in itertools.count():
            if position == len(self._made):
                candidate = self._next()
                if candidate is None:
                    return
                self._made.append(candidate)
            yield self._made[position]

    def _next(self) -> Candidate | None:
        """The next cheapest that could be in time."""
        while self._queue:
            entry = heapq.heappop(self._queue)
            if not entry.is_candidate:
                self._look_at(entry.candidate)
            elif self._fits(entry.candidate):
                return entry.candidate
        return None

    def _look_at(self, candidate: Candidate) -> None:
        """Queue a number of machines where it keeps its limits, and the next as long as that could matter."""
        keeps, number = hard_limit(candidate) is None, candidate.per_zone
        if keeps:
            self._is_large = True
            if not self._could(candidate.choice.speed):
                return
            heapq.heappush(self._queue, _Entry.of(self._price(candidate), is_candidate=True))
        if not candidate.tier.scales or number >= MOST_PER_ZONE or (keeps and _hardly_waits(candidate)):
            return
        more = Candidate(candidate.tier, candidate.choice, number + 1, candidate.grid)
        heapq.heappush(self._queue, _Entry.of(more))


class _Entry(NamedTuple):
    """Something in the queue of `Ranked`; the first three put it in order, and are different for all."""

    usd: float
    name: str
    per_zone: int
    candidate: Candidate
    is_candidate: bool

    @classmethod
    def of(cls, candidate: Candidate, *, is_candidate: bool = False) -> _Entry:
        """A candidate, or a number of machines that may become one."""
        price, choice = candidate.usd_per_month, candidate.choice
        return cls(price, choice.name, candidate.per_zone, candidate, is_candidate)


def least_usd(tiers: Sequence[Tier], p99_ms: float) -> float:
    """What machines that keep every limit but the goal for the p99 cost a month at the least: a bound."""
    grid = grid_for(tiers, p99_ms)
    return sum(_least_of(tier, grid) for tier in tiers)


def crowded(tiers: Sequence[Tier], grid: Grid) -> str:
    """Whose connections no server of another tier accepts, with one for each process; empty where none are.

    A bound: so few machines as are not overloaded, and of each process one connection, to each database that
    takes writes from all regions.
    """
    by_name = {tier.name: tier for tier in tiers}
    for server in tiers:
        accepted = max((choice.max_connections or 0 for choice in server.choices), default=0)
        if server.clients not in by_name or not accepted:
            continue
        fewest = _fewest(by_name[server.clients], grid)
        kept = (each.most_machines * max(LEAST_POOL, each.processes) for each in fewest)
        least = min(kept, default=0) * max(server.writers, 1)
        if least > MOST_CONNECTIONS * accepted:
            return (
                f"no {server.name} in the catalog accepts what the {server.clients} tier keeps: {least:,} "
                f"connections at the least, {MOST_CONNECTIONS:.0%} of {accepted:,} at the most"
            )
    return ""


@lru_cache(maxsize=REMEMBERED)
def _least_of(tier: Tier, grid: Grid) -> float:
    try:
        return Ranked(
            tier, grid, price=lambda each: each, could=lambda speed: True, fits=lambda each: True
        ).least_usd
    except Infeasible:
        return 0.0


def _largest(tier: Tier, grid: Grid) -> str:
    """What even the largest choice misses, for the message; empty when none has a price."""
    priced = [choice for choice in tier.choices if choice.priced]
    if not priced:
        return ": none has a price"
    most = max(priced, key=lambda c: (c.vcpu * c.speed, c.mem_gib, c.name))
    miss = hard_limit(Candidate(tier, most, MOST_PER_ZONE if tier.scales else 1, grid))
    return "" if miss is None else f": {most.name} misses {miss[0]}, {miss[1]}"


def _fewest(tier: Tier, grid: Grid) -> Iterator[Candidate]:
    """Of every choice with a price the least machines per zone that are not overloaded."""
    for choice in tier.choices:
        if choice.priced and could_do(tier, choice):
            one = Candidate(tier, choice, 1, grid)
            least = max(math.ceil(one.utilisation / MOST_BUSY), 1) if tier.scales else 1
            if least <= MOST_PER_ZONE:
                yield one if least == 1 else Candidate(tier, choice, least, grid)


def _hardly_waits(candidate: Candidate) -> bool:
    """Whether so few requests wait that more machines of the kind do not matter."""
    if candidate.tier.apart:
        return candidate.utilisation < HARDLY_BUSY
    return erlang_c(candidate.choice.vcpu, candidate.utilisation * candidate.choice.vcpu) < 1e-4
