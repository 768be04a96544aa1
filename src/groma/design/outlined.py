"""A design as far as its bill, its p99 and its availability go: asked of many, of which few are made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from groma.architecture import Architecture
from groma.architecture.availability import availability
from groma.bill import bill
from groma.blueprints import BLUEPRINTS
from groma.design.making import Design, cheapest, rebuilt, wished
from groma.sizing.units import ServerTiers, Unit, counted
from groma.sizing.values import Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand, demand


@dataclass(frozen=True, eq=False)
class Outline:
    """What is known of a design before it is made.

    Attributes:
        units: what was sized; nothing where the design is made.
        plan: its types and numbers of machines, without times and targets.
        architecture: as far as a bill can tell.
        wish: what was asked beyond the goals, with what these made necessary.
        of: the design itself, where it is made; where other elements are wished for, what it is made from.
    """

    workload: Workload
    demand: Demand
    units: tuple[Unit, ...]
    plan: Plan
    architecture: Architecture
    wish: Wish
    of: Design | Outline | None = None

    @cached_property
    def design(self) -> Design:
        """The whole design."""
        if isinstance(self.of, Outline):
            return rebuilt(self.of.design, self.wish)
        return self.of or cheapest(self.workload, self.wish, reasons=False)

    @cached_property
    def p99_ms(self) -> float:
        """At the likely peak with a zone lost; of servers."""
        if self.of is not None:
            return self.of.p99_ms if isinstance(self.of, Outline) else self.of.plan.latency_ms["p99"]
        return next(unit.answered_ms(self.plan) for unit in self.units if isinstance(unit, ServerTiers))

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
    return Outline(made.workload, made.demand, (), made.plan, made.architecture, made.wish, made)


def outlined(workload: Workload, wish: Wish) -> Outline:
    """Of the cheapest design that keeps the goals, and the wish; see `cheapest`.

    Raises:
        Infeasible: no design keeps the goals.
    """
    if workload.sizing == "likely":
        asked = wished(workload, wish)
        blueprint, load, plan = BLUEPRINTS[workload.blueprint], demand(workload), Plan()
        units = blueprint.units(workload, load, asked)
        for unit in units:
            plan = counted(unit, plan)
        architecture = blueprint.to_be_billed(workload, load, plan, asked)
        found = Outline(workload, load, units, plan, architecture, asked)
        if found.availability >= workload.slo.availability:
            return found
    return outline_of(cheapest(workload, wish, reasons=False))
