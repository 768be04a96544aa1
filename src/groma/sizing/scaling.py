"""What an auto-scaling group is told: the CPU that target tracking holds, and between which counts.

The target keeps the group large enough for the goal after the loss of a zone, at every load. Below
`LEAST_TARGET_PERCENT` the system and its agents alone would be a large part of it, so that the group would
never shrink by as much as is counted on: such a group is kept at its peak size day and night, and is paid so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, reduce

import numpy as np

from groma.sizing.binding import binding
from groma.sizing.candidates import MOST_BUSY, Candidate, end_to_end, shares
from groma.sizing.pools import pool, write_pool
from groma.sizing.queueing import Distribution, Grid, at_zero
from groma.sizing.values import Size, Tier

Point = tuple[float, float]
"""A factor on the load, and `_missing` of it."""

LEAST_TARGET_PERCENT, MOST_TARGET_PERCENT = 10, 70
ROUNDING = 1e-12
ENOUGH = 0.99 - ROUNDING
"""The share of requests that the goal is for."""
HALVINGS = 12
"""How often the load is halved that a group may carry: it is found to one part in 4,096."""


class Targets:
    """Which groups the goal leaves a CPU target that they can shrink by.

    The load of a machine at the least target is the same whatever their number, so that the times at it are
    worked out once for each choice of each tier.

    Args:
        tiers: all tiers of a request.
        grid: of the times; it may end at the goal.
        goal_s: what 99 % of all requests must keep.
    """

    def __init__(self, tiers: Sequence[Tier], grid: Grid, goal_s: float) -> None:
        self.grid, self.shares = grid, shares(tiers)
        self.within = int(goal_s / grid.step_s + 1e-9) + 1
        self._at_least_target: dict[tuple[str, str], Distribution] = {}

    def settled(self, chosen: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """The same candidates, each kept at its peak size where the goal leaves it no target."""
        return tuple(
            self.priced(each, lambda position=position: _rest(chosen, position))  # type: ignore[misc]
            for position, each in enumerate(chosen)
        )

    def priced(self, candidate: Candidate, rest: Callable[[], Distribution]) -> Candidate:
        """One candidate, kept at its peak size when it must be beside these times in the other tiers."""
        least = candidate.per_zone if self.is_steady(candidate, rest) else 1
        return candidate if candidate.least == least else replace(candidate, least=least)

    def is_steady(self, candidate: Candidate, rest: Callable[[], Distribution]) -> bool:
        """Whether the target would be below the least one: the goal is missed at the load of that one.

        A group that holds a reserve for a crowd is steady in any case.
        """
        if not candidate.tier.scales or candidate.per_zone == 1:
            return False
        if candidate.tier.steady:
            return True
        busy = LEAST_TARGET_PERCENT / 100 / _lasting(candidate)
        if busy <= candidate.utilisation:
            return False
        return busy > MOST_BUSY or not self._kept(candidate, busy, rest())

    def _kept(self, candidate: Candidate, busy: float, rest: Distribution) -> bool:
        key = (candidate.tier.name, candidate.choice.name)
        if key not in self._at_least_target:
            rate = candidate.tier.load.rate_per_s / candidate.survivors * busy / candidate.utilisation
            self._at_least_target[key] = candidate.times_at(rate)
        return kept(self.shares, cumulated(rest[..., : self.within]), self._at_least_target[key])


def size_of(chosen: Sequence[Candidate], position: int, goal_s: float) -> Size:
    """Round one of the chosen up to what an auto-scaling group is told.

    Target tracking keeps the mean CPU at `most busy · (zones - 1) / zones`, so that the machines left by
    the loss of a zone stay below what the goal allows, over the ratio of the peak to the busiest hour, so
    that a burst finds them ready; and a burstable type at its baseline, so that its credits last.
    """
    candidate, size = chosen[position], counted(chosen, position)
    tier, choice, zones = candidate.tier, candidate.choice, candidate.tier.zones
    busy = most_busy(chosen, position, goal_s)
    if tier.scales:
        target = 100 * busy * _lasting(candidate)
        if choice.baseline is not None:
            target = min(target, 100 * choice.baseline)
        steady = candidate.least == candidate.per_zone
        target = min(max(target, 1 if steady else LEAST_TARGET_PERCENT), MOST_TARGET_PERCENT)
        high = tier.high.busy / (choice.vcpu * choice.speed * max(zones - 1, 1) * busy)
        most = max(math.ceil(high), candidate.per_zone + 1) * zones
    else:
        target, most = 100 * size.utilisation_at_peak, size.max
    return replace(
        size,
        max=most,
        cpu_target_percent=int(min(target, 100)),
        most_busy=busy,
        goal_share=_goal_share(chosen, position),
        bound_by=binding(candidate),
    )


def counted(chosen: Sequence[Candidate], position: int) -> Size:
    """One of the chosen as far as a bill can tell: its type, its numbers and connections.

    What takes times is left out: the target, how busy it may be, and with it the most that it may grow to,
    for which a bound stands.
    """
    candidate = chosen[position]
    tier, choice, zones = candidate.tier, candidate.choice, candidate.tier.copies or candidate.tier.zones
    clients = {each.tier.name: each for each in chosen}.get(tier.clients)
    return Size(
        tier=tier.name,
        choice=choice,
        min=(min(candidate.hourly_machines) if tier.scales else 1) * zones,
        desired=candidate.machines,
        max=candidate.most_machines if tier.scales else zones,
        mean=candidate.mean_machines,
        cpu_target_percent=0,
        utilisation_at_peak=tier.load.busy / (candidate.machines * choice.vcpu * choice.speed),
        utilisation_zone_lost=candidate.utilisation,
        usd_per_month=candidate.usd_per_month,
        pool=0 if clients is None else pool(candidate, clients),
        write_pool=0 if clients is None else write_pool(candidate, clients),
        working_gib=tier.working_gib,
    )


def _goal_share(chosen: Sequence[Candidate], position: int) -> float:
    """The p99 of a tier and of all behind it, over that of all tiers; 1 where that is beyond measure."""
    grid, mixed = chosen[0].grid, shares([chosen[0].tier])
    whole, behind = (
        grid.quantile(end_to_end(grid, [c.times for c in chosen[first:]], mixed), 0.99)
        for first in (0, position)
    )
    return behind / whole if whole and math.isfinite(whole) else 1.0


def most_busy(chosen: Sequence[Candidate], position: int, goal_s: float) -> float:
    """The utilisation of the survivors up to which the goal is kept, by bisection: p99 rises with load."""
    near = chosen[position].grid.up_to(goal_s)
    candidate, early = (
        replace(chosen[position], grid=near),
        cumulated(_rest(chosen, position)[..., : near.steps]),
    )
    mixed, rate = shares([candidate.tier]), candidate.tier.load.rate_per_s / candidate.survivors
    share = cache(lambda factor: in_time(mixed, early, candidate.times_at(rate * factor)))
    return candidate.utilisation * _most(share, MOST_BUSY / candidate.utilisation)


def _most(share: Callable[[float], float], high: float) -> float:
    """The largest of 2^12 steps from 1 to `high` at which a falling share is enough, as bisection finds it.

    A bracket that is found in fewer tries leaves the bisection little to ask for: what lies below a load that
    is carried, or above one that is not, needs no look.
    """
    good, bad = _bracket(share, high) if high > 1 and _is_enough(share(1.0)) else (-math.inf, math.inf)
    low = 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = middle <= good or (middle < bad and _is_enough(share(middle)))
        low, high = (middle, high) if enough else (low, middle)
    return low


def _bracket(share: Callable[[float], float], high: float) -> tuple[float, float]:
    """A factor that is enough and one that is not, at most one step apart where so few tries find them.

    Inverse quadratic interpolation where three points are such that it may be trusted, else halving (T. R.
    Chandrupatla, A new hybrid quadratic/bisection algorithm, Advances in Engineering Software 28, 1997), of
    the logarithm of the share that is missing.
    """
    if _is_enough(share(high)):
        return high, math.inf
    step = (high - 1) / 2**HALVINGS
    good, bad = 1.0, high
    new, old, older = high, 1.0, 1.0
    portion = 0.5
    for _ in range(HALVINGS):
        guess = new + portion * (old - new)
        good, bad = (guess, bad) if _is_enough(share(guess)) else (good, guess)
        if bad - good <= step:
            break
        same = _is_enough(share(guess)) == _is_enough(share(new))
        new, old, older = (guess, old, new) if same else (guess, new, old)
        portion = _portion(*((x, _missing(share(x))) for x in (new, old, older)))
        least = min(step / 2 / abs(old - new), 0.5)
        portion = min(max(portion, least), 1 - least)
    return good, bad


def _portion(new: Point, old: Point, older: Point) -> float:
    """How far from the newest point to the one across the goal the next try is best made."""
    (a, at_a), (b, at_b), (c, at_c) = new, old, older
    if c == b or at_c == at_b or at_a == at_c:
        return 0.5
    where, level = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
    if not (0 < where < 1 and 1 - math.sqrt(1 - where) < level < math.sqrt(where)):
        return 0.5
    straight = at_a / (at_b - at_a) * at_c / (at_b - at_c)
    return straight + (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)


def _missing(share: float) -> float:
    """The logarithm of the share that is missing over that which may be."""
    return math.log(max(1 - share, 1e-15) / 0.01)


def kept(mixed: Distribution, early: Distribution, times: Distribution) -> bool:
    """Whether 99 % of all requests, or of each class, keep a goal in a tier and the rest; see `in_time`."""
    return _is_enough(share_kept(mixed, early, times))


def share_kept(mixed: Distribution, early: Distribution, times: Distribution) -> float:
    """What `in_time` says, to rounding.

    Asked of tens of thousands of candidates: the sums are those of a scalar product, which is quicker.
    """
    return float((mixed @ np.vecdot(times[..., : early.shape[-1]], early)).min())


def _is_enough(share: float) -> bool:
    return share >= ENOUGH


def in_time(mixed: Distribution, early: Distribution, times: Distribution) -> float:
    """The share of all requests, or of the slowest class, that keep a goal in one tier and the rest together.

    P(X + Y <= t) = Σ P(X = i)·P(Y <= t - i): no convolution is needed for one figure of it.

    Args:
        mixed: the shares of the classes, or a row for each.
        early: P(Y <= t - i) for each step i up to the goal t.
        times: P(X = i), as far as that or further.
    """
    within = early.shape[-1]
    return float(np.min(mixed @ (times[..., :within] * early).sum(axis=-1)))


def cumulated(rest: Distribution) -> Distribution:
    """P(Y <= t - i) for each step i up to the last one t."""
    return np.ascontiguousarray(np.cumsum(rest, axis=-1)[..., ::-1])


def _lasting(candidate: Candidate) -> float:
    """The CPU of the busiest hour with all zones up, over that of its burst with a zone lost."""
    return candidate.survivors / candidate.machines / candidate.tier.burst


def _rest(chosen: Sequence[Candidate], position: int) -> Distribution:
    """The times of all classes in the other tiers."""
    grid = chosen[position].grid
    others = [c.times for i, c in enumerate(chosen) if i != position]
    return reduce(grid.convolve, others) if others else np.broadcast_to(at_zero(grid), (1, grid.steps))
