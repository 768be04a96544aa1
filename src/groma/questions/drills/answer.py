"""What came of a drill: who was told what and when, what users felt, and whether that was promised."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from groma.answers import Severity
from groma.components.error_budget import too_many
from groma.design import Design
from groma.monitoring.evaluate.windows import DAY_S, MINUTE_S
from groma.questions.drills.fault import Fail, Fault
from groma.questions.drills.published import Scenes, Series, When
from groma.questions.drills.watching import Courses, Guard, Turned, turned
from groma.simulation.histogram import share_above
from groma.simulation.kernels.state import GOOD, Floats
from groma.simulation.seen import Minute, added
from groma.words import Cell, Mark, Table, Words

MOST_MAILS, MORE_BY_REGION = 3, 1
"""That a fault may send to whoever is called, and as many to whoever works in the day: pages and tickets have
a topic each (decision 0036). Alarms see their own region alone, so that each further one that tells may tell
once more."""
SEEN_S, HOUR_MIN = 120.0, 60
"""Until an alarm has seen a minute, and tells; the longer window of the alarms that page for errors."""
GOAL_SHARE = 0.01
"""Of all requests so many may be slower than the goal."""


@dataclass(frozen=True, slots=True)
class Hurt:
    """What users felt from a fault's beginning on.

    Attributes:
        asked, failed: requests; slow: good answers that took longer than the goal.
        users: that at least one of both concerns, if requests come from the day's active users at random.
    """

    asked: int
    failed: int
    slow: int
    users: int

    @property
    def share(self) -> float:
        """Of all requests those that failed or took too long."""
        return (self.failed + self.slow) / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: when, what, and of which kind: fault, servers, alarm, mail."""

    at_s: float
    kind: str
    what: str


