"""M of N with missing data: the state that follows from what an alarm sees of its evaluation range.

AWS, "Configuring how CloudWatch alarms treat missing data", read on 2026-11-28, and its tables of 2019, with
rows that it no longer shows. Our readings are listed in docs/decisions/0034-an-evaluator-of-alarms.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Treatment = Literal["missing", "ignore", "breaching", "notBreaching"]
TREATMENTS: tuple[Treatment, ...] = ("missing", "ignore", "breaching", "notBreaching")
MORE_THAN_NEEDED = 2
"""Periods by which the evaluation range is longer than N."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from an evaluation range.

    Attributes:
        state: None when the alarm stays as it is.
        taken: the places of the real points that were evaluated, from 0, the oldest first.
        filled: how many missing points stood in for real ones.
    """

    state: State | None
    taken: tuple[int, ...]
    filled: int


def evaluation_range(evaluation_periods: int) -> int:
    """How many periods are read to have N points, if some are missing.

    AWS says only that it is more than N, and shows 5 for N = 3. Two more fit what others measured as well:
    46 min 20 s from the last point to OK with N = 1 and periods of 15 min, 150 min 56 s with N = 8.
    """
    return evaluation_periods + MORE_THAN_NEEDED


def verdict(
    seen: Sequence[bool | None], datapoints: int, evaluation_periods: int, treatment: Treatment
) -> Verdict:
    """The state that follows.

    Args:
        seen: whether each point of the evaluation range breaches, the oldest first; None is missing.
        datapoints: M.
        evaluation_periods: N.
        treatment: what a missing point counts as, where there are fewer than N real ones.

    Returns:
        With N real points or more: ALARM when M of the newest N breach, else OK. With fewer all are taken,
        and as few missing ones as are needed to have N.
    """
    real = tuple(place for place, point in enumerate(seen) if point is not None)
    taken = real[-evaluation_periods:]
    filled = evaluation_periods - len(taken)
    breaching = sum(1 for place in taken if seen[place])
    if treatment == "breaching":
        breaching += filled
    if breaching >= datapoints:
        return Verdict("ALARM", taken, filled)
    if filled == 0 or treatment in ("breaching", "notBreaching") or breaching < len(taken):
        return Verdict("OK", taken, filled)
    return Verdict(_of_breaching_alone(len(seen), taken, datapoints, treatment), taken, filled)


def _of_breaching_alone(
    length: int, taken: tuple[int, ...], datapoints: int, treatment: Treatment
) -> State | None:
    """What follows when no point is good, and fewer than M are there.

    The oldest one decides: from M periods ago on, it is as if it had gone on ("premature alarm state").
    """
    if treatment == "ignore":
        return None
    is_old = bool(taken) and length - taken[0] >= datapoints
    return "ALARM" if is_old else "INSUFFICIENT_DATA"
