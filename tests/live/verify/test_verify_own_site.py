"""Verifying the distribution before an application that answers for all but what lies in the bucket."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chirp_cloud import Cloud
from chirp_design import BUCKET, DISTRIBUTION, REGION, architecture

from groma.components.delivery import Distribution, SiteBucket
from groma.live.verify import Deployed
from groma.live.verify.behaviours import AWS_HEADERS, SECURITY_HEADERS
from groma.live.verify.delivery import distribution, site_bucket
from groma.live.verify.reading import Reading

PATHS = ("/static/*", "/media/*")


def swapped(chirp: Cloud) -> dict[str, Any]:
    """The configuration of a distribution whose default is the application."""
    config: dict[str, Any] = chirp.distributions[DISTRIBUTION]["DistributionConfig"]
    (passed_on,), cached = config["CacheBehaviors"]["Items"], config["DefaultCacheBehavior"]
    default = {**passed_on, "ResponseHeadersPolicyId": SECURITY_HEADERS}
    del default["PathPattern"]
    items = [{**cached, "PathPattern": path} for path in PATHS]
    config.update(
        DefaultRootObject="",
        DefaultCacheBehavior=default,
        CacheBehaviors={"Quantity": len(items), "Items": items},
    )
    return config


def wrong(chirp: Cloud) -> dict[str, str]:
    """What verify finds that is not as designed, by id."""
    made, reading = architecture(), Reading(Deployed(chirp.outputs, chirp.clients()), REGION)
    (cdn,), (site,) = made.of_type(Distribution), made.of_type(SiteBucket)
    found = (
        *distribution(replace(cdn, bucket_paths=PATHS), made, reading),
        *site_bucket(replace(site, has_pages=False), made, reading),
    )
    return {finding.id: finding.actual for finding in found if not finding.ok}


def test_it_is_as_designed_without_a_page_in_the_bucket(chirp: Cloud) -> None:
    swapped(chirp)
    chirp.pages.clear()
    assert wrong(chirp) == {}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}, "cdn.api"),
        ({"ResponseHeadersPolicyId": "H1"}, "cdn.headers"),
        ({"TargetOriginId": "site"}, "cdn.paths"),
    ],
)
def test_an_application_that_is_asked_otherwise_is_found(
    chirp: Cloud, change: dict[str, str], found: str
) -> None:
    swapped(chirp)["DefaultCacheBehavior"].update(change)
    assert list(wrong(chirp)) == [found]


def test_the_distribution_of_the_sample_is_not_taken_for_it(chirp: Cloud) -> None:
    found = wrong(chirp)
    assert found["cdn.paths"].endswith(f"all else to bucket {BUCKET} signed always")
    assert found["cdn.root"] == "index.html"
    assert AWS_HEADERS not in found["cdn.headers"]
