"""What is watched of how long requests take: those that take longer than the goal, counted."""

from __future__ import annotations

from groma.answers import Alarm, Expression, Metric, Missing, Runbook, Severity
from groma.components.chance import LEFT_TO_CHANCE, share_surely

MAY_BE_SLOW = 0.01
"""Share of requests that may take longer than the goal, which is of their p99."""


def slow(
    *,
    id_: str,
    component: str,
    title: str,
    severity: Severity,
    goal: float,
    unit: str,
    derived_from: str,
    latency: Metric,
    runbook: Runbook,
) -> Alarm:
    """Surely more requests than may be are slower than the goal, in three of the last five times 5 minutes:
    three, since one is chance; of five, since a fault near the limit would be told more often else.

    Their p99 itself says that of many requests only: that of a thousand is off by 7 % by chance, of a hundred
    by 20 %, and a design whose margin is 4 % would page every week (decision 0081).

    Args:
        goal: in the metric's unit, which is `unit`.
        latency: how long requests take, with any statistic and period.
    """
    counted = {"slow": f"TC({goal:.10g}:)", "requests": "SampleCount"}
    return Alarm(
        id=id_,
        component=component,
        title=title,
        severity=severity,
        derived_from=f"{derived_from}; {MAY_BE_SLOW:.0%} may take longer, and {LEFT_TO_CHANCE}; 15 of 25 min",
        watches=Expression(
            f"share surely slower than {goal:.10g} {unit}, %",
            share_surely("FILL(slow, 0)", "FILL(requests, 0)"),
            {
                name: Metric(latency.namespace, latency.name, statistic, latency.dimensions, 300)
                for name, statistic in counted.items()
            },
        ),
        comparison=">",
        threshold=100 * MAY_BE_SLOW,
        evaluation_periods=5,
        datapoints=3,
        missing=Missing("notBreaching", "nothing is published while nobody asks, and nobody waits then"),
        runbook=runbook,
    )
