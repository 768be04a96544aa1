"""A design without servers, sized: functions, table and API, each by its own laws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from groma.sizing.capacity import size_gateway, size_table
from groma.sizing.functions import short_list, size_function, why_function
from groma.sizing.units import FunctionTier, Plan, Rejected, Serverless


def size_serverless(parts: Serverless, *, reasons: bool = True) -> Plan:
    """Size all parts for the least money. None waits for another, so each is the cheapest for itself.

    Args:
        reasons: whether to list what was rejected.

    Raises:
        Infeasible: a function has no memory that keeps its goal.
    """
    functions = tuple(size_function(tier) for tier in parts.functions)
    first = functions[0]
    rejected: list[Rejected] = []
    if reasons:
        for tier, size in zip(parts.functions, functions, strict=True):
            rejected += short_list(tier, size)
    return Plan(
        sizes=(),
        latency_ms=first.latency_ms,
        latency_all_zones_ms=first.latency_ms,
        rejected=tuple(rejected),
        latency_by_class_ms=first.latency_by_class_ms,
        functions=functions,
        table=size_table(parts.table),
        gateway=size_gateway(parts.gateway_per_month, parts.gateway_per_s, parts.gateway_prices),
    )


def with_functions(plan: Plan, tiers: Sequence[FunctionTier], *, reasons: bool = True) -> Plan:
    """A plan of machines with functions beside them, which no request waits for.

    Raises:
        Infeasible: a function has no memory that keeps its goal.
    """
    functions = tuple(size_function(tier) for tier in tiers)
    rejected = plan.rejected
    if reasons:
        for tier, size in zip(tiers, functions, strict=True):
            rejected += short_list(tier, size)
    return replace(plan, functions=functions, rejected=rejected)


def why_worker(tiers: Sequence[FunctionTier], plan: Plan, name: str) -> tuple[Rejected, ...]:
    """All rejected neighbours of a function beside the tiers; KeyError when there is no such function."""
    return why_function({tier.name: tier for tier in tiers}[name], plan.function(name))


def why_serverless(parts: Serverless, plan: Plan, name: str) -> tuple[Rejected, ...]:
    """All rejected neighbours of one function of a plan; KeyError when there is no such function."""
    tier = {each.name: each for each in parts.functions}[name]
    return why_function(tier, plan.function(name))


def scaled(parts: Serverless, factor: float) -> Serverless:
    """The same parts at so many times the rates at peak, which leaves the work and the month as they are."""
    return replace(
        parts,
        functions=tuple(_scaled(tier, factor) for tier in parts.functions),
        table=replace(
            parts.table,
            reads_per_s=parts.table.reads_per_s * factor,
            writes_per_s=parts.table.writes_per_s * factor,
        ),
        gateway_per_s=parts.gateway_per_s * factor,
    )


def _scaled(tier: FunctionTier, factor: float) -> FunctionTier:
    return replace(tier, rate_per_s=tier.rate_per_s * factor, high_per_s=tier.high_per_s * factor)
