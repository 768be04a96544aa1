"""A file of cases → cases. Whatever is wrong in it is named with its line."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from groma.errors import InputError, WorkloadError
from groma.files import read_text
from groma.monitoring.cases.alarms import OfDesign, rule
from groma.monitoring.cases.model import SAME, Case, Combination, Course, Formula, Gives, Published, Sight
from groma.monitoring.cases.notation import NotationError, duration, points, seconds, states
from groma.monitoring.cases.parts import GUIDE, Part
from groma.monitoring.evaluate import ONLY, TREATMENTS, Rule, State, Suppressor, evaluation_range
from groma.monitoring.evaluate.composite import named, parsed
from groma.monitoring.evaluate.windows import every_s as evaluated_every_s
from groma.workload.lines import MOST_BYTES, parse_yaml, place

STATES: tuple[State, ...] = ("OK", "ALARM", "INSUFFICIENT_DATA")
MONDAY = "2026-01-05 00:00"
"""When data begin if a case does not say: a midnight with which a week begins."""
KINDS = {
    "sees": ("name", "alarm", "sees", "gives", "from"),
    "values": ("name", "expression", "data", "every", "values"),
    "rule": ("name", "rule", "inputs", "every", "states", "suppressor", "wait", "extension", "actions"),
    "data": ("name", "alarm", "data", "every", "start", "from", "states", "at"),
}
"""The key that makes a case one of a kind, and all keys of that kind."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of cases: its name, and the cases in their order."""

    source: str
    cases: tuple[Case, ...]


def load(path: str | pathlib.Path, of_design: OfDesign) -> CaseFile:
    """Read a file of cases.

    Args:
        path: of the file.
        of_design: gives the alarms of the design; asked only when a case names an alarm that the file does
            not define.

    Raises:
        InputError: the file cannot be read, is not YAML, or says something that is not allowed.
    """
    source = str(path)
    text = read_text(pathlib.Path(path), MOST_BYTES, GUIDE)
    try:
        stated, lines = parse_yaml(text, source, as_text=True, hint=GUIDE)
    except WorkloadError as error:
        raise InputError(error.what, where=error.where, hint=error.hint) from None
    whole = Part(source, lines, (), stated)
    whole.allow("alarms", "cases")
    reader = _Reader(whole.part("alarms"), of_design)
    return CaseFile(source, tuple(reader.case(part) for part in whole.parts("cases")))


class _Reader:
    """Reads cases, and knows the alarms that they may name."""

    def __init__(self, alarms: Part, of_design: OfDesign) -> None:
        self.alarms, self.of_design = alarms, of_design

    def case(self, part: Part) -> Case:
        """One case, of the kind that its keys show. Raises InputError."""
        readers: Mapping[str, Callable[[Part], Sight | Course | Combination | Formula]] = {
            "sees": self._sight,
            "values": _formula,
            "rule": _combination,
            "data": self._course,
        }
        for kind, keys in KINDS.items():
            if part.has(kind):
                part.allow(*keys)
                where = place(part.source, part.lines, part.path).rpartition(": ")[0]
                return Case(part.text("name"), where, readers[kind](part))
        raise part.error("says not what is published", "write data, sees, rule, or expression with values")

    def _sight(self, part: Part) -> Sight:
        data = _published(part, "sees")
        found = self._rule(part, data, 0)
        most = evaluation_range(found.evaluation_periods)
        if any(len(items) > most for items in data.values()):
            hint = f"give at most {most}, the newest last"
            raise part.error(f"the alarm sees {most} periods at a time", hint, "sees")
        return Sight(found, data, _gives(part, found), part.one_of("from", STATES, "INSUFFICIENT_DATA"))

    def _course(self, part: Part) -> Course:
        start_s = part.read("start", _moment, MONDAY)
        data = _published(part, "data")
        found = self._rule(part, data, start_s)
        every_s = part.read("every", seconds, duration(found.period_s))
        step_s = evaluated_every_s(found.period_s)
        if every_s % step_s or not every_s:
            hint = f"a multiple of {duration(step_s)}"
            raise part.error(f"the alarm is evaluated every {duration(step_s)}", hint, "every")
        expected = _expected(part, data, every_s, step_s)
        return Course(
            found, data, every_s, start_s, part.one_of("from", STATES, "INSUFFICIENT_DATA"), expected
        )

    def _rule(self, part: Part, data: Published, start_s: int) -> Rule:
        """The rule of the alarm that a case defines or names."""
        if isinstance(part.values.get("alarm"), Mapping):
            return _checked(part, data, rule(part.part("alarm"), tuple(data), start_s))
        name = part.text("alarm")
        if self.alarms.has(name):
            return _checked(part, data, rule(self.alarms.part(name), tuple(data), start_s))
        return _checked(part, data, self._of_design(part, name))

    def _of_design(self, part: Part, name: str) -> Rule:
        known = self.of_design()
        if name not in known:
            hint = f"define it under `alarms:`, or name one of the design: {', '.join(known)}"
            raise part.error(f"there is no alarm {name!r}", hint, "alarm")
        return Rule.of(known[name])


