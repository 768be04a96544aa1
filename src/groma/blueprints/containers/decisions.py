"""What was decided for the design of containers, and why."""

from __future__ import annotations

from groma.blueprints import three_tier
from groma.blueprints.containers.proxy import IMAGE
from groma.blueprints.containers.tiers import TASK_START_S
from groma.sizing.values import Decision, Plan, Wish
from groma.workload import Workload
from groma.workload.demand import Demand


def decisions(workload: Workload, demand: Demand, plan: Plan, wish: Wish) -> tuple[Decision, ...]:
    """Three-tier's, and what tasks add to them."""
    return (
        *three_tier.decisions(workload, demand, plan, wish),
        *_of_proxy(workload),
        Decision(
            "tasks",
            f"sent requests about {TASK_START_S:.0f} s after they are asked for",
            "twice as many may stand while a release comes in, none fewer; one that does not become healthy "
            "is taken back by the circuit breaker",
        ),
        *_of_purchase(workload),
    )


def _of_proxy(workload: Workload) -> tuple[Decision, ...]:
    if workload.own is None or workload.own.web is not None:
        return ()
    because = (
        "it holds slow clients off and answers while the application is out of reach; `web:` takes its place"
    )
    return (Decision("web image", f"{IMAGE}, a reverse proxy", because),)


def _of_purchase(workload: Workload) -> tuple[Decision, ...]:
    """That tasks are paid on demand whatever is bought."""
    if workload.purchase == "on-demand":
        return ()
    because = (
        "tasks cannot be reserved; a Compute Savings Plan would cover them, and no public copy of its prices "
        "is known here"
    )
    return (Decision("purchase of tasks", "on demand", because),)
