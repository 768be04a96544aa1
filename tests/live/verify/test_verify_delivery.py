"""Changes of the distribution and its bucket that verify has to find."""

from __future__ import annotations

from typing import Any

import pytest
from chirp_cloud import Cloud
from chirp_design import BUCKET, DISTRIBUTION

BALANCER = "web.elb.amazonaws.com over http-only"


def config(chirp: Cloud) -> dict[str, Any]:
    found: dict[str, Any] = chirp.distributions[DISTRIBUTION]["DistributionConfig"]
    return found


def api(chirp: Cloud) -> dict[str, Any]:
    found: dict[str, Any] = config(chirp)["CacheBehaviors"]["Items"][0]
    return found


def test_a_distribution_that_is_gone(chirp: Cloud) -> None:
    chirp.distributions.clear()
    names = ("distribution", "paths", "name", "firewall", "root", "api", "https", "headers")
    gone = {f"cdn.{name}": "missing" for name in names}
    assert chirp.wrong() == gone | {"web-lb.origin-key": "X-Origin-Key that no distribution sends"}


def test_a_distribution_that_is_off_or_on_its_way(chirp: Cloud) -> None:
    config(chirp)["Enabled"] = False
    chirp.distributions[DISTRIBUTION]["Status"] = "InProgress"
    assert chirp.wrong() == {"cdn.distribution": "disabled, InProgress, PriceClass_100"}


def paths(pages: str = f"bucket {BUCKET} signed always", balancer: str = BALANCER) -> dict[str, str]:
    return {"cdn.paths": f"/api/* to {balancer}, all else to {pages}"}


def test_pages_from_elsewhere(chirp: Cloud) -> None:
    config(chirp)["Origins"]["Items"][1]["DomainName"] = "elsewhere.example.com"
    assert chirp.wrong() == paths("bucket elsewhere.example.com signed always")


def test_a_bucket_read_without_origin_access_control(chirp: Cloud) -> None:
    del config(chirp)["Origins"]["Items"][1]["OriginAccessControlId"]
    assert chirp.wrong() == paths(f"bucket {BUCKET} not signed")


def test_an_origin_access_control_that_is_gone_or_does_not_sign(chirp: Cloud) -> None:
    chirp.access_controls["OAC1"]["SigningBehavior"] = "never"
    assert chirp.wrong() == paths(f"bucket {BUCKET} signed never")
    chirp.access_controls.clear()
    assert chirp.wrong() == paths(f"bucket {BUCKET} not signed")


def test_no_path_to_the_application(chirp: Cloud) -> None:
    config(chirp)["CacheBehaviors"] = {"Quantity": 0}
    assert chirp.wrong() == {
        "cdn.paths": f"all else to bucket {BUCKET} signed always",
        "cdn.api": "not at all",
    }


def test_another_load_balancer_behind(chirp: Cloud) -> None:
    config(chirp)["Origins"]["Items"][0]["DomainName"] = "old.elb.amazonaws.com"
    assert chirp.wrong() == paths(balancer="old.elb.amazonaws.com over http-only")


def test_an_origin_group_behind(chirp: Cloud) -> None:
    members = [{"OriginId": "site"}, {"OriginId": "application"}]
    group = {"Id": "failover", "Members": {"Quantity": 2, "Items": members}}
    config(chirp)["OriginGroups"] = {"Quantity": 1, "Items": [group]}
    config(chirp)["DefaultCacheBehavior"]["TargetOriginId"] = "failover"
    bucket, balancer = f"bucket {BUCKET} signed always", "web.elb.amazonaws.com over http-only"
    assert chirp.wrong() == paths(f"{bucket}, or else {balancer}")


def test_no_such_origin(chirp: Cloud) -> None:
    config(chirp)["DefaultCacheBehavior"]["TargetOriginId"] = "elsewhere"
    assert chirp.wrong() == paths("nowhere")


def test_no_first_page(chirp: Cloud) -> None:
    config(chirp)["DefaultRootObject"] = ""
    assert chirp.wrong() == {"cdn.root": "nothing"}


