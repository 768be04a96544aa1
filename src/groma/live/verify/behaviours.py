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
API, ALL_ELSE = "/api/*", "all else"
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"
"""AWS's own policies, the same in every account
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html,
using-managed-origin-request-policies.html and using-managed-response-headers-policies.html, undated, read
2026-11-22)."""
AWS_HEADERS = "AWS's SecurityHeadersPolicy for the application"
ERRORS = frozenset({404, 500, 502, 503, 504})
"""Answers that CloudFront keeps for ten seconds unless it is told not to, whatever the cache policy
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html, undated)."""
PASSED_ON = f"{listed(METHODS)}; uncached; every header"
"""How what is below `API` should be passed on, in the words of `passed_on`."""


Line = tuple[str, str, str, str | None]
"""Aspect, what is looked at, what was designed, and what is there; None where nothing is."""


def named(domain: str, config: Answer | None, reading: Reading) -> Line:
    """The name under which a distribution answers, and the certificate that proves it."""
    certificate = reading.output("certificate_arn")
    designed = f"{domain} by {certificate} over TLSv1.2_2021" if domain else "its own name alone"
    found = None if config is None else _name(config)
    return "name", "the name that it answers under, and its certificate", designed, found


def _name(config: Answer) -> str:
    names = config.get("Aliases", {}).get("Items") or ()
    viewer = config.get("ViewerCertificate", {})
    by = f" by {viewer.get('ACMCertificateArn')} over {viewer.get('MinimumProtocolVersion')}" if names else ""
    return f"{listed(names, 'its own name alone')}{by}"


def guarded_by(firewall: str, config: Answer | None, reading: Reading) -> Line:
    """The web ACL that requests pass first."""
    designed = (reading.output("web_acl_arn") or "the web ACL") if firewall else "nothing"
    return (
        "firewall",
        "is guarded by",
        designed,
        None if config is None else config.get("WebACLId") or "nothing",
    )


def behaviours(config: Answer) -> list[Answer]:
    """What CloudFront does with requests: path by path, and last with all others."""
    return [*(config.get("CacheBehaviors", {}).get("Items") or ()), config["DefaultCacheBehavior"]]


def paths(config: Answer, reading: Reading) -> str:
    """What goes where, in the order in which CloudFront looks; `all else` comes last."""
    origins = {origin["Id"]: origin for origin in config["Origins"]["Items"]}
    groups = {
        group["Id"]: [member["OriginId"] for member in group["Members"]["Items"]]
        for group in config.get("OriginGroups", {}).get("Items") or ()
    }

    def target(id_: str) -> str:
        return ", or else ".join(_origin(origins, member, reading) for member in groups.get(id_, [id_]))

    return listed(
        f"{b.get('PathPattern', ALL_ELSE)} to {target(b['TargetOriginId'])}" for b in behaviours(config)
    )


def _origin(origins: Mapping[str, Answer], origin_id: str, reading: Reading) -> str:
    origin = origins.get(origin_id)
    if origin is None:
        return "nowhere"
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
    """The security headers that every path has; AWS's own policy, which keeps those of an application's
    answers as they are, is named by itself."""
    ids = {behaviour.get("ResponseHeadersPolicyId") for behaviour in behaviours(config)}
    kept = [_policy(policy_id, reading) if policy_id else set() for policy_id in ids - {SECURITY_HEADERS}]
    found = [name for key, name in HEADERS.items() if kept and all(key in policy for policy in kept)]
    return listed([*found, *([AWS_HEADERS] if SECURITY_HEADERS in ids else [])])


def passed_on(config: Answer, path: str = API) -> str:
    """Methods, caching and headers of the requests to the application."""
    asked = (each for each in behaviours(config) if each.get("PathPattern", ALL_ELSE) == path)
    behaviour = next(asked, None)
    if behaviour is None:
        return "not at all"
    methods = listed(sorted(behaviour.get("AllowedMethods", {}).get("Items") or ()), "no method")
    whole = behaviour.get("OriginRequestPolicyId") == ALL_VIEWER
    return f"{methods}; {_caching(config, behaviour)}; {'every header' if whole else 'some headers'}"


def _caching(config: Answer, behaviour: Answer) -> str:
    if behaviour.get("CachePolicyId") != CACHING_DISABLED:
        return "cached"
    responses = config.get("CustomErrorResponses", {}).get("Items") or ()
    asked_again = {each["ErrorCode"] for each in responses if each.get("ErrorCachingMinTTL") == 0}
    return "uncached" if asked_again >= ERRORS else "errors cached"


def _policy(policy_id: str, reading: Reading) -> set[str]:
    answer = reading.ask("cloudfront", "get_response_headers_policy", Id=policy_id)
    if answer is None:
        return set()
    return set(
        answer["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"].get("SecurityHeadersConfig") or ()
    )


def sent_to_origins(reading: Reading) -> dict[str, list[tuple[str, ...]]]:
    """The headers that the distribution adds to requests to its origins."""
    id_ = reading.output("distribution_id")
    answer = reading.ask("cloudfront", "get_distribution", Id=id_) if id_ else None
    origins = answer["Distribution"]["DistributionConfig"]["Origins"]["Items"] if answer else ()
    found: dict[str, list[tuple[str, ...]]] = {}
    for origin in origins:
        for header in origin.get("CustomHeaders", {}).get("Items") or ():
            found.setdefault(header["HeaderName"], []).append((header["HeaderValue"],))
    return found
