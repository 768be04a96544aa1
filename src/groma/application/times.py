"""What follows from when a command is due: how often it runs, how long it may be quiet, how AWS writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from groma.application.calendar import DAYS

_CALENDAR = re.compile(r"(?:(\S+) )?\*-(\S+)-(\S+) (\S+):(\S+):00 UTC")
_EVERY_DAY = tuple(date(2027, 1, 1) + timedelta(days) for days in range(4 * 365 + 1))
"""Four years in which 29 February comes once."""
MONTHS_OF_THEM = 48


@dataclass(frozen=True)
class Times:
    """When something is due, in UTC.

    Attributes:
        aws: the same as EventBridge writes it: `cron(0 3 * * ? *)`.
        per_month: how often, on average.
        longest_gap_s: the longest time between two of them, in seconds.
    """

    aws: str
    per_month: float
    longest_gap_s: int


@cache
def times_of(calendar: str) -> Times:
    """What follows from a calendar of systemd, as `groma.application.calendar` writes it.

    >>> times_of("Mon..Fri *-*-* 3:30:00 UTC").aws
    'cron(30 3 ? * MON,TUE,WED,THU,FRI *)'

    Raises:
        ValueError: it is never due.
    """
    match = _CALENDAR.fullmatch(calendar)
    assert match is not None, calendar
    weekdays, *texts = match.groups()
    months, days, hours, minutes = (
        _numbers(text, *bounds)
        for text, bounds in zip(texts, ((1, 12), (1, 31), (0, 23), (0, 59)), strict=True)
    )
    of_week = _of_week(weekdays)
    due = [day for day in _EVERY_DAY if _is_due(day, months, days, of_week)]
    if not due:
        raise ValueError("is never due: no month of these has such a day")
    times = [60 * hour + minute for hour in hours for minute in minutes]
    within = max((later - one for one, later in pairwise(times)), default=0)
    nights = [24 * 60 * (later - one).days for one, later in pairwise(due)]
    over = max(nights, default=24 * 60 * len(_EVERY_DAY)) - times[-1] + times[0]
    month, day, hour, minute = (_as_aws(text) for text in texts)
    names = ",".join(DAYS[each].upper() for each in sorted(of_week))
    dates = f"? {month} {names}" if weekdays else f"{day} {month} ?"
    return Times(
        aws=f"cron({minute} {hour} {dates} *)",
        per_month=len(due) * len(times) / MONTHS_OF_THEM,
        longest_gap_s=60 * max(within, over),
    )


def _is_due(day: date, months: list[int], days: list[int], of_week: frozenset[int]) -> bool:
    return day.month in months and day.day in days and day.isoweekday() % 7 in of_week


def _numbers(text: str, least: int, most: int) -> list[int]:
    """`0/15`, `1..5/2,9`, `*` → what they stand for, in order."""
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("..")
        if span == "*":
            found |= set(range(least, most + 1))
        elif last or step:
            found |= set(range(int(first), (int(last) if last else most) + 1, int(step or 1)))
        else:
            found.add(int(first))
    return sorted(found)


def _of_week(text: str | None) -> frozenset[int]:
    """`Sat..Mon,Wed` → days from Sunday, which is 0, on; all of them where none is named."""
    if text is None:
        return frozenset(range(7))
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("..")
        at, end = DAYS.index(first), DAYS.index(last or first)
        found |= {each % 7 for each in range(at, end + 1 + 7 * (end < at))}
    return frozenset(found)


def _as_aws(text: str) -> str:
    """A field as EventBridge writes it, which knows no steps within a span."""
    parts: list[str] = []
    for part in text.split(","):
        if ".." in part and "/" in part:
            parts += map(str, _numbers(part, 0, 0))
        else:
            parts.append(part.replace("..", "-"))
    return ",".join(parts)
