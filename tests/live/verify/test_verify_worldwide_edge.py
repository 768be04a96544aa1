"""Changes on the way to several regions that verify has to find: names, distribution, load balancers."""

from __future__ import annotations

from chirp_parts import errors_asked_again
from worldwide_cloud import ACCOUNT, BUCKETS, REGION, Row, parts, verified

from groma.components.dns import OriginCertificate
from groma.components.global_distribution import GlobalDistribution
from groma.components.latency_records import LatencyRecords
from groma.components.load_balancer import LoadBalancer
from groma.live.verify.behaviours import HEADERS

CERTIFICATE = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1"
ORIGIN_CERTIFICATE = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/2"
WEB_ACL = f"arn:aws:wafv2:us-east-1:{ACCOUNT}:global/webacl/chirp/1"
KEY_VALUE = "7d9f2c1e-58a4-4c0e-9a57-0c2f8d1b6e33"


def records_cloud() -> tuple[Row, Row]:
    """The latency records as designed, and one of them."""
    records = [
        {
            "Name": "regions.chirp.example.com.",
            "Type": "A",
            "Region": region,
            "AliasTarget": {"HostedZoneId": "Z1", "DNSName": "lb.", "EvaluateTargetHealth": True},
            "HealthCheckId": f"check-{region}",
        }
        for region in ("us-east-1", "us-west-2")
    ]
    config = {
        "Type": "HTTPS", "Port": 443, "ResourcePath": "/api/healthz",
        "FailureThreshold": 3, "RequestInterval": 10,
    }  # fmt: skip
    answers = {
        "route53.list_resource_record_sets": {"ResourceRecordSets": records},
        "route53.get_health_check": {"HealthCheck": {"HealthCheckConfig": config}},
    }
    return answers, {"records": records, "config": config}


def records_found(answers: Row) -> dict[str, str]:
    architecture = parts()[""]
    checks = {region: f"check-{region}" for region in ("us-east-1", "us-west-2")}
    outputs = {"zone_id": "Z1", "health_check_ids": checks}
    return verified(architecture.of_type(LatencyRecords)[0], architecture, outputs, answers)


def test_latency_records_as_designed():
    assert records_found(records_cloud()[0]) == {}


def test_a_region_without_its_record():
    answers, rows = records_cloud()
    del rows["records"][1]
    assert records_found(answers) == {"regions.record-us-west-2": "missing"}


def test_a_record_that_no_longer_asks_for_health():
    answers, rows = records_cloud()
    rows["records"][0]["AliasTarget"]["EvaluateTargetHealth"] = False
    assert set(records_found(answers)) == {"regions.record-us-east-1"}


def test_a_slow_health_check():
    answers, rows = records_cloud()
    rows["config"]["RequestInterval"] = 30
    assert set(records_found(answers)) == {"regions.check-us-east-1", "regions.check-us-west-2"}


def distribution_config() -> Row:
    """The configuration of the distribution as designed."""
    origins: list[Row] = [
        {
            "Id": f"media-{n}",
            "DomainName": f"{name}.s3.{region}.amazonaws.com",
            "OriginAccessControlId": "OAC1",
        }
        for n, (region, name) in enumerate(BUCKETS.items(), 1)
    ]
    ways: Row = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
    header = {"HeaderName": "X-Origin-Key", "HeaderValue": KEY_VALUE}
    origins.append(
        {
            "Id": "application",
            "DomainName": "regions.chirp.example.com",
            "CustomOriginConfig": ways,
            "CustomHeaders": {"Quantity": 1, "Items": [header]},
        }
    )
    members = [{"OriginId": "media-1"}, {"OriginId": "media-2"}]
    common = {"ViewerProtocolPolicy": "redirect-to-https", "ResponseHeadersPolicyId": "H1"}
    methods = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    api = {
        **common,
        "PathPattern": "/api/*",
        "TargetOriginId": "application",
        "AllowedMethods": {"Quantity": len(methods), "Items": methods},
        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "OriginRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3",
    }
    return {
        "Enabled": True,
        "PriceClass": "PriceClass_All",
        "Aliases": {"Quantity": 1, "Items": ["chirp.example.com"]},
        "ViewerCertificate": {"ACMCertificateArn": CERTIFICATE, "MinimumProtocolVersion": "TLSv1.2_2021"},
        "WebACLId": WEB_ACL,
        "DefaultRootObject": "index.html",
        "Origins": {"Quantity": 3, "Items": origins},
        "OriginGroups": {
            "Quantity": 1,
            "Items": [{"Id": "media", "Members": {"Quantity": 2, "Items": members}}],
        },
        "DefaultCacheBehavior": {**common, "TargetOriginId": "media"},
        "CacheBehaviors": {"Quantity": 1, "Items": [api]},
        "CustomErrorResponses": {"Quantity": 5, "Items": errors_asked_again()},
    }


def distribution_found(config: Row) -> dict[str, str]:
    architecture = parts()[""]
    headers: Row = {name: {} for name in HEADERS}
    policy = {"ResponseHeadersPolicyConfig": {"Name": "chirp", "SecurityHeadersConfig": headers}}
    control = {"Name": "chirp", "SigningBehavior": "always"}
    answers = {
        "cloudfront.get_distribution": {"Distribution": {"Status": "Deployed", "DistributionConfig": config}},
        "cloudfront.get_origin_access_control": {
            "OriginAccessControl": {"OriginAccessControlConfig": control}
        },
        "cloudfront.get_response_headers_policy": {"ResponseHeadersPolicy": policy},
    }
    outputs = {
        "distribution_id": "E1",
        "regions_name": "regions.chirp.example.com",
        "origin_bucket_names": BUCKETS,
        "certificate_arn": CERTIFICATE,
        "web_acl_arn": WEB_ACL,
    }
    return verified(architecture.of_type(GlobalDistribution)[0], architecture, outputs, answers)


