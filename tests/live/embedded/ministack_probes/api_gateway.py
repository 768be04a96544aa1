from __future__ import annotations

from groma.live.embedded import Endpoints
from ministack_probes.site import get, host_of, make_api


def host_name(aws: Endpoints) -> None:
    status, _, body = get(aws, host_of(make_api(aws)), "/api/me")
    assert (status, b"Unauthorized" in body) == (401, True)


def jwt_authorizer(aws: Endpoints) -> None:
    (authorizer,) = aws.client("apigatewayv2").get_authorizers(ApiId=make_api(aws))["Items"]
    assert authorizer["AuthorizerType"] == "JWT"
    assert "AuthorizerPayloadFormatVersion" not in authorizer


def throttling(aws: Endpoints) -> None:
    path = f"/_aws/execute-api/{make_api(aws, ThrottlingRateLimit=0.01, ThrottlingBurstLimit=2)}/$default"
    assert [get(aws, "127.0.0.1", f"{path}/api/me")[0] for _ in range(4)] == [401, 401, 429, 429]


def route_settings(aws: Endpoints) -> None:
    apis, api = aws.client("apigatewayv2"), make_api(aws)
    limits = {"ThrottlingRateLimit": 5.0, "ThrottlingBurstLimit": 5}
    settings = {"GET /api/me": limits, "POST /api/me": limits}
    apis.update_stage(ApiId=api, StageName="$default", RouteSettings=settings)
    apis.delete_route_settings(ApiId=api, StageName="$default", RouteKey="GET /api/me")
    left = apis.get_stage(ApiId=api, StageName="$default")["RouteSettings"]
    assert list(left) == ["POST /api/me"]
