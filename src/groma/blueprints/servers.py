"""Groups of servers as several blueprints have them: how many run in which hour, and what they send out."""

from __future__ import annotations

import math

from groma.quantity import Range
from groma.sizing.values import Size
from groma.workload import Workload
from groma.workload.demand import daily_curve

NAT_GB_PER_SERVER = Range(1.0, 3.0, 10.0)
"""What an application server sends through a NAT gateway in a month: updates and metrics; logs stay on it."""


def servers_running(size: Size, busy: Range, headroom: float = 1.0) -> Range:
    """Servers running on average: in proportion to the work, within the group's bounds.

    Of a reserve for `headroom` times the peak more are running only once all of it is used.
    """
    needed = size.mean / headroom
    return Range.around(
        max(float(size.min), needed * busy.low / busy.likely),
        size.mean,
        min(float(size.max), max(size.mean, needed * busy.high / busy.likely)),
    )


def servers_by_hour(workload: Workload, size: Size, *, zones: int, least: int) -> tuple[int, ...]:
    """Servers running in each hour of the likely day, as many in every zone as its load needs."""
    curve = daily_curve(workload.load.peak_hour_to_mean.likely)
    needed = (size.desired / zones * hour / max(curve) for hour in curve)
    return tuple(max(least, zones * math.ceil(per_zone - 1e-9)) for per_zone in needed)
