"""A three-tier design with a domain: zone, names and distribution, and what changes of them look like."""

from __future__ import annotations

from functools import cache

import pytest
from chirp_parts import errors_asked_again
from worldwide_cloud import Row, verified

from groma.architecture import Architecture
from groma.components.delivery import Distribution
from groma.components.dns import HostedZone
from groma.design import design
from groma.live.verify.behaviours import ALL_VIEWER, CACHING_DISABLED, HEADERS, METHODS
from groma.workload import parse

TEXT = "name: chirp\nblueprint: three-tier\ndomain: chirp.acme.dev\nusers: {total: 50_000}\n"
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/1"
WEB_ACL = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/chirp/1"
OUTPUTS = {
    "zone_id": "Z1",
    "distribution_id": "E1",
    "distribution_domain_name": "d1.cloudfront.net",
    "web_load_balancer_dns_name": "web.elb.amazonaws.com",
    "site_bucket_name": "chirp-site-111122223333",
    "certificate_arn": CERTIFICATE,
    "web_acl_arn": WEB_ACL,
}


@cache
def architecture(zone: str = "") -> Architecture:
    more = f"zone: {zone}\n" if zone else ""
    return design(parse(TEXT + more), reasons=False).architecture


def alias(name: str, kind: str, target: str) -> Row:
    return {"Name": f"{name}.", "Type": kind, "AliasTarget": {"DNSName": f"{target}."}}


def zone_found(name: str, *, stated: str = "", origin: str = "web.elb.amazonaws.com") -> dict[str, str]:
    """What is wrong with a zone of that name, whose origin record leads to that load balancer."""
    records = [alias("chirp.acme.dev", kind, "d1.cloudfront.net") for kind in ("A", "AAAA")]
    records.append(alias("origin.chirp.acme.dev", "A", origin))
    answers = {
        "route53.get_hosted_zone": {"HostedZone": {"Name": f"{name}."}},
        "route53.list_resource_record_sets": {"ResourceRecordSets": records},
    }
    made = architecture(stated)
    return verified(made.of_type(HostedZone)[0], made, OUTPUTS, answers)


def test_the_zone_and_its_names_as_designed():
    assert zone_found("chirp.acme.dev") == {}


def test_an_origin_that_leads_elsewhere():
    found = zone_found("chirp.acme.dev", origin="old.elb.amazonaws.com")
    assert found == {"dns.origin": "A to old.elb.amazonaws.com"}


@pytest.mark.parametrize("stated", ["acme.dev", "Z0123456789"])
def test_an_existing_zone_that_holds_the_domain(stated: str):
    assert zone_found("acme.dev", stated=stated) == {}


@pytest.mark.parametrize("stated", ["acme.dev", "Z0123456789"])
def test_an_existing_zone_that_does_not(stated: str):
    assert zone_found("acme.org", stated=stated) == {"dns.zone": "acme.org"}


def config() -> Row:
    common = {"ViewerProtocolPolicy": "redirect-to-https", "ResponseHeadersPolicyId": "H1"}
    api = {
        **common,
        "PathPattern": "/api/*",
        "TargetOriginId": "application",
        "AllowedMethods": {"Items": list(METHODS)},
        "CachePolicyId": CACHING_DISABLED,
        "OriginRequestPolicyId": ALL_VIEWER,
    }
    bucket = "chirp-site-111122223333.s3.us-east-1.amazonaws.com"
    origins = [
        {"Id": "site", "DomainName": bucket, "OriginAccessControlId": "OAC1"},
        {
            "Id": "application",
            "DomainName": "origin.chirp.acme.dev",
            "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"},
        },
    ]
    return {
        "Enabled": True,
        "PriceClass": "PriceClass_100",
        "Aliases": {"Items": ["chirp.acme.dev"]},
        "ViewerCertificate": {"ACMCertificateArn": CERTIFICATE, "MinimumProtocolVersion": "TLSv1.2_2021"},
        "WebACLId": WEB_ACL,
        "DefaultRootObject": "index.html",
        "Origins": {"Items": origins},
        "DefaultCacheBehavior": {**common, "TargetOriginId": "site"},
        "CacheBehaviors": {"Items": [api]},
        "CustomErrorResponses": {"Items": errors_asked_again()},
    }


def distribution_found(changed: Row) -> dict[str, str]:
    policy = {"Name": "chirp", "SecurityHeadersConfig": {name: {} for name in HEADERS}}
    control = {"Name": "chirp", "SigningBehavior": "always"}
    answers = {
        "cloudfront.get_distribution": {
            "Distribution": {"Status": "Deployed", "DistributionConfig": config() | changed}
        },
        "cloudfront.get_origin_access_control": {
            "OriginAccessControl": {"OriginAccessControlConfig": control}
        },
        "cloudfront.get_response_headers_policy": {
            "ResponseHeadersPolicy": {"ResponseHeadersPolicyConfig": policy}
        },
    }
    return verified(architecture().of_type(Distribution)[0], architecture(), OUTPUTS, answers)


def test_the_distribution_as_designed():
    assert distribution_found({}) == {}


def test_a_distribution_under_its_own_name_alone():
    assert distribution_found({"Aliases": {"Quantity": 0}}) == {"cdn.name": "its own name alone"}


def test_a_distribution_whose_firewall_was_taken_away():
    assert distribution_found({"WebACLId": ""}) == {"cdn.firewall": "nothing"}


def test_a_distribution_that_speaks_http_to_the_load_balancer():
    origins = config()["Origins"]
    origins["Items"][1]["CustomOriginConfig"]["OriginProtocolPolicy"] = "http-only"
    assert set(distribution_found({"Origins": origins})) == {"cdn.paths"}