def test_an_application_that_is_cached_and_not_told_everything(chirp: Cloud) -> None:
    api(chirp)["AllowedMethods"] = {"Quantity": 2, "Items": ["HEAD", "GET"]}
    api(chirp)["CachePolicyId"] = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    del api(chirp)["OriginRequestPolicyId"]
    assert chirp.wrong() == {"cdn.api": "GET, HEAD; cached; some headers"}


def test_plain_http(chirp: Cloud) -> None:
    api(chirp)["ViewerProtocolPolicy"] = "allow-all"
    assert chirp.wrong() == {"cdn.https": "allow-all, redirect-to-https"}


def test_security_headers_that_are_not_on_every_path(chirp: Cloud) -> None:
    del chirp.headers_policies["H1"]["FrameOptions"]
    wrong = {"cdn.headers": "content security policy, no sniffing, HTTPS only"}
    assert chirp.wrong() == wrong
    del api(chirp)["ResponseHeadersPolicyId"]
    assert chirp.wrong() == {"cdn.headers": "none"}


def test_pages_that_are_not_published(chirp: Cloud) -> None:
    chirp.pages["index.html"] = "application/octet-stream"
    assert chirp.wrong() == {"site.pages": "index.html, application/octet-stream"}
    chirp.pages.clear()
    assert chirp.wrong() == {"site.pages": "missing"}


def test_a_bucket_that_is_gone(chirp: Cloud) -> None:
    del chirp.buckets[BUCKET]
    names = ("bucket", "public-access", "at-rest", "readers", "pages")
    assert chirp.wrong() == {f"site.{name}": "missing" for name in names}


def test_a_bucket_in_another_region(chirp: Cloud) -> None:
    chirp.buckets[BUCKET]["location"] = {"LocationConstraint": "eu-central-1"}
    assert chirp.wrong() == {"site.bucket": "eu-central-1"}


def test_a_public_access_block_with_a_hole(chirp: Cloud) -> None:
    chirp.buckets[BUCKET]["public"]["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] = False
    assert chirp.wrong() == {"site.public-access": "without BlockPublicPolicy"}


def test_no_public_access_block(chirp: Cloud) -> None:
    del chirp.buckets[BUCKET]["public"]
    assert chirp.wrong()["site.public-access"].startswith("without BlockPublicAcls, IgnorePublicAcls")


def test_no_encryption_and_no_versions(chirp: Cloud) -> None:
    del chirp.buckets[BUCKET]["encryption"]
    chirp.buckets[BUCKET]["versions"] = {}
    assert chirp.wrong() == {"site.at-rest": "not encrypted, versions never enabled"}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ({"Principal": "*"}, "everybody"),
        ({"Principal": {"AWS": "*"}}, "everybody"),
        ({"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}}, "everybody"),
        ({"Principal": {"Service": "cloudfront.amazonaws.com"}}, "any distribution"),
        ({"Principal": {"AWS": "arn:aws:iam::999999999999:root"}}, "999999999999"),
    ],
    ids=str,
)
def test_a_bucket_that_lets_others_read(chirp: Cloud, statement: dict[str, Any], said: str) -> None:
    own = chirp.buckets[BUCKET]["policy"]["Statement"][0]
    chirp.buckets[BUCKET]["policy"]["Statement"] = [own, {"Effect": "Allow", **statement}]
    wrong = chirp.wrong()
    assert set(wrong) == {"site.readers"}
    assert f"distribution {DISTRIBUTION}" in wrong["site.readers"]
    assert said in wrong["site.readers"]


def test_a_policy_of_a_single_statement(chirp: Cloud) -> None:
    chirp.buckets[BUCKET]["policy"]["Statement"] = chirp.buckets[BUCKET]["policy"]["Statement"][0]
    assert chirp.wrong() == {}


def test_a_policy_that_is_gone(chirp: Cloud) -> None:
    del chirp.buckets[BUCKET]["policy"]
    assert chirp.wrong() == {"site.readers": "nobody"}
