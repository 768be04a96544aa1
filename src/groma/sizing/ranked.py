"""The candidates of one tier in order of cost, made only as far as anyone looks."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from groma.errors import Infeasible
from groma.sizing.candidates import (
    MOST_BUSY,
    Candidate,
    could_do,
    hard_limit,
    utilisation,
)
from groma.sizing.pools import LEAST_POOL, MOST_CONNECTIONS, joint_limit
from groma.sizing.queueing import Grid, erlang_c
from groma.sizing.values import Choice, Tier
from groma.terms import CALCULATOR_HOURS

MOST_PER_ZONE = 400
REMEMBERED = 256
"""Tiers whose least cost is kept: of two designs that differ in a quantity most tiers are the same."""
REMEMBERED_STOCKS = 32
"""Tiers whose machines are kept, up to some thousand each."""
NO_GRID = Grid(1.0, 1)
"""Of candidates whose times nobody asks for."""
HARDLY_BUSY = 0.002
"""Of processors that work apart: beyond this, more machines make a request faster by less than a 500th."""


class Ranked:
    """The candidates of a tier that could be in time, cheapest first, made only as far as anyone looks.

    A queue holds of each choice the next number of machines, at what it costs at least, and candidates at
    what they cost; limits and times are looked at when something comes to its head, and never of what is
    dearer than anyone asks for. More machines of a choice never cost less, and requests never take longer on
    them: what is fewer than a number that is late is late, and what is more than one that is not is not.

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
        self._grid, self._stock = grid, _stock(tier)
        self._queue = self._stock.fewest.copy()
        self._made: list[Candidate] = []
        self._known: dict[str, tuple[float, float]] = {}  # of a kind: so many are late, so many are not
        self.least_usd = next((each.usd_per_month for each in self), math.inf)
        if not self._is_large:
            raise Infeasible(
                f"no machine in the catalog is large enough for the {tier.name} tier{_largest(tier)}",
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
            if isinstance(entry.of, Choice):
                heapq.heappush(self._queue, self._stock.fewest_of(entry.of, entry.per_zone))
            elif not entry.is_candidate:
                self._look_at(entry.of)
            elif not self._is_late(entry.of):
                return entry.of
        return None

    def _is_late(self, candidate: Candidate) -> bool:
        kind, number = _capacity(candidate)
        late, enough = self._known.get(kind, (0, math.inf))
        if number <= late or number >= enough:
            return number <= late
        if self._fits(candidate):
            self._known[kind] = late, number
            return False
        self._known[kind] = number, enough
        if late and candidate.tier.scales:
            self._go_on(candidate, kind, enough)
        return True

    def _go_on(self, late: Candidate, kind: str, enough: float) -> None:
        """Find in growing steps how many more machines of a kind are too few, too."""
        step, more = 1, late
        while (per_zone := more.per_zone + step) <= MOST_PER_ZONE:
            more = replace(more, per_zone=per_zone)
            number = _capacity(more)[1]
            if number >= enough:
                return
            if self._fits(more):
                self._known[kind] = self._known[kind][0], number
                return
            self._known[kind] = number, enough
            step *= 2

    def _look_at(self, candidate: Candidate) -> None:
        """Queue a number of machines where it keeps its limits, and the next as long as that could matter."""
        keeps, more = self._stock.look_at(candidate)
        if keeps:
            self._is_large = True
            if not self._could(candidate.choice.speed):
                return
            priced = self._price(replace(candidate, grid=self._grid))
            heapq.heappush(self._queue, _entry(priced, is_candidate=True))
        if more is not None:
            heapq.heappush(self._queue, more)


class _Stock:
    """What is the same of a tier whatever its goal: what so many machines cost, and whether they keep limits.

    `fewest` is a heap of the least numbers of each choice, by what they cost at the least: most are never
    looked at. Candidates have no grid of their own.
    """

    def __init__(self, tier: Tier) -> None:
        self._tier = tier
        self.fewest = [
            _Entry(least_usd_per_month(tier, choice, number), choice.name, number, choice, False)
            for choice, number in _fewest(tier)
        ]
        heapq.heapify(self.fewest)
        self._fewest: dict[str, _Entry] = {}
        self._seen: dict[tuple[str, int], tuple[bool, _Entry | None]] = {}

    def fewest_of(self, choice: Choice, number: int) -> _Entry:
        """The least number of a choice, by what they cost."""
        if choice.name not in self._fewest:
            self._fewest[choice.name] = _entry(Candidate(self._tier, choice, number, NO_GRID))
        return self._fewest[choice.name]

    def look_at(self, candidate: Candidate) -> tuple[bool, _Entry | None]:
        """Whether a number of machines keeps its limits, and the next where more could matter."""
        key = (candidate.choice.name, candidate.per_zone)
        if key not in self._seen:
            keeps, number = hard_limit(candidate) is None, candidate.per_zone
            is_last = not candidate.tier.scales or number >= MOST_PER_ZONE
            is_last = is_last or (keeps and _hardly_waits(candidate))
            more = None if is_last else _entry(replace(candidate, per_zone=number + 1))
            self._seen[key] = keeps, more
        return self._seen[key]


@lru_cache(maxsize=REMEMBERED_STOCKS)
def _stock(tier: Tier) -> _Stock:
    return _Stock(tier)


def _capacity(candidate: Candidate) -> tuple[str, int]:
    """Of what kind machines are, and how many of it; requests take as long on as many of one kind.

    Where every processor is a queue of its own, one of a speed is as any other, in whatever machine it is.
    """
    choice, per_zone = candidate.choice, candidate.per_zone
    return (f"{choice.speed}", per_zone * choice.vcpu) if candidate.tier.apart else (choice.name, per_zone)


class _Entry(NamedTuple):
    """Something in the queue of `Ranked`; the first three put it in order, and are different for all.

    It is of a choice, with what it costs at the least; a number of machines, with what they cost; or a
    candidate.
    """

    usd: float
    name: str
    per_zone: int
    of: Choice | Candidate
    is_candidate: bool


def _entry(candidate: Candidate, *, is_candidate: bool = False) -> _Entry:
    """A candidate, or a number of machines that may become one."""
    return _Entry(candidate.usd_per_month, candidate.choice.name, candidate.per_zone, candidate, is_candidate)


def least_usd_per_month(tier: Tier, choice: Choice, per_zone: int) -> float:
    """What so many machines of a choice with a price cost a month at the least, without looking at each hour:
    no more than `Candidate.usd_per_month`, with a billionth for rounding.
    """
    machines: float = tier.copies or per_zone * tier.zones
    if tier.scales and not tier.copies:
        machines = tier.zones * max(per_zone * sum(tier.hourly) / len(tier.hourly), 1.0)
    on_demand_usd = math.inf if choice.usd_per_hour is None else choice.usd_per_hour
    reserved_usd = math.inf
    if choice.buying != "on-demand":
        reserved_usd = (choice.reserved_usd_per_hour or 0.0) + choice.extra_usd_per_hour
    return machines * min(on_demand_usd, reserved_usd) * CALCULATOR_HOURS * (1 - 1e-9) - 1e-6


def least_usd(tiers: Sequence[Tier]) -> float:
    """What machines that keep every limit but the goal for the p99 cost a month at the least: a bound."""
    return sum(_least_of(tier) for tier in tiers)


def crowded(tiers: Sequence[Tier]) -> str:
    """Whose connections no server of another tier accepts, with one for each process; empty where none are.

    A bound: so few machines as are not overloaded, and of each process one connection, to each database that
    takes writes from all regions.
    """
    by_name = {tier.name: tier for tier in tiers}
    for server in tiers:
        accepted = max((choice.max_connections or 0 for choice in server.choices), default=0)
        if server.clients not in by_name or not accepted:
            continue
        clients = by_name[server.clients]
        fewest = (Candidate(clients, choice, number, NO_GRID) for choice, number in _fewest(clients))
        kept = (each.most_machines * max(LEAST_POOL, each.processes) for each in fewest)
        least = min(kept, default=0) * max(server.writers, 1)
        if least > MOST_CONNECTIONS * accepted:
            return (
                f"no {server.name} in the catalog accepts what the {server.clients} tier keeps: {least:,} "
                f"connections at the least, {MOST_CONNECTIONS:.0%} of {accepted:,} at the most"
            )
    return ""


def is_served(clients: Tier, servers: Tier) -> bool:
    """Whether some servers accept the connections that some of their clients keep, whatever either costs.

    Looked at are so few clients as are not overloaded, and twice and four times as many, and as many
    servers as there may be.
    """
    each_zone = MOST_PER_ZONE if servers.scales else 1
    most = [Candidate(servers, choice, each_zone, NO_GRID) for choice in servers.choices]
    few = (
        Candidate(clients, choice, min(least * times, MOST_PER_ZONE), NO_GRID)
        for choice, least in _fewest(clients)
        for times in (1, 2, 4)
    )
    return any(joint_limit((each, server)) is None for each in few for server in most)


@lru_cache(maxsize=REMEMBERED)
def _least_of(tier: Tier) -> float:
    try:
        return Ranked(
            tier, NO_GRID, price=lambda each: each, could=lambda speed: True, fits=lambda each: True
        ).least_usd
    except Infeasible:
        return 0.0


def _largest(tier: Tier) -> str:
    """What even the largest choice misses, for the message; empty when none has a price."""
    priced = [choice for choice in tier.choices if choice.priced]
    if not priced:
        return ": none has a price"
    most = max(priced, key=lambda c: (c.vcpu * c.speed, c.mem_gib, c.name))
    miss = hard_limit(Candidate(tier, most, MOST_PER_ZONE if tier.scales else 1, NO_GRID))
    return "" if miss is None else f": {most.name} misses {miss[0]}, {miss[1]}"


def _fewest(tier: Tier) -> Iterator[tuple[Choice, int]]:
    """Every choice with a price, and the least machines of it per zone that are not overloaded."""
    for choice in tier.choices:
        if choice.priced and could_do(tier, choice):
            least = max(math.ceil(utilisation(tier, choice, 1) / MOST_BUSY), 1) if tier.scales else 1
            if least <= MOST_PER_ZONE:
                yield choice, least


def _hardly_waits(candidate: Candidate) -> bool:
    """Whether so few requests wait that more machines of the kind do not matter."""
    if candidate.tier.apart:
        return candidate.utilisation < HARDLY_BUSY
    return erlang_c(candidate.choice.vcpu, candidate.utilisation * candidate.choice.vcpu) < 1e-4
