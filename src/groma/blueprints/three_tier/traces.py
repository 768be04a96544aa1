"""Traces of requests: how many, what servers are told of them, and what they may do for them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from groma.answers import Value
from groma.application import filled
from groma.application.description import Servers
from groma.application.layout import TRACED
from groma.components.server_group import server_file
from groma.quantity import ZERO, Range
from groma.sizing.values import Decision, Wish
from groma.workload import Workload
from groma.workload.demand import Demand

KB_PER_TRACE = Range(1.0, 2.0, 5.0)
"""What a server sends of a request, with what it asked of others: a guess."""
POLICY: Mapping[str, Value] = {
    "traces": json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
                    "Resource": "*",
                }
            ],
        }
    )
}
"""What the CloudWatch agent may do; X-Ray knows no resources for it."""


def traces_per_month(demand: Demand, wish: Wish) -> Range:
    """Requests that are traced."""
    return demand.requests_per_month * wish.traced_share if wish.traced_share else ZERO


def traced_gb(demand: Demand, wish: Wish) -> Range:
    """What servers send of them in a month, in GB."""
    return traces_per_month(demand, wish) * KB_PER_TRACE * 1e-6


def agent(wish: Wish) -> dict[str, Value]:
    """What a server's script embeds where its agent takes traces as well."""
    return {"common": server_file(TRACED)} if wish.traced_share else {}


def settings(workload: Workload, servers: Servers, wish: Wish) -> dict[str, Value]:
    """What the application is told of them, before what its owner tells it."""
    if not wish.traced_share:
        return {}
    roles = {"traced.share": f"{wish.traced_share:g}", "traced.name": f"{workload.name}-app"}
    return dict(filled(servers.traced, roles))


def policy(wish: Wish) -> Mapping[str, Value]:
    """By name, what servers may do for them."""
    return POLICY if wish.traced_share else {}


def of_traces(demand: Demand, wish: Wish) -> tuple[Decision, ...]:
    """That requests are traced, and how many."""
    if not wish.traced_share:
        return ()
    because = (
        f"{traces_per_month(demand, wish).likely:,.0f} a month say where the time of slow requests went; the "
        "application sends them to the CloudWatch agent of its server"
    )
    return (Decision("traces", f"{wish.traced_share * 100:g} % of the requests, in X-Ray", because),)
