"""What a component can be seen doing in a simulated minute: its requests, its failures, its servers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from groma.architecture import Architecture
from groma.monitoring.idle import Watched
from groma.simulation.histogram import edges_s
from groma.simulation.kernels.state import LOST, NO_TARGET, REFUSED, Floats, Ints
from groma.simulation.seen import Minute, Seen, Trimmed, added

Points = Sequence[tuple[float, float]]
"""What a metric is published to read in a minute, each value with how often; none when it is not."""
FINE = 0.8
"""From this share of times on every bin is kept; those below are one value, their mean. A p90 or p99 of some
minutes lies above in each, unless one of them is less than a twentieth as busy as the others."""
SERVED_WRONG = (int(REFUSED), int(NO_TARGET), int(LOST))
"""Outcomes that a load balancer counts as errors; a client that waits no longer is none."""


@dataclass(frozen=True, eq=False)
class Sight:
    """A component through the minutes.

    Attributes:
        component: itself; architecture: its part of the design.
        region: what was seen of its region; of what stands outside all regions, of the first.
        every: what was seen of all regions.
        row: which tier or function it is, or stands before; None for neither.
        place: which simulated minute stands for a minute of the drill.
        deepest: the tier that fails when requests do; the ones before it pass that on.
        failing: tier → share of its answers that are errors, by minute of the drill.
        seed: of how many these are.
        pools: connections that each server of a tier keeps to a database.
        edge: requests at the edge for each that reaches the servers.
        instance: which instance of a cluster its metric is of, from 0; None of all of it.
    """

    component: Any
    architecture: Architecture
    region: Seen
    every: tuple[Seen, ...]
    row: int | None
    place: Callable[[int], int]
    deepest: int
    failing: Mapping[int, Floats]
    seed: int
    pools: Mapping[int, int]
    edge: float
    instance: int | None = None

    def minute(self, number: int) -> Minute:
        """What was seen of its region in a minute of the drill."""
        return self.region.minutes[self.place(number)]

    def minutes_without_home(self, number: int) -> int:
        """For how many minutes until this one no server of the first region's last tier has answered."""
        home = self.every[0].minutes[: self.place(number) + 1]
        serves = (any(each is not None for each in minute.each_cpu[-1]) for minute in reversed(home))
        return next((past for past, it_does in enumerate(serves) if it_does), len(home))

    def like(self, number: int) -> tuple[float, ...]:
        """Minutes that are alike in this are alike in all that is seen of requests and servers."""
        fails = any(each[number] for each in self.failing.values())
        return (float(self.place(number)), float(number) if fails else -1.0)

    @cached_property
    def watched(self) -> Watched:
        """As the idle table asks for it."""
        return Watched(self.component, self.architecture)

    def requests(self, number: int) -> float:
        """Requests, or visits, that come to its tier in a minute."""
        minute, row = self.minute(number), self.row or 0
        if row == 0:
            return float(minute.asked.sum()) + minute.retried
        return float(added([minute.stayed], len(minute.cpu))[row].sum()) + self._broken(minute, row)

    def errors(self, number: int) -> tuple[float, float]:
        """Errors that its tier, or what is behind it, answers, and those of a balancer without a server."""
        minute, row = self.minute(number), self.row or 0
        broken = self._broken(minute, row)
        share = max((float(each[number]) for at, each in self.failing.items() if at >= row), default=0.0)
        answered = max(self.requests(number) - broken, 0.0)
        own = broken if row == self.deepest else 0.0
        return self.drawn(number, answered, share) + broken - own, own

    def drawn(self, number: int, answered: float, share: float) -> int:
        """Of so many answers of a minute the number that are errors, where a share of all is: drawn, alike
        for all in a region that see as many."""
        if not share:
            return 0
        key = (self.seed, self.every.index(self.region), number)
        return int(np.random.default_rng(key).binomial(round(answered), share))

    def all_errors(self, number: int) -> tuple[float, float]:
        """Requests of users in all regions, and those that fail."""
        both = [self._of(seen).errors(number) for seen in self.every]
        asked = sum(self._of(seen).requests(number) for seen in self.every)
        return asked, sum(map(sum, both))

    def _of(self, seen: Seen) -> Sight:
        return replace(self, region=seen, row=0)

    def _broken(self, minute: Minute, row: int) -> float:
        ended = minute.outcomes.sum(axis=0) if minute.attempts is None else minute.attempts
        return float(sum(ended[each] for each in SERVED_WRONG)) if row <= self.deepest else 0.0

    def times(self, number: int) -> Points:
        """Seconds that visits of its tier took, with those behind it."""
        minute = self.minute(number)
        return self._spread(minute.stayed, lambda: added([minute.stayed], len(minute.cpu))[self.row or 0])

    def felt(self, number: int) -> Points:
        """Seconds that users waited."""
        minute = self.minute(number)
        return self._spread(minute.felt, lambda: added([minute.felt], minute.asked.size).sum(axis=0))

    def _spread(self, counted: Trimmed, counts: Callable[[], Ints]) -> Points:
        """A histogram as values; minutes that are taken to be as another have its histogram."""
        if id(counted) not in self._known:
            self._known[id(counted)] = spread(counts())
        return self._known[id(counted)]

    @cached_property
    def _known(self) -> dict[int, Points]:
        return {}

    @property
    def own(self) -> int | None:
        """Which server of its tier it is: a master the first, its replicas the others; None of all of it."""
        if self.instance is not None:
            return self.instance
        number = getattr(self.component, "number", 1)
        return {"master": 0, "replica": number}.get(getattr(self.component, "role", ""))

    def cpu_of(self, minute: Minute, place: int) -> float | None:
        """Share of CPU in use of one server; None where it does not answer."""
        servers = minute.each_cpu[self.row or 0]
        return servers[place] if place < len(servers) else None

    @cached_property
    def credits(self) -> tuple[Floats, Floats]:
        """CPU credits that its machines hold, and surplus ones that were charged, by simulated minute.

        A machine that has run for a day holds what it earns in one; each vCPU-minute spends a credit.
        """
        choice = self.component.size.choice
        earned, most = choice.baseline * choice.vcpu, choice.baseline * choice.vcpu * 1440
        held, charged, balance = [], [], most
        for minute in self.region.minutes:
            balance += earned - self._busy(minute) * choice.vcpu
            charged.append(max(-most - balance, 0.0))
            balance = min(max(balance, -most), most)
            held.append(max(balance, 0.0))
        return np.array(held), np.array(charged)

    def _busy(self, minute: Minute) -> float:
        own = self.own
        return minute.cpu[self.row or 0] if own is None else self.cpu_of(minute, own) or 0.0


def spread(counts: Ints) -> Points:
    """A histogram as values with how often each was seen: the slowest bin by bin, the rest as their mean."""
    there = np.flatnonzero(counts)
    if not there.size:
        return ()
    edges = edges_s()
    values, often = np.sqrt(edges[there] * edges[there + 1]), counts[there]
    cut = int(np.searchsorted(np.cumsum(often), FINE * often.sum()))
    fine = [(float(value), float(count)) for value, count in zip(values[cut:], often[cut:], strict=True)]
    below = float(often[:cut].sum())
    return [(float((values[:cut] * often[:cut]).sum() / below), below), *fine] if below else fine
