"""By how much the laws of queueing take waits longer than theory: factors, each with the cases behind it.

`data/safety.csv` has a row for each case that the referee has simulated: a discipline, how many stations a
request passes one after the other, the processors of each, the squared coefficient of variation of the
service, how busy it is; the p99 of the simulation with half of its 99 % interval, that of the law without a
factor, both over the mean service time; and the least factor with which the law is not below that interval.
`python scripts/safety_factors.py` makes it again.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STEP = 0.05
"""Factors are whole steps, so that chance in a simulation changes no design."""
FIFO, SHARED = "fifo", "processor-sharing"


@dataclass(frozen=True, slots=True)
class Case:
    """A row of the table; times are multiples of the mean service time."""

    discipline: str
    stations: int
    processors: int
    scv: float
    busy: float
    simulated: float
    half: float
    law: float
    factor: float


@cache
def cases() -> tuple[Case, ...]:
    """The table."""
    path = Path(__file__).parent / "data" / "safety.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Case(row["discipline"], int(row["stations"]), int(row["processors"]), *_figures(row))
            for row in csv.DictReader(file)
        )


def _figures(row: dict[str, str]) -> tuple[float, ...]:
    return tuple(float(row[name]) for name in ("scv", "busy", "simulated", "half", "law", "factor"))


@cache
def safety(discipline: str, processors: int) -> float:
    """The factor of a station with so many processors: the next step beyond the largest of its cases.

    Its cases are those of the next number of processors that was tried, or of the largest; and those of
    several stations in series, since that they are busy at the same moment is in none of the laws. What no
    case shows to be too short is longer by a step all the same: no simulation tells it to less than that.
    """
    known = [case for case in cases() if case.discipline == discipline]
    tried = sorted({case.processors for case in known})
    at = next((number for number in tried if number >= processors), tried[-1])
    needed = max(case.factor for case in known if case.processors == at or case.stations > 1)
    return round((math.floor(round(needed / STEP, 6)) + 1) * STEP, 2)
