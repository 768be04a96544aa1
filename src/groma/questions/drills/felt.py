"""What users feel of a fault, by the simulated minute: requests that fail, and those that take too long."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from groma.components.chance import SURE
from groma.components.error_budget import FAST, too_many
from groma.components.slow_answers import MAY_BE_SLOW
from groma.monitoring.evaluate.windows import MINUTE_S
from groma.questions.drills.fault import Fail
from groma.questions.drills.published import Scenes, When
from groma.questions.drills.sight import SERVED_WRONG
from groma.simulation.histogram import share_above
from groma.simulation.kernels.state import GOOD, OUTCOMES, Floats
from groma.simulation.seen import Minute, added

WINDOW_MIN = 5
"""In which alarms on slow answers count them."""


@dataclass(frozen=True, slots=True)
class Hurt:
    """What users felt from a fault's beginning on.

    Attributes:
        asked, failed: requests; slow: good answers that took longer than the goal.
        users: that at least one of both concerns, if requests come from the day's active users at random.
        errors: of those that failed, as a load balancer counts them: without those of which a client gave up.
    """

    asked: int
    failed: int
    slow: int
    users: int
    errors: int

    @property
    def share(self) -> float:
        """Of all requests those that failed or took too long."""
        return (self.failed + self.slow) / self.asked if self.asked else 0.0

    @property
    def is_failing(self) -> bool:
        """Whether surely more were answered with errors than may be slow."""
        return float(surely(self.errors, self.asked)) > MAY_BE_SLOW * self.asked


@dataclass(frozen=True, eq=False)
class Felt:
    """What users feel, by region and simulated minute; other minutes are not counted.

    Attributes:
        scenes, when: what was simulated, and when the fault was there.
        goal_s: that of 99 % of all requests.
    """

    scenes: Scenes
    when: When
    goal_s: float

    @property
    def first(self) -> int:
        """The simulated minute in which the fault begins."""
        return max(self.when.first - self.scenes.before, 0)

    def failing(self, number: int) -> float:
        """The share of answers that the fault itself turns into errors in a simulated minute."""
        at = number + self.scenes.before
        failing = [each for each in self.when.fault.effects if isinstance(each, Fail)]
        there = (each for each in failing if each.for_good or at < self.when.last)
        return max((each.share for each in there), default=0.0) if at >= self.when.first else 0.0

    @cached_property
    def asked(self) -> Floats:
        """Requests that were begun."""
        return self._each(lambda minute, _: float(minute.asked.sum()))

    @cached_property
    def failed(self) -> Floats:
        """Requests that ended without a good answer, or with one that the fault made an error of."""
        return self._ended(range(GOOD + 1, len(OUTCOMES)))

    @cached_property
    def errors(self) -> Floats:
        """Of those that failed what a load balancer counts: a client that waits no longer is none."""
        return self._ended(SERVED_WRONG)

    def _ended(self, outcomes: Sequence[int]) -> Floats:
        """Requests that ended so, and good answers that the fault made errors of."""
        which = list(outcomes)
        return self._each(
            lambda minute, failing: float(minute.outcomes[:, which].sum()) + failing * _good(minute)
        )

    @cached_property
    def slow(self) -> Floats:
        """Good answers that took longer than the goal."""

        def slow(minute: Minute, failing: float) -> float:
            times = np.asarray(added([minute.felt], minute.asked.size).sum(axis=0))
            return (1 - failing) * _good(minute) * share_above(times, self.goal_s)

        return self._each(slow)

    def _each(self, count: Callable[[Minute, float], float]) -> Floats:
        regions = self.scenes.regions
        failing = [self.failing(number) for number in range(len(regions[0].minutes))]
        return np.array([list(map(count, seen.minutes, failing)) for seen in regions])

    def hurt(self, active_users: float) -> Hurt:
        """All of it together, of so many users that are there on a day."""
        counts = (self.asked, self.failed, self.slow, self.errors)
        asked, failed, slow, errors = (float(each[:, self.first :].sum()) for each in counts)
        users = active_users * -math.expm1(-(failed + slow) / active_users)
        return Hurt(round(asked), round(failed), round(slow), round(users), round(errors))

    @cached_property
    def missed_s(self) -> float:
        """For how long on end some region failed, or let wait, surely more than the goal allows.

        It is so in the five minutes about each: one slow request of fifty is chance. So at either end of such
        a time there are two minutes more that only have such neighbours.
        """
        if self.first >= self.asked.shape[1]:
            return 0.0
        bad, asked = (_about(each[:, self.first :]) for each in (self.failed + self.slow, self.asked))
        missed = np.any(surely(bad, asked) > MAY_BE_SLOW * asked, axis=0)
        longest = max(
            (len(list(those)) for is_missed, those in groupby(missed.tolist()) if is_missed), default=0
        )
        return float(MINUTE_S * max(longest - (WINDOW_MIN - 1), 0))

    @property
    def asked_in_a_window(self) -> float:
        """Requests in five minutes of the fault, on average."""
        during = self.asked[:, self.first :].sum(axis=0)
        return WINDOW_MIN * float(during.mean()) if during.size else 0.0

    def used_s(self, availability: float) -> float:
        """When errors were too many for the budget, in both windows that page; infinity where never.

        What was asked for before the first simulated minute is taken to be as in that, and answered.
        """
        asked, failed = self.asked.sum(axis=0), self.errors.sum(axis=0)
        limit, late = too_many(1 - availability).share, np.ones(asked.size, bool)
        for window in FAST.windows:
            bad = _in_the_last(window.period_s, failed, 0.0)
            of, least = _in_the_last(window.period_s, asked, asked[0]), window.least_failed
            late &= (surely(bad, of) if least is None else np.where(bad >= least, bad, 0)) > limit * of
        late[: self.first] = False
        return self.scenes.begins_s + MINUTE_S * (int(late.argmax()) + 1) if late.any() else math.inf

    def first_minutes(self) -> tuple[int | None, int | None]:
        """The first simulated minute in which requests fail, and that in which surely too many are slow."""
        fails = self.failed > 0
        waits = surely(self.slow, self.asked) > MAY_BE_SLOW * self.asked
        numbers = (np.flatnonzero(np.any(each, axis=0)[self.first :]) for each in (fails, waits))
        fail, wait = (self.first + int(each[0]) if each.size else None for each in numbers)
        return fail, wait


def surely(count: Floats | float, asked: Floats | float) -> Floats:
    """What chance leaves of a count of what was asked for: see `groma.components.chance.share_surely`."""
    of = np.maximum(np.maximum(count, asked), 1e-9)
    sure = count - SURE * np.sqrt(count * (1 - count / of))
    return np.where(np.asarray(count) > SURE**2, sure, 0.0)


def _about(counts: Floats) -> Floats:
    """What came in the five minutes about each, region by region."""
    sums = (np.convolve(each, np.ones(WINDOW_MIN)) for each in counts)
    return np.array([each[WINDOW_MIN // 2 :][: counts.shape[1]] for each in sums])


def _good(minute: Minute) -> float:
    return float(minute.outcomes[:, GOOD].sum())


def _in_the_last(period_s: int, by_minute: Floats, before: float) -> Floats:
    """What came in so long until the end of each minute, where as much came in each before the first."""
    minutes = period_s // MINUTE_S
    whole = np.cumsum(np.concatenate([[0.0], np.full(minutes, before), by_minute]))
    return np.asarray(whole[minutes + 1 :] - whole[1:-minutes])
