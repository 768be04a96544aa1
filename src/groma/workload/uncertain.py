"""The quantities of a workload that are ranges: where each is known from, how it is measured, another value.

A path names a quantity as the file does: `("load", "scv")`, `("requests", "compose", "app_ms")`.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel

from groma.quantity import Range
from groma.workload.model import Workload
from groma.workload.people import counted
from groma.workload.profiles import profile

Path = tuple[str, ...]
Origin = Literal["guess", "published", "stated"]
"""What a profile marks as a guess, what it has a source for, and what the file states."""
EVERY_CLASS = "*"
"""Stands for the class of requests where something is the same for all of them."""
OF_DAYS = frozenset(
    {"users.active_daily", "users.requests_per_active_day"}
    | {"load.peak_hour_to_mean", "load.burst_to_peak_hour"}
)
"""Habits of days, which lead from users to the peak, or back from a peak that is stated."""


def uncertain(workload: Workload) -> tuple[tuple[Path, Range], ...]:
    """Every quantity that is a range, in the order of the model."""
    parts: dict[Path, BaseModel] = {("users",): workload.users, ("load",): workload.load}
    parts |= {("requests", name): each for name, each in workload.requests.items()}
    return tuple(
        ((*path, name), value)
        for path, part in parts.items()
        for name, value in part
        if isinstance(value, Range) and not value.is_exact
    )


def taken_as(workload: Workload, values: dict[Path, float]) -> Workload:
    """The same workload with some quantities known exactly, as if its file stated one number for each."""
    exact = {path: Range.exactly(value) for path, value in values.items()}
    users: dict[str, object] = {path[1]: value for path, value in exact.items() if path[0] == "users"}
    load = {path[1]: value for path, value in exact.items() if path[0] == "load"}
    requests = dict(workload.requests)
    for (section, name, *inner), value in exact.items():
        if section == "requests":
            requests[name] = requests[name].model_copy(update={inner[0]: value})
    if not _states_registered(workload):
        users |= {"total": 0}
    changed = workload.model_copy(
        update={
            "users": workload.users.model_copy(update=users),
            "load": workload.load.model_copy(update=load),
            "requests": requests,
        }
    )
    return counted(changed)


def _states_registered(workload: Workload) -> bool:
    """Whether registered users are a number of the file, and do not follow from those at once."""
    users = workload.users
    if users.concurrent is None:
        return True
    stated = (is_stated(workload, ("users", key)) for key in ("total", "registered"))
    return users.daily is not None or any(stated)


def is_stated(workload: Workload, path: Path) -> bool:
    """Whether the file itself says it, and not its profile."""
    return path in workload._lines


def origin(workload: Workload, path: Path) -> Origin:
    """Where a quantity is known from. The requests of a profile have their times from nobody."""
    if is_stated(workload, path):
        return "stated"
    entry = profile(workload.profile).get(path[0], {}).get(path[1], {})
    return "guess" if path[0] == "requests" or entry.get("guess") else "published"


def measured_by(path: Path) -> str:
    """How a quantity is measured, in a few words. Raises KeyError: nobody has written it down."""
    return _known()[_key(path)]["how"]


def dearer_end(workload: Workload, path: Path) -> Literal["low", "high"] | None:
    """The end of its range at which a design costs more and has more to do; None where either may be so.

    Of users at once more peak for each request of a day means fewer requests in a month.
    """
    if workload.users.concurrent is not None and ".".join(path) in OF_DAYS:
        return None
    ends: dict[str, Literal["low", "high"] | None] = {"more": "high", "less": "low", "either": None}
    return ends[_known()[_key(path)]["costs"]]


def written_down() -> frozenset[str]:
    """The keys of which it is written down how they are measured; of requests for every class at once."""
    return frozenset(_known())


def _key(path: Path) -> str:
    section, *inner = path
    return ".".join((section, EVERY_CLASS, inner[1])) if section == "requests" else ".".join(path)


@cache
def _known() -> dict[str, dict[str, str]]:
    text = (resources.files("groma.workload") / "data" / "measuring.csv").read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}
