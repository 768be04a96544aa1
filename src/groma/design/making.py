"""The cheapest design that keeps the goals of a workload, and a wish: architecture, sizes, decisions."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from groma.architecture import Architecture
from groma.architecture.availability import Availability, availability
from groma.blueprints import BLUEPRINTS
from groma.design.spent import Spent
from groma.design.spot import availability_without, of_spot
from groma.errors import Infeasible
from groma.sizing.regret import DRAWS, Case, Regrets, compare, explained
from groma.sizing.safety import FIFO, SHARED, safety
from groma.sizing.units import ServerTiers, tiers_of, with_servers
from groma.sizing.values import NO_WISH, Decision, Plan, Tier, Wish
from groma.terms import Buying, Terms
from groma.workload import Workload
from groma.workload.demand import Demand, demand, draws

GOALS = ("p99_ms", "freshness_s")
"""Goals that sizes may miss, by the hint of the error that says so."""
PURCHASE_REASONS: dict[Buying, str] = {
    "on-demand": "no commitment before the load is known",
    "reserved-1y": "all machines of the busiest hour for one year, paid in every hour",
    "reserved-3y": "all machines of the busiest hour for three years, paid in every hour",
    "savings-plan-1y": "a commitment for one year to what runs in enough hours to pay off, and the databases",
    "mixed": "for one year what runs in enough hours to pay off, and the databases; the rest on demand",
}


@dataclass(frozen=True, eq=False)
class Design:
    """Everything that was decided from a workload; the outputs are read from its architecture.

    One design is only itself: two are compared by what they hold, so that what is found of one can be kept.

    `wish` is what was asked beyond the goals, with what the goals themselves made necessary. `spent` is what
    a budget went to; None where none was to be spent.
    """

    workload: Workload
    demand: Demand
    plan: Plan
    architecture: Architecture
    availability: Availability
    decisions: tuple[Decision, ...]
    wish: Wish = NO_WISH
    spent: Spent | None = None


def cheapest(workload: Workload, wish: Wish = NO_WISH, *, reasons: bool = True) -> Design:
    """The cheapest architecture of the workload's blueprint that meets its goals, and the wish.

    Where its goal for availability is out of reach otherwise, the master of a database gets a standby.

    Args:
        workload: what the user states.
        wish: what is asked beyond the goals, for alternatives and growth.
        reasons: whether to list what was rejected.

    Raises:
        WorkloadError: a region or another value of the workload does not exist.
        Infeasible: no design meets the goals; the message names the goal and how close one comes.
    """
    wish = wished(workload, wish)
    workload = _with_bought(workload, wish)
    made = _made(workload, wish, reasons)
    goal = workload.slo.availability
    if made.availability.value >= goal:
        return made
    standby = rebuilt(made, replace(wish, multi_az=True))
    best = standby.availability.value
    if best < goal:
        _keeps_without_spot(standby, goal)
        lone = workload.database.is_cluster and not workload.database.readers
        raise Infeasible(
            f"an availability of {goal:.6g} is out of reach: by AWS's service-level "
            f"agreements {workload.blueprint} reaches {best:.5f}",
            where=workload.where("slo", "availability"),
            hint=f"lower slo.availability to {math.floor(best * 1e4) / 1e4:.4f} or less"
            + (", or write `replicas: 1`: a reader that takes over" if lone else ""),
        )
    safer = _made(workload, replace(wish, multi_az=True), reasons)
    because = (
        f"{goal:.4%} is the goal; with one zone for the master it would be {made.availability.value:.4%}"
    )
    if (availability_without(made.architecture) or 0.0) >= goal:
        because += "; without Spot it would be kept: `machines.spot` is what the standby is bought for"
    needed = Decision("availability", f"Multi-AZ: {best:.4%} by agreements", because)
    return replace(safer, decisions=(*safer.decisions, needed))


def _keeps_without_spot(best: Design, goal: float) -> None:
    """Raises Infeasible where Spot alone keeps the most available design from the goal."""
    without = availability_without(best.architecture)
    if without is None or without < goal:
        return
    raise Infeasible(
        f"an availability of {goal:.6g} is out of reach with Spot servers: all of them may go at once, which "
        f"leaves {best.availability.value:.5f}, and {without:.5f} without them",
        where=best.workload.where("machines", "spot"),
        hint="leave out `machines.spot`, name fewer tiers of it, or lower slo.availability to "
        f"{math.floor(best.availability.value * 1e4) / 1e4:.4f} or less",
    )


def wished(workload: Workload, wish: Wish) -> Wish:
    """The wish, with what the file states anyway."""
    stated = workload.database
    return replace(
        wish,
        multi_az=wish.multi_az or stated.multi_az,
        cache=wish.cache or stated.cache,
        copied_to=wish.copied_to or stated.backups_copied_to or "",
        standby=wish.standby or workload.standby or "",
        traced_share=wish.traced_share or workload.traced_share or 0.0,
    )


def _with_bought(workload: Workload, wish: Wish) -> Workload:
    """The same workload with what of a wish is said by its keys: a third zone, another reader."""
    network, database = workload.network, workload.database
    if wish.third_zone:
        network = network.model_copy(update={"zones": 3})
    if wish.another_reader:
        database = database.model_copy(update={"replicas": database.replicas + 1})
    return workload.model_copy(update={"network": network, "database": database})


def as_stated(made: Design) -> Workload:
    """The workload of a design without what of its wish was bought: as its file states it."""
    network, database = made.workload.network, made.workload.database
    if made.wish.third_zone:
        network = network.model_copy(update={"zones": "up to 3"})
    if made.wish.another_reader:
        database = database.model_copy(update={"replicas": database.replicas - 1})
    return made.workload.model_copy(update={"network": network, "database": database})


def _made(workload: Workload, wish: Wish, reasons: bool) -> Design:
    """The cheapest design that keeps the p99; its availability is what it is."""
    blueprint, load = BLUEPRINTS[workload.blueprint], demand(workload)
    try:
        plan, decided = _sized(workload, load, wish, reasons)
    except Infeasible as error:
        goal = next((name for name in GOALS if f"slo.{name}" in error.hint), "")
        error.where = error.where or (workload.where("slo", goal) if goal else workload.where())
        raise
    architecture = blueprint.assemble(workload, load, plan, wish)
    decisions = (*_decisions(workload, load, plan, wish), *of_spot(architecture), *decided)
    return Design(workload, load, plan, architecture, availability(architecture), decisions, wish)


def _sized(workload: Workload, load: Demand, wish: Wish, reasons: bool) -> tuple[Plan, tuple[Decision, ...]]:
    """The sizes of all units, and what was decided of them beside."""
    plan = Plan()
    decided: tuple[Decision, ...] = ()
    for unit in BLUEPRINTS[workload.blueprint].units(workload, load, wish):
        if isinstance(unit, ServerTiers) and workload.sizing == "least-regret" and unit.headroom == 1:
            found = regrets(workload, load, unit.sized(Plan(), reasons=reasons), wish)
            plan, decided = with_servers(plan, explained(found.plan)), (_of_regret(found),)
        else:
            plan = unit.sized(plan, reasons=reasons)
    return plan, decided


def regrets(workload: Workload, load: Demand, plan: Plan, wish: Wish = NO_WISH) -> Regrets:
    """How the cheapest plan of the likely load does over draws from the ranges, beside plans for draws."""
    goal_ms = workload.slo.p99_ms if wish.p99_ms is None else wish.p99_ms
    return compare(_case(workload, load, wish), plan, cases(workload, wish), goal_ms)


def cases(workload: Workload, wish: Wish) -> list[Case]:
    """Draws from the ranges of a workload, in rising order of work."""
    sampled = sorted(draws(workload, DRAWS), key=lambda draw: draw.database_busy.likely)
    return [_case(workload, one, wish) for one in sampled]


def _case(workload: Workload, load: Demand, wish: Wish) -> Case:
    return Case(server_tiers(workload, load, wish), load.peak_per_s.likely)


def server_tiers(workload: Workload, load: Demand, wish: Wish = NO_WISH) -> tuple[Tier, ...]:
    """The tiers of servers that a workload's blueprint has to be sized; none when it has none."""
    return tiers_of(BLUEPRINTS[workload.blueprint].units(workload, load, wish))


