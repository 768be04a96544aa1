"""What a simulation has seen, by the minute, and what that comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from groma.simulation.histogram import quantile_s, share_above
from groma.simulation.kernels.state import BINS, GOOD, OUTCOMES, Floats, Ints
from groma.simulation.traffic import MINUTE_S

Trimmed = tuple[int, Ints]
"""Where the bins begin that are not empty, and their counts, a row for each class or tier."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who appears in a region: what is shown of it, whatever it consists of.

    Attributes:
        region: its name; goal_s: what 99 % of all requests are to keep.
        kinds: names of the classes of requests.
        rows: name and machine of each tier or function: `app`, `t4g.small`.
        members: what its rows consist of: `servers`; use: what of them is used: `CPU`.
        beyond: what a row's p99 is of.
    """

    region: str
    goal_s: float
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    members: str = "servers"
    use: str = "CPU"
    beyond: str = "p99 from here on"


@dataclass(frozen=True, slots=True, eq=False)
class Minute:
    """One minute of a region.

    Attributes:
        asked: requests that were begun, by class.
        outcomes: those that ended, by class and outcome.
        retried: attempts that were made again.
        felt: times of good answers by class; stayed: times at each tier and behind it, by tier.
        cpu: mean share of CPU in use, by tier; serving, standing: servers that are sent requests, and with
            those that boot, by tier.
        inside: requests that are in the network at its end.
        cold: environments that were begun, by function; nothing for servers.
        wanted, unready: servers that their group wants, and those that fail their health checks, by tier.
        each_cpu: share of CPU in use of each server, by tier and place; None where none answers.
        attempts: attempts that failed, by outcome.
        simulated: requests of it that were simulated and stand for all, None where that is each of them; of a
            minute that is taken to be as the last one before it, 0.
    """

    asked: Ints
    outcomes: Ints
    retried: int
    felt: Trimmed
    stayed: Trimmed
    cpu: tuple[float, ...]
    serving: tuple[int, ...]
    standing: tuple[int, ...]
    inside: int
    cold: tuple[int, ...] = ()
    wanted: tuple[int, ...] = ()
    unready: tuple[int, ...] = ()
    each_cpu: tuple[tuple[float | None, ...], ...] = ()
    attempts: Ints | None = None
    simulated: int | None = None


@dataclass(frozen=True, eq=False)
class Seen:
    """A simulated region: its minutes in order, and what happened, with the time.

    Attributes:
        begins_s: the time of day at which it begins.
    """

    cast: Cast
    minutes: tuple[Minute, ...]
    told: tuple[tuple[float, str], ...]
    begins_s: float = 0.0

    @cached_property
    def felt(self) -> Ints:
        """Times of all good answers, by class."""
        return added([minute.felt for minute in self.minutes], len(self.cast.kinds))

    @cached_property
    def stayed(self) -> Ints:
        """Times at each tier and behind it."""
        return added([minute.stayed for minute in self.minutes], len(self.cast.rows))

    @property
    def lasted_s(self) -> float:
        """How long it was simulated."""
        return MINUTE_S * len(self.minutes)

    @cached_property
    def begun(self) -> Ints:
        """Requests that were begun, by class."""
        return np.asarray(np.sum([minute.asked for minute in self.minutes], axis=0))

    @cached_property
    def ended(self) -> Ints:
        """Requests that ended, by class and outcome."""
        return np.asarray(np.sum([minute.outcomes for minute in self.minutes], axis=0))

    @property
    def asked(self) -> int:
        """Requests that were begun."""
        return int(self.begun.sum())

    @property
    def simulated(self) -> int:
        """Requests that were simulated; the others are taken to be as those."""
        return sum(int(m.asked.sum()) if m.simulated is None else m.simulated for m in self.minutes)

    @cached_property
    def felt_otherwise(self) -> Ints:
        """Times of all good answers, by class, if a minute that was not simulated is taken to be as the next
        one that was, instead of the last."""
        parts: list[Trimmed] = []
        for minute in reversed(self.minutes):
            parts.append(parts[-1] if minute.simulated == 0 and parts else minute.felt)
        return added(parts, len(self.cast.kinds))

    @property
    def outcomes(self) -> dict[str, int]:
        """Requests that ended, by what became of them."""
        return {name: int(count) for name, count in zip(OUTCOMES, self.ended.sum(axis=0), strict=True)}

    @property
    def failed(self) -> int:
        """Requests that ended without a good answer."""
        return int(self.ended[:, GOOD + 1 :].sum())

    @property
    def retried(self) -> int:
        """Attempts that were made again."""
        return sum(minute.retried for minute in self.minutes)

    @cached_property
    def unkept(self) -> float:
        """The share of all that ended which took longer than the goal, or failed."""
        ended = int(self.ended.sum())
        slow = share_above(self.felt.sum(axis=0), self.cast.goal_s) * int(self.ended[:, GOOD].sum())
        return (slow + self.failed) / ended if ended else 0.0

    def felt_between(self, first: int, last: int) -> Ints:
        """Times of the good answers of all classes in the minutes from `first` up to `last`."""
        parts = [minute.felt for minute in self.minutes[max(0, first) : last]]
        return np.asarray(added(parts, len(self.cast.kinds)).sum(axis=0))

    def by_minute_s(self, shares: Sequence[float], window: int = 1) -> Floats:
        """The times that these shares of the good answers of each minute, and of those before it in a window,
        stay below: a row a minute; NaN where there is none."""
        felt = (self.felt_between(end - window, end) for end in range(1, len(self.minutes) + 1))
        return np.array([[quantile_s(counts, share) for share in shares] for counts in felt])

    def tiers_by_minute_s(self, share: float) -> Floats:
        """The time at each tier and behind it that a share of its visits stays below: a row a minute."""
        stayed = (added([minute.stayed], len(self.cast.rows)) for minute in self.minutes)
        return np.array([[quantile_s(counts, share) for counts in rows] for rows in stayed])

    @property
    def rate_per_s(self) -> Floats:
        """Requests per second, by minute."""
        return np.array([minute.asked.sum() / MINUTE_S for minute in self.minutes])

    @property
    def failed_by_minute(self) -> Ints:
        """Requests that ended without a good answer, by minute."""
        return np.array([minute.outcomes[:, GOOD + 1 :].sum() for minute in self.minutes])

    def quantile_s(self, share: float, kind: int | None = None) -> float:
        """The time that a share of all good answers stays below, or of one class."""
        return quantile_s(self.felt.sum(axis=0) if kind is None else self.felt[kind], share)


def added(parts: Sequence[Trimmed], rows: int) -> Ints:
    """Histograms added up, with all bins."""
    total = np.zeros((rows, BINS), np.int64)
    for first, counts in parts:
        total[:, first : first + counts.shape[1]] += counts
    return total


def trimmed(counts: Ints) -> Trimmed:
    """The bins in which there is something, of all rows together, and where they begin."""
    there = np.asarray(counts.any(axis=0))
    first, behind = int(there.argmax()), int(there[::-1].argmax())
    if not there[first]:
        return 0, np.zeros((counts.shape[0], 0), np.uint32)
    return first, counts[:, first : there.size - behind].astype(np.uint32)
