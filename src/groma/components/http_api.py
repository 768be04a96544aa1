"""Amazon API Gateway: checks tokens, holds back who asks too much, and calls the function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from groma.answers import (
    Alarm,
    BillLine,
    Composite,
    Expression,
    Metric,
    ModuleCall,
    QuotaNeed,
    Ref,
    Runbook,
    Uptime,
    Value,
)
from groma.architecture import Architecture, Component, Lane, format_rate
from groma.catalog import sla
from groma.components.error_budget import NOTHING_ASKED, Failing, share_failed
from groma.components.pricing import Meter
from groma.components.slow_answers import slow
from groma.components.watching import alarm
from groma.quantity import Range
from groma.sizing.values import GatewaySize

MODULE = "api"
ACCESS_LOG_KIB = 0.4
"""One line of the access log: the module's format with a short path."""
LOG_DAYS = 30
CLIENT_ERROR_SHARE = 0.05
REFUSED_MIN = 5
"""So many minutes in a row, as AWS recommends: a burst that is turned away, such as that of `groma verify`,
is over before anybody could look at it, while a client that is broken goes on."""
LEAST_REFUSED = 4
"""A minute: twenty within the five."""


@dataclass(frozen=True, kw_only=True)
class HttpApi(Component):
    """An HTTP API with a JWT authorizer and one stage.

    Attributes:
        size: what its stage lets through.
        function: id of the function's Terraform call.
        routes: method and path → whether a token is asked for.
        limits: method and path → requests per second, and at once, of a route that has a limit of its own.
        function_timeout_s: after which the function is given up.
        requests_per_month: requests that it answers.
        peak_per_s: the same at peak.
        p99_ms: the goal.
        error_budget: share of requests that may fail.
    """

    kind: ClassVar[str] = "http-api"
    service: ClassVar[str] = "Amazon API Gateway"
    icon: ClassVar[str] = "network/api-gateway"
    lane: ClassVar[Lane] = "public"
    service_roles: ClassVar[tuple[str, ...]] = ("ops.apigateway.amazonaws.com",)

    size: GatewaySize
    function: str
    routes: Mapping[str, bool]
    limits: Mapping[str, int]
    function_timeout_s: int
    requests_per_month: Range
    peak_per_s: Range
    p99_ms: float
    error_budget: float

    @property
    def label(self) -> str:
        return "API Gateway"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"{self.size.kind} API · checks JWT", f"up to {format_rate(self.size.rate_per_s)}")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, requests = Meter(self.id, architecture), self.requests_per_month
        key = "http_requests" if self.size.kind == "HTTP" else "rest_requests"
        logs = requests * (ACCESS_LOG_KIB * 1024 / 1e9)
        return (
            meter.volume(f"requests to the {self.size.kind} API", requests, "apigateway", key),
            meter.volume("access log taken in", logs, "cloudwatch", "vended_logs"),
            meter.monthly("access log stored", logs, "cloudwatch", "logs_storage", f"{LOG_DAYS} days"),
        )

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        """What its stage lets through."""
        return (QuotaNeed("api-rate", self.size.rate_per_s, 0),)

    def uptime(self, architecture: Architecture) -> Uptime:
        return Uptime(self.id, sla("api-gateway").availability, "agreement for API Gateway")

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return (*self._failing().alarms(), self._refused(), self._slow())

    def composites(self, architecture: Architecture) -> tuple[Composite, ...]:
        return self._failing().composites(tells_its_end=True)

    def _failing(self) -> Failing:
        return Failing(
            id=f"{self.id}-5xx",
            component=self.id,
            what="requests to the API",
            error_budget=self.error_budget,
            metrics={"requests": self._metric("Count", "SampleCount"), "errors": self._metric("5xx", "Sum")},
            failed="FILL(errors, 0)",
            asked="FILL(requests, 0)",
            runbook=Runbook(
                "Users get errors instead of answers.",
                "Alarms of the function and of the table; the access log of the API and the function's log: "
                "which route fails, and with which error?",
                "Go back to the release before, if there was one; if calls are turned away, look at "
                "concurrency.",
            ),
        )

    def _refused(self) -> Alarm:
        share = Expression(
            "share that is refused, %",
            share_failed("FILL(refused, 0)", "FILL(requests, 0)", LEAST_REFUSED),
            {
                "requests": self._metric("Count", "SampleCount"),
                "refused": self._metric("4xx", "Sum"),
            },
        )
        return alarm(
            self.id,
            "4xx",
            "the API refuses many requests",
            f"{CLIENT_ERROR_SHARE:.0%} in each of {REFUSED_MIN} min, as AWS recommends, from {LEAST_REFUSED} "
            "refused a minute on: what is over sooner is a burst, not a client that is broken",
            share,
            (">", 100 * CLIENT_ERROR_SHARE, REFUSED_MIN),
            NOTHING_ASKED,
            Runbook(
                "Users of a broken client get nowhere, or nobody is hurt and somebody tries passwords.",
                "The access log: which route, which status (401 tokens, 404 old clients, 429 limits), how "
                "many addresses?",
                "A broken client: publish the one before. An attack: the firewall's limit for each address.",
            ),
        )

    def _slow(self) -> Alarm:
        return slow(
            id_=f"{self.id}-latency",
            component=self.id,
            title="the API answers slowly",
            severity="page",
            goal=self.p99_ms,
            unit="ms",
            derived_from=f"the p99 that was promised is {self.p99_ms:g} ms, measured here",
            latency=self._metric("Latency", "p99"),
            runbook=Runbook(
                "More than one request of a hundred takes longer than was promised to users.",
                "Duration of the API's function and its traces in X-Ray: does it compute, wait for the "
                "table, or start cold?",
                "A heavier release: go back. A slow table: its throttles. Cold starts: provisioned "
                "concurrency.",
            ),
        )

    def _metric(self, name: str, statistic: str, period_s: int = 60) -> Metric:
        dimensions = {"ApiId": Ref(f"module.{MODULE}.id"), "Stage": Ref(f"module.{MODULE}.stage")}
        return Metric("AWS/ApiGateway", name, statistic, dimensions, period_s)

    def module(self, architecture: Architecture) -> ModuleCall:
        function = f"module.{self.function}"
        routes = {key: self._route(key) for key in self.routes}
        called: dict[str, Value] = {
            "name": Ref(f"{function}.name"),
            "invoke_arn": Ref(f"{function}.invoke_arn"),
            "timeout_ms": self.function_timeout_s * 1000,
        }
        return ModuleCall(
            MODULE,
            "api",
            {
                "name": architecture.name,
                "functions": {"api": called},
                "routes": routes,
                "jwt": {"issuer": Ref("module.auth.issuer"), "audience": [Ref("module.auth.client_id")]},
                "throttling": {"requests_per_s": self.size.rate_per_s, "burst": self.size.burst},
                "kms_key_arn": Ref("module.key.arn"),
                "log_retention_days": LOG_DAYS,
            },
        )

    def _route(self, key: str) -> Value:
        route: dict[str, Value] = {"function": "api"}
        if not self.routes[key]:
            route["public"] = True
        if key in self.limits:
            route["throttling"] = {"requests_per_s": self.limits[key], "burst": self.limits[key]}
        return route

    def outputs(self) -> dict[str, str]:
        names = {"api_id": "id", "api_domain_name": "domain_name", "api_stage": "stage"}
        return {output: f"module.{MODULE}.{name}" for output, name in names.items()}
