"""CloudFront in front of site, API and pictures: names, origins, HTTPS, headers, firewall; and the pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from groma.architecture import Architecture, Finding
from groma.components.site import SiteDistribution, SiteFiles
from groma.live.verify.delivery import REDIRECT, published_bucket
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading

HEADERS = {
    "ContentSecurityPolicy": "content security policy",
    "ContentTypeOptions": "no sniffing",
    "FrameOptions": "no frames",
    "StrictTransportSecurity": "HTTPS only",
}
"""What pages are guarded by, as CloudFront and as people call it."""


def site_distribution(
    component: SiteDistribution, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """State, name with certificate, what goes where, HTTPS, headers and firewall."""
    distribution_id = reading.output("distribution_id")
    answer = reading.ask("cloudfront", "get_distribution", Id=distribution_id) if distribution_id else None
    found = answer["Distribution"] if answer else None
    config = found["DistributionConfig"] if found else {}
    state = "enabled" if config.get("Enabled") else "disabled"
    certificate, acl = reading.output("certificate_arn"), reading.output("web_acl_arn")
    lines = (
        (
            "distribution", "distribution", f"enabled, Deployed, {component.price_class}",
            listed([state, found["Status"], config["PriceClass"]]) if found else None,
        ),
        (
            "name", "answers under its domain, with the certificate",
            f"{component.domain} by {certificate} over TLSv1.2_2021", _name(config) if found else None,
        ),
        ("paths", "what goes where", _designed(reading), _paths(config, reading) if found else None),
        ("https", "redirects HTTP to HTTPS on every path", REDIRECT, _https(config) if found else None),
        (
            "headers", "security headers", listed(HEADERS.values()),
            _headers(config, reading) if found else None,
        ),
        ("firewall", "is guarded by", acl or "the web ACL", config["WebACLId"] if found else None),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def _name(config: Answer) -> str:
    names = listed(config.get("Aliases", {}).get("Items") or (), "its own name alone")
    viewer = config["ViewerCertificate"]
    return f"{names} by {viewer.get('ACMCertificateArn')} over {viewer.get('MinimumProtocolVersion')}"


def _designed(reading: Reading) -> str:
    site, media = reading.output("site_bucket_name"), reading.output("media_bucket_name")
    api = reading.output("api_domain_name")
    return (
        f"/api/* to {api} over https-only, /media/* to bucket {media} signed always, "
        f"all else to bucket {site} signed always"
    )


def _behaviours(config: Answer) -> list[Answer]:
    return [*(config.get("CacheBehaviors", {}).get("Items") or ()), config["DefaultCacheBehavior"]]


def _paths(config: Answer, reading: Reading) -> str:
    origins = {origin["Id"]: origin for origin in config["Origins"]["Items"]}
    return listed(
        f"{b.get('PathPattern', 'all else')} to {_origin(origins, b['TargetOriginId'], reading)}"
        for b in _behaviours(config)
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


def _https(config: Answer) -> str:
    return listed(sorted({behaviour["ViewerProtocolPolicy"] for behaviour in _behaviours(config)}))


def _headers(config: Answer, reading: Reading) -> str:
    """The headers that every path has."""
    ids = {behaviour.get("ResponseHeadersPolicyId") for behaviour in _behaviours(config)}
    kept = [_policy(policy_id, reading) if policy_id else set() for policy_id in ids]
    return listed(name for key, name in HEADERS.items() if all(key in policy for policy in kept))


def _policy(policy_id: str, reading: Reading) -> set[str]:
    answer = reading.ask("cloudfront", "get_response_headers_policy", Id=policy_id)
    if answer is None:
        return set()
    return set(
        answer["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"].get("SecurityHeadersConfig") or ()
    )


def site_files(component: SiteFiles, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The bucket, and that the first page is in it."""
    yield from published_bucket(component, architecture, reading, "site_bucket_name")
    name = reading.output("site_bucket_name")
    page = reading.ask("s3", "head_object", Bucket=name, Key="index.html") if name else None
    yield compare(
        f"{component.id}.pages",
        f"{component.label}: the first page is published",
        "index.html, text/html",
        f"index.html, {page['ContentType'].partition(';')[0]}" if page else None,
    )
