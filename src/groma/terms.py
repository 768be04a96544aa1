"""What a bill is for: which month, how its machines are bought, and what money beyond the goals may go to."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from typing import Literal, get_args

from groma.errors import InputError

Buying = Literal["on-demand", "reserved-1y", "reserved-3y", "mixed"]
"""How machines are bought. `mixed`: what runs in most hours reserved for one year, the rest on demand."""

Aspect = Literal["availability", "headroom", "latency", "recovery", "observability", "security"]
"""What money can make better beyond the goals."""
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
BUYINGS: tuple[Buying, ...] = get_args(Buying)
CALCULATOR_HOURS = 730
SHORTEST_HOURS, LONGEST_HOURS = 28 * 24, 31 * 24


@dataclass(frozen=True, slots=True)
class Month:
    """The hours that are billed. AWS bills by UTC, so that a calendar month has 24 hours on every day.

    Hours are paid as they come. Volumes (bytes, requests) are known for a month of 730 hours and go with the
    days. What is paid by the month (storage, keys, alarms) costs the same in every month.
    """

    hours: int = CALCULATOR_HOURS
    name: str = "a month of 730 hours"

    @property
    def share(self) -> float:
        """Of the volumes of a month of 730 hours."""
        return self.hours / CALCULATOR_HOURS

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `730h` or a calendar month such as `2026-11`.

        Raises:
            InputError: it is neither, or no month has that many hours.
        """
        if match := re.fullmatch(r"(\d{1,4})h", text):
            hours = int(match[1])
            if SHORTEST_HOURS <= hours <= LONGEST_HOURS:
                return cls(hours, f"a month of {hours} hours")
        elif match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text):
            year, month = int(match[1]), int(match[2])
            if year:
                hours = 24 * calendar.monthrange(year, month)[1]
                return cls(hours, f"{calendar.month_name[month]} {year}, {hours} hours")
        raise InputError(
            f"{text!r} is no month",
            where="--month",
            hint=f"write 730h ({SHORTEST_HOURS}h to {LONGEST_HOURS}h) or a calendar month such as 2026-11",
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """The month that is billed, how machines are bought, and whether what AWS gives for ever is taken off.

    Attributes:
        free_tier: whether the account has its free allowances left; one that uses them up elsewhere has not.
    """

    month: Month = Month()
    purchase: Buying = "on-demand"
    free_tier: bool = True


USUAL_TERMS = Terms()
"""A month of 730 hours, on demand."""
