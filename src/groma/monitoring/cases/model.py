"""A case of each kind, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from groma.monitoring.cases.notation import Item
from groma.monitoring.evaluate import Rule, State, Suppressor, Treatment
from groma.words import Mark, Table, Words

Published = Mapping[str, tuple[Item, ...]]
"""What is published in each step, by the id of the metric."""
SAME: Literal["same"] = "same"
Gives = Mapping[Treatment, State | Literal["same"]]
"""The state that is to come, by the treatment of missing data; SAME for that from before."""


@dataclass(frozen=True, slots=True)
class Sight:
    """An alarm that sees one evaluation range, once.

    Attributes:
        rule: what decides.
        data: a point for each period, the newest last.
        gives: what is to come.
        before: the state that it was in.
    """

    rule: Rule
    data: Published
    gives: Gives
    before: State


@dataclass(frozen=True, slots=True)
class Course:
    """An alarm through time.

    Attributes:
        rule: what decides.
        data: what is published in each step.
        every_s: how long a step is.
        start_s: when the first begins; seconds since 1970, UTC.
        before: the state that the alarm was in.
        expected: seconds after the start → the state that is to be then.
    """

    rule: Rule
    data: Published
    every_s: int
    start_s: int
    before: State
    expected: Mapping[int, State]


@dataclass(frozen=True, slots=True)
class Combination:
    """A composite alarm through time.

    Attributes:
        rule: its AlarmRule.
        inputs: the state of each alarm that it asks for, in each step.
        every_s: how long a step is.
        expected: its own state in each step; empty when only its actions are asked for.
        suppressor: its periods and the states of the suppressor in each step; None for none.
        actions: seconds after the start, and for which state it acts then; None when they are not asked for.
    """

    rule: str
    inputs: Mapping[str, tuple[State, ...]]
    every_s: int
    expected: tuple[State, ...]
    suppressor: tuple[Suppressor, tuple[State, ...]] | None
    actions: tuple[tuple[int, State], ...] | None


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression of metric math.

    Attributes:
        expression: in CloudWatch's syntax.
        data: a point of each metric for each period.
        period_s: how long that is.
        values: what is to come, period by period; None is missing.
    """

    expression: str
    data: Published
    period_s: int
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a file, with its name and its place there."""

    name: str
    where: str
    asks: Sight | Course | Combination | Formula


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case: what was expected, what came, and why, as far as they differ."""

    name: str
    where: str
    expected: str
    came: str
    why: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all came as expected."""
        return self.expected == self.came


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of all cases of a file."""

    file: str
    cases: tuple[Outcome, ...]

    @property
    def failed(self) -> int:
        """How many came otherwise."""
        return sum(1 for case in self.cases if not case.ok)

    def words(self) -> Words:
        """A table of all, and what differs below it."""
        rows = [(Mark("ok", "good") if c.ok else Mark("no", "bad"), c.name, c.came) for c in self.cases]
        lines = [line for case in self.cases if not case.ok for line in _different(case)]
        passed = len(self.cases) - self.failed
        count = f"{passed} of {len(self.cases)} cases came as expected"
        return Words(self.file, (Table("", ("", "case", "what came"), tuple(rows)),), (*lines, count))

    def document(self) -> object:
        """For machines."""
        cases = [
            {
                "name": case.name,
                "where": case.where,
                "ok": case.ok,
                "expected": case.expected,
                "came": case.came,
                "why": list(case.why),
            }
            for case in self.cases
        ]
        return {"file": self.file, "passed": len(cases) - self.failed, "failed": self.failed, "cases": cases}


def _different(case: Outcome) -> list[str]:
    head = (f"{case.where}: {case.name}", f"  expected  {case.expected}", f"  came      {case.came}")
    return [*head, *(f"  {line}" for line in case.why), ""]
