"""What is watched of a CloudFront distribution, of any design."""

from __future__ import annotations

from groma.answers import Alarm, Composite, Expression, Metric, Ref, Runbook, Suppressed
from groma.components.dns import CERTIFICATE_REGION
from groma.components.error_budget import LEAST_FAILED, NOTHING_ASKED, SETTLED_S, too_many

SEEN_S = 60
"""An alarm of the origin over five minutes is on long before one that waits for fifteen; alarms are looked at
each minute."""


def failing_distribution(component: str, module: str, error_budget: float) -> Alarm:
    """Too many answers with 5xx, of the origin or since it is not reached.

    Args:
        component: the id of the distribution.
        module: its Terraform call.
        error_budget: share of requests that may fail.
    """
    id_ = Ref(f"module.{module}.distribution_id")
    dimensions: dict[str, str | Ref] = {"DistributionId": id_, "Region": "Global"}
    burnt = too_many(error_budget)
    share = Expression(
        "share that fails, %",
        f"IF(requests * rate / 100 >= {LEAST_FAILED}, rate, 0)",
        {
            "requests": Metric("AWS/CloudFront", "Requests", "Sum", dimensions, 300),
            "rate": Metric("AWS/CloudFront", "5xxErrorRate", "Average", dimensions, 300),
        },
    )
    return Alarm(
        id=f"{component}-5xx",
        component=component,
        title="the distribution answers users with errors",
        severity="page",
        derived_from=f"{burnt.because}; from {LEAST_FAILED} failed in 5 min on, for 15 min, so that it is no "
        "hiccup",
        watches=share,
        comparison=">",
        threshold=burnt.percent,
        evaluation_periods=3,
        datapoints=3,
        missing=NOTHING_ASKED,
        runbook=Runbook(
            "Users get errors instead of pages, pictures or answers.",
            "Is the alarm of the origin on, too? Then look there. If not, the origin is not reached: its "
            "certificate, its name, its security group.",
            "`groma verify` names what was changed, `groma up` mends it.",
        ),
        region=CERTIFICATE_REGION,
    )


def unless_origin_tells(alarm: Alarm, origin: str, region: str) -> tuple[Composite, ...]:
    """What tells the errors of a distribution that its origin does not tell itself: one fault, one page.

    Args:
        alarm: of the distribution, which this one speaks for.
        origin: the id of the alarm over the errors of its origin.
        region: of the origin; only in that of CloudFront's metrics a composite alarm can see both.
    """
    if region != CERTIFICATE_REGION:
        return ()
    assert isinstance(alarm.watches, Expression)
    period_s = next(iter(alarm.watches.metrics.values())).period_s
    title = f"{alarm.title} that its origin does not tell"
    unless = Suppressed(origin, SEEN_S, period_s + SETTLED_S)
    return (Composite.of_one(alarm, f"{alarm.component}-errors", title, unless),)
