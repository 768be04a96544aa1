"""Which users a number counts: registered, on a day or at once; and what the other readings would cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from groma.design import Design
from groma.design.making import as_stated
from groma.design.outlined import outlined
from groma.errors import Infeasible
from groma.sizing.values import NO_WISH
from groma.words import Words
from groma.workload import KINDS, Workload
from groma.workload.people import READINGS, Reading, at_once, read_as, reading_of

KEYS: dict[Reading, str] = {"registered": "registered", "daily": "daily", "at once": "concurrent"}
"""The key by which the file states users who are counted so."""


@dataclass(frozen=True)
class Other:
    """The same number of users, counted in another way; the least that they cost, None where none is fit."""

    reading: Reading
    usd_per_month: float | None


@dataclass(frozen=True)
class Readings:
    """What was taken to be counted, what follows from it, and what the others would cost.

    `registered`, `daily` and `at_once` are the likely numbers of users at the load that was designed for.
    """

    number: int
    reading: Reading
    registered: int
    daily: int
    at_once: int
    others: tuple[Other, ...]

    def short(self) -> str:
        """The same in one line: `50,000 registered, 2,502 at once ($2,854 if `daily`, …)`."""
        taken = f"{self.number:,} {KEYS[self.reading]}"
        if self.reading != "at once":
            taken += f", {self.at_once:,} at once"
        others = ", ".join(
            f"{'no design' if each.usd_per_month is None else _cost(each)} if `{KEYS[each.reading]}`"
            for each in self.others
        )
        return f"{taken} ({others})"

    def words(self) -> Words:
        """What was taken, and what it is not."""
        counts = {"registered": self.registered, "daily": self.daily, "at once": self.at_once}
        rest = (f"{count:,} {_word(name)}" for name, count in counts.items() if name != self.reading)
        taken = f"{self.number:,} users, counted {_counted(self.reading)}: {', '.join(rest)}"
        first, second = self.others
        costs = f"counted {_counted(first.reading)} they would cost {_cost(first)} a month at the least"
        more = f"counted {_counted(second.reading)} {_cost(second)}"
        said = " or ".join(f"`{KEYS[each.reading]}: {self.number:_}`" for each in self.others)
        return Words(lines=(taken, f"{costs}, {more}; say {said}"))

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def _word(reading: str) -> str:
    return {"registered": "registered", "daily": "on a day", "at once": "at once at peak"}[reading]


def _counted(reading: str) -> str:
    return "as registered" if reading == "registered" else _word(reading)


def _cost(other: Other) -> str:
    usd = other.usd_per_month
    return "more than any design carries" if usd is None else f"${usd:,.0f}"


def readings(made: Design) -> Readings | None:
    """Which users a design was made for, beside the other readings; None where nothing is sized by load."""
    workload = made.workload
    if not KINDS[workload.blueprint].has_load:
        return None
    reading, number = reading_of(workload.users)
    return Readings(
        number=number,
        reading=reading,
        registered=workload.users.total,
        daily=round(made.demand.active_users.likely),
        at_once=round(at_once(workload, made.demand.peak_per_s.likely)),
        others=tuple(_other(as_stated(made), each, number) for each in READINGS if each != reading),
    )


def _other(workload: Workload, reading: Reading, number: int) -> Other:
    try:
        return Other(reading, outlined(read_as(workload, reading, number), NO_WISH).usd_per_month)
    except Infeasible:
        return Other(reading, None)