def rebuilt(made: Design, wish: Wish) -> Design:
    """The same sizes in an architecture with other elements; only what is not a size changes."""
    architecture = BLUEPRINTS[made.workload.blueprint].assemble(made.workload, made.demand, made.plan, wish)
    decisions = _decisions(made.workload, made.demand, made.plan, wish) + of_spot(architecture)
    known = {decision.about for decision in decisions}
    decisions += tuple(decision for decision in made.decisions if decision.about not in known)
    return replace(
        made,
        architecture=architecture,
        availability=availability(architecture),
        decisions=decisions,
        wish=wish,
    )


def _decisions(workload: Workload, load: Demand, plan: Plan, wish: Wish) -> tuple[Decision, ...]:
    """What every design decides, around what its blueprint does."""
    own = BLUEPRINTS[workload.blueprint].decisions(workload, load, plan, wish)
    if not plan.sizes:
        return own
    waits, sharing = (f"{safety(discipline, 1) - 1:.0%}" for discipline in (FIFO, SHARED))
    return (
        *own,
        of_purchase(workload.purchase, plan),
        *_of_credits(plan),
        Decision(
            "waiting times",
            f"taken {waits} longer than the formula, {sharing} where shared",
            "without it the p99 is up to 4 % below that of a simulation of every request",
        ),
    )


