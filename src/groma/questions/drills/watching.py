"""Alarms through a drill: when each comes into which state, and what is mailed of it.

An alarm may be the plan's or one that is deployed: what decides about it is a value of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from groma.answers import Alarm, Composite, Severity
from groma.architecture import Architecture, Part
from groma.monitoring.alarms import alarms, composites
from groma.monitoring.evaluate import (
    Rule,
    Standing,
    State,
    Suppressor,
    Turn,
    acted,
    composed,
    newborn,
)
from groma.monitoring.evaluate.composite import named, parsed
from groma.questions.drills.courses import course
from groma.questions.drills.published import Course, Key, Series, Usual, key_of
from groma.questions.drills.samples import NOTHING


@dataclass(frozen=True, slots=True)
class Guard:
    """An alarm as a drill sees it.

    Attributes:
        id: in the whole design; title, do: for people; component: the id of what it watches.
        region: in which it is evaluated, and with which it is gone.
        tells: by state, as what it is told; a state that is not there is told nobody.
        rule: what decides, of a metric alarm; keys: which metric each id of the rule means.
        combines: the AlarmRule of a composite one, over ids; empty for a metric alarm.
        held_by: the id of the alarm that keeps a composite one quiet, with its periods; None for none.
    """

    id: str
    title: str
    component: str
    region: str
    do: str
    tells: Mapping[State, Severity] = field(default_factory=dict)
    rule: Rule | None = None
    keys: Mapping[str, Key] = field(default_factory=dict)
    combines: str = ""
    held_by: tuple[str, Suppressor] | None = None

    def without(self, gone: str) -> Guard | None:
        """The same where an alarm does not exist that it may combine; None where it cannot be on then."""
        term, any_of = f'ALARM("{gone}")', self.combines.split(" OR ")
        if term not in self.combines:
            return self
        left = " OR ".join(each for each in any_of if each != term)
        return replace(self, combines=left) if len(any_of) > 1 else None


@dataclass(frozen=True, slots=True)
class Turned:
    """An alarm that came into a state, and as what somebody was told; None where nobody was."""

    at_s: int
    guard: Guard
    state: State
    told: Severity | None

    @property
    def is_call(self) -> bool:
        """Whether somebody was told that something is wrong, not that it is over."""
        return self.told is not None and self.state != "OK"


def guards_of(architecture: Architecture) -> tuple[Guard, ...]:
    """All alarms of a design, as Terraform deploys them."""
    return tuple(
        each
        for part in architecture.parts
        for each in (
            *(_metric_guard(part, alarm) for alarm in alarms(part.architecture)),
            *(_composite_guard(part, alarm) for alarm in composites(part.architecture)),
        )
    )


def _metric_guard(part: Part, alarm: Alarm) -> Guard:
    rule = Rule.of(alarm)
    tells: dict[State, Severity] = {} if alarm.part_of else {"ALARM": alarm.severity}
    if alarm.missing.told:
        tells["INSUFFICIENT_DATA"] = alarm.missing.told
    component, region = part.whole(alarm.component), alarm.region or part.architecture.region
    return Guard(
        part.whole(alarm.id), alarm.title, component, region, alarm.runbook.do, tells, rule,
        {id_: key_of(component, metric) for id_, metric in rule.metrics.items()},
    )  # fmt: skip


def _composite_guard(part: Part, alarm: Composite) -> Guard:
    tells: dict[State, Severity] = {"ALARM": alarm.severity}
    if alarm.tells_its_end:
        tells["OK"] = alarm.severity
    by = alarm.suppressed
    return Guard(
        part.whole(alarm.id), alarm.title, part.whole(alarm.component), part.architecture.region,
        alarm.runbook.do, tells,
        combines=alarm.rule(part.whole),
        held_by=(part.whole(by.by), Suppressor(by.wait_s, by.extension_s)) if by else None,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Courses:
    """What metric alarms came to, from a beginning to an end: by id every state that each came into."""

    begin_s: int
    end_s: int
    by_id: Mapping[str, tuple[Standing, ...]]


def courses_of(
    guards: Sequence[Guard], series: Series, begin_s: int, end_s: int, usual: Usual | None = None
) -> Courses:
    """Every state that metric alarms come into; all are newborn at the beginning.

    Args:
        usual: of which the series are but for what a fault has changed; what it has not is looked at once.
    """

    def own(guard: Guard) -> tuple[Standing, ...]:
        if usual is not None and all(series.get(k) is usual.series.get(k) for k in guard.keys.values()):
            return _usual_course(guard, usual, begin_s, end_s)
        return course_of(guard, series, begin_s, end_s)

    return Courses(begin_s, end_s, {each.id: own(each) for each in guards if each.rule})


def _usual_course(guard: Guard, usual: Usual, begin_s: int, end_s: int) -> tuple[Standing, ...]:
    """The course of an alarm of which nothing is changed: what comes later changes no state before.

    The first time it is looked at as far as is asked, then as far as there is anything.
    """
    assert guard.rule is not None
    known = usual.courses.get(guard.id)
    if known is None or known.rule is not guard.rule or known.begin_s != begin_s or known.end_s < end_s:
        until_s = end_s if known is None else max(end_s, usual.end_s)
        found = course_of(guard, usual.series, begin_s, until_s)
        usual.courses[guard.id] = known = Course(guard.rule, begin_s, until_s, found)
    return tuple(each for each in known.standings if each.since_s <= end_s)


def course_of(guard: Guard, series: Series, begin_s: int, end_s: int) -> tuple[Standing, ...]:
    """Every state that a metric alarm comes into."""
    assert guard.rule is not None
    data = {id_: series.get(key, NOTHING) for id_, key in guard.keys.items()}
    return tuple(course(guard.rule, data, begin_s, end_s))


def turned(guards: Sequence[Guard], courses: Courses) -> tuple[Turned, ...]:
    """Every change of state of every alarm, in the order of time.

    All are newborn at the beginning, and so tell nobody that they were made.
    """
    by_id = {each.id: each for each in guards}
    combined = [(each, named(parsed(each.combines))) for each in guards if each.combines]
    states = {id_: newborn(courses.begin_s) for id_ in by_id}
    found: list[Turned] = []
    events = sorted((int(at.since_s), id_, at) for id_ in by_id for at in courses.by_id.get(id_, ()))
    for at_s, id_, standing in events:
        states[id_] = standing
        found.append(_told(by_id[id_], standing))
        for each, names in combined:
            if id_ not in names or any(name not in states for name in names):
                continue
            children = {name: states[name] for name in names}
            after = composed(each.id, each.combines, children, id_, at_s, states[each.id])
            if after is not states[each.id]:
                was_new, states[each.id] = states[each.id].since_s == courses.begin_s, after
                if not (was_new and after.state == "OK"):
                    found.append(_told(each, after))
    return tuple(sorted(_held_back(found, courses.end_s), key=lambda each: each.at_s))


def _held_back(found: Sequence[Turned], end_s: int) -> Iterator[Turned]:
    """The same, but that what a composite alarm with a suppressor tells comes when it acts, if it does."""
    for each in found:
        yield each if each.guard.held_by is None else replace(each, told=None)
    for guard in dict.fromkeys(each.guard.id for each in found if each.guard.held_by):
        own = [each for each in found if each.guard.id == guard]
        assert own[0].guard.held_by is not None
        by, periods = own[0].guard.held_by
        turns, of_suppressor = _turns(own), _turns([each for each in found if each.guard.id == by])
        for act in acted(turns, of_suppressor, periods).actions:
            told = own[0].guard.tells.get(act.state)
            if told is not None and act.at_s <= end_s:
                yield Turned(int(act.at_s), own[0].guard, act.state, told)


def _turns(found: Sequence[Turned]) -> list[Turn]:
    return [Turn(each.at_s, each.state) for each in found]


def _told(guard: Guard, standing: Standing) -> Turned:
    return Turned(int(standing.since_s), guard, standing.state, guard.tells.get(standing.state))
