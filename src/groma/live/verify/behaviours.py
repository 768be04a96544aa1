"""What a CloudFront distribution does with requests: where they go, over what, and with which headers."""

from __future__ import annotations

from collections.abc import Mapping

from groma.live.verify.findings import listed
from groma.live.verify.reading import Answer, Reading

REDIRECT = "redirect-to-https"
HEADERS = {
    "ContentSecurityPolicy": "content security policy",
    "ContentTypeOptions": "no sniffing",
    "FrameOptions": "no frames",
    "StrictTransportSecurity": "HTTPS only",
}
"""What pages are guarded by, as CloudFront and as people call it."""


def behaviours(config: Answer) -> list[Answer]:
    """What CloudFront does with requests: path by path, and last with all others."""
    return [*(config.get("CacheBehaviors", {}).get("Items") or ()), config["DefaultCacheBehavior"]]


def paths(config: Answer, reading: Reading) -> str:
    """What goes where, in the order in which CloudFront looks; `all else` comes last."""
    origins = {origin["Id"]: origin for origin in config["Origins"]["Items"]}
    return listed(
        f"{b.get('PathPattern', 'all else')} to {_origin(origins, b['TargetOriginId'], reading)}"
        for b in behaviours(config)
    )


def _origin(origins: Mapping[str, Answer], origin_id: str, reading: Reading) -> str:
    origin = origins.get(origin_id)
    if origin is None:
        return f"origin group {origin_id}"
    custom = origin.get("CustomOriginConfig")
    if custom:
        return f"{origin['DomainName']} over {custom['OriginProtocolPolicy']}"
    control_id = origin.get("OriginAccessControlId")
    answer = reading.ask("cloudfront", "get_origin_access_control", Id=control_id) if control_id else None
    config = answer["OriginAccessControl"]["OriginAccessControlConfig"] if answer else None
    signed = f"signed {config['SigningBehavior']}" if config else "not signed"
    return f"bucket {origin['DomainName'].partition('.s3.')[0]} {signed}"


def https(config: Answer) -> str:
    """What becomes of HTTP on any path."""
    return listed(sorted({behaviour["ViewerProtocolPolicy"] for behaviour in behaviours(config)}))


def headers(config: Answer, reading: Reading) -> str:
    """The security headers that every path has."""
    ids = {behaviour.get("ResponseHeadersPolicyId") for behaviour in behaviours(config)}
    kept = [_policy(policy_id, reading) if policy_id else set() for policy_id in ids]
    return listed(name for key, name in HEADERS.items() if all(key in policy for policy in kept))


def _policy(policy_id: str, reading: Reading) -> set[str]:
    answer = reading.ask("cloudfront", "get_response_headers_policy", Id=policy_id)
    if answer is None:
        return set()
    return set(
        answer["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"].get("SecurityHeadersConfig") or ()
    )
