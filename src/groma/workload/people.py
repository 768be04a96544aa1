"""How many people there are: registered, on a day, or at once; each of the three follows from any of them.

A number of users says little before it is known which of these it counts: the same number costs some fifteen
times as much when all of them are there at once as when they are registered.
"""

from __future__ import annotations

from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from groma.quantity import Range
from groma.workload.model import Workload
from groma.workload.users import Users

DAY_S = 86_400
Reading = Literal["registered", "daily", "at once"]
READINGS: tuple[Reading, ...] = ("registered", "daily", "at once")
Seconds = TypeVar("Seconds", float, NDArray[np.float64])


def requests_per_s(workload: Workload, concurrent: float, think_s: Seconds) -> Seconds:
    """Requests per second of users who wait for each answer before they go on: X = N / (Z + R).

    This is the interactive response time law (Denning and Buzen, 1978) for N users who think for Z seconds.
    R is taken as the work of a request alone, on the reference family: waiting would only slow users down,
    so that X is an upper bound.
    """
    return concurrent / (think_s + _work_s(workload))


def at_once(workload: Workload, requests_per_s: float) -> float:
    """How many users at once make so many requests per second: N = X·(Z + R)."""
    return requests_per_s * (workload.users.think_s.likely + _work_s(workload))


def _work_s(workload: Workload) -> float:
    """The likely work of a request alone, in seconds."""
    return (
        sum(
            c.share * (c.web_ms.likely + c.app_ms.likely + (c.reads + c.writes) * c.query_ms.likely)
            for c in workload.requests.values()
        )
        / 1000
    )


def reading_of(users: Users) -> tuple[Reading, int]:
    """What the number of users counts that a design is made for, and that number."""
    if users.concurrent is not None:
        return "at once", users.concurrent
    return ("registered", users.total) if users.daily is None else ("daily", users.daily)


def read_as(workload: Workload, reading: Reading, number: int) -> Workload:
    """The same workload with so many users, read in this way."""
    users = {"total": 0, "registered": None, "daily": None, "concurrent": None}
    key = {"registered": "registered", "daily": "daily", "at once": "concurrent"}[reading]
    changed = workload.users.model_copy(update={**users, key: number})
    return counted(workload.model_copy(update={"users": changed}))


def counted(workload: Workload) -> Workload:
    """A workload whose registered users are known, whichever number of users its file states."""
    users = workload.users
    if users.registered is not None:
        return _with(workload, total=users.registered, registered=None)
    if users.daily is not None:
        total = max(users.daily, round(users.daily / users.active_daily.likely))
        return _with(workload, total=total, active_daily=Range.exactly(users.daily / total))
    if users.total or users.concurrent is None:
        return workload
    load, peak = workload.load, requests_per_s(workload, users.concurrent, users.think_s.likely)
    mean = peak / load.burst_to_peak_hour.likely / load.peak_hour_to_mean.likely
    daily = mean * DAY_S / users.requests_per_active_day.likely
    return _with(workload, total=max(users.concurrent, round(daily / users.active_daily.likely)))


def _with(workload: Workload, **changes: object) -> Workload:
    return workload.model_copy(update={"users": workload.users.model_copy(update=changes)})
