"""What came of a drill: who was told what and when, what users felt, and whether that was promised."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from groma.answers import Severity
from groma.components.error_budget import LEAST_FAILED
from groma.components.slow_answers import MAY_BE_SLOW
from groma.design import Design
from groma.monitoring.evaluate.windows import DAY_S, MINUTE_S
from groma.questions.drills.fault import Fail, Fault
from groma.questions.drills.felt import Felt, Hurt
from groma.questions.drills.published import Scenes, Series, When
from groma.questions.drills.watching import Courses, Guard, Turned, turned
from groma.words import Cell, Mark, Table, Words

MOST_MAILS, MORE_BY_REGION = 3, 1
"""That a fault may send to whoever is called, and as many to whoever works in the day: pages and tickets have
a topic each (decision 0036). Alarms see their own region alone, so that each further one that tells may tell
once more."""
FEW_ASKED = 100
"""Of so few requests in five minutes a share of some per cent is none of them or one."""
SEEN_S = 120.0
"""Until an alarm has seen a minute, and tells."""


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
        enough = {"page": ("page",), "ticket": ("page", "ticket")}.get(self._owed or "", ())
        return next((each for each in self.calls if each.told in enough), None)

    @property
    def _owed(self) -> Severity | None:
        return "ticket" if self.is_slight else self.fault.told

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
            found.append(f"no {self._owed} told of it")
        elif self.caught.at_s > self.due_s:
            after = minutes(self.caught.at_s - self.begin_s)
            found.append(f"{self.caught.guard.id} told of it after {after}, not within {within}")
        return tuple(found)

    @property
    def due_s(self) -> float:
        """Until when somebody must have been told: within what the fault promises, or, by a page, as soon as
        failed requests have used as much of the error budget as wakes anybody for errors (decision 0036).
        """
        if self.is_slight:
            return math.inf
        promised_s = self.begin_s + self.fault.within_s
        if self.fault.told != "page" or math.isinf(self.used_s):
            return promised_s
        return max(promised_s, self.used_s + SEEN_S)

    @property
    def is_slight(self) -> bool:
        """Whether so few ask that no alarm on what they feel can be sure of it at once: of a page that is
        promised a ticket is left, at some time, if five requests fail.
        """
        is_few = self.fault.is_simulated and self.felt.asked_in_a_window < FEW_ASKED
        return self.fault.told == "page" and is_few and math.isinf(self.used_s) and not self.felt.missed_s

    @property
    def used_s(self) -> float:
        """When errors were too many for the budget, so that they page; infinity where they never were."""
        return self.felt.used_s(self.design.workload.slo.availability)

    @property
    def is_owed(self) -> bool:
        """Whether somebody must be told: always, or where users miss the goal so long or get errors."""
        burns = any(isinstance(each, Fail) for each in self.fault.effects)
        if (self.is_slight or burns) and self.hurt.errors < LEAST_FAILED:
            return False
        return self.hurt.is_failing or self.felt.missed_s >= self.fault.if_hurt_s

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
        vars(other)["felt"] = self.felt
        return other

    @cached_property
    def felt(self) -> Felt:
        """What users felt, by the minute."""
        return Felt(self.scenes, self.when, self.design.workload.slo.p99_ms / 1000)

    @cached_property
    def hurt(self) -> Hurt:
        """What users felt; the minutes beyond those that were simulated are not counted."""
        return self.felt.hurt(self.design.demand.active_users.likely)

    @property
    def goal_kept(self) -> bool:
        """Whether failed and slow requests together are no more than the goal allows."""
        return self.hurt.share <= MAY_BE_SLOW

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
        fails, waits = self.felt.first_minutes()
        goal_ms = self.design.workload.slo.p99_ms
        for number, what in ((fails, "requests fail"), (waits, f"p99 is above {goal_ms:,.0f} ms")):
            if number is not None:
                yield Moment(self.scenes.begins_s + number * MINUTE_S, "symptom", what)

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
            is_late = self.caught.at_s > self.begin_s + self.fault.within_s
            if is_late and self.ok and not self.is_slight:
                used = minutes(self.used_s - self.begin_s)
                yield f"until {used} fewer had failed in an hour than wake anybody: the error budget lasts"
        if self.is_slight:
            yield f"fewer than {FEW_ASKED} ask in five minutes: a ticket is owed if {LEAST_FAILED} fail"
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
