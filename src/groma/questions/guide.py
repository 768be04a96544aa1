"""From a hundred users to as many as one asks for: what it takes, p99, the bill, what breaks first."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from groma.bill import bill
from groma.design import Design, design
from groma.errors import Infeasible, InputError
from groma.quantity import Range
from groma.questions.asking import Report, must_be_sized, silent
from groma.questions.growth import at_users, carried
from groma.words import Table, Words
from groma.workload import Workload

FEWEST = 100
STEPS = (1, 3)
"""Numbers of users in each power of ten."""
AHEAD = 10
"""How many times the largest number of users each design is followed, to see what breaks first."""
NUMBERS = ("users", "p99", "$/month", "low to high")


@dataclass(frozen=True)
class Row:
    """The cheapest design for a number of users.

    Attributes:
        users: as many as are registered.
        made_of: its machines or functions; empty where there is no design.
        p99_ms: None where none is promised, or there is no design.
        usd: the bill a month; at least so much where `unknown` lines have no price.
        up_to: the most users that it carries with all goals kept; None where it grows with the load.
        breaks: what breaks beyond.
        why_none: why there is no design.
    """

    users: int
    made_of: str
    p99_ms: float | None
    usd: Range | None
    unknown: int
    up_to: int | None
    breaks: str
    why_none: str = ""

    def cells(self) -> tuple[str, ...]:
        """For people."""
        if self.usd is None:
            return (f"{self.users:,}", f"no design: {self.why_none}", "", "", "")
        least = "at least " if self.unknown else ""
        return (
            f"{self.users:,}",
            self.made_of,
            "–" if self.p99_ms is None else f"{self.p99_ms:g} ms",
            f"{least}{self.usd.likely:,.0f}",
            f"{self.usd.low:,.0f} to {self.usd.high:,.0f}",
        )


@dataclass(frozen=True)
class Guide:
    """The designs on the way, and the command that makes the page anew."""

    workload: Workload
    rows: tuple[Row, ...]
    command: str

    def words(self) -> Words:
        """What holds throughout; a row for each number of users; what breaks first, and where."""
        first, last, goals = self.rows[0], self.rows[-1], self.workload.slo
        where = f"{self.workload.blueprint} in {', '.join(self.workload.regions)}"
        heading = (
            f"{self.workload.name}: from {first.users:,} to {last.users:,} users",
            f"{where}, with a p99 of {goals.p99_ms:g} ms and an availability of {goals.availability:.4%} or "
            "better at every size. Each row is the cheapest design for its users; all else is as the "
            f"workload states it for {self.workload.users.total:,}.",
            f"This page is written by `{self.command}`: run it again after a change, and do not edit it.",
        )
        own = tuple(n for n, row in enumerate(self.rows) if row.users == self.workload.users.total)
        columns = ("users", "what it takes", *NUMBERS[1:])
        table = Table("", columns, tuple(row.cells() for row in self.rows), right=NUMBERS, bold=own)
        return Words("\n".join(heading), (table, *self._breaking()))

    def _breaking(self) -> tuple[Table, ...]:
        """For whom each design would still do, and what then breaks first."""
        rows = tuple(
            (f"{row.users:,}", f"{row.up_to:,}", row.breaks or "nothing before")
            for row in self.rows
            if row.up_to is not None
        )
        title = "What breaks first, when a design is left as it is"
        heads = ("designed for", "carries", "then breaks")
        return (Table(title, heads, rows, right=heads[:2]),) if rows else ()

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return {"command": self.command, "rows": [asdict(row) for row in self.rows]}


def guide(workload: Workload, to: int, command: str, report: Report = silent) -> Guide:
    """Design a workload for rising numbers of users.

    Args:
        workload: what is stated for its own number of users, which is among them.
        to: the largest number.
        command: what writes the page.
        report: is told each number as it is designed.

    Raises:
        InputError: nothing of its blueprint is sized by its load, or `to` is not above a hundred.
    """
    must_be_sized(workload)
    if to <= FEWEST:
        raise InputError(f"{to:,} users are not more than {FEWEST}", where="--to")
    rows = []
    for users in _numbers(workload.users.total, to):
        report(f"designing for {users:,} users")
        rows.append(_row(at_users(workload, users), to * AHEAD))
    return Guide(workload, tuple(rows), command)


def _numbers(own: int, to: int) -> list[int]:
    """A hundred, three hundred, a thousand and so on, the workload's own number, and the last."""
    found, power = {to, *([own] if FEWEST <= own <= to else [])}, FEWEST
    while power <= to:
        found |= {step * power for step in STEPS if step * power <= to}
        power *= 10
    return sorted(found)


def _row(workload: Workload, most: int) -> Row:
    users = workload.users.total
    try:
        made = design(workload, reasons=False)
    except Infeasible as error:
        return Row(users, "", None, None, 0, None, "", error.what)
    priced = bill(made.architecture)
    up_to, breaks = _carried(made, most)
    p99_ms = made.plan.latency_ms.get("p99")
    return Row(users, made.plan.machines, p99_ms, priced.monthly_usd, len(priced.unknown), up_to, breaks)


def _carried(made: Design, most: int) -> tuple[int | None, str]:
    """The most users that it carries, followed to `most`, and what breaks then."""
    if not made.plan.sizes:
        return None, ""
    up_to, breaks = carried(made, most)
    return up_to, "" if breaks is None else f"{breaks.tier}: {breaks.limit}"
