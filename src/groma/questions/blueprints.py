"""Two blueprints for one load: what each costs and reaches, and at how many users one becomes the cheaper."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from groma.bill import bill
from groma.design import Design, design
from groma.errors import Infeasible, InputError
from groma.quantity import Range
from groma.questions.growth import at_users
from groma.workload import Workload

ONE_REGION = ("three-tier", "serverless")
"""What can carry the same load: worldwide answers another question, and starter has none."""

FEWEST, MOST = 100, 10_000_000
POINTS = 11
WITHIN = 1.01
"""A number of users is found to one per cent."""
NO_GOAL = 1e-6
Report = Callable[[str], None]


@dataclass(frozen=True)
class Side:
    """One of the two designs.

    Attributes:
        usd: the bill a month; at least so much where `unknown` lines have no price.
        misses: the goal that no design of this blueprint keeps; empty when it keeps all.
        consists: what it is made of, for people.
    """

    blueprint: str
    design: Design
    usd: Range
    unknown: int
    misses: str
    consists: str


@dataclass(frozen=True)
class Point:
    """What both cost a month at a number of users; None where there is no design.

    `unknown` holds the items of each bill that have no price.
    """

    users: int
    usd: tuple[float | None, float | None]
    unknown: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True)
class Crossing:
    """The number of users from which another blueprint is the cheaper one, and what both then cost."""

    users: int
    cheaper_below: str
    cheaper_above: str
    usd: float


@dataclass(frozen=True)
class Comparison:
    """Both designs, their costs over the number of users, and where these cross."""

    workload: Workload
    sides: tuple[Side, Side]
    points: tuple[Point, ...]
    crossings: tuple[Crossing, ...]


def compare(
    workload: Workload,
    first: str,
    second: str,
    report: Report = lambda text: None,
    *,
    between: tuple[int, int] = (FEWEST, MOST),
    points: int = POINTS,
) -> Comparison:
    """Design a workload by two blueprints, and follow both over the number of users.

    Args:
        workload: its own blueprint does not matter.
        first, second: the blueprints.
        report: is told what is being done.
        between, points: the fewest and the most users that are looked at, and at how many numbers.

    Raises:
        InputError: a blueprint does not exist, is not sized by its load, or both are the same.
        Infeasible: one of them has no design that keeps the p99.
    """
    names = _known(first, second)
    both = (_as(workload, names[0]), _as(workload, names[1]))
    sides = (_side(both[0]), _side(both[1]))
    fewest, most = between
    report(f"pricing both from {fewest:,} to {most:,} users")
    step = (most / fewest) ** (1 / (points - 1))
    numbers = sorted({round(fewest * step**i) for i in range(points)} | {workload.users.total})
    curve = [_point(both, users) for users in numbers]
    crossings = []
    for before, after in pairwise(curve):
        if _is_other(before, after):
            report(f"looking for the crossing between {before.users:,} and {after.users:,} users")
            crossings.append(_crossing(both, before, after))
    return Comparison(workload, sides, tuple(curve), tuple(crossings))


def _known(first: str, second: str) -> tuple[str, str]:
    for name in (first, second):
        if name not in ONE_REGION:
            sized = ", ".join(ONE_REGION)
            raise InputError(f"{name!r} cannot be compared", where="--compare", hint=f"name two of: {sized}")
    if first == second:
        raise InputError(f"{first} is the same twice", where="--compare", hint="name two blueprints")
    return first, second


def _as(workload: Workload, blueprint: str) -> Workload:
    """The same workload as another blueprint; a domain that it may need changes neither load nor bill."""
    domain = workload.domain or f"{workload.name}.example.com"
    return workload.model_copy(update={"blueprint": blueprint, "domain": domain})


def _made(workload: Workload) -> tuple[Design, str]:
    """The design, and the goal it misses: availability may be, since no money buys more of it."""
    try:
        return design(workload, reasons=False), ""
    except Infeasible as error:
        without = workload.slo.model_copy(update={"availability": NO_GOAL})
        try:
            made = design(workload.model_copy(update={"slo": without}), reasons=False)
        except Infeasible:
            raise error from None
        reached = made.availability.value
        return made, f"availability {reached:.4%} for {workload.slo.availability:.4%}"


def _side(workload: Workload) -> Side:
    made, misses = _made(workload)
    priced = bill(made.architecture)
    table, gateway = made.plan.table, made.plan.gateway
    rest = f", {gateway.kind} API, table {table.mode}" if table and gateway else ""
    consists = f"{made.plan.machines}{rest}"
    return Side(workload.blueprint, made, priced.monthly_usd, len(priced.unknown), misses, consists)


def _bill(workload: Workload, users: int) -> tuple[float | None, tuple[str, ...]]:
    """The likely bill at a number of users, and the items without a price."""
    try:
        made, _ = _made(at_users(workload, users))
    except Infeasible:
        return None, ()
    priced = bill(made.architecture)
    return priced.monthly_usd.likely, tuple(line.item for line in priced.unknown)


def _point(both: tuple[Workload, Workload], users: int) -> Point:
    (first, missing), (second, lacking) = (_bill(workload, users) for workload in both)
    return Point(users, (first, second), (missing, lacking))


def _more(point: Point) -> float | None:
    """What the first costs beyond the second."""
    first, second = point.usd
    return None if first is None or second is None else first - second


def _is_other(before: Point, after: Point) -> bool:
    """Whether another of the two is the cheaper one."""
    a, b = _more(before), _more(after)
    return a is not None and b is not None and (a > 0) != (b > 0)


def _crossing(both: tuple[Workload, Workload], before: Point, after: Point) -> Crossing:
    """The crossing between two points, by bisection over the logarithm of the users."""
    while after.users > before.users * WITHIN + 1:
        middle = _point(both, math.isqrt(before.users * after.users))
        if _more(middle) is None:
            break
        before, after = (before, middle) if _is_other(before, middle) else (middle, after)
    names = [each.blueprint for each in both]
    cheaper = names if (_more(before) or 0) < 0 else names[::-1]
    return Crossing(after.users, cheaper[0], cheaper[1], round(after.usd[0] or 0, 2))
