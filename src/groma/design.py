"""workload → design: the architecture, the sizes, what they come to, and what was rejected."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from groma.architecture import Architecture
from groma.architecture.availability import Availability, availability
from groma.blueprints import BLUEPRINTS, SERVERLESS, WORKERS
from groma.errors import Infeasible, InputError
from groma.sizing import at_load, size
from groma.sizing import why as neighbours
from groma.sizing.queueing import SHARING_SAFETY, WAIT_SAFETY
from groma.sizing.regret import DRAWS, Case, Regrets, compare, explained
from groma.sizing.serverless import scaled, size_serverless, why_serverless, why_worker, with_functions
from groma.sizing.units import Decision, Plan, Rejected, Tier, Wish
from groma.terms import Buying
from groma.workload import Workload
from groma.workload.demand import Demand, demand, draws

NO_WISH = Wish()
PURCHASE_REASONS: dict[Buying, str] = {
    "on-demand": "no commitment before the load is known",
    "reserved-1y": "all machines of the busiest hour for one year, paid in every hour",
    "reserved-3y": "all machines of the busiest hour for three years, paid in every hour",
    "mixed": "for one year what runs in enough hours to pay off, and the databases; the rest on demand",
}


@dataclass(frozen=True)
class Design:
    """Everything that was decided from a workload; the outputs are read from its architecture.

    `wish` is what was asked beyond the goals, with what the goals themselves made necessary.
    """

    workload: Workload
    demand: Demand
    plan: Plan
    architecture: Architecture
    availability: Availability
    decisions: tuple[Decision, ...]
    wish: Wish = NO_WISH


def design(workload: Workload, wish: Wish = NO_WISH, *, reasons: bool = True) -> Design:
    """Design the cheapest architecture of the workload's blueprint that meets its goals, and the wish.

    Where its goal for availability is out of reach otherwise, the master of a database gets a standby.

    Args:
        workload: what the user states.
        wish: what is asked beyond the goals, for alternatives and growth.
        reasons: whether to list what was rejected.

    Raises:
        WorkloadError: a region or another value of the workload does not exist.
        Infeasible: no design meets the goals; the message names the goal and how close one comes.
    """
    made = _made(workload, wish, reasons)
    goal = workload.slo.availability
    if made.availability.value >= goal:
        return made
    best = rebuilt(made, replace(wish, multi_az=True)).availability.value
    if best < goal:
        raise Infeasible(
            f"an availability of {goal:.6g} is out of reach: by AWS's service-level "
            f"agreements {workload.blueprint} reaches {best:.5f}",
            where=workload.where("slo", "availability"),
            hint=f"lower slo.availability to {math.floor(best * 1e4) / 1e4:.4f} or less",
        )
    safer = _made(workload, replace(wish, multi_az=True), reasons)
    because = (
        f"{goal:.4%} is the goal; with one zone for the master it would be {made.availability.value:.4%}"
    )
    needed = Decision("availability", f"Multi-AZ: {best:.4%} by agreements", because)
    return replace(safer, decisions=(*safer.decisions, needed))


def _made(workload: Workload, wish: Wish, reasons: bool) -> Design:
    """The cheapest design that keeps the p99; its availability is what it is."""
    blueprint = BLUEPRINTS[workload.blueprint]
    load = demand(workload)
    tiers = blueprint.tiers(workload, load, wish)
    goal_ms = _goal_ms(workload, wish)
    plan = size([_loaded(tier, wish.load_factor) for tier in tiers], goal_ms, reasons=reasons)
    if wish.load_factor != 1 and tiers:
        plan = at_load(tiers, plan, goal_ms)
    decided: tuple[Decision, ...] = ()
    if workload.sizing == "least-regret" and wish.load_factor == 1 and tiers:
        found = regrets(workload, load, plan, wish)
        plan, decided = explained(found.plan), (_of_regret(found),)
    if workload.blueprint in SERVERLESS:
        parts = SERVERLESS[workload.blueprint](workload, load, wish)
        plan = size_serverless(scaled(parts, wish.load_factor), reasons=reasons)
    if workload.blueprint in WORKERS:
        plan = with_functions(plan, WORKERS[workload.blueprint](workload, load), reasons=reasons)
    architecture = blueprint.assemble(workload, load, plan, wish)
    decisions = (*_decisions(workload, load, plan, wish), *decided)
    return Design(workload, load, plan, architecture, availability(architecture), decisions, wish)


def regrets(workload: Workload, load: Demand, plan: Plan, wish: Wish = NO_WISH) -> Regrets:
    """How the cheapest plan of the likely load does over draws from the ranges, beside plans for draws."""
    blueprint = BLUEPRINTS[workload.blueprint]

    def case(one: Demand) -> Case:
        return Case(blueprint.tiers(workload, one, wish), one.peak_per_s.likely)

    sampled = sorted(draws(workload, DRAWS), key=lambda d: d.database_busy.likely)
    return compare(case(load), plan, [case(one) for one in sampled], _goal_ms(workload, wish))


def _goal_ms(workload: Workload, wish: Wish) -> float:
    return workload.slo.p99_ms if wish.p99_ms is None else wish.p99_ms


def rebuilt(made: Design, wish: Wish) -> Design:
    """The same sizes in an architecture with other elements; only what is not a size changes."""
    architecture = BLUEPRINTS[made.workload.blueprint].assemble(made.workload, made.demand, made.plan, wish)
    decisions = _decisions(made.workload, made.demand, made.plan, wish)
    known = {decision.about for decision in decisions}
    decisions += tuple(decision for decision in made.decisions if decision.about not in known)
    return replace(
        made,
        architecture=architecture,
        availability=availability(architecture),
        decisions=decisions,
        wish=wish,
    )


def why(made: Design, tier: str) -> tuple[Rejected, ...]:
    """The rejected neighbours of one tier of a design, more and finer than in its plan.

    Raises:
        InputError: there is no tier of that name.
    """
    tiers = BLUEPRINTS[made.workload.blueprint].tiers(made.workload, made.demand, made.wish)
    names = [each.name for each in tiers] + [each.name for each in made.plan.functions]
    if tier not in names:
        known = ", ".join(names) or "none: nothing of this blueprint is sized"
        raise InputError(f"there is no tier {tier!r}", hint=f"choose one of: {known}")
    if made.workload.blueprint in WORKERS and tier in [each.name for each in made.plan.functions]:
        return why_worker(WORKERS[made.workload.blueprint](made.workload, made.demand), made.plan, tier)
    if made.workload.blueprint in SERVERLESS:
        parts = SERVERLESS[made.workload.blueprint](made.workload, made.demand, made.wish)
        return why_serverless(parts, made.plan, tier)
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
    """What every design decides, around what its blueprint does."""
    own = BLUEPRINTS[workload.blueprint].decisions(workload, load, plan, wish)
    if not plan.sizes:
        return own
    return (
        *own,
        of_purchase(workload.purchase, plan),
        Decision(
            "waiting times",
            f"taken {WAIT_SAFETY - 1:.0%} longer than the formula, {SHARING_SAFETY - 1:.0%} where shared",
            "against a simulation the formulas were up to 21 % and 9 % optimistic at p99",
        ),
    )


def of_purchase(purchase: Buying, plan: Plan) -> Decision:
    """How machines are bought, and by which prices they were chosen."""
    because = PURCHASE_REASONS[purchase]
    if purchase != "on-demand":
        by_price = any(each.choice.buying != "on-demand" for each in plan.sizes)
        because += "; sizes are the cheapest at these prices" if by_price else "; sizes as on demand"
    return Decision("purchase", purchase.replace("-", " "), because)


def _of_regret(found: Regrets) -> Decision:
    best, likely = found.least, found.rows[0]
    return Decision(
        "sizing",
        f"least regret: as for {best.name}",
        f"keeps the goals in {best.kept:.0%} of {DRAWS} draws from the ranges for ${best.mean_usd:,.0f} of "
        f"machines a month; the plan of the likely values in {likely.kept:.0%} for ${likely.mean_usd:,.0f}",
    )
