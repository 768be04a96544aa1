"""workload → design: the architecture, the sizes, what they come to, and what was rejected."""

from __future__ import annotations

from dataclasses import dataclass, replace

from groma.architecture import Architecture
from groma.blueprints import BLUEPRINTS
from groma.demand import Demand, demand
from groma.errors import Infeasible, InputError
from groma.sizing import Plan, at_load, size
from groma.sizing import why as neighbours
from groma.sizing.availability import Availability, availability
from groma.sizing.queueing import SHARING_SAFETY, WAIT_SAFETY
from groma.tiers import Rejected, Size, Tier, Wish
from groma.workload import Workload

NO_WISH = Wish()


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


def design(workload: Workload, wish: Wish = NO_WISH, *, reasons: bool = True) -> Design:
    """Design the cheapest architecture of the workload's blueprint that meets its goals, and the wish.

    Args:
        workload: what the user states.
        wish: what is asked beyond the goals, for alternatives and growth.
        reasons: whether to list what was rejected.

    Raises:
        WorkloadError: a region or another value of the workload does not exist.
        Infeasible: no design meets the goals; the message names the goal and how close one comes.
    """
    blueprint = BLUEPRINTS[workload.blueprint]
    load = demand(workload)
    tiers = blueprint.tiers(workload, load)
    goal_ms = workload.slo.p99_ms if wish.p99_ms is None else wish.p99_ms
    plan = size([_loaded(tier, wish.load_factor) for tier in tiers], goal_ms, reasons=reasons)
    if wish.load_factor != 1:
        plan = at_load(tiers, plan, goal_ms)
    architecture = blueprint.assemble(workload, load, {s.tier: s for s in plan.sizes}, wish)
    reached = availability(architecture)
    if reached.value < workload.slo.availability:
        raise Infeasible(
            f"an availability of {workload.slo.availability:.6g} is out of reach: by AWS's service-level "
            f"agreements {workload.blueprint} reaches {reached.value:.5f}",
            where=workload.where("slo", "availability"),
            hint=f"lower slo.availability to {reached.value:.4f} or less",
        )
    return Design(workload, load, plan, architecture, reached, _decisions(workload, load, plan, wish))


def rebuilt(made: Design, wish: Wish) -> Design:
    """The same sizes in an architecture with other elements; only what is not a size changes."""
    sizes = {each.tier: each for each in made.plan.sizes}
    architecture = BLUEPRINTS[made.workload.blueprint].assemble(made.workload, made.demand, sizes, wish)
    decisions = _decisions(made.workload, made.demand, made.plan, wish)
    return replace(
        made, architecture=architecture, availability=availability(architecture), decisions=decisions
    )


def why(made: Design, tier: str) -> tuple[Rejected, ...]:
    """The rejected neighbours of one tier of a design, more and finer than in its plan.

    Raises:
        InputError: there is no tier of that name.
    """
    tiers = BLUEPRINTS[made.workload.blueprint].tiers(made.workload, made.demand)
    names = [each.name for each in tiers]
    if tier not in names:
        raise InputError(f"there is no tier {tier!r}", hint=f"choose one of: {', '.join(names)}")
    return neighbours(tiers, made.plan, made.workload.slo.p99_ms, tier)


def _loaded(tier: Tier, factor: float) -> Tier:
    """A tier with so many times its rates, which leaves the work of a request as it is."""
    return replace(
        tier,
        load=replace(tier.load, rate_per_s=tier.load.rate_per_s * factor),
        high=replace(tier.high, rate_per_s=tier.high.rate_per_s * factor),
        gbps=tier.gbps * factor,
        iops=tier.iops * factor,
        volume_mbps=tier.volume_mbps * factor,
    )


def _decisions(workload: Workload, load: Demand, plan: Plan, wish: Wish) -> tuple[Decision, ...]:
    peak, mean, habits = load.peak_per_s, load.mean_per_s, workload.load
    return (
        Decision(
            "load",
            f"{peak.likely:.0f} requests/s at peak ({peak.low:.0f}–{peak.high:.0f})",
            f"{mean.likely:.1f}/s on average, times {habits.peak_hour_to_mean.likely:g} in the busiest hour, "
            f"times {habits.burst_to_peak_hour.likely:g} in its busiest five minutes",
        ),
        *(_of_tier(tier) for tier in plan.sizes),
        Decision(
            "zones",
            "two; one may be lost at peak",
            "the blueprint's; three would hold half as many spare servers, in two more subnets",
        ),
        _nat_decision(wish),
        *_pools(plan),
        _discipline(workload),
        Decision(
            "database",
            "a master and a read replica, each in one zone",
            "the blueprint's; the replica carries the reads and is promoted by hand when the master is lost",
        ),
        Decision("purchase", "on demand", "no commitment before the load is known"),
        Decision(
            "waiting times",
            f"taken {WAIT_SAFETY - 1:.0%} longer than the formula, {SHARING_SAFETY - 1:.0%} where shared",
            "against a simulation the formulas were up to 21 % and 9 % optimistic at p99",
        ),
    )


def _nat_decision(wish: Wish) -> Decision:
    if wish.nat_per_zone:
        return Decision("NAT gateway", "one in each zone", "no zone needs another to reach the internet")
    return Decision("NAT gateway", "one, in the first zone", "nothing that users wait for passes it")


def _pools(plan: Plan) -> tuple[Decision, ...]:
    return tuple(
        Decision(
            f"{each.tier} pool",
            f"{each.pool} connections from each server to each instance",
            "Little's law at the high peak with a zone lost; 999 of 1,000 queries find one free",
        )
        for each in plan.sizes
        if each.pool
    )


def _discipline(workload: Workload) -> Decision:
    stated = workload.load.discipline
    by_tier = stated if isinstance(stated, str) else ", ".join(f"{tier} {how}" for tier, how in stated)
    return Decision(
        "discipline",
        by_tier,
        "an event loop or a pool serves one after the other; threads share the CPUs",
    )


def _of_tier(size: Size) -> Decision:
    return Decision(
        f"{size.tier} tier",
        f"{size.desired} × {size.choice.name} at peak ({size.min}–{size.max})",
        f"the cheapest that keep the p99 with a zone lost at peak, when they are "
        f"{size.utilisation_zone_lost:.0%} busy; ${size.usd_per_month:,.0f} a month",
    )
