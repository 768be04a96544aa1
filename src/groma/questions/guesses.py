"""What hangs on guesses: the ranges of a workload, ranked by the money between their ends.

Each range is taken at both ends, all others at their likely values. What the cheapest design costs there is
what measuring could save or must add; how the sizes of today stand there is what building before measuring
risks. Only the first few are found here, without asking for each of the others: a group of ranges that is
taken at its dearer ends together costs at least what any of them does alone, so that a group which moves the
bill by less than those already found is passed over whole.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from groma.design import Design
from groma.design.elsewhere import Elsewhere, Stands, Values
from groma.quantity import Range
from groma.terms import DOLLARS, Currency
from groma.words import Table, Words
from groma.workload import KINDS
from groma.workload.uncertain import Origin, Path, dearer_end, measured_by, origin, uncertain

FEW = 2
CHUNK = 12
"""Ranges of a group that is asked about first."""
LEAST_USD = 0.005
"""A month: what moves the bill by less does not move it."""
ORIGINS: dict[Origin, str] = {"guess": "a guess", "published": "published", "stated": "stated"}


@dataclass(frozen=True)
class Guess:
    """A range, and what hangs on it.

    Attributes:
        usd: of the cheapest designs at its low and at its high end; None where no design keeps the goals.
        elsewhere: knows how the sizes of the design stand there.
    """

    path: Path
    value: Range
    origin: Origin
    measure: str
    usd: tuple[float | None, float | None]
    elsewhere: Elsewhere = field(compare=False, repr=False)

    @cached_property
    def stands(self) -> tuple[Stands | None, Stands | None]:
        """How the sizes of the design stand at both ends; None where nothing could carry the load."""
        low, high = _ends(self.path, self.value)
        return self.elsewhere.stands(low), self.elsewhere.stands(high)

    @property
    def key(self) -> str:
        """As the file names it: `load.scv`."""
        return ".".join(self.path)

    @property
    def known_from(self) -> str:
        """Where it is known from, for people."""
        return ORIGINS[self.origin]

    @property
    def said(self) -> str:
        """Its value and range: `0.1 [0.05–0.2]`."""
        return f"{self.value.likely:g} [{self.value.low:g}–{self.value.high:g}]"

    @property
    def misses(self) -> bool:
        """Whether the sizes of the design miss a goal at one of the ends."""
        return any(each is None or each.breaks is not None for each in self.stands)

    def swing(self, usd_now: float) -> float:
        """The money between the ends, in USD a month; infinite where there is no design at one."""
        cases = [usd_now, *(math.inf if each is None else each for each in self.usd)]
        return max(cases) - min(cases)

    def money(self, currency: Currency) -> str:
        """The bill at its low and at its high end: `$403 to $1,527`."""
        return " to ".join(
            "no design" if each is None else f"{currency.sign}{currency.of(each):,.0f}" for each in self.usd
        )

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {
            "key": self.key,
            "low": self.value.low,
            "likely": self.value.likely,
            "high": self.value.high,
            "known_from": self.origin,
            "measure": self.measure,
            "monthly_usd_at_low": _rounded(self.usd[0]),
            "monthly_usd_at_high": _rounded(self.usd[1]),
            "at_low": _standing(self.stands[0]),
            "at_high": _standing(self.stands[1]),
        }


def _rounded(usd: float | None) -> float | None:
    return None if usd is None else round(usd, 2)


def _standing(stands: Stands | None) -> dict[str, Any] | None:
    if stands is None:
        return None
    broken = stands.breaks
    p99_ms = stands.p99_ms if math.isfinite(stands.p99_ms) else None
    return {"p99_ms": p99_ms, "breaks": broken and f"{broken.tier}: {broken.limit}, {broken.by}"}


@dataclass(frozen=True)
class Guesses:
    """The ranges on which most money hangs, and all at whose ends today's sizes miss a goal.

    Attributes:
        usd_per_month: of the cheapest design for the likely values.
        ranges: how many ranges there are.
        rows: the first few, the one with most money between its ends first.
        of_another: whether the sizes of the plan are others, by `spend` or `sizing`.
        missing: the keys at an end of which the sizes of the design miss a goal, in the order of the file.
    """

    usd_per_month: float
    ranges: int
    rows: tuple[Guess, ...]
    missing: tuple[str, ...]
    of_another: bool = False
    currency: Currency = field(default=DOLLARS)

    def words(self) -> Words:
        """Two lines for each of the first few: what hangs on it, and how to measure it."""
        if not self.rows:
            return Words()
        lines: list[str] = []
        for each in self.rows:
            lines += (f"{each.key} {each.said}, {each.known_from}: {each.money(self.currency)}",)
            lines += (f"  measure: {each.measure}",)
        lines += self.below
        table = Table("Hangs on guesses", ("[range]: the bill at both ends",), _rows(lines))
        return Words(tables=(table,))

    @property
    def below(self) -> Iterator[str]:
        """What is said of all ranges together."""
        if self.missing:
            first, rest = self.missing[0], len(self.missing) - 1
            yield f"goals missed at an end of {first}{f' and {rest} more' if rest else ''}"
        if self.of_another:
            yield "all of the cheapest design for the likely values"

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "monthly_usd": round(self.usd_per_month, 2),
            "ranges": self.ranges,
            "of_the_cheapest_design_only": self.of_another,
            "first": [each.document() for each in self.rows],
            "misses_a_goal_at_an_end_of": list(self.missing),
        }


def _rows(lines: Sequence[str]) -> tuple[tuple[str], ...]:
    return tuple((line,) for line in lines)


@lru_cache(maxsize=16)
def guesses(made: Design) -> Guesses | None:
    """What hangs on the ranges of a design; None where nothing is sized by load."""
    if not KINDS[made.workload.blueprint].has_load:
        return None
    ranking = Ranking(made)
    return ranking.told(ranking.first(), ranking.missing())


def _ends(path: Path, value: Range) -> tuple[Values, Values]:
    return {path: value.low}, {path: value.high}


class Ranking:
    """The ranges of a design in the order of the money between their ends."""

    def __init__(self, made: Design) -> None:
        self.elsewhere = Elsewhere(made)
        self.workload = made.workload
        self.ranges = dict(uncertain(made.workload))
        self.usd_now = self.elsewhere.usd_per_month
        self._made = made

    def told(self, first: tuple[Guess, ...], missing: tuple[str, ...]) -> Guesses:
        """What hangs on the ranges, of the first few of them and those at whose ends a goal is missed."""
        return Guesses(
            usd_per_month=self.usd_now,
            ranges=len(self.ranges),
            rows=first,
            missing=missing,
            of_another=self.elsewhere.made is not self._made,
            currency=self._made.architecture.terms.currency,
        )

    def guess(self, path: Path) -> Guess:
        """One range with all that hangs on it."""
        ends = self._ends(path)
        return Guess(
            path,
            self.ranges[path],
            origin(self.workload, path),
            measured_by(path),
            (self.elsewhere.least(ends[0]), self.elsewhere.least(ends[1])),
            self.elsewhere,
        )

    def every(self) -> tuple[Guess, ...]:
        """All of them."""
        return self._ordered([self.guess(path) for path in self.ranges])

    def first(self, number: int = FEW) -> tuple[Guess, ...]:
        """The first few of all that move the bill at all.

        Groups wait in a queue by how far they could move it. The one that seems to move most is looked at
        next: it is passed over, or divided until it is a single range, whose money is then found exactly.
        """
        queue = [(-self._seems(group), group) for group in self._chunks()]
        heapq.heapify(queue)
        found: dict[Path, float] = {}
        while queue:
            _, group = heapq.heappop(queue)
            last = sorted(found.values())[-number] if len(found) >= number else LEAST_USD
            least, most = self._moved(group)
            if most < last or (least < last and math.isinf(most) and self._moves_less(group, last)):
                continue
            if len(group) == 1:
                found[group[0]] = self._swing(group[0])
                continue
            for part in (group[: len(group) // 2], group[len(group) // 2 :]):
                heapq.heappush(queue, (-self._seems(part), part))
        places = {path: place for place, path in enumerate(self.ranges)}
        moving = [path for path, usd in found.items() if usd >= LEAST_USD]
        best = sorted(moving, key=lambda path: (-found[path], places[path]))[:number]
        return tuple(self.guess(path) for path in best)

    def missing(self) -> tuple[str, ...]:
        """The keys at an end of which the sizes of the design miss a goal, in the order of the file."""
        return tuple(".".join(path) for group in self._chunks() for path in self._missing_of(group))

    def _missing_of(self, group: Sequence[Path]) -> Iterator[Path]:
        dear = dearer_end(self.workload, group[0]) is not None
        if all(self.elsewhere.keeps(values) for values in self._both(group)[1 if dear else 0 :]):
            return
        if len(group) == 1:
            yield group[0]
            return
        for half in (group[: len(group) // 2], group[len(group) // 2 :]):
            yield from self._missing_of(half)

    def _ordered(self, found: Sequence[Guess]) -> tuple[Guess, ...]:
        """Most money first; of what moves as much, in the order of the file."""
        places = {path: place for place, path in enumerate(self.ranges)}
        return tuple(sorted(found, key=lambda each: (-each.swing(self.usd_now), places[each.path])))

    def _chunks(self) -> list[tuple[Path, ...]]:
        """Ranges that rise or fall together with the bill in groups, the others one by one."""
        known = [path for path in self.ranges if dearer_end(self.workload, path) is not None]
        chunks = [tuple(known[start : start + CHUNK]) for start in range(0, len(known), CHUNK)]
        return chunks + [(path,) for path in self.ranges if path not in known]

    def _moved(self, group: Sequence[Path]) -> tuple[float, float]:
        """Between what the money lies that all of a group together move; no range of it moves more."""
        ends = self._both(group) if len(group) > 1 else self._ends(group[0])
        if any(self.elsewhere.cannot_be(values) for values in ends):
            return math.inf, math.inf
        bounds = [self.elsewhere.known(values) for values in ends]
        lows, highs = ([self.usd_now, *cases] for cases in zip(*bounds, strict=True))
        return max(lows) - min(highs), max(highs) - min(lows)

    def _seems(self, group: Sequence[Path]) -> float:
        """What it moves, as far as is known without asking."""
        least, most = self._moved(group)
        return least if math.isinf(most) else most

    def _moves_less(self, group: Sequence[Path], usd: float) -> bool:
        """Whether a group moves the bill by less than that, by what the cheapest designs cost at the most."""
        ends = self._both(group)
        highs = [self.elsewhere.at_most(values) for values in ends]
        lows = [self.elsewhere.known(values)[0] for values in ends]
        return max(*highs, self.usd_now) - min(*lows, self.usd_now) < usd

    def _swing(self, path: Path) -> float:
        """What one range moves, exactly."""
        for values in self._ends(path):
            self.elsewhere.least(values)
        return self._moved((path,))[1]

    def _ends(self, path: Path) -> tuple[Values, Values]:
        return _ends(path, self.ranges[path])

    def _both(self, group: Sequence[Path]) -> tuple[Values, Values]:
        """All of a group at their cheaper ends, and all at their dearer ones."""
        if len(group) == 1 and dearer_end(self.workload, group[0]) != "low":
            return self._ends(group[0])
        dear = {path: dearer_end(self.workload, path) == "high" for path in group}
        cheap_ends = {path: self._end(path, high=not dear[path]) for path in group}
        return cheap_ends, {path: self._end(path, high=dear[path]) for path in group}

    def _end(self, path: Path, *, high: bool) -> float:
        return self.ranges[path].high if high else self.ranges[path].low
