"""A tornado in HTML: where the bars of ranges begin and end, in per cent of the width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groma.questions.guesses import Guess

BEYOND = 6.0
"""Per cent of the width that a bar without a design at its end reaches beyond all others."""


@dataclass(frozen=True, slots=True)
class End:
    """Half of a bar, from the bill at the likely values to that at one end of a range."""

    left: float
    width: float
    value: float
    designed: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A range with both halves of its bar; `now` is where the bill of the likely values stands."""

    guess: Guess
    now: float
    low: End
    high: End


def bars(rows: Sequence[Guess], usd_now: float) -> tuple[Bar, ...]:
    """A bar for each range, all on one scale of money; nothing where all bills are the same."""
    known = [usd_now, *(usd for each in rows for usd in each.usd if usd is not None)]
    least, span = min(known), max(known) - min(known)
    if not span and all(usd is not None for each in rows for usd in each.usd):
        return ()

    def at(usd: float | None) -> float:
        """Where a bill stands; the scale ends before the width does, for what has no design."""
        return 100.0 if usd is None else (100.0 - BEYOND) * ((usd - least) / span if span else 0.0)

    now = at(usd_now)

    def end(usd: float | None, value: float) -> End:
        return End(min(now, at(usd)), abs(at(usd) - now), value, usd is not None)

    return tuple(
        Bar(each, now, end(each.usd[0], each.value.low), end(each.usd[1], each.value.high)) for each in rows
    )
