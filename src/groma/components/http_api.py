"""Amazon API Gateway: checks tokens, holds back who asks too much, and calls the function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, Comparison, Metric, ModuleCall, QuotaNeed, Ref, Uptime, Value
from groma.architecture import Architecture, Component, Lane, format_rate
from groma.catalog import sla
from groma.components.error_budget import too_many
from groma.components.pricing import Meter
from groma.quantity import Range
from groma.sizing.values import GatewaySize

MODULE = "api"
ACCESS_LOG_KIB = 0.4
"""One line of the access log: the module's format with a short path."""
LOG_DAYS = 30
CLIENT_ERROR_SHARE = 0.05


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
        burnt = too_many(self.error_budget)
        return (
            self._alarm(
                "5xx", "5xx", "Average", ">", round(burnt.share, 6), 3, 3,
                "too many requests to the API fail",
                burnt.because,
            ),
            self._alarm(
                "4xx", "4xx", "Average", ">", CLIENT_ERROR_SHARE, 5, 5, "the API refuses many requests",
                f"over {CLIENT_ERROR_SHARE:.0%} for five minutes: a broken client, or an attack",
            ),
            self._alarm(
                "latency", "Latency", "p99", ">", self.p99_ms, 5, 5, "the API is slow",
                f"the p99 that was aimed at is {self.p99_ms:g} ms",
            ),
        )  # fmt: skip

    def _alarm(
        self,
        what: str,
        metric: str,
        statistic: str,
        comparison: Comparison,
        threshold: float,
        periods: int,
        datapoints: int,
        title: str,
        because: str,
    ) -> Alarm:
        dimensions = {"ApiId": Ref(f"module.{MODULE}.id"), "Stage": Ref(f"module.{MODULE}.stage")}
        return Alarm(
            id=f"{self.id}-{what}",
            component=self.id,
            title=title,
            because=because,
            watches=Metric("AWS/ApiGateway", metric, statistic, dimensions, 60),
            comparison=comparison,
            threshold=threshold,
            evaluation_periods=periods,
            datapoints=datapoints,
            missing_data="notBreaching",
        )

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
