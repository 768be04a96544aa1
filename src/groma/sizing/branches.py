"""Branch and bound over (choice, machines per zone) of every tier, with bounds that are exact for the model.

Nothing is decided by an approximation of p99. A candidate is passed over

- when it misses the goal though no request ever waits in any tier that is not yet decided, or waits in it no
  longer than on machines as fast that do nothing else;
- when what it and the tiers before it cost, with the least that those behind it cost, is no less than a
  design that is known to keep the goal.

The least that the tiers behind a candidate cost is that of a chain in which every two neighbours keep the
goal and their limits together, while no request waits in any other tier:

    behind(c) = min { usd(d) + behind(d) : d in the next tier, P(X_c + X_d + F ≤ t) ≥ 99 %, limits kept }

with F the time of all other tiers on their fastest machines when nothing waits. More is asked of any design,
so that none behind c costs less. A chain is often far dearer than the cheapest machines of each tier: where
many small servers do well, they need a database that accepts their connections. What a group costs that must
not shrink in the night is known only when all tiers are decided, and is never less than if it did.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, reduce

from groma.sizing.candidates import Candidate, at_best, shares, top_speed
from groma.sizing.pools import MOST_CONNECTIONS, joint_limit, least_kept
from groma.sizing.queueing import Distribution, Grid, Spectrum, at_zero
from groma.sizing.ranked import MOST_PER_ZONE, Ranked, crowded
from groma.sizing.scaling import ENOUGH, Targets, cumulated, kept, share_kept
from groma.sizing.values import Tier

SURE = 1e-9
"""By how much a bound must miss a share or a sum before it counts: rounding never decides."""


class Branches:
    """Depth first over the tiers in order, candidates of each in order of cost.

    The grid ends at the goal: a design keeps it when 99 % of the time of a request lies on the grid.
    """

    def __init__(self, tiers: Sequence[Tier], grid: Grid, goal_s: float) -> None:
        self.tiers, self.grid, self.shares = tiers, grid, shares(tiers)
        self.targets = Targets(tiers, grid, goal_s)
        self._bounds: dict[tuple[int, float], Distribution] = {}
        depths = range(len(tiers))
        self._near = [self._alone(depth, top_speed(tiers[depth])) for depth in depths]
        self.rest = [_in_a_row(grid, self._near[depth + 1 :]) for depth in depths]
        self._rest_spectra = [grid.spectrum(rest) for rest in self.rest]
        self._spectra: dict[int, Spectrum] = {}
        # Each by itself, in any order: what does not grow has few candidates, and is soonest found too small.
        ranked = {depth: self._ranked(depth) for depth in sorted(depths, key=lambda d: tiers[d].scales)}
        self.ranked = [ranked[depth] for depth in depths]
        self._beside_spectra: dict[int, Spectrum] = {}
        self._together: dict[int, Distribution] = {}
        self._behind: dict[int, tuple[float, Candidate | None]] = {}
        self.least = [0.0] * len(tiers)
        self.best_usd = math.inf
        self.chosen: tuple[Candidate, ...] | None = None
        self.unserved = ""
        self._is_hopeless = False  # of a tier every candidate is a client that nobody serves
        self._served: dict[tuple[int, str, int], bool] = {}
        self._most: dict[int, tuple[Candidate, float]] = {}

    def _ranked(self, depth: int) -> Ranked:
        """The candidates of a tier that keep the goal beside the fastest of all others.

        A group that must not shrink even beside these is priced so.
        """
        rest = _in_a_row(self.grid, (*self._near[:depth], *self._near[depth + 1 :]))
        others = cumulated(rest)
        return Ranked(
            self.tiers[depth],
            self.grid,
            price=lambda candidate: self.targets.priced(candidate, lambda: rest),
            could=cache(lambda speed: self._may_be(self._alone(depth, speed), others)),
            fits=lambda candidate: self._may_be(candidate.times, others),
        )

    def best(self) -> tuple[Candidate, ...] | None:
        """The cheapest feasible candidates, one per tier; None when there are none."""
        self.unserved = crowded(self.tiers)
        if self.unserved:
            return None
        for depth in reversed(range(len(self.tiers) - 1)):
            self.least[depth] = self._cheapest_of(depth)[0]
        if math.isinf(self.least[0]):
            self._look_who_is_unserved()
            return None
        self.best_usd = self._usd_of_some()
        self._descend((), 0.0, None)
        return self.chosen

    def _descend(self, taken: tuple[Candidate, ...], usd: float, so_far: Distribution | None) -> None:
        depth = len(taken)
        before = None if so_far is None else self.grid.spectrum(so_far)
        others = cumulated(
            self.rest[depth] if before is None else self.grid.inverse(before * self._rest_spectra[depth])
        )
        could = cache(lambda speed: self._may_be(self._alone(depth, speed), others))
        is_any_served = False
        for candidate in self.ranked[depth]:
            total = usd + candidate.usd_per_month
            if total + self.least[depth] >= self.best_usd or self._is_hopeless:
                return
            if not self._is_served(depth, candidate):
                continue
            is_any_served = True
            if not could(candidate.choice.speed):
                continue
            if depth and total + self._least_behind(depth, candidate) >= self.best_usd:
                continue
            is_last = depth + 1 == len(self.ranked)
            in_time = self._in_time if is_last else self._may_be
            if joint_limit((*taken, candidate)) or not in_time(candidate.times, others):
                continue
            if is_last:
                self._consider(self.targets.settled((*taken, candidate)))
                continue
            times = candidate.times
            if before is not None:
                times = self.grid.inverse(before * self._spectrum(candidate))
            self._descend((*taken, candidate), total, times)
        self._is_hopeless = self._is_hopeless or not is_any_served

    def _usd_of_some(self) -> float:
        """What a design costs that keeps the goal; infinite where none is found so: only a bound.

        It is made of the cheapest chain of all tiers but the first, and of the first that will do with it.
        """
        chain: list[Candidate] = []
        found = self._cheapest_of(0)[1] if len(self.tiers) > 1 else None
        while found is not None:
            chain.append(found)
            found = self._behind_of(len(chain), found)[1] if len(chain) + 1 < len(self.tiers) else None
        others = cumulated(_in_a_row(self.grid, [each.times for each in chain]))
        if joint_limit(chain):
            return math.inf
        for candidate in self.ranked[0]:
            if self._in_time(candidate.times, others) and not joint_limit((candidate, *chain)):
                usd = sum(each.usd_per_month for each in self.targets.settled((candidate, *chain)))
                return usd * (1 + SURE)
        return math.inf

    def _cheapest_of(self, depth: int) -> tuple[float, Candidate | None]:
        """The least that all tiers behind one cost, with the candidate of the next one that begins them."""
        least, first = math.inf, None
        for candidate in self.ranked[depth + 1]:
            if candidate.usd_per_month + self.least[depth + 1] >= least:
                break
            usd = candidate.usd_per_month + self._least_behind(depth + 1, candidate)
            if usd < least:
                least, first = usd, candidate
        return least * (1 - SURE), first

    def _least_behind(self, depth: int, candidate: Candidate) -> float:
        """The least that the tiers behind a candidate cost, as above; 0 of the last tier."""
        return self._behind_of(depth, candidate)[0] if depth + 1 < len(self.tiers) else 0.0

    def _behind_of(self, depth: int, candidate: Candidate) -> tuple[float, Candidate | None]:
        """The same with the candidate of the next tier; `ranked` keeps all candidates."""
        key = id(candidate)
        if key not in self._behind:
            least, first = math.inf, None
            for other in self.ranked[depth + 1]:
                if other.usd_per_month + self.least[depth + 1] >= least:
                    break
                if joint_limit((candidate, other)):
                    continue
                if not self._may_be(candidate.times, self._with_others(depth + 1, other)):
                    continue
                usd = other.usd_per_month + self._least_behind(depth + 1, other)
                if usd < least:
                    least, first = usd, other
            self._behind[key] = least, first
        return self._behind[key]

    def _with_others(self, depth: int, candidate: Candidate) -> Distribution:
        """P(Y ≤ t - i) of a candidate and all tiers but it and the one before it, where nothing waits."""
        key = id(candidate)
        if key not in self._together:
            if depth not in self._beside_spectra:
                others = (*self._near[: depth - 1], *self._near[depth + 1 :])
                self._beside_spectra[depth] = self.grid.spectrum(_in_a_row(self.grid, others))
            spectrum = self._beside_spectra[depth] * self._spectrum(candidate)
            self._together[key] = cumulated(self.grid.inverse(spectrum))
        return self._together[key]

    def _spectrum(self, candidate: Candidate) -> Spectrum:
        """The transform of a candidate's times; `ranked` keeps all candidates."""
        if id(candidate) not in self._spectra:
            self._spectra[id(candidate)] = self.grid.spectrum(candidate.times)
        return self._spectra[id(candidate)]

    def _look_who_is_unserved(self) -> None:
        """Where there is no design: whether that is because of clients whom nobody serves."""
        if next(iter(self.ranked[0]), None) is None:
            return
        for depth, tier in enumerate(self.tiers):
            if any(later.clients == tier.name for later in self.tiers[depth + 1 :]):
                for candidate in self.ranked[depth]:
                    self._is_served(depth, candidate)

    def _is_served(self, depth: int, clients: Candidate) -> bool:
        """Whether every tier that these are clients of has machines that accept their connections.

        Else each would be tried with all machines of all tiers in between.
        """
        key = (depth, clients.choice.name, clients.per_zone)
        if key not in self._served:
            self._served[key] = all(
                self._accepts(later, clients)
                for later in range(depth + 1, len(self.tiers))
                if self.tiers[later].clients == clients.tier.name
            )
        return self._served[key]

    def _accepts(self, depth: int, clients: Candidate) -> bool:
        quickest, accepted = self._most_of(depth)
        if least_kept(quickest, clients) > MOST_CONNECTIONS * accepted:
            self.unserved = self.unserved or self._no_server(depth, clients)
            return False
        miss = None
        for server in self.ranked[depth]:
            miss = joint_limit((clients, server))
            if miss is None:
                return True
        if miss is not None:
            self.unserved = f"{self._no_server(depth, clients)}: {miss[0]}, {miss[1]}"
        return False

    def _no_server(self, depth: int, clients: Candidate) -> str:
        return f"no {self.tiers[depth].name} in the catalog accepts what the {clients.tier.name} tier keeps"

    def _most_of(self, depth: int) -> tuple[Candidate, float]:
        """The machines of a tier on which a visit is shortest, and the most connections that one accepts."""
        if depth not in self._most:
            tier = self.tiers[depth]
            number = MOST_PER_ZONE if tier.scales else 1
            each = [Candidate(tier, choice, number, self.grid) for choice in tier.choices]
            accepted = (math.inf if c.max_connections is None else c.max_connections for c in tier.choices)
            self._most[depth] = min(each, key=lambda some: some.mean_visit_s), max(accepted)
        return self._most[depth]

    def _in_time(self, times: Distribution, others: Distribution) -> bool:
        """Whether the goal is kept, with the other tiers cumulated, backwards: Σ P(X = i)·P(Y <= t - i)."""
        return kept(self.shares, others, times)

    def _may_be(self, times: Distribution, others: Distribution) -> bool:
        """The same where a part of them are bounds."""
        return share_kept(self.shares, others, times) >= ENOUGH - SURE

    def _alone(self, depth: int, speed: float) -> Distribution:
        """The times in a tier on machines of a speed when nothing waits: what none of them can beat."""
        if (depth, speed) not in self._bounds:
            self._bounds[depth, speed] = at_best(self.grid, self.tiers[depth], speed)
        return self._bounds[depth, speed]

    def _consider(self, taken: tuple[Candidate, ...]) -> None:
        usd = sum(candidate.usd_per_month for candidate in taken)
        if usd < self.best_usd:
            self.best_usd, self.chosen = usd, taken


def _in_a_row(grid: Grid, times: Sequence[Distribution]) -> Distribution:
    """The time in some tiers one after the other, which may be none."""
    return reduce(grid.convolve, times) if times else at_zero(grid)
