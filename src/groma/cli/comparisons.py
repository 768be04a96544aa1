"""How alternatives, budgets, growth and rejected sizes are shown to a person."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from groma.cli.console import OUT, new_table, say
from groma.components.nat_gateway import NatGateway
from groma.design import Design
from groma.questions.alternatives import Alternative, BudgetChoice, Kind
from groma.questions.blueprints import Comparison, Point, Side
from groma.questions.growth import Growth
from groma.questions.ranges import Outlook
from groma.sizing.values import FunctionSize, Rejected

DIFFERS = {
    "count": "one machine per zone fewer or more",
    "size": "next size down or up",
    "family": "cheapest of another family that keeps every goal",
    "cheaper": "cheaper, as many as the money pays for",
}


def print_why(made: Design, tier: str, rows: Sequence[Rejected]) -> None:
    """What was chosen for a tier, and its neighbours with what each misses and costs."""
    if tier in [size.name for size in made.plan.functions]:
        _print_why_function(made.plan.function(tier), rows)
        return
    size = made.plan.of(tier)
    say(
        f"{tier}: {size.desired} × {size.choice.name}, ${size.usd_per_month:,.2f} a month, "
        f"{size.utilisation_zone_lost:.1%} busy with a zone lost",
        "",
    )
    money = ("$/month", "difference")
    for differs, title in DIFFERS.items():
        some = [row for row in rows if row.differs == differs]
        if not some:
            continue
        shown = new_table(title, "option", "misses", "by", *money, right=money)
        for row in some:
            more = row.usd_per_month - size.usd_per_month
            missed = "–" if row.misses in ("price", "nothing") else row.misses
            by = "keeps every goal" if missed == "–" else row.by
            shown.add_row(row.option, missed, by, f"{row.usd_per_month:,.2f}", f"{more:+,.2f}")
        OUT.print(shown)
        say("")


def _print_why_function(size: FunctionSize, rows: Sequence[Rejected]) -> None:
    """The curve of cost and latency over the memory, and the other processor."""
    slowest, kind = max((own["p99"], kind) for kind, own in size.latency_by_class_ms.items())
    say(
        f"{size.name}: {size.choice.name}, ${size.usd_per_month:,.2f} a month; "
        f"p99 of {kind} {slowest:,.0f} ms for {size.goal_ms:,.0f} ms",
        "",
    )
    money = ("$/month", "difference")
    shown = new_table("Other memories, and the other processor", "option", "p99", "", *money, right=money)
    for row in rows:
        kept = row.misses == "price"
        more = row.usd_per_month - size.usd_per_month
        p99, why = (row.by, "keeps the goal") if kept else (row.by.split(" for ")[0], f"misses {row.misses}")
        shown.add_row(row.option, p99, why, f"{row.usd_per_month:,.2f}", f"{more:+,.2f}")
    OUT.print(shown)
    say("")


def print_comparison(found: Comparison) -> None:
    """Both designs beside each other, then their costs over the users and where they cross."""
    first, second = found.sides
    shown = new_table(f"{found.workload.name}, {found.workload.users.total:,} users", "", *_names(found))
    shown.add_row("bill, likely", *(f"{_least(s)}${s.usd.likely:,.0f} a month" for s in found.sides))
    shown.add_row("low to high", *(f"${s.usd.low:,.0f} to ${s.usd.high:,.0f}" for s in found.sides))
    plans = [side.design.plan for side in found.sides]
    shown.add_row("p99", *(f"{plan.latency_ms['p99']:g} ms {plan.kept_at}" for plan in plans))
    shown.add_row("availability", *(f"{s.design.availability.value:.4%}" for s in found.sides))
    shown.add_row("goals", *(f"misses {s.misses}" if s.misses else "all kept" for s in found.sides))
    shown.add_row("made of", first.consists, second.consists)
    OUT.print(shown)
    say("")
    money = ("users", *_names(found))
    costs = new_table("Bill, $ a month", *money, "cheaper", right=money)
    for point in found.points:
        both = ["no design" if usd is None else f"{usd:,.0f}" for usd in point.usd]
        costs.add_row(f"{point.users:,}", *both, cheaper(found, point))
    OUT.print(costs)
    say("", *crossings(found))


def _names(found: Comparison) -> tuple[str, str]:
    return found.sides[0].blueprint, found.sides[1].blueprint


def _least(side: Side) -> str:
    return "at least " if side.unknown else ""


def cheaper(found: Comparison, point: Point) -> str:
    """Which of the two costs less at a number of users; empty where one has no design."""
    first, second = point.usd
    if first is None or second is None:
        return ""
    names = _names(found)
    return names[0] if first < second else names[1]


def crossings(found: Comparison) -> list[str]:
    """Where they cross, in words."""
    lines = [
        f"they cross at about {cross.users:,} users, where both cost ${cross.usd:,.0f}: "
        f"below {cross.cheaper_below} is cheaper, above {cross.cheaper_above}"
        for cross in found.crossings
    ]
    if not lines:
        known = [point for point in found.points if None not in point.usd]
        between = f"from {known[0].users:,} to {known[-1].users:,} users" if known else ""
        lines = [f"they do not cross: {cheaper(found, known[0])} is cheaper {between}"] if known else []
    return [*lines, *_without_price(found)]


def _without_price(found: Comparison) -> list[str]:
    """What is left out of each bill, and from which number of users on."""
    lines = []
    for number, side in enumerate(found.sides):
        since = {item: point.users for point in reversed(found.points) for item in point.unknown[number]}
        fewest = found.points[0].users
        items = [item + (f" from {n:,} users" if n > fewest else "") for item, n in since.items()]
        if items:
            lines.append(f"left out of {side.blueprint}, since the price is not known: {'; '.join(items)}")
    return lines


def show_comparison(found: Comparison, *, as_json: bool) -> None:
    """Two blueprints, for a person or a machine."""
    if not as_json:
        print_comparison(found)
        return
    print_json(
        {
            "users": found.workload.users.total,
            "designs": [_side(side) for side in found.sides],
            "points": [{"users": p.users, "usd_per_month": list(p.usd)} for p in found.points],
            "crossings": [asdict(cross) for cross in found.crossings],
        }
    )


def _side(side: Side) -> dict[str, Any]:
    return {
        "blueprint": side.blueprint,
        "monthly_usd": round(side.usd.likely, 2),
        "monthly_usd_low": round(side.usd.low, 2),
        "monthly_usd_high": round(side.usd.high, 2),
        "unknown_prices": side.unknown,
        "p99_ms": side.design.plan.latency_ms["p99"],
        "availability": side.design.availability.value,
        "misses": side.misses,
        "made_of": side.consists,
    }


def print_alternatives(rows: Sequence[tuple[Kind, Alternative]]) -> None:
    """The front of cost, p99 and availability, cheapest first."""
    shown = _alternatives("Alternatives: none of these is beaten in cost, p99 and availability at once")
    for kind, each in rows:
        _add(shown, kind, each)
    OUT.print(shown)
    kinds = {kind for kind, _ in rows}
    say("")
    if "cheaper" in kinds:
        say("cheaper ones miss the p99 goal of the workload")
    if "safer" in kinds:
        say("safer ones have a standby of the database master (Multi-AZ), which takes over by itself")
    say("the independent one has a NAT gateway per zone, which agreements do not count")


def print_budget(choice: BudgetChoice) -> None:
    """What a budget buys beyond the cheapest design, and what the next step would."""
    shown = _alternatives(f"${choice.budget_usd_per_month:,.0f} a month")
    _add(shown, "cheapest", choice.cheapest)
    _add(shown, "within the budget", choice.best)
    if choice.following is not None:
        _add(shown, "next step", choice.following)
    OUT.print(shown)
    say("", f"buys    {gains(choice.cheapest, choice.best)}")
    if choice.following is None:
        say("next    nothing: no more money makes this blueprint better by these measures")
    else:
        more = choice.following.usd_per_month - choice.budget_usd_per_month
        say(f"next    ${more:,.0f} more buys {gains(choice.best, choice.following)}")


def gains(before: Alternative, after: Alternative) -> str:
    """What one design has over another, in words."""
    parts = []
    if after.multi_az and not before.multi_az:
        share = f"availability {after.availability:.4%} instead of {before.availability:.4%}"
        parts.append(f"a standby of the database master ({share})")
    if after.nat_per_zone and not before.nat_per_zone:
        parts.append("a NAT gateway per zone")
    if after.carries > before.carries:
        parts.append(f"servers for {after.carries:g} times the likely peak instead of {before.carries:g}")
    if after.p99_ms != before.p99_ms:
        parts.append(f"a p99 of {after.p99_ms:g} ms instead of {before.p99_ms:g}")
    return ", ".join(parts) or "nothing: the cheapest is the best"


def _alternatives(title: str) -> Any:
    right = ("$/month", "p99 ms", "availability", "peak ×", "Multi-AZ", "NAT")
    return new_table(title, "", *right, "web, app, database", right=right)


def _add(shown: Any, kind: str, each: Alternative) -> None:
    shown.add_row(
        kind,
        f"{each.usd_per_month:,.2f}",
        f"{each.p99_ms:g}",
        f"{each.availability:.4%}",
        f"{each.carries:g}",
        "yes" if each.multi_az else "–",
        str(len(each.design.architecture.of_type(NatGateway))),
        each.machines,
    )


def print_growth(grown: Growth) -> None:
    """One line for each design on the way: what it carries, what it costs, what breaks it."""
    right = ("users from", "to", "$/month", "p99 ms")
    shown = new_table("Growth", *right, "web, app, database when made", "breaks first", right=right)
    for stage in grown.stages:
        first, last = stage.points[0], stage.points[-1]
        broken = "–" if stage.breaks is None else f"{stage.breaks.tier}: {stage.breaks.limit}"
        shown.add_row(
            f"{stage.since:,}",
            f"{stage.up_to:,}",
            f"{first.usd_per_month:,.0f} to {last.usd_per_month:,.0f}",
            f"{first.p99_ms:g} to {last.p99_ms:g}",
            stage.machines,
            broken,
        )
    OUT.print(shown)
    say("", *_story(grown))


def _story(grown: Growth) -> list[str]:
    first, *others = grown.stages
    if first.breaks is None:
        return [f"the first design carries all {first.up_to:,} users"]
    lines = [
        f"first to break: the {first.breaks.tier} tier beyond {first.up_to:,} users, "
        f"{first.breaks.limit} ({first.breaks.by})"
    ]
    if others:
        step = others[0].points[0].usd_per_month - first.points[-1].usd_per_month
        lines.append(f"next design: {others[0].machines}, ${step:,.0f} a month more at that number")
    if grown.ends:
        lines.append(f"no design beyond {grown.stages[-1].up_to:,} users: {grown.ends}")
    return lines


def print_outlook(seen: Outlook) -> None:
    """The designs at the low, likely and high end, and the one of least regret over the draws."""
    right = ("peak/s", "goals kept", "mean $", "regret $", "worst $")
    shown = new_table("Ranges", "sized for", *right, "web, app, database", right=right)
    for row in seen.rows:
        style = "bold" if row is seen.least_regret else None
        shown.add_row(
            row.name,
            f"{row.peak_per_s:,.0f}",
            f"{row.kept:.0%}",
            f"{row.mean_usd:,.2f}",
            f"{row.mean_regret_usd:,.2f}",
            f"{row.worst_regret_usd:,.2f}",
            row.machines,
            style=style,
        )
    OUT.print(shown)
    best, likely = seen.least_regret, seen.rows[0]
    say(
        "",
        f"least regret: {best.name} ({best.machines})",
        f"  keeps the goals in {best.kept:.0%} of the draws for ${best.mean_usd:,.0f} a month of machines on "
        f"average; the plan of the likely values in {likely.kept:.0%} for ${likely.mean_usd:,.0f}",
        f"{seen.draws} draws from the ranges; money for machines alone; {seen.regret}",
        "write `sizing: least-regret` into the file, and this is what is planned, built and provisioned",
    )


def show_why(made: Design, tier: str, rows: Sequence[Rejected], *, as_json: bool) -> None:
    """The neighbours of a tier's size, for a person or a machine."""
    if as_json:
        print_json({"tier": tier, "chosen": _sizes(made)[tier], "rejected": [asdict(row) for row in rows]})
    else:
        print_why(made, tier, rows)


