"""API Gateway's HTTP APIs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ministack import app
from ministack.services import apigateway, apigateway_v1

from groma.live.embedded.processes import LOOPBACK

NAME = re.compile(r"^(?P<id>[a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com$")
"""AWS's name of an API, which Terraform gives to who asks for it."""

SETTINGS = re.compile(r"^/v2/apis/(?P<api>[^/]+)/stages/(?P<stage>[^/]+)/routesettings/(?P<route>.+)$")


def host_name() -> None:
    """Upstream: answers an API under a name of its own alone.

    Effect: it is answered under the name that it has on AWS, too.
    """
    original = app._parse_execute_api_url

    def parse(host: str, path: str) -> Any:
        found = NAME.match(host.lower())
        if found and apigateway.find_api_scope(found["id"]):
            host = f"{found['id']}.execute-api.{LOOPBACK}"
        return original(host, path)

    app._parse_execute_api_url = parse


def jwt_authorizer() -> None:
    """Upstream: reports a payload version for a JWT authorizer, which has no payload.

    Effect: it is reported for authorizers that are functions only.
    """
    original = apigateway._create_authorizer

    def create(api_id: str, data: Mapping[str, Any]) -> Any:
        answer = original(api_id, data)
        for authorizer in apigateway._authorizers.get(api_id, {}).values():
            if authorizer["authorizerType"] == "JWT":
                authorizer.pop("authorizerPayloadFormatVersion", None)
        return answer

    apigateway._create_authorizer = create


def throttling() -> None:
    """Upstream: keeps the throttling of an HTTP API's stage and lets every request pass.

    Effect: requests beyond its rate and burst are answered with 429, before tokens are looked at.
    """
    original = apigateway._handle_execute_in_scope

    async def handle(api_id: str, stage: str, *arguments: Any, **options: Any) -> Any:
        settings = apigateway._stages.get(api_id, {}).get(stage, {}).get("defaultRouteSettings") or {}
        rate, burst = settings.get("throttlingRateLimit"), settings.get("throttlingBurstLimit")
        limits = {"rateLimit": rate, "burstLimit": burst}
        if rate and burst and not apigateway_v1._take_token(("http-api", api_id, stage), limits):
            return 429, {"Content-Type": "application/json"}, b'{"message":"Too Many Requests"}'
        return await original(api_id, stage, *arguments, **options)

    apigateway._handle_execute_in_scope = handle


def route_settings() -> None:
    """Upstream: deletes a whole stage where only the settings of one of its routes are to go.

    Effect: they alone go, so that a stage can be changed.
    """
    original = apigateway.handle_request

    async def handle(method: str, path: str, *arguments: Any, **options: Any) -> Any:
        found = SETTINGS.match(path)
        if not found or method != "DELETE":
            return await original(method, path, *arguments, **options)
        stage = apigateway._stages.get(found["api"], {}).get(unquote(found["stage"]), {})
        stage.get("routeSettings", {}).pop(unquote(found["route"]), None)
        return 204, {}, b""

    apigateway.handle_request = handle
