from __future__ import annotations

from typing import Any

from groma.live.embedded import Endpoints
from probes.network import unique

FORWARDED = {"QueryString": True, "Cookies": {"Forward": "all"}}


def _behaviour(**settings: Any) -> dict[str, Any]:
    return {"TargetOriginId": "site", "ViewerProtocolPolicy": "https-only", **settings}


def _create(aws: Endpoints, behaviour: dict[str, Any] | None = None, **settings: Any) -> Any:
    """Make a distribution; return the configuration that CloudFront reports."""
    cloudfront = aws.client("cloudfront")
    origins = settings.pop("Origins", [{"Id": "site", "DomainName": "site.s3.us-east-1.amazonaws.com"}])
    made = cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": unique("call"),
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": len(origins), "Items": origins},
            "DefaultCacheBehavior": behaviour or _behaviour(CachePolicyId="a-policy"),
            **settings,
        }
    )["Distribution"]
    return cloudfront.get_distribution_config(Id=made["Id"])["DistributionConfig"]


def forwarded_values(aws: Endpoints) -> None:
    assert "ForwardedValues" not in _create(aws)["DefaultCacheBehavior"]
    seen = _create(aws, _behaviour(ForwardedValues=FORWARDED, MinTTL=0))["DefaultCacheBehavior"]
    assert seen["ForwardedValues"]["Cookies"] == {"Forward": "all"}


def origin_access_control(aws: Endpoints) -> None:
    origins = [
        {"Id": "site", "DomainName": "site.s3.us-east-1.amazonaws.com", "OriginAccessControlId": "E123"},
        {"Id": "web", "DomainName": "web.example.com"},
    ]
    seen = _create(aws, Origins=origins)["Origins"]["Items"]
    assert [origin.get("OriginAccessControlId") for origin in seen] == ["E123", ""]


def viewer_certificate(aws: Endpoints) -> None:
    seen = _create(aws, ViewerCertificate={"CloudFrontDefaultCertificate": True})["ViewerCertificate"]
    assert seen["CloudFrontDefaultCertificate"] is True
    assert "ACMCertificateArn" not in seen
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    seen = _create(aws, ViewerCertificate={"ACMCertificateArn": arn, "SSLSupportMethod": "sni-only"})[
        "ViewerCertificate"
    ]
    assert seen["CloudFrontDefaultCertificate"] is False
    assert (seen["ACMCertificateArn"], seen["SSLSupportMethod"]) == (arn, "sni-only")