def _checked(part: Part, data: Published, found: Rule) -> Rule:
    """Refuse data of other metrics than the rule reads. Raises InputError."""
    if set(data) - set(found.metrics):
        key = "sees" if part.has("sees") else "data"
        hint = f"give data of {', '.join(found.metrics)}"
        raise part.error(f"the alarm reads no metric {', '.join(set(data) - set(found.metrics))}", hint, key)
    return found


def _published(part: Part, key: str) -> Published:
    """The points of one metric, or of several by their ids."""
    if not isinstance(part.values.get(key), Mapping):
        return {ONLY: part.read(key, points)}
    several = part.part(key)
    if not several.values:
        raise part.error("is empty", "give data of each metric: {requests: 30x3, errors: 0x3}", key)
    return {name: several.read(name, points) for name in several.values}


def _gives(part: Part, found: Rule) -> Gives:
    """What is to come, by the treatment of missing data: the alarm's own where the file gives one state."""
    allowed: tuple[State | Literal["same"], ...] = (*STATES, SAME)
    if not isinstance(part.values.get("gives"), Mapping):
        return {found.treatment: part.one_of("gives", allowed)}
    gives = part.part("gives")
    gives.allow(*TREATMENTS)
    return {treatment: gives.one_of(treatment, allowed) for treatment in TREATMENTS if gives.has(treatment)}


def _expected(part: Part, data: Published, every_s: int, step_s: int) -> dict[int, State]:
    """Seconds after the start → state, from `states` or `at`, or both."""
    found: dict[int, State] = {}
    if part.has("states"):
        line = part.read("states", states)
        _same_length(part, len(line), max(map(len, data.values())))
        found = {(step + 1) * every_s: state for step, state in enumerate(line)}
    at = part.part("at")
    for moment in at.values:
        try:
            after_s = seconds(moment)
        except NotationError as error:
            raise at.error(str(error), error.hint, moment) from None
        if after_s % step_s or not after_s:
            raise at.error("nothing is evaluated then", f"a multiple of {duration(step_s)}", moment)
        found[after_s] = at.one_of(moment, STATES)
    if not found:
        raise part.error("says not what is to come", "write states, one for each point, or at: {14m: ALARM}")
    return dict(sorted(found.items()))


def _same_length(part: Part, given: int, steps: int) -> None:
    """After the data nothing is published, so that there may be more states than points, not fewer."""
    if given < steps:
        what = f"{given} state{'' if given == 1 else 's'} for {steps} points"
        raise part.error(what, "give a state for each point, at its end; more if data stop", "states")


def _combination(part: Part) -> Combination:
    every_s = part.read("every", seconds, "1m")
    text = part.text("rule")
    asked = part.read("rule", lambda written: named(parsed(written)))
    given = part.part("inputs")
    given.allow(*asked)
    inputs = {name: given.read(name, states) for name in asked}
    steps = max((len(line) for line in inputs.values()), default=1)
    if any(len(line) != steps for line in inputs.values()):
        raise part.error("the inputs have different lengths", f"give {steps} states of each", "inputs")
    if not part.has("states") and not part.has("actions"):
        raise part.error("says not what is to come", "write states, actions, or both")
    expected = part.read("states", states) if part.has("states") else ()
    if expected and len(expected) != steps:
        raise part.error(f"{len(expected)} states for {steps} of each input", "give one a step", "states")
    actions = part.read("actions", _actions) if part.has("actions") else None
    return Combination(text, inputs, every_s, expected, _suppressor(part, steps), actions)


def _suppressor(part: Part, steps: int) -> tuple[Suppressor, tuple[State, ...]] | None:
    if not part.has("suppressor"):
        return None
    line = part.read("suppressor", states)
    if len(line) != steps:
        raise part.error(f"{len(line)} states for {steps} of each input", "give one a step", "suppressor")
    return Suppressor(part.read("wait", seconds), part.read("extension", seconds)), line


def _actions(text: str) -> tuple[tuple[int, State], ...]:
    """`4m ALARM, 9m OK`; `none` for none at all."""
    if text == "none":
        return ()
    found = []
    for each in text.split(","):
        moment, _, state = each.strip().partition(" ")
        found.append((seconds(moment), states(state)[0]))
    return tuple(found)


def _formula(part: Part) -> Formula:
    values = tuple(item[0][0] if item else None for item in part.read("values", points))
    data = _published(part, "data")
    if any(len(items) != len(values) for items in data.values()):
        raise part.error("there is not one value for each point", "give as many", "values")
    return Formula(part.text("expression"), data, part.read("every", seconds, "1m"), values)


def _moment(text: str) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NotationError(f"{text!r} is no moment", "write 2026-03-29 00:00; it is in UTC") from None
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
