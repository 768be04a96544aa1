"""What was decided for the serverless design, and why."""

from __future__ import annotations

from groma.application.sample import built_in
from groma.blueprints.decisions import of_load
from groma.blueprints.edge import of_edge
from groma.sizing.values import Decision, Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand


def decisions(workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> tuple[Decision, ...]:
    """What was decided, and why."""
    return (
        of_load(workload, demand),
        *(_of_function(plan, name, each=workload.slo.p99_of == "each") for name in built_in().functions),
        _of_processor(plan),
        _of_gateway(plan),
        _of_table(demand, plan),
        *of_edge(workload),
        Decision(
            "fan-out",
            f"{demand.deliveries_per_s.likely:,.0f} timeline entries/s at peak, written when a post is made",
            "a timeline is then one query, however many one follows; who posts waits for none of it",
        ),
    )


def _of_function(plan: Plan, name: str, *, each: bool = False) -> Decision:
    size = plan.function(name)
    why = f"the cheapest that keeps {_time(size.goal_ms)} at p99; it reaches {_time(size.latency_ms['p99'])}"
    if len(size.latency_by_class_ms) > 1 and each:
        slowest, of = max((own["p99"], kind) for kind, own in size.latency_by_class_ms.items())
        why = f"the cheapest that keeps {_time(size.goal_ms)} at p99 for every kind of request; the slowest, "
        why += f"{of}, reaches {_time(slowest)}; {size.cold_share:.2%} start cold at peak"
    return Decision(f"{name} function", f"{size.choice.name}, up to {size.concurrency_high:,} at once", why)


def _of_processor(plan: Plan) -> Decision:
    size = plan.functions[0]
    others = [r for r in plan.rejected if r.tier == size.name and size.choice.processor not in r.option]
    less = (
        f": ${size.usd_per_month:,.0f} a month instead of ${others[0].usd_per_month:,.0f}" if others else ""
    )
    return Decision("processor", size.choice.processor, f"the cheaper one that keeps the goal{less}")


def _of_gateway(plan: Plan) -> Decision:
    assert plan.gateway is not None
    size = plan.gateway
    other = "REST" if size.kind == "HTTP" else "HTTP"
    why = f"checks JWT and throttles for ${_usd(size.usd_per_month)} a month"
    if size.other_usd_per_month is not None:
        why += f"; a {other} API takes ${_usd(size.other_usd_per_month)}"
    return Decision("API", f"{size.kind} API, {size.rate_per_s:,}/s and bursts of {size.burst:,}", why)


def _of_table(demand: Demand, plan: Plan) -> Decision:
    assert plan.table is not None
    size = plan.table
    other = "provisioned" if size.mode == "on-demand" else "on demand"
    why = f"${_usd(size.usd_per_month)} a month for {demand.table_reads_per_s.likely:,.0f} reads/s and "
    why += f"{demand.table_writes_per_s.likely:,.0f} writes/s at peak; {other} "
    why += f"${_usd(size.other_usd_per_month)}, for capacity must stand the highest burst in every hour"
    return Decision("table", size.mode.replace("-", " "), why)


def _time(ms: float) -> str:
    return f"{ms / 1000:.3g} s" if ms >= 1000 else f"{ms:.0f} ms"


def _usd(amount: float | None) -> str:
    return "unknown" if amount is None else f"{amount:,.0f}"
