"""What can be bought, and what a budget went to: values that designing and telling share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from groma.sizing.values import Wish
from groma.terms import Aspect

Outcome = Literal["bought", "left out", "out of reach"]


@dataclass(frozen=True)
class Step:
    """Something that can be bought.

    Attributes:
        aspect: what it is for.
        what: what then stands there, in words.
        because: what one has from it.
        changes: fields of a wish → their values.
    """

    aspect: Aspect
    what: str
    because: str
    changes: Mapping[str, Any]

    def added(self, wish: Wish) -> Wish:
        """A wish, with this as well."""
        return replace(wish, **self.changes)


@dataclass(frozen=True)
class Taken:
    """Something that could be bought, and whether it was.

    Attributes:
        outcome: `left out` where the money does not suffice, `out of reach` where no machines do it.
        more_usd: a month more than what was bought before; None when it is out of reach.
        usd_per_month: the bill with it.
        reason: why it is out of reach; empty otherwise.
    """

    step: Step
    outcome: Outcome
    more_usd: float | None
    usd_per_month: float | None
    reason: str = ""


@dataclass(frozen=True)
class Spent:
    """What a budget went to, beside the cheapest design and beyond.

    Attributes:
        budget_usd_per_month: what was to be spent.
        least_usd: the bill of the cheapest design that keeps the goals.
        usd_per_month: the bill of what was bought.
        most_usd: the bill with everything that can be bought: beyond that nothing gets better.
        rows: everything that can be bought, in the order of its worth.
    """

    budget_usd_per_month: float
    least_usd: float
    usd_per_month: float
    most_usd: float
    rows: tuple[Taken, ...]

    @property
    def left_out(self) -> tuple[Taken, ...]:
        """What the money did not suffice for, what is cheapest to have first."""
        rows = [row for row in self.rows if row.outcome == "left out"]
        return tuple(sorted(rows, key=lambda row: row.usd_per_month or math.inf))