@dataclass(frozen=True, eq=False)
class Drill:
    """A fault, and what the alarms made of it.

    Attributes:
        design, fault: which; scenes, when: what was simulated, and when the fault was there.
        turned: every change of an alarm; series: what was published; guards: the alarms.
        courses: what metric alarms came to.
    """

    design: Design
    fault: Fault
    scenes: Scenes
    when: When
    turned: tuple[Turned, ...]
    series: Series
    guards: tuple[Guard, ...]
    courses: Courses

    @property
    def begin_s(self) -> int:
        """The time of day at which the fault begins."""
        return self.scenes.at_s(self.when.first)

    @property
    def end_s(self) -> int:
        """When it is over."""
        return self.scenes.at_s(self.when.last)

    @cached_property
    def calls(self) -> tuple[Turned, ...]:
        """Mails that something is wrong, from the fault's beginning on."""
        return tuple(each for each in self.turned if each.is_call and each.at_s > self.begin_s)

    @cached_property
    def caught(self) -> Turned | None:
        """The mail that tells of it as it must be told; a page is as good as a ticket."""
        enough = {"page": ("page",), "ticket": ("page", "ticket")}.get(self.fault.told or "", ())
        return next((each for each in self.calls if each.told in enough), None)

    @cached_property
    def wrong(self) -> tuple[str, ...]:
        """What is not as promised."""
        found = [
            f"{each.guard.id} was on before it began"
            for each in self.turned
            if each.is_call and each.at_s <= self.begin_s
        ]
        fault, within = self.fault, minutes(self.fault.within_s)
        if fault.told is None:
            found += [f"{each.guard.id} told of it as a {each.told}" for each in self.calls]
            return tuple(dict.fromkeys(found))
        regions = {each.guard.region for each in self.calls}
        most = MOST_MAILS + MORE_BY_REGION * max(len(regions) - 1, 0)
        for severity, those in self.mails.items():
            if those > most:
                found.append(f"{those} {severity}s, not {most} at most")
        if not self.is_owed:
            return tuple(found)
        if self.caught is None:
            found.append(f"no {fault.told} told of it")
        elif self.caught.at_s > self.due_s:
            after = minutes(self.caught.at_s - self.begin_s)
            found.append(f"{self.caught.guard.id} told of it after {after}, not within {within}")
        return tuple(found)

    @property
    def due_s(self) -> float:
        """Until when somebody must have been told: within what the fault promises, or, by a page, as soon as
        failed requests have used as much of the error budget as wakes anybody for errors (decision 0036).
        """
        promised_s = self.begin_s + self.fault.within_s
        if self.fault.told != "page" or math.isinf(self.used_s):
            return promised_s
        return max(promised_s, self.used_s + SEEN_S)

    @cached_property
    def used_s(self) -> float:
        """When failed requests of an hour were too many for the error budget; infinity where they never were.

        What was asked for before the first simulated minute is taken to be as in that, and answered.
        """
        limit = too_many(1 - self.design.workload.slo.availability).share
        by_minute = list(zip(*(seen.minutes for seen in self.scenes.regions), strict=True))
        asked = np.array([_asked(each) for each in by_minute])
        failed = np.array(
            [sum(self._failed(one, number) for one in each) for number, each in enumerate(by_minute)]
        )
        late = _in_an_hour(failed, 0.0) > limit * _in_an_hour(asked, asked[0])
        late[: self._first] = False
        return self.scenes.begins_s + MINUTE_S * (int(late.argmax()) + 1) if late.any() else math.inf

    def _failed(self, minute: Minute, number: int) -> float:
        """Requests of a region that fail in a simulated minute."""
        return _failed(minute) + self.failing(number) * float(minute.outcomes[:, GOOD].sum())

    @property
    def is_owed(self) -> bool:
        """Whether somebody must be told: always, or where users miss the goal so long or get errors."""
        failed = self.hurt.failed > GOAL_SHARE * self.hurt.asked
        return failed or self.missed_s >= self.fault.if_hurt_s

    @property
    def mails(self) -> dict[Severity, int]:
        """How many pages and tickets came until the fault was over and its promise due."""
        until_s = max(self.end_s, self.begin_s + self.fault.within_s)
        told = [each.told for each in self.calls if each.at_s <= until_s]
        return {"page": told.count("page"), "ticket": told.count("ticket")}

    @property
    def ok(self) -> bool:
        """Whether all is as promised."""
        return not self.wrong

    def without(self, guard: str) -> Drill:
        """The same if an alarm did not exist, nor a composite one that cannot be on without it."""
        left = (each.without(guard) for each in self.guards if each.id != guard)
        return self.told_by(tuple(each for each in left if each is not None), self.courses)

    def told_by(self, guards: tuple[Guard, ...], courses: Courses) -> Drill:
        """The same with other alarms, or with other courses of them."""
        other = replace(self, turned=turned(guards, courses), guards=guards, courses=courses)
        vars(other)["hurt"] = self.hurt
        return other

    @cached_property
    def hurt(self) -> Hurt:
        """What users felt; the minutes beyond those that were simulated are not counted."""
        first = self._first
        asked = failed = slow = 0.0
        for seen in self.scenes.regions:
            for number, minute in enumerate(seen.minutes[first:], first):
                bad = self._bad(minute, number)
                asked, failed, slow = asked + float(minute.asked.sum()), failed + bad[0], slow + bad[1]
        active = self.design.demand.active_users.likely
        hurt = failed + slow
        users = active * -math.expm1(-hurt / active)
        return Hurt(round(asked), round(failed), round(slow), round(users))

    @property
    def _first(self) -> int:
        """The simulated minute in which the fault begins."""
        return max(self.when.first - self.scenes.before, 0)

    def failing(self, number: int) -> float:
        """The share of answers that the fault itself turns into errors in a simulated minute."""
        at = number + self.scenes.before
        failing = [each for each in self.when.fault.effects if isinstance(each, Fail)]
        there = (each for each in failing if each.for_good or at < self.when.last)
        return max((each.share for each in there), default=0.0) if at >= self.when.first else 0.0

    @cached_property
    def missed_s(self) -> float:
        """In how many minutes, in seconds, some region failed or let wait more than the goal allows."""
        first, regions = self._first, self.scenes.regions
        return MINUTE_S * sum(
            any(self._misses(seen.minutes[number], number) for seen in regions)
            for number in range(first, len(regions[0].minutes))
        )

    def _misses(self, minute: Minute, number: int) -> bool:
        return sum(self._bad(minute, number)) > GOAL_SHARE * float(minute.asked.sum())

    def _bad(self, minute: Minute, number: int) -> tuple[float, float]:
        """Of the requests of a simulated minute those that failed, and good ones that took too long."""
        share, good = self.failing(number), float(minute.outcomes[:, GOOD].sum())
        late = _late(minute, self.design.workload.slo.p99_ms / 1000)
        return self._failed(minute, number), (1 - share) * good * late

    @property
    def goal_kept(self) -> bool:
        """Whether failed and slow requests together are no more than the goal allows."""
        return self.hurt.share <= GOAL_SHARE

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """All that happened, in the order of time."""
        found = [
            Moment(self.begin_s, "fault", self.fault.what),
            Moment(self.end_s, "over", "the fault is over"),
        ]
        for seen in self.scenes.regions:
            where = f"{seen.cast.region}: " if len(self.scenes.regions) > 1 else ""
            begin_s = self.scenes.begins_s
            found += [Moment(begin_s + at_s, "servers", where + text) for at_s, text in seen.told]
        found += list(self._symptoms())
        for each in self.turned:
            if each.at_s > self.begin_s:
                found.append(Moment(each.at_s, each.told or "alarm", f"{each.guard.id} {_state(each)}"))
        return tuple(sorted(found, key=lambda each: each.at_s))

    def _symptoms(self) -> Iterator[Moment]:
        """The first minute in which requests fail, and that in which they are too slow."""
        goal_s = self.design.workload.slo.p99_ms / 1000
        told = set()
        for number in range(self._first, len(self.scenes.regions[0].minutes)):
            both = [seen.minutes[number] for seen in self.scenes.regions]
            at_s = self.scenes.begins_s + number * MINUTE_S
            failing = sum(_failed(each) for each in both) or self.failing(number)
            if failing and "fail" not in told:
                told.add("fail")
                yield Moment(at_s, "symptom", "requests fail")
            if "slow" not in told and any(_late(each, goal_s) > GOAL_SHARE for each in both):
                told.add("slow")
                yield Moment(at_s, "symptom", f"p99 is above {goal_s * 1000:,.0f} ms")

    def words(self) -> Words:
        """The timeline, what users felt, and whether it is as promised."""
        rows = [
            (clock(each.at_s), _after(each.at_s - self.begin_s), _kind(each.kind), each.what)
            for each in self.moments
            if each.kind != "alarm"
        ]
        table = Table("", ("time", "after", "", "what happened"), tuple(rows), right=("after",))
        verdict = "as promised" if self.ok else "; ".join(self.wrong)
        return Words(
            f"{self.fault.name}: {self.fault.what}", (table,), (*self._lines(), f"{_ok(self)} {verdict}")
        )

    def _lines(self) -> Iterator[str]:
        hurt = self.hurt
        if self.fault.is_simulated:
            yield (
                f"{hurt.failed:,} of {hurt.asked:,} requests failed, {hurt.slow:,} took longer than the "
                f"goal: some {hurt.users:,} users"
            )
            yield f"the goal of {self.design.workload.slo.p99_ms:,.0f} ms for 99 % was " + (
                "kept" if self.goal_kept else "not kept"
            )
        else:
            yield "only metrics change; what users feel of it is not simulated"
        if self.caught is not None:
            yield f"told after {minutes(self.caught.at_s - self.begin_s)}, {promise(self.fault)}"
            if self.caught.at_s > self.begin_s + self.fault.within_s and self.ok:
                used = minutes(self.used_s - self.begin_s)
                yield f"until {used} fewer had failed in an hour than wake anybody: the error budget lasts"
        if self.fault.because:
            yield f"{promise(self.fault)}: {self.fault.because}"
        if self.fault.do:
            yield f"to do: {self.fault.do}"

    def document(self) -> dict[str, object]:
        """For machines."""
        hurt, caught = self.hurt, self.caught
        return {
            "fault": self.fault.name,
            "what": self.fault.what,
            "ok": self.ok,
            "wrong": list(self.wrong),
            "promised": {"told": self.fault.told, "within_s": self.fault.within_s},
            "told_by": None if caught is None else caught.guard.id,
            "told_as": None if caught is None else caught.told,
            "told_after_s": None if caught is None else caught.at_s - self.begin_s,
            "pages": self.mails["page"],
            "tickets": self.mails["ticket"],
            "requests": hurt.asked,
            "failed": hurt.failed,
            "slow": hurt.slow,
            "users_hurt": hurt.users,
            "goal_kept": self.goal_kept,
            "do": self.fault.do,
            "alarms": sorted({each.guard.id for each in self.turned if each.state == "ALARM"}),
            "timeline": [
                {"at_s": round(each.at_s - self.begin_s), "kind": each.kind, "what": each.what}
                for each in self.moments
            ],
        }