def test_a_distribution_as_designed():
    assert distribution_found(distribution_config()) == {}


def test_a_distribution_without_its_second_bucket():
    config = distribution_config()
    config["DefaultCacheBehavior"]["TargetOriginId"] = "media-1"
    bucket = f"bucket {BUCKETS['us-east-1']} signed always"
    assert distribution_found(config) == {
        "cdn.paths": f"/api/* to regions.chirp.example.com over https-only, all else to {bucket}"
    }


def test_a_distribution_that_caches_the_application():
    config = distribution_config()
    config["CacheBehaviors"]["Items"][0]["CachePolicyId"] = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    assert distribution_found(config) == {
        "cdn.api": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT; cached; every header"
    }


def test_a_distribution_that_keeps_errors_of_the_application():
    config = distribution_config()
    config["CustomErrorResponses"]["Items"][3]["ErrorCachingMinTTL"] = 10
    found = {"cdn.api": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT; errors cached; every header"}
    assert distribution_found(config) == found
    assert distribution_found(config | {"CustomErrorResponses": {"Quantity": 0}}) == found


def test_a_distribution_without_a_first_page():
    config = distribution_config() | {"DefaultRootObject": ""}
    assert distribution_found(config) == {"cdn.root": "nothing"}


def listener_cloud() -> tuple[Row, list[Row]]:
    """The public load balancer of a region as designed, and the rules of its listener, to be changed."""
    arn = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:"
    target = f"{arn}targetgroup/chirp-usw2-web/2"
    forward = [{"Type": "forward", "TargetGroupArn": target}]
    header = {"HttpHeaderName": "X-Origin-Key", "Values": [KEY_VALUE]}
    conditions = [
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/healthz"]}},
        {"Field": "http-header", "HttpHeaderConfig": header},
    ]
    rules = [
        {"Priority": str(2 - n), "IsDefault": False, "Conditions": [each], "Actions": forward}
        for n, each in enumerate(conditions)
    ]
    refusal = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}
    listener = {
        "ListenerArn": f"{arn}listener/1",
        "Protocol": "HTTPS",
        "Port": 443,
        "Certificates": [{"CertificateArn": ORIGIN_CERTIFICATE}],
        "DefaultActions": [refusal],
    }
    answers = {
        "elbv2.describe_load_balancers": {
            "LoadBalancers": [
                {
                    "LoadBalancerArn": f"{arn}loadbalancer/app/chirp-usw2-web/1",
                    "State": {"Code": "active"},
                    "Scheme": "internet-facing",
                    "AvailabilityZones": [],
                }
            ]
        },
        "elbv2.describe_listeners": {"Listeners": [listener]},
        "elbv2.describe_rules": {"Rules": rules},
        "cloudfront.get_distribution": {"Distribution": {"DistributionConfig": distribution_config()}},
        "ec2.describe_security_groups": {"SecurityGroups": []},
    }
    return answers, rules


def listener_found(answers: Row) -> dict[str, str]:
    """What is wrong with the listener; subnets and groups are another test's."""
    architecture = parts()[REGION]
    component = next(each for each in architecture.of_type(LoadBalancer) if not each.internal)
    outputs = {
        "distribution_id": "E1",
        "vpc_id": "vpc-1",
        "origin_certificate_arn": ORIGIN_CERTIFICATE,
    }
    found = verified(component, architecture, outputs, answers)
    looked_at = {f"web-lb.{aspect}" for aspect in ("listener", "certificate", "origin-key")}
    return {name: actual for name, actual in found.items() if name in looked_at}


def test_a_load_balancer_lets_in_its_distribution_and_health_checks():
    assert listener_found(listener_cloud()[0]) == {}


def test_a_load_balancer_that_refuses_health_checks():
    answers, rules = listener_cloud()
    del rules[0]
    found = listener_found(answers)
    assert found == {"web-lb.listener": "HTTPS 443 → header X-Origin-Key → chirp-usw2-web, else 403"}


def test_a_load_balancer_that_shows_another_certificate():
    answers, _ = listener_cloud()
    answers["elbv2.describe_listeners"]["Listeners"][0]["Certificates"] = [{"CertificateArn": CERTIFICATE}]
    assert listener_found(answers) == {"web-lb.certificate": CERTIFICATE}


def test_a_distribution_that_asks_over_http_or_past_its_firewall():
    config = distribution_config() | {"WebACLId": ""}
    config["Origins"]["Items"][2]["CustomOriginConfig"]["OriginProtocolPolicy"] = "http-only"
    found = distribution_found(config)
    assert set(found) == {"cdn.paths", "cdn.firewall"}
    assert found["cdn.firewall"] == "nothing"


def test_an_origin_certificate_that_is_left_pending():
    architecture = parts()[REGION]
    (component,) = architecture.of_type(OriginCertificate)
    row = {"Status": "PENDING_VALIDATION", "DomainName": "regions.chirp.example.com"}
    answers = {"acm.describe_certificate": {"Certificate": row}}
    outputs = {"origin_certificate_arn": ORIGIN_CERTIFICATE}
    assert verified(component, architecture, outputs, answers) == {
        "origin-certificate.certificate": "PENDING_VALIDATION for regions.chirp.example.com"
    }
    row["Status"] = "ISSUED"
    assert verified(component, architecture, outputs, answers) == {}
