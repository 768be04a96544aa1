"""Why a tier or a function has its size: the sizes around it, what each misses, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from groma.blueprints import BLUEPRINTS
from groma.design import Design
from groma.errors import InputError
from groma.questions.asking import must_be_sized
from groma.sizing.values import Decision, FunctionSize, Plan, Rejected, Size
from groma.words import Table, Words, usd

DIFFERS = {
    "count": "one machine per zone fewer or more",
    "size": "next size down or up",
    "family": "cheapest of another family that keeps every goal",
    "cheaper": "cheaper, as many as the money pays for",
}
"""How a rejected size differs from the chosen one, in the order in which they are told."""
MONEY = ("$/month", "difference")


@dataclass(frozen=True)
class Why:
    """The size of one tier or function of a plan, its rejected neighbours, and what of it is Spot."""

    plan: Plan
    tier: str
    rejected: tuple[Rejected, ...]
    spot: tuple[Decision, ...] = ()

    def words(self) -> Words:
        """What was chosen, and its neighbours with what each misses and costs."""
        if self.tier in [size.name for size in self.plan.functions]:
            return _of_function(self.plan.function(self.tier), self.rejected)
        words = _of_servers(self.plan.of(self.tier), self.rejected)
        lines = (f"{each.about}: {each.decided}; {each.because}" for each in self.spot)
        return replace(words, lines=tuple(lines))

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        rejected = [asdict(row) for row in self.rejected]
        spot = {"spot": [asdict(each) for each in self.spot]} if self.spot else {}
        return {"tier": self.tier, "chosen": self.plan.chosen[self.tier], "rejected": rejected, **spot}


def why(made: Design, tier: str) -> Why:
    """Why a tier of a design has its size.

    Raises:
        InputError: there is no tier or function of that name, or nothing is sized by the load.
    """
    must_be_sized(made.workload)
    units = BLUEPRINTS[made.workload.blueprint].units(made.workload, made.demand, made.wish)
    for unit in units:
        if tier in unit.names:
            spot = tuple(each for each in made.decisions if each.about.startswith(f"{tier} Spot"))
            return Why(made.plan, tier, unit.why(made.plan, tier), spot)
    known = ", ".join(name for unit in units for name in unit.names)
    raise InputError(f"there is no tier {tier!r}", hint=f"choose one of: {known}")


def _of_servers(size: Size, rows: Sequence[Rejected]) -> Words:
    """A table for each way in which a neighbour differs."""
    heading = (
        f"{size.tier}: {size.desired} × {size.made_of}, {_monthly(size)}, "
        f"{size.utilisation_zone_lost:.1%} busy with a zone lost"
    )
    tables = []
    for differs, title in DIFFERS.items():
        some = tuple(_server_row(row, size) for row in rows if row.differs == differs)
        if some:
            tables.append(Table(title, ("option", "misses", "by", *MONEY), some, right=MONEY))
    return Words(heading, tuple(tables))


def _server_row(row: Rejected, size: Size) -> tuple[str, ...]:
    kept = row.misses in ("price", "nothing")
    misses, by = ("–", "keeps every goal") if kept else (row.misses, row.by)
    usual = size.usd_per_month if size.choice.stands else size.known_usd_per_month
    return row.option, misses, by, *_money(row, usual)


def _monthly(size: Size) -> str:
    known = size.known_usd_per_month
    if size.choice.stands:
        return f"its owner's; of RDS ${usd(size.usd_per_month)} a month"
    return "at a price that is not known there" if known is None else f"${usd(known)} a month"


def _money(row: Rejected, chosen: float | None) -> tuple[str, str]:
    """What it costs, and how much more than what was chosen."""
    if row.usd_per_month is None or chosen is None:
        return usd(None), usd(None)
    return usd(row.usd_per_month), f"{row.usd_per_month - chosen:+,.2f}"


def _of_function(size: FunctionSize, rows: Sequence[Rejected]) -> Words:
    """The curve of cost and latency over the memory, and the other processor."""
    slowest, kind = max((own["p99"], kind) for kind, own in size.latency_by_class_ms.items())
    heading = (
        f"{size.name}: {size.choice.name}, ${size.usd_per_month:,.2f} a month; "
        f"p99 of {kind} {slowest:,.0f} ms for {size.goal_ms:,.0f} ms"
    )
    table = Table(
        "Other memories, and the other processor",
        ("option", "p99", "", *MONEY),
        tuple(_function_row(row, size) for row in rows),
        right=MONEY,
    )
    return Words(heading, (table,))


def _function_row(row: Rejected, size: FunctionSize) -> tuple[str, ...]:
    kept = row.misses == "price"
    p99, verdict = (row.by, "keeps the goal") if kept else (row.by.split(" for ")[0], f"misses {row.misses}")
    return row.option, p99, verdict, *_money(row, size.usd_per_month)