def promise(fault: Fault) -> str:
    """Who is to be told, and when, in words."""
    if fault.told is None:
        return "promised: nobody is told"
    hurt = f", if the goal is missed for {minutes(fault.if_hurt_s)}" if fault.if_hurt_s else ""
    return f"promised: a {fault.told} within {minutes(fault.within_s)}{hurt}"


def clock(at_s: float) -> str:
    """A time of day."""
    inside = int(at_s) % DAY_S
    return f"{inside // 3600:02}:{inside % 3600 // 60:02}"


def _ok(drill: Drill) -> str:
    return "ok:" if drill.ok else "no:"


def _kind(kind: str) -> Cell:
    return Mark(kind, "bad") if kind in ("page", "fault") else kind


def _state(turned: Turned) -> str:
    return {"ALARM": "is on", "OK": "is over", "INSUFFICIENT_DATA": "has no data any more"}[turned.state]


def _after(seconds: float) -> str:
    return f"{seconds / 60:+,.0f} min"


def minutes(seconds: float) -> str:
    """A length of time."""
    return f"{seconds / 60:,.0f} min" if seconds < 7200 else f"{seconds / 3600:,.1f} h"


def _in_an_hour(by_minute: Floats, before: float) -> Floats:
    """What came in the hour that ends with each minute, where as much came in each before the first."""
    whole = np.cumsum(np.concatenate([[0.0], np.full(HOUR_MIN, before), by_minute]))
    return np.asarray(whole[HOUR_MIN + 1 :] - whole[1:-HOUR_MIN])


def _asked(minutes: Sequence[Minute]) -> float:
    return sum(float(each.asked.sum()) for each in minutes)


def _failed(minute: Minute) -> int:
    return int(minute.outcomes[:, GOOD + 1 :].sum())


def _late(minute: Minute, goal_s: float) -> float:
    return share_above(np.asarray(added([minute.felt], minute.asked.size).sum(axis=0)), goal_s)