def show_alternatives(rows: Sequence[tuple[Kind, Alternative]], *, as_json: bool) -> None:
    """The front, for a person or a machine."""
    if as_json:
        print_json([_document(kind, each) for kind, each in rows])
    else:
        print_alternatives(rows)


def show_budget(choice: BudgetChoice, *, as_json: bool) -> None:
    """What a budget buys, for a person or a machine."""
    if not as_json:
        print_budget(choice)
        return
    following = choice.following
    print_json(
        {
            "budget_usd_per_month": choice.budget_usd_per_month,
            "best": _document("best", choice.best),
            "cheapest": _document("cheapest", choice.cheapest),
            "next": None if following is None else _document("next", following),
            "buys": gains(choice.cheapest, choice.best),
        }
    )


def show_outlook(seen: Outlook, *, as_json: bool) -> None:
    """The ranges, for a person or a machine."""
    if as_json:
        print_json({**asdict(seen), "regret": seen.regret})
    else:
        print_outlook(seen)


def print_json(document: object) -> None:
    """Plain values for machines, and nothing else."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _document(kind: str, each: Alternative) -> dict[str, Any]:
    return {
        "kind": kind,
        "monthly_usd": round(each.usd_per_month, 2),
        "p99_ms": each.p99_ms,
        "availability": each.availability,
        "carries": each.carries,
        "multi_az": each.multi_az,
        "nat_per_zone": each.nat_per_zone,
        "keeps_goals": each.keeps_goals,
        "sizes": _sizes(each.design),
    }


def _sizes(made: Design) -> dict[str, dict[str, Any]]:
    functions = {
        f.name: {"memory_mib": f.choice.memory_mib, "processor": f.choice.processor}
        for f in made.plan.functions
    }
    servers = {s.tier: {"instance_type": s.choice.name, "desired": s.desired} for s in made.plan.sizes}
    return servers | functions
