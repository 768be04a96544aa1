from __future__ import annotations

from probes.network import unique

from groma.live.embedded import Endpoints
from ministack_probes.site import (
    bucket_origin,
    get,
    host_of,
    let_in,
    make_api,
    make_bucket,
    make_distribution,
)

CUSTOM = {
    "HTTPPort": 80,
    "HTTPSPort": 443,
    "OriginProtocolPolicy": "https-only",
    "OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1.2"]},
}


def response_headers(aws: Endpoints) -> None:
    cloudfront = aws.client("cloudfront")
    frames = {"FrameOptions": {"Override": True, "FrameOption": "DENY"}}
    config = {"Name": unique("headers"), "SecurityHeadersConfig": frames}
    made = cloudfront.create_response_headers_policy(ResponseHeadersPolicyConfig=config)
    seen = cloudfront.get_response_headers_policy(Id=made["ResponseHeadersPolicy"]["Id"])
    kept = seen["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
    assert kept["SecurityHeadersConfig"] == frames
    assert not {"CustomHeadersConfig", "RemoveHeadersConfig"} & set(kept)


def api_origin(aws: Endpoints) -> None:
    origin = {"DomainName": host_of(make_api(aws)), "CustomOriginConfig": CUSTOM}
    name = make_distribution(aws, origin, ViewerProtocolPolicy="allow-all")["DomainName"]
    status, _, body = get(aws, name, "/api/me")
    assert (status, b"Unauthorized" in body) == (401, True)


def viewers(aws: Endpoints) -> None:
    bucket = make_bucket(aws)
    policy = {
        "Name": unique("headers"),
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": "connect-src 'self'"}
        },
    }
    headers = aws.client("cloudfront").create_response_headers_policy(ResponseHeadersPolicyConfig=policy)
    headers_id = headers["ResponseHeadersPolicy"]["Id"]
    made = make_distribution(aws, bucket_origin(aws, bucket), ResponseHeadersPolicyId=headers_id)
    let_in(aws, bucket, made["ARN"])
    status, answered, body = get(aws, made["DomainName"].replace(".net", ".localhost"), "/")
    assert (status, body) == (200, b"<p>")
    assert answered["content-security-policy"] == f"connect-src 'self' {aws.url('s3')}"
