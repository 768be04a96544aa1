"""Traces of requests: how many, what servers are told of them, and what they may do for them."""

from __future__ import annotations

from groma.answers import Value
from groma.application import filled
from groma.application.description import Allowed, Servers
from groma.application.layout import TRACED
from groma.blueprints.three_tier.own import policy_text
from groma.components.server_group import server_file
from groma.errors import WorkloadError
from groma.quantity import ZERO, Range
from groma.sizing.values import Decision, Wish
from groma.workload import Workload
from groma.workload.demand import Demand

AGENT_PORTS = (2000, 4317, 4318)
"""Where the agent listens: by X-Ray's protocol, by OpenTelemetry's over gRPC and over HTTP."""
OTEL = "OTEL_"
KB_PER_TRACE = Range(1.0, 2.0, 5.0)
"""What a server sends of a request, with what it asked of others: a guess."""
MAY_SEND = Allowed("traces", ("xray:PutTelemetryRecords", "xray:PutTraceSegments"), ("*",))
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
    """What the application is told of them; nothing where its owner tells it anything of OpenTelemetry.

    Raises:
        WorkloadError: it listens where the agent does.
    """
    own = workload.own
    if not wish.traced_share:
        return {}
    if own is not None and own.app.port in AGENT_PORTS:
        raise WorkloadError(
            f"is one of those on which the agent of the same machine takes traces: "
            f"{', '.join(map(str, AGENT_PORTS))}",
            where=workload.where("application", "port"),
            hint="let the application listen on another port, or leave out `traced_share`",
        )
    if own is not None and any(name.startswith(OTEL) for name in (*servers.settings, *servers.secrets)):
        return {}
    roles = {"traced.share": f"{wish.traced_share:g}", "traced.name": f"{workload.name}-app"}
    return dict(filled(servers.traced, roles))


def policy(workload: Workload, wish: Wish) -> dict[str, Value]:
    """By name, what servers may do for them."""
    return {MAY_SEND.name: policy_text(MAY_SEND, workload.regions[0])} if wish.traced_share else {}


def of_traces(demand: Demand, wish: Wish) -> tuple[Decision, ...]:
    """That requests are traced, and how many."""
    if not wish.traced_share:
        return ()
    because = (
        f"{traces_per_month(demand, wish).likely:,.0f} a month say where the time of slow requests went; the "
        "application sends them to the CloudWatch agent beside it"
    )
    return (Decision("traces", f"{wish.traced_share * 100:g} % of the requests, in X-Ray", because),)
