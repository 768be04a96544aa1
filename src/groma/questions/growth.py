"""As users grow: what breaks first, at which number, and what the next design costs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from groma.bill import bill
from groma.blueprints import BLUEPRINTS
from groma.design import Design, design, server_tiers
from groma.errors import Infeasible, InputError
from groma.questions.asking import Report, must_have_servers, silent
from groma.sizing.standing import Break, Standing, first_break, standing
from groma.sizing.values import Tier, Wish
from groma.words import Table, Words
from groma.workload import Workload
from groma.workload.demand import demand

FAR = 5_000_000
AHEAD = 1.5
POINTS = 8
NUMBERS = ("users from", "to", "$/month", "p99 ms")


@dataclass(frozen=True)
class Point:
    """One design at one number of users, which it carries with all goals kept."""

    users: int
    usd_per_month: float
    p99_ms: float


@dataclass(frozen=True)
class Stage:
    """One design, from the number of users at which the one before broke to where it breaks itself.

    Attributes:
        made_for: the users that it was sized for; auto scaling carries it further.
        up_to: the most users that it carries with all goals kept.
        breaks: what breaks beyond; None when it carries the last number asked for.
        points: cost and p99 in between.
    """

    design: Design
    since: int
    made_for: int
    up_to: int
    breaks: Break | None
    points: tuple[Point, ...]

    @property
    def machines(self) -> str:
        """For people: `2 × t4g.small, 2 × db.t4g.large`, one entry per tier."""
        return ", ".join(f"{s.desired} × {s.made_of}" for s in self.design.plan.sizes)

    def cells(self) -> tuple[str, ...]:
        """For people: what it carries, what it costs, what it is made of, what breaks it."""
        first, last = self.points[0], self.points[-1]
        return (
            f"{self.since:,}",
            f"{self.up_to:,}",
            f"{first.usd_per_month:,.0f} to {last.usd_per_month:,.0f}",
            f"{first.p99_ms:g} to {last.p99_ms:g}",
            self.machines,
            "–" if self.breaks is None else f"{self.breaks.tier}: {self.breaks.limit}",
        )

    def document(self) -> dict[str, Any]:
        """For machines."""
        first, last, broken = self.points[0], self.points[-1], self.breaks
        return {
            "since_users": self.since,
            "made_for_users": self.made_for,
            "up_to_users": self.up_to,
            "machines": self.machines,
            "usd_per_month": round(first.usd_per_month, 2),
            "usd_per_month_at_end": round(last.usd_per_month, 2),
            "p99_ms": first.p99_ms,
            "p99_ms_at_end": last.p99_ms,
            "breaks": broken and {"tier": broken.tier, "limit": broken.limit, "by": broken.by},
            "points": [
                {"users": p.users, "usd_per_month": round(p.usd_per_month, 2), "p99_ms": p.p99_ms}
                for p in self.points
            ],
        }


@dataclass(frozen=True)
class Growth:
    """All designs on the way. `ends` says why there is none for more users; empty when all are carried."""

    workload: Workload
    stages: tuple[Stage, ...]
    ends: str

    def words(self) -> Words:
        """A row for each design on the way, then what breaks first and what comes after it."""
        columns = (*NUMBERS, "web, app, database when made", "breaks first")
        stated = self.workload.users
        title = "Growth in registered users" if stated.daily or stated.concurrent else "Growth"
        table = Table(title, columns, tuple(stage.cells() for stage in self.stages), right=NUMBERS)
        return Words(tables=(table,), lines=self._story())

    def _story(self) -> tuple[str, ...]:
        first, *others = self.stages
        if first.breaks is None:
            return (f"the first design carries all {first.up_to:,} users",)
        lines = [
            f"first to break: the {first.breaks.tier} tier beyond {first.up_to:,} users, "
            f"{first.breaks.limit} ({first.breaks.by})"
        ]
        if others:
            step = others[0].points[0].usd_per_month - first.points[-1].usd_per_month
            lines.append(f"next design: {others[0].machines}, ${step:,.0f} a month more at that number")
        if self.ends:
            lines.append(f"no design beyond {self.stages[-1].up_to:,} users: {self.ends}")
        return tuple(lines)

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return {"stages": [stage.document() for stage in self.stages], "ends": self.ends}


def far(workload: Workload) -> int:
    """How many users are followed where nobody says: five million, or ten times as many as there are."""
    return max(FAR, 10 * workload.users.total)


def growth(workload: Workload, to: int, report: Report = silent) -> Growth:
    """Follow a workload from its number of users to another.

    Each design after the first is the cheapest for half as many users again as where the one before broke.

    Args:
        workload: where to begin.
        to: the number of users to reach.
        report: is told each stage as it is found.

    Raises:
        InputError: `to` is not above the workload's users, or its blueprint has no servers to outgrow.
        Infeasible: the workload itself has no design.
    """
    must_have_servers(workload)
    if to <= workload.users.total:
        raise InputError(
            f"{to:,} users are not more than {workload.users.total:,}",
            where="--to",
            hint=f"as many as are registered, such as {far(workload)}",
        )
    stages: list[Stage] = []
    since = made_for = workload.users.total
    made = design(workload, reasons=False)
    while True:
        stage = _stage(made, since, made_for, to)
        stages.append(stage)
        report(f"{stage.machines}: up to {stage.up_to:,} users")
        if stage.breaks is None:
            return Growth(workload, tuple(stages), "")
        since = stage.up_to + 1
        made_for, found, ends = _next(workload, since, min(to, math.ceil(since * AHEAD)))
        if found is None:
            return Growth(workload, tuple(stages), ends)
        made = found


def at_users(workload: Workload, users: int) -> Workload:
    """The same workload with another number of users, of whom the same share is there at once."""
    changed: dict[str, int] = {"total": users}
    for name in ("daily", "concurrent"):
        number = getattr(workload.users, name)
        if number is not None:
            changed[name] = max(1, round(number * users / workload.users.total))
    return workload.model_copy(update={"users": workload.users.model_copy(update=changed)})


def _tiers(workload: Workload, wish: Wish) -> tuple[Tier, ...]:
    return server_tiers(workload, demand(workload), wish)


def carried(made: Design, to: int) -> tuple[int, Break | None]:
    """The most users, no more than `to`, that a design with servers carries with all goals kept; and what
    breaks beyond, None where nothing does.
    """
    return _carried(made, made.workload.users.total, to)


def _carried(made: Design, made_for: int, to: int) -> tuple[int, Break | None]:
    then, p99_ms = _tiers(made.workload, made.wish), made.workload.slo.p99_ms

    def broken(users: int) -> Break | None:
        now = _tiers(at_users(made.workload, users), made.wish)
        return first_break(then, now, made.plan, p99_ms)

    return _last(broken, made_for, to)


def _stage(made: Design, since: int, made_for: int, to: int) -> Stage:
    then, p99_ms = _tiers(made.workload, made.wish), made.workload.slo.p99_ms

    def tiers(users: int) -> tuple[Tier, ...]:
        return _tiers(at_users(made.workload, users), made.wish)

    up_to, breaks = _carried(made, made_for, to)
    spread = {round(since * (up_to / since) ** (i / (POINTS - 1))) for i in range(POINTS)}
    points = tuple(
        _point(made, users, standing(then, tiers(users), made.plan, p99_ms)) for users in sorted(spread)
    )
    return Stage(made, since, made_for, up_to, breaks, points)


def _last(broken: Callable[[int], Break | None], good: int, to: int) -> tuple[int, Break | None]:
    """The most users that are carried, by bisection, and what breaks just beyond."""
    breaks = broken(to)
    if breaks is None:
        return to, None
    bad = to
    while bad > good + 1:
        middle = max(math.isqrt(good * bad), good + 1)
        found = broken(middle)
        if found is None:
            good = middle
        else:
            bad, breaks = middle, found
    return good, breaks


def _point(made: Design, users: int, found: Standing) -> Point:
    workload = at_users(made.workload, users)
    plan = replace(made.plan, sizes=found.sizes)
    architecture = BLUEPRINTS[workload.blueprint].assemble(workload, demand(workload), plan, made.wish)
    return Point(users, bill(architecture).monthly_usd.likely, found.p99_ms)


def _next(workload: Workload, least: int, wanted: int) -> tuple[int, Design | None, str]:
    """The design for `wanted` users, or for the most of them that have one, at least `least`."""
    made, reason = _try(workload, wanted)
    if made is not None:
        return wanted, made, ""
    made, why_not = _try(workload, least)
    if made is None:
        return least, None, why_not
    good, bad = least, wanted
    while bad > good + 1:
        middle = max(math.isqrt(good * bad), good + 1)
        found, why_not = _try(workload, middle)
        if found is None:
            bad, reason = middle, why_not
        else:
            good, made = middle, found
    return good, made, reason


def _try(workload: Workload, users: int) -> tuple[Design | None, str]:
    try:
        return design(at_users(workload, users), reasons=False), ""
    except Infeasible as error:
        return None, error.what
