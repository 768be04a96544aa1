"""API Gateway: routes with what they ask for, whose tokens are taken, throttling, and the access log."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.http_api import HttpApi
from groma.live.verify.findings import compare, judge, listed
from groma.live.verify.reading import Answer, Reading

SERVICE = "apigatewayv2"


def http_api(component: HttpApi, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The API, its routes, its authorizer and its stage."""
    api_id = reading.output("api_id")
    api = reading.ask(SERVICE, "get_api", ApiId=api_id) if api_id else None
    yield compare(
        f"{component.id}.api", f"{component.label}: protocol", "HTTP", api["ProtocolType"] if api else None
    )
    there = api_id if api else None
    yield _routes(component, there, reading)
    yield compare(
        f"{component.id}.authorizer",
        f"{component.label}: whose tokens are taken",
        f"JWT of {reading.output('issuer')} for {reading.output('client_id')}",
        _authorizer(there, reading) if there else None,
    )
    stage = reading.ask(SERVICE, "get_stage", ApiId=there, StageName="$default") if there else None
    size = component.size
    yield compare(
        f"{component.id}.throttling",
        f"{component.label}: throttling",
        f"{size.rate_per_s}/s, bursts of {size.burst}",
        _throttling(stage) if stage else None,
    )
    yield compare(
        f"{component.id}.limits",
        f"{component.label}: routes with a limit of their own",
        listed(f"{key} {limit}/s, bursts of {limit}" for key, limit in sorted(component.limits.items())),
        _limits(stage) if stage else None,
    )
    group = f"log-group:/aws/apigateway/{architecture.name}"
    log = (stage or {}).get("AccessLogSettings", {}).get("DestinationArn", "none")
    yield judge(
        f"{component.id}.log", f"{component.label}: access log", group, log if stage else None, group in log
    )


def _routes(component: HttpApi, api_id: str | None, reading: Reading) -> Finding:
    """Every route, and whether it asks for a token."""
    rows = reading.all(SERVICE, "get_routes", "Items", ApiId=api_id) if api_id else ()
    found = {row["RouteKey"]: row.get("AuthorizationType") == "JWT" for row in rows}
    wrong = sorted(key for key in {*found, *component.routes} if found.get(key) != component.routes.get(key))
    expected = f"{len(component.routes)} routes, {sum(component.routes.values())} with a token"
    actual = f"not as designed: {listed(wrong)}" if wrong else expected
    return compare(
        f"{component.id}.routes", f"{component.label}: routes", expected, actual if api_id else None
    )


def _authorizer(api_id: str, reading: Reading) -> str:
    rows = reading.all(SERVICE, "get_authorizers", "Items", ApiId=api_id)
    return listed((_tokens(row) for row in rows), "nobody's")


def _tokens(row: Answer) -> str:
    config = row.get("JwtConfiguration") or {}
    return f"{row['AuthorizerType']} of {config.get('Issuer')} for {listed(config.get('Audience') or ())}"


def _limits(stage: Answer) -> str:
    routes = stage.get("RouteSettings") or {}
    return listed(f"{key} {_rate(settings)}" for key, settings in sorted(routes.items()))


def _throttling(stage: Answer) -> str:
    return _rate(stage.get("DefaultRouteSettings") or {})


def _rate(settings: Answer) -> str:
    return (
        f"{settings.get('ThrottlingRateLimit', 0):g}/s, bursts of {settings.get('ThrottlingBurstLimit', 0)}"
    )
