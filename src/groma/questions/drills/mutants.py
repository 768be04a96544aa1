"""Alarms that are deleted, loosened or silenced: which drill would notice it.

Nothing is simulated again: what was published in a drill is read once more by the changed alarm, and the
others stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from groma.answers import Expression
from groma.monitoring.evaluate import Limit, Rule
from groma.monitoring.units import unit
from groma.questions.drills.answer import Drill
from groma.questions.drills.watching import Courses, Guard, course_of
from groma.words import Table, Words

How = Literal["gone", "laxer", "later", "mute", "deaf"]
HOW: Mapping[How, str] = {
    "gone": "deleted, with those that are made of it",
    "laxer": "its threshold half as far again: of percents halfway to 100, of counts one more at least",
    "later": "twice as many periods, of which twice as many must breach",
    "mute": "tells nobody that it is on",
    "deaf": "tells nobody that its data have stopped",
}
WHOLE = ("%", "s", "ms", "bytes")
"""Units in which something is measured, not counted."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """An alarm that was changed, and the drills that are not as promised any more."""

    guard: str
    how: How
    noticed: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Mutants:
    """All alarms, each changed in every way that makes it tell less.

    Attributes:
        name: of the stack; found: every mutant.
    """

    name: str
    found: tuple[Mutant, ...]

    @property
    def unnoticed(self) -> tuple[Mutant, ...]:
        """Those that no drill notices."""
        return tuple(each for each in self.found if not each.noticed)

    def words(self) -> Words:
        """A row for each alarm: of each change the first drill that notices, and how many others do."""
        by_guard: dict[str, dict[How, Mutant]] = {}
        for each in self.found:
            by_guard.setdefault(each.guard, {})[each.how] = each
        rows = [
            (guard, *(_noticed(own[how]) if how in own else "" for how in HOW))
            for guard, own in by_guard.items()
        ]
        table = Table("", ("alarm", *HOW), tuple(rows))
        lines = [f"{how}: {what}" for how, what in HOW.items()]
        good = len(self.found) - len(self.unnoticed)
        lines.append(f"{good} of {len(self.found)} changes are noticed by a drill; all by groma verify")
        return Words(f"{self.name}: alarms that are changed", (table,), tuple(lines))

    def document(self) -> object:
        """For machines."""
        return [{"alarm": each.guard, "how": each.how, "noticed": list(each.noticed)} for each in self.found]


def mutants(name: str, guards: Sequence[Guard], drills: Sequence[Drill]) -> Mutants:
    """Change each alarm in each way, and see which of some drills notice; those that are as promised now."""
    good = [each for each in drills if each.ok]
    found = []
    for guard in guards:
        able = [each for each in good if _matters(guard, each)]
        for how, changed in _changed(guard):
            noticed = [each.fault.name for each in able if not _with(each, guard, changed).ok]
            found.append(Mutant(guard.id, how, tuple(noticed)))
    return Mutants(name, tuple(found))


def _matters(guard: Guard, drill: Drill) -> bool:
    """Whether an alarm has done anything in a drill; one that tells less changes nothing else."""
    return any(each.guard.id == guard.id and each.state != "OK" for each in drill.turned)


def _changed(guard: Guard) -> Iterator[tuple[How, Guard | None]]:
    yield "gone", None
    if guard.rule is not None and isinstance(guard.rule.limit, Limit):
        yield "laxer", replace(guard, rule=replace(guard.rule, limit=_laxer(guard.rule, guard.rule.limit)))
        more = replace(
            guard.rule,
            evaluation_periods=2 * guard.rule.evaluation_periods,
            datapoints=2 * guard.rule.datapoints,
        )
        yield "later", replace(guard, rule=more)
    for how, state in (("mute", "ALARM"), ("deaf", "INSUFFICIENT_DATA")):
        if state in guard.tells:
            tells = {other: told for other, told in guard.tells.items() if other != state}
            yield how, replace(guard, tells=tells)  # type: ignore[misc]


def _laxer(rule: Rule, limit: Limit) -> Limit:
    threshold, of = limit.threshold, _unit(rule)
    if limit.comparison in ("<", "<="):
        return Limit(limit.comparison, threshold / 2 if of in WHOLE else min(threshold / 2, threshold - 1))
    if of == "%":
        return Limit(limit.comparison, (threshold + 100) / 2)
    return Limit(limit.comparison, max(1.5 * threshold, threshold + (of not in WHOLE)))


def _unit(rule: Rule) -> str:
    watches = rule.watches
    return watches.label.rpartition(", ")[2] if isinstance(watches, Expression) else unit(watches)


def _with(drill: Drill, guard: Guard, changed: Guard | None) -> Drill:
    """A drill with a changed alarm in the place of another, or without it."""
    if changed is None:
        return drill.without(guard.id)
    guards = tuple(changed if each.id == guard.id else each for each in drill.guards)
    courses = drill.courses
    if changed.rule is not None and changed.rule != guard.rule:
        own = course_of(changed, drill.series, courses.begin_s, courses.end_s)
        courses = Courses(courses.begin_s, courses.end_s, {**courses.by_id, guard.id: own})
    return drill.told_by(guards, courses)


def _noticed(mutant: Mutant) -> str:
    if not mutant.noticed:
        return "–"
    more = len(mutant.noticed) - 1
    return mutant.noticed[0] + (f" +{more}" if more else "")
