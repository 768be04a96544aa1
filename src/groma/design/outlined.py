"""A design as far as its bill, its p99 and its availability go: asked of many, of which few are made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from groma.architecture import Architecture
from groma.architecture.availability import availability
from groma.bill import bill
from groma.blueprints import BLUEPRINTS
from groma.design.making import Design, cheapest, rebuilt
from groma.sizing.units import ServerTiers, counted
from groma.sizing.values import Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand, demand


@dataclass(frozen=True, eq=False)
class Outline:
    """What is known of a design before it is made.

    Attributes:
        plan: its types and numbers of machines, without times and targets.
        architecture: as far as a bill can tell.
        wish: what was asked beyond the goals, with what these made necessary.
        p99_ms: at the likely peak with a zone lost.
        of: the design itself, where it is made; where other elements are wished for, what it is made from.
    """

    workload: Workload
    demand: Demand
    plan: Plan
    architecture: Architecture
    wish: Wish
    p99_ms: float
    of: Design | Outline | None = None

    @cached_property
    def design(self) -> Design:
        """The whole design."""
        if isinstance(self.of, Outline):
            return rebuilt(self.of.design, self.wish)
        return self.of or cheapest(self.workload, self.wish, reasons=False)

    @cached_property
    def usd_per_month(self) -> float:
        """The likely bill; at least, where a price is unknown."""
        return bill(self.architecture).monthly_usd.likely

    @cached_property
    def availability(self) -> float:
        """At the load balancer, by agreements."""
        return availability(self.architecture).value

    def rebuilt(self, wish: Wish) -> Outline:
        """The same sizes with other elements."""
        blueprint = BLUEPRINTS[self.workload.blueprint]
        architecture = blueprint.to_be_billed(self.workload, self.demand, self.plan, wish)
        return replace(self, architecture=architecture, wish=wish, of=self)


def outline_of(made: Design) -> Outline:
    """Of a design that is made."""
    p99_ms = made.plan.latency_ms["p99"]
    return Outline(made.workload, made.demand, made.plan, made.architecture, made.wish, p99_ms, made)


def outlined(workload: Workload, wish: Wish) -> Outline:
    """Of the cheapest design of servers that keeps the goals, and the wish; see `cheapest`.

    Raises:
        Infeasible: no design keeps the goals.
    """
    wish = replace(wish, multi_az=wish.multi_az or workload.database.multi_az)
    blueprint, load, plan, p99_ms = BLUEPRINTS[workload.blueprint], demand(workload), Plan(), 0.0
    for unit in blueprint.units(workload, load, wish):
        plan = counted(unit, plan)
        if isinstance(unit, ServerTiers):
            p99_ms = unit.answered_ms(plan)
    architecture = blueprint.to_be_billed(workload, load, plan, wish)
    found = Outline(workload, load, plan, architecture, wish, p99_ms)
    if workload.sizing == "likely" and found.availability >= workload.slo.availability:
        return found
    return outline_of(cheapest(workload, wish, reasons=False))
