"""Which fault set off which alarm, as the last drills of a stack have left it in their file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

MARKS = {"page": "page", "ticket": "ticket", "": "on"}
"""As what an alarm told of a fault → what stands in its cell; of what tells nobody itself, that it was on."""


@dataclass(frozen=True, slots=True)
class Row:
    """A fault: whether its drill was as promised, and by alarm as what that told of it."""

    fault: str
    ok: bool
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Faults below each other, alarms beside each other.

    Attributes:
        at: when they were drilled, UTC; whose: whose alarms were asked.
        alarms: those that any fault set off, in the order of the design; rows: the faults.
        untried: alarms that none set off.
    """

    at: str
    whose: str
    alarms: tuple[str, ...]
    rows: tuple[Row, ...]
    untried: tuple[str, ...]

    @property
    def good(self) -> int:
        """Drills that were as promised."""
        return sum(row.ok for row in self.rows)


def read(text: str) -> Matrix | None:
    """The matrix of a file that `groma drill --all` has written; None of what is none."""
    try:
        told = json.loads(text)
        rows = tuple(
            Row(
                str(each["fault"]),
                bool(each["ok"]),
                {str(alarm): MARKS[mark] for alarm, mark in told["matrix"][each["fault"]].items()},
            )
            for each in told["drills"]
        )
        at, whose = str(told["at"])[:16].replace("T", " "), str(told["alarms"])
        untried = tuple(map(str, told["untried"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    alarms = dict.fromkeys(alarm for row in rows for alarm in row.cells)
    return Matrix(at, whose, tuple(alarms), rows, untried)
