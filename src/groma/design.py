"""workload → design: the architecture, the sizes, what they come to, and what was rejected."""

from __future__ import annotations

from dataclasses import dataclass

from groma.architecture import Architecture
from groma.blueprints import BLUEPRINTS
from groma.demand import Demand, demand
from groma.errors import Infeasible
from groma.sizing import Plan, size
from groma.sizing.availability import Availability, availability
from groma.sizing.queueing import WAIT_SAFETY
from groma.tiers import Size
from groma.workload import Workload


@dataclass(frozen=True)
class Decision:
    """Something that was decided, and why."""

    about: str
    decided: str
    because: str


@dataclass(frozen=True)
class Design:
    """Everything that was decided from a workload; the outputs are read from its architecture."""

    workload: Workload
    demand: Demand
    plan: Plan
    architecture: Architecture
    availability: Availability
    decisions: tuple[Decision, ...]


def design(workload: Workload) -> Design:
    """Design the cheapest architecture of the workload's blueprint that meets its goals.

    Raises:
        WorkloadError: a region or another value of the workload does not exist.
        Infeasible: no design meets the goals; the message names the goal and how close one comes.
    """
    blueprint = BLUEPRINTS[workload.blueprint]
    load = demand(workload)
    plan = size(blueprint.tiers(workload, load), workload.slo.p99_ms)
    architecture = blueprint.assemble(workload, load, {s.tier: s for s in plan.sizes})
    reached = availability(architecture)
    if reached.value < workload.slo.availability:
        raise Infeasible(
            f"an availability of {workload.slo.availability:.6g} is out of reach: by AWS's service-level "
            f"agreements {workload.blueprint} reaches {reached.value:.5f}",
            where=workload.where("slo", "availability"),
            hint=f"lower slo.availability to {reached.value:.4f} or less",
        )
    return Design(workload, load, plan, architecture, reached, _decisions(workload, load, plan))


def _decisions(workload: Workload, load: Demand, plan: Plan) -> tuple[Decision, ...]:
    peak, mean, habits = load.peak_per_s, load.mean_per_s, workload.load
    return (
        Decision(
            "load",
            f"{peak.likely:.0f} requests/s at peak ({peak.low:.0f}–{peak.high:.0f})",
            f"{mean.likely:.1f}/s on average, times {habits.peak_hour_to_mean.likely:g} in the busiest hour, "
            f"times {habits.burst_to_peak_hour.likely:g} in its busiest five minutes",
        ),
        *(_of_tier(tier) for tier in plan.sizes),
        Decision("zones", "two; one may be lost at peak", "asked for; a third adds a third to every tier"),
        Decision("NAT gateway", "one, in the first zone", "nothing that users wait for passes it"),
        Decision(
            "database",
            "a master and a read replica, each in one zone",
            "asked for; the replica carries the reads and is promoted by hand when the master is lost",
        ),
        Decision("purchase", "on demand", "no commitment before the load is known"),
        Decision(
            "waiting times",
            f"taken {WAIT_SAFETY - 1:.0%} longer than the formula says",
            "Allen and Cunneen's formula was measured up to 21 % optimistic at p99",
        ),
    )


def _of_tier(size: Size) -> Decision:
    return Decision(
        f"{size.tier} tier",
        f"{size.desired} × {size.choice.name} at peak ({size.min}–{size.max})",
        f"the cheapest that keep the p99 with a zone lost at peak, when they are "
        f"{size.utilisation_zone_lost:.0%} busy; ${size.usd_per_month:,.0f} a month",
    )