def _of_credits(plan: Plan) -> tuple[Decision, ...]:
    """In which mode burstable machines run; nothing where there are none."""
    tiers = [size.tier for size in plan.sizes if size.choice.baseline is not None and not size.choice.stands]
    if not tiers:
        return ()
    because = "as AWS launches them; scaling holds servers at their baseline"
    if "database" in tiers:
        because += (
            ", and a database's credits last at the likely peak with a zone lost: what the high end uses "
            "beyond is billed as surplus"
        )
    return (Decision("CPU credits", f"{', '.join(tiers)}: unlimited", because),)


def bought(design: Design, terms: Terms) -> Design:
    """The same sizes, billed for another month or with the machines bought in another way."""
    architecture = replace(design.architecture, terms=terms)
    anew = {each.about: each for each in (of_purchase(terms.purchase, design.plan), *of_spot(architecture))}
    decisions = tuple(anew.get(decision.about, decision) for decision in design.decisions)
    return replace(design, architecture=architecture, decisions=decisions)


def of_purchase(purchase: Buying, plan: Plan) -> Decision:
    """How machines are bought, and by which prices they were chosen."""
    because = PURCHASE_REASONS[purchase]
    if purchase != "on-demand":
        by_price = any(each.choice.buying != "on-demand" for each in plan.sizes)
        because += "; sizes are the cheapest at these prices" if by_price else "; sizes as on demand"
    return Decision("purchase", purchase.replace("-", " "), because)


def _of_regret(found: Regrets) -> Decision:
    best, likely = found.least, found.rows[0]
    stand_in = any(size.choice.stand_in for size in found.plan.sizes)
    counted = "; databases counted at prices of another region" if stand_in else ""
    return Decision(
        "sizing",
        f"least regret: as for {best.name}",
        f"keeps the goals in {best.kept:.0%} of {DRAWS} draws from the ranges for ${best.mean_usd:,.0f} of "
        f"machines a month; the plan of the likely values in {likely.kept:.0%} for ${likely.mean_usd:,.0f}"
        f"{counted}",
    )
