"""Where something else than load binds a tier: what another value of it would cost, or save.

A tier that is bound by memory gains nothing from a laxer p99, nor loses by a stricter one; so alternatives
vary the key that it follows from, to both ends of its range. What lives on CPU credits is tried without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from groma.bill import bill
from groma.blueprints.decisions import key_that_binds
from groma.design import Design, design
from groma.errors import Infeasible
from groma.sizing.values import Size, Wish
from groma.words import Table
from groma.workload import Workload
from groma.workload.uncertain import taken_as, uncertain

CREDITS = "CPU credits"


@dataclass(frozen=True)
class Bound:
    """A tier that something else than load binds, and the design with another value of that.

    Attributes:
        change: the key with that value, as the file states it.
        usd_per_month: of the cheapest design there; None where there is none.
        machines: of all tiers of that design, for people.
    """

    tier: str
    limit: str
    change: str
    usd_per_month: float | None
    machines: str

    def cells(self) -> tuple[str, ...]:
        """For people."""
        usd = "no design" if self.usd_per_month is None else f"{self.usd_per_month:,.2f}"
        return self.tier, self.limit, self.change, usd, self.machines

    def document(self) -> dict[str, Any]:
        """For machines, as a kind of alternative."""
        usd = None if self.usd_per_month is None else round(self.usd_per_month, 2)
        return {
            "kind": "bound",
            "tier": self.tier,
            "bound_by": self.limit,
            "change": self.change,
            "monthly_usd": usd,
            "sizes": self.machines,
        }


def bound(usual: Design) -> tuple[Bound, ...]:
    """For each tier that something else than load binds, the designs with other values of that."""
    return tuple(each for size in usual.plan.sizes if size.bound_by for each in _varied(usual, size))


def beside(found: Sequence[Bound]) -> Table:
    """All of them in a table."""
    heads = ("tier", "bound by", "with", "$/month", "web, app, database")
    return Table(
        "Bound by something else than load", heads, tuple(b.cells() for b in found), right=("$/month",)
    )


def _varied(usual: Design, size: Size) -> Iterator[Bound]:
    workload, key = usual.workload, key_that_binds(size)
    path = tuple(key.split("."))
    values = dict(uncertain(workload)).get(path)
    if values is not None:
        for end in (values.low, values.high):
            yield _with(size, f"{key}: {end:g}", taken_as(workload, {path: end}), usual.wish)
    elif size.bound_by == CREDITS:
        machines = workload.machines.model_copy(update={"burstable": False})
        changed = workload.model_copy(update={"machines": machines})
        yield _with(size, "machines.burstable: false", changed, usual.wish)


def _with(size: Size, change: str, workload: Workload, wish: Wish) -> Bound:
    try:
        made = design(workload, wish, reasons=False)
    except Infeasible:
        return Bound(size.tier, size.bound_by, change, None, "")
    usd = bill(made.architecture).monthly_usd.likely
    return Bound(size.tier, size.bound_by, change, usd, made.plan.machines)
