"""Amazon Route 53 health checks: how a load balancer is asked from outside, and that it is not reached."""

from __future__ import annotations

from groma.answers import Alarm, Metric, Ref, Runbook
from groma.catalog import fact
from groma.components.dns import CERTIFICATE_REGION
from groma.components.watching import running

FAILURES = 3
CHECK_PORT = 443


def led_away_s() -> float:
    """Seconds until users are led elsewhere: checks in a row that fail, and the lifetime of an answer."""
    interval, ttl = fact("route53.health_check_fast_interval_s"), fact("route53.failover_ttl_s")
    return float(interval.value * FAILURES + ttl.value)


def unreached(component: str, name: str, check: Ref, title: str, runbook: Runbook) -> Alarm:
    """That a health check fails; its metric is in us-east-1, whatever it asks.

    Args:
        component: the id of whose check it is; name: what the alarm is called after it.
        check: the id of the health check.
    """
    return Alarm(
        id=f"{component}-{name}",
        component=component,
        title=title,
        severity="page",
        derived_from="1 is healthy: more than 18 % of Route 53's checkers reach it; less for 3 min, "
        f"after {FAILURES} questions without an answer",
        watches=Metric("AWS/Route53", "HealthCheckStatus", "Minimum", {"HealthCheckId": check}),
        comparison="<",
        threshold=1,
        evaluation_periods=3,
        datapoints=3,
        missing=running("page"),
        runbook=runbook,
        region=CERTIFICATE_REGION,
    )
