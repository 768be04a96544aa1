"""Composite alarms: a rule over the states of other alarms.

AWS, "Composite alarms", read on 2026-11-28.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from math import ceil
from types import MappingProxyType

from groma.monitoring.evaluate.following import Standing
from groma.monitoring.evaluate.reasons import Reason, iso
from groma.monitoring.evaluate.verdict import State

NO_ARNS: Mapping[str, str] = MappingProxyType({})
STATES: tuple[State, ...] = ("ALARM", "OK", "INSUFFICIENT_DATA")
TOKEN = re.compile(r"\s*(?:\"(?P<quoted>(?:[^\"\\]|\\.)+)\"|(?P<sign>[(),])|(?P<word>[^\s(),\"]+))")


class RuleError(ValueError):
    """A rule that cannot be read; says where, from the first character as 1."""


@dataclass(frozen=True, slots=True)
class Constant:
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Whether so many of some alarms are in a state; one of one is what `ALARM(name)` says.

    `least` is a number of alarms, or with `is_share` of 100 of them, rounded up.
    """

    least: float
    is_share: bool
    state: State
    negated: bool
    alarms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    term: Term


@dataclass(frozen=True, slots=True)
class Joined:
    """Both, or with `either` one of two."""

    either: bool
    left: Term
    right: Term


Term = Constant | AtLeast | Not | Joined


@cache
def parsed(rule: str) -> Term:
    """The tree of an AlarmRule. Raises RuleError."""
    reader = _Reader(rule)
    term = reader.either()
    if reader.text:
        raise reader.refused("AND, OR or the end")
    return term


def named(term: Term) -> tuple[str, ...]:
    """The alarms that a rule asks for, each once."""
    match term:
        case AtLeast():
            found = term.alarms
        case Not():
            found = named(term.term)
        case Joined():
            found = (*named(term.left), *named(term.right))
        case Constant():
            found = ()
    return tuple(dict.fromkeys(found))


def holds(term: Term, states: Mapping[str, State]) -> bool:
    """Whether a rule is true. Raises KeyError: an alarm that it names has no state."""
    match term:
        case Constant():
            return term.value
        case Not():
            return not holds(term.term, states)
        case Joined():
            found = holds(term.left, states), holds(term.right, states)
            return any(found) if term.either else all(found)
        case AtLeast():
            least = ceil(term.least * len(term.alarms) / 100) if term.is_share else term.least
            return sum((states[name] == term.state) is not term.negated for name in term.alarms) >= least


def composed(
    name: str,
    rule: str,
    children: Mapping[str, Standing],
    changed: str,
    now_s: float,
    before: Standing,
    arns: Mapping[str, str] = NO_ARNS,
) -> Standing:
    """Where a composite alarm stands after one of its children changed; it has no third state.

    Args:
        name: its own name or ARN.
        rule: its AlarmRule.
        children: where its children stand.
        changed: the one that changed; empty when the composite alarm was just made.
        now_s: when.
        before: where it stood; the same object is returned when its state does not change.
        arns: the ARN of each name, as the reason tells it; a name without one is told itself.

    Raises:
        RuleError: the rule cannot be read.
        KeyError: it names an alarm that is not among the children.
    """
    term = parsed(rule)
    is_true = holds(term, {each: standing.state for each, standing in children.items()})
    state: State = "ALARM" if is_true else "OK"
    if state == before.state:
        return before
    if not changed:
        text = f"{arns.get(name, name)} was created and its alarm rule evaluates to {state}"
        return Standing(state, Reason(text, _triggering(named(term), children, arns)), now_s)
    child = children[changed]
    at = datetime.fromtimestamp(child.since_s, UTC).strftime("%A %d %B, %Y %H:%M:%S UTC")
    text = f"{arns.get(changed, changed)} transitioned to {child.state} at {at}"
    return Standing(state, Reason(text, _triggering((changed,), children, arns)), now_s)


def _triggering(names: Sequence[str], children: Mapping[str, Standing], arns: Mapping[str, str]) -> str:
    alarms = [
        {
            "arn": arns.get(name, name),
            "state": {"value": children[name].state, "timestamp": iso(children[name].since_s)},
        }
        for name in names
    ]
    return json.dumps({"triggeringAlarms": alarms}, separators=(",", ":"))


class _Reader:
    """Reads a rule from left to right: NOT binds more strongly than AND, AND than OR."""

    def __init__(self, rule: str) -> None:
        self.rule, self.end = rule, 0
        self.text, self.kind, self.place = "", "", 0
        self._forward()

    def either(self) -> Term:
        """Terms with OR between them."""
        term = self._both()
        while self._has("OR"):
            term = Joined(True, term, self._both())
        return term

    def refused(self, wanted: str) -> RuleError:
        """What is wrong at the next token."""
        found = repr(self.text) if self.text else "the end"
        return RuleError(f"{self.rule!r}: at character {self.place} stands {found} instead of {wanted}")

    def _both(self) -> Term:
        term = self._single()
        while self._has("AND"):
            term = Joined(False, term, self._single())
        return term

    def _single(self) -> Term:
        if self._has("NOT"):
            return Not(self._single())
        if self._has("("):
            term = self.either()
            self._expect(")")
            return term
        for word, value in (("TRUE", True), ("FALSE", False)):
            if self._has(word):
                return Constant(value)
        return self._at_least() if self._has("AT_LEAST") else self._of_one()

    def _of_one(self) -> AtLeast:
        state = self._state(
            "ALARM(name), OK(name), INSUFFICIENT_DATA(name), AT_LEAST, NOT, TRUE, FALSE or '('"
        )
        self._expect("(")
        name = self._name()
        self._expect(")")
        return AtLeast(1, False, state, False, (name,))

    def _at_least(self) -> AtLeast:
        self._expect("(")
        least = re.fullmatch(r"(\d+)(%?)", self.text)
        if least is None:
            raise self.refused("a number or a share such as 60%")
        self._forward()
        self._expect(",")
        negated = self._has("NOT")
        state = self._state("ALARM, OK or INSUFFICIENT_DATA")
        self._expect(",")
        self._expect("(")
        names = [self._name()]
        while self._has(","):
            names.append(self._name())
        self._expect(")")
        self._expect(")")
        return AtLeast(float(least[1]), bool(least[2]), state, negated, tuple(names))

    def _state(self, wanted: str) -> State:
        for state in STATES:
            if self._has(state):
                return state
        raise self.refused(wanted)

    def _name(self) -> str:
        if self.kind not in ("quoted", "word"):
            raise self.refused("the name of an alarm")
        name = re.sub(r"\\(.)", r"\1", self.text) if self.kind == "quoted" else self.text
        self._forward()
        return name

    def _has(self, text: str) -> bool:
        """Whether this comes next, and if so takes it."""
        found = self.text == text and self.kind != "quoted"
        if found:
            self._forward()
        return found

    def _expect(self, sign: str) -> None:
        if not self._has(sign):
            raise self.refused(repr(sign))

    def _forward(self) -> None:
        token = TOKEN.match(self.rule, self.end)
        if token is None:
            rest = self.rule[self.end :].strip()
            self.text, self.kind, self.place = rest[:1], "unknown", len(self.rule) + 1 - len(rest)
            return
        self.kind = str(token.lastgroup)
        self.text, self.place = token[self.kind], token.start() + len(token[0]) - len(token[0].lstrip()) + 1
        self.end = token.end()
