"""Two blueprints for one load: what each costs and reaches, and at how many users one becomes the cheaper."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from groma.bill import bill
from groma.design import Design, design
from groma.errors import Infeasible, InputError, WorkloadError
from groma.installation.processors import together
from groma.quantity import Range
from groma.questions.asking import Report, silent
from groma.questions.growth import at_users
from groma.words import Table, Words
from groma.workload import KINDS, Workload

ONE_REGION = tuple(name for name, kind in KINDS.items() if kind.has_load and len(kind.regions) == 1)
"""What can carry the same load: worldwide answers another question, and starter has none."""

FEWEST, MOST = 100, 10_000_000
POINTS = 11
WITHIN = 1.01
"""A number of users is found to one per cent."""
NO_GOAL = 1e-6
ASPECTS = ("bill, likely", "low to high", "p99", "availability", "goals", "made of")


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

    def cells(self) -> tuple[str, ...]:
        """For people: bill, its range, p99, availability, goals, and what it is made of."""
        least, plan = "at least " if self.unknown else "", self.design.plan
        return (
            f"{least}${self.usd.likely:,.0f} a month",
            f"${self.usd.low:,.0f} to ${self.usd.high:,.0f}",
            f"{plan.latency_ms['p99']:g} ms {plan.kept_at}",
            f"{self.design.availability.value:.4%}",
            f"misses {self.misses}" if self.misses else "all kept",
            self.consists,
        )

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {
            "blueprint": self.blueprint,
            "monthly_usd": round(self.usd.likely, 2),
            "monthly_usd_low": round(self.usd.low, 2),
            "monthly_usd_high": round(self.usd.high, 2),
            "unknown_prices": self.unknown,
            "p99_ms": self.design.plan.latency_ms["p99"],
            "availability": self.design.availability.value,
            "misses": self.misses,
            "made_of": self.consists,
        }


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

    @property
    def names(self) -> tuple[str, str]:
        """The two blueprints."""
        return self.sides[0].blueprint, self.sides[1].blueprint

    def cheaper(self, point: Point) -> str:
        """Which of the two costs less at a number of users; empty where one has no design."""
        first, second = point.usd
        if first is None or second is None:
            return ""
        return self.names[0] if first < second else self.names[1]

    def words(self) -> Words:
        """Both designs beside each other, then their costs over the users and where they cross."""
        lines = (*self._crossings(), *self._without_price())
        return Words(tables=(self._designs(), self._costs()), lines=lines)

    def _designs(self) -> Table:
        first, second = (side.cells() for side in self.sides)
        title = f"{self.workload.name}, {self.workload.users.total:,} users"
        return Table(title, ("", *self.names), tuple(zip(ASPECTS, first, second, strict=True)))

    def _costs(self) -> Table:
        money = ("users", *self.names)
        rows = tuple(
            (
                f"{point.users:,}",
                *("no design" if usd is None else f"{usd:,.0f}" for usd in point.usd),
                self.cheaper(point),
            )
            for point in self.points
        )
        return Table("Bill, $ a month", (*money, "cheaper"), rows, right=money)

    def _crossings(self) -> Iterator[str]:
        """Where they cross, or that they do not."""
        for cross in self.crossings:
            yield (
                f"they cross at about {cross.users:,} users, where both cost ${cross.usd:,.0f}: "
                f"below {cross.cheaper_below} is cheaper, above {cross.cheaper_above}"
            )
        known = [point for point in self.points if None not in point.usd]
        if known and not self.crossings:
            between = f"from {known[0].users:,} to {known[-1].users:,} users"
            yield f"they do not cross: {self.cheaper(known[0])} is cheaper {between}"

    def _without_price(self) -> Iterator[str]:
        """What is left out of each bill, and from which number of users on."""
        fewest = self.points[0].users
        for number, name in enumerate(self.names):
            since = {item: point.users for point in reversed(self.points) for item in point.unknown[number]}
            items = [item + (f" from {n:,} users" if n > fewest else "") for item, n in since.items()]
            if items:
                yield f"left out of {name}, since the price is not known: {'; '.join(items)}"

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "users": self.workload.users.total,
            "designs": [side.document() for side in self.sides],
            "points": [{"users": p.users, "usd_per_month": list(p.usd)} for p in self.points],
            "crossings": [asdict(cross) for cross in self.crossings],
        }


def compare(
    workload: Workload,
    first: str,
    second: str,
    report: Report = silent,
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
        WorkloadError: one of them cannot run the workload's own application.
        Infeasible: one of them has no design that keeps the p99.
    """
    names = _known(first, second)
    _runs_on(workload, names)
    both = (_as(workload, names[0]), _as(workload, names[1]))
    sides = (_side(both[0]), _side(both[1]))
    fewest, most = between
    report(f"pricing both from {fewest:,} to {most:,} users")
    step = (most / fewest) ** (1 / (points - 1))
    numbers = sorted({round(fewest * step**i) for i in range(points)} | {workload.users.total})
    curve = together(*(partial(_point, both, users) for users in numbers))
    crossings = []
    for before, after in pairwise(curve):
        if _is_other(before, after):
            report(f"looking for the crossing between {before.users:,} and {after.users:,} users")
            crossings.append(_crossing(both, before, after))
    return Comparison(workload, sides, curve, tuple(crossings))


def _known(first: str, second: str) -> tuple[str, str]:
    for name in (first, second):
        if name not in ONE_REGION:
            sized = ", ".join(ONE_REGION)
            raise InputError(f"{name!r} cannot be compared", where="--compare", hint=f"name two of: {sized}")
    if first == second:
        raise InputError(f"{first} is the same twice", where="--compare", hint="name two blueprints")
    return first, second


def _runs_on(workload: Workload, names: tuple[str, str]) -> None:
    for name in names:
        because = KINDS[name].unused.get("application")
        if workload.application is not None and because is not None:
            raise WorkloadError(
                f"cannot be run by {name}: {because}",
                where=workload.where("application"),
                hint="leave it out to compare what the sample would cost under the same load",
            )
        if why := _as(workload, name).not_run:
            raise WorkloadError(
                why,
                where=workload.where(),
                hint=f"name what {name} can run, or two of: {', '.join(ONE_REGION)}",
            )


def _as(workload: Workload, blueprint: str) -> Workload:
    """The same workload as another blueprint, each the cheapest; a domain that it may need changes neither
    load nor bill.
    """
    domain = workload.domain or f"{workload.name}.example.com"
    return workload.model_copy(update={"blueprint": blueprint, "domain": domain, "spend": None})


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
