"""What the probes need: an API without functions, a bucket, a distribution before both, and requests."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from probes.network import unique

from groma.live.embedded import Endpoints

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def make_api(aws: Endpoints, **throttling: float) -> str:
    """An API whose every route asks for a token, so that it answers 401 by itself; returns its id."""
    apis = aws.client("apigatewayv2")
    api = apis.create_api(Name=unique("api"), ProtocolType="HTTP")["ApiId"]
    authorizer = apis.create_authorizer(
        ApiId=api,
        Name="jwt",
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": "https://issuer.example.com", "Audience": ["client"]},
    )["AuthorizerId"]
    uri = "http://127.0.0.1:9/"
    integration = apis.create_integration(
        ApiId=api, IntegrationType="HTTP_PROXY", IntegrationMethod="GET", IntegrationUri=uri,
        PayloadFormatVersion="1.0",
    )["IntegrationId"]  # fmt: skip
    apis.create_route(
        ApiId=api, RouteKey="GET /api/me", Target=f"integrations/{integration}",
        AuthorizationType="JWT", AuthorizerId=authorizer,
    )  # fmt: skip
    settings = {"DefaultRouteSettings": throttling} if throttling else {}
    apis.create_stage(ApiId=api, StageName="$default", AutoDeploy=True, **settings)
    return str(api)


def host_of(api: str) -> str:
    """The name that an API has on AWS."""
    return f"{api}.execute-api.us-east-1.amazonaws.com"


def make_bucket(aws: Endpoints) -> str:
    """A bucket with a page."""
    name = unique("site")
    aws.client("s3").create_bucket(Bucket=name)
    aws.client("s3").put_object(Bucket=name, Key="index.html", Body=b"<p>", ContentType="text/html")
    return name


def make_distribution(aws: Endpoints, origin: dict[str, Any], **behaviour: Any) -> Any:
    """A distribution that passes everything on to one origin over HTTPS; returns it as CloudFront does."""
    config: dict[str, Any] = {
        "CallerReference": unique("call"),
        "Comment": "",
        "Enabled": True,
        "DefaultRootObject": "index.html",
        "Origins": {"Quantity": 1, "Items": [{"Id": "one", **origin}]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "one",
            "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": CACHING_DISABLED,
            **behaviour,
        },
    }
    return aws.client("cloudfront").create_distribution(DistributionConfig=config)["Distribution"]


def bucket_origin(aws: Endpoints, bucket: str) -> dict[str, Any]:
    """A bucket that is read by origin access control."""
    config = {
        "Name": unique("control"),
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }
    made = aws.client("cloudfront").create_origin_access_control(OriginAccessControlConfig=config)
    return {
        "DomainName": f"{bucket}.s3.us-east-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
        "OriginAccessControlId": made["OriginAccessControl"]["Id"],
    }


def let_in(aws: Endpoints, bucket: str, distribution: str, *more: dict[str, Any]) -> None:
    """Let a distribution read a bucket."""
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": {"StringEquals": {"AWS:SourceArn": distribution}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow, *more]})
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy)


def get(aws: Endpoints, host: str, path: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what a host of the cloud answers."""
    connection = http.client.HTTPConnection(urlsplit(aws.url("lambda")).netloc, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read()
    finally:
        connection.close()
