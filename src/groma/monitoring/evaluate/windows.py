"""Which periods an alarm looks at: those that end now, or the last whole hours and days of the clock.

AWS, "Alarm evaluation window", read on 2026-11-28.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTE_S, HOUR_S, DAY_S, WEEK_S = 60, 3600, 86_400, 604_800
HIGH_RESOLUTION_S = (10, 20, 30)
WALL_CLOCK_S = (MINUTE_S, 5 * MINUTE_S, HOUR_S, DAY_S, WEEK_S)
"""Periods that a window of the wall clock may have."""
OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{2}):?(\d{2})")
STEP_OF_ZONES = timedelta(minutes=5)
"""What the offset of a time zone must be a multiple of."""

Period = tuple[int, int]
"""Its start, and its end, which is no part of it; seconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class Sliding:
    """Periods that end at the moment of the evaluation."""


@dataclass(frozen=True, slots=True)
class WallClock:
    """Periods that begin at a full minute, hour, day or Monday of a time zone; the last one is over."""

    zone: str = "UTC"


Window = Sliding | WallClock


def every_s(period_s: int) -> int:
    """How often an alarm of such periods is evaluated: each minute, of high resolution every 10 seconds."""
    return 10 if period_s in HIGH_RESOLUTION_S else MINUTE_S


def check(window: Window, period_s: int) -> None:
    """Refuse what CloudWatch refuses. Raises ValueError: no such periods, or nobody knows the time zone."""
    if isinstance(window, Sliding):
        return
    if period_s not in WALL_CLOCK_S:
        allowed = ", ".join(map(str, WALL_CLOCK_S))
        raise ValueError(f"a window of the wall clock has no periods of {period_s} s, only of {allowed}")
    time_zone(window.zone)


def periods(now_s: int, period_s: int, count: int, window: Window) -> tuple[Period, ...]:
    """The last periods before now, the oldest first, in a window that `check` takes."""
    if isinstance(window, Sliding):
        edges = [now_s - period_s * back for back in range(count, -1, -1)]
        return tuple(pairwise(edges))
    zone = time_zone(window.zone)
    edges = [_begin(now_s, period_s, zone)]
    for _ in range(count):
        edges.append(_begin(edges[-1] - 1, period_s, zone))
    return tuple(pairwise(reversed(edges)))


def time_zone(name: str) -> tzinfo:
    """A time zone by its IANA name or its offset: `Europe/Berlin`, `+05:30`, `UTC-08:00`, `Z`.

    Raises:
        ValueError: there is none, or its offset is no multiple of five minutes.
    """
    if name in ("UTC", "GMT", "Z"):
        return UTC
    if found := OFFSET.fullmatch(name):
        offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
        if offset % STEP_OF_ZONES or offset >= timedelta(days=1):
            raise ValueError(f"the offset of {name} is no multiple of five minutes below a day")
        return timezone(-offset if found[1] == "-" else offset)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"this machine knows no time zone {name!r}") from None


def _begin(at_s: int, period_s: int, zone: tzinfo) -> int:
    """When the period that contains a moment began, by the clocks of the zone."""
    local = datetime.fromtimestamp(at_s, zone)
    if period_s < DAY_S:
        offset = local.utcoffset() or timedelta(0)
        return at_s - (at_s + round(offset.total_seconds())) % period_s
    midnight = datetime(local.year, local.month, local.day, tzinfo=zone)
    if period_s == WEEK_S:
        midnight -= timedelta(days=local.weekday())
    return round(midnight.timestamp())
