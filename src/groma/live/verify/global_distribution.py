"""CloudFront in front of several regions: its name, the regions behind it, and the buckets that stand in."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.global_distribution import PRICE_CLASS, GlobalDistribution
from groma.live.verify.behaviours import (
    API,
    HEADERS,
    PASSED_ON,
    REDIRECT,
    guarded_by,
    headers,
    https,
    named,
    passed_on,
    paths,
)
from groma.live.verify.delivery import FIRST_PAGE
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading


def global_distribution(
    component: GlobalDistribution, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """State, domain, what goes where, what stands in for a bucket that cannot be read, HTTPS and headers."""
    distribution_id = reading.output("distribution_id")
    answer = reading.ask("cloudfront", "get_distribution", Id=distribution_id) if distribution_id else None
    found = answer["Distribution"] if answer else None
    config = found["DistributionConfig"] if found else {}
    lines = (
        (
            "distribution", "distribution", f"enabled, Deployed, {PRICE_CLASS}",
            listed([_enabled(config), found["Status"], config["PriceClass"]]) if found else None,
        ),
        named(component.domain, config if found else None, reading),
        (
            "paths", "what goes where", _designed(component, reading),
            paths(config, reading) if found else None,
        ),
        guarded_by(component.firewall, config if found else None, reading),
        ("root", "/ is", FIRST_PAGE, config.get("DefaultRootObject") or "nothing" if found else None),
        ("api", f"{API} is passed on as it comes", PASSED_ON, passed_on(config) if found else None),
        ("https", "redirects HTTP to HTTPS on every path", REDIRECT, https(config) if found else None),
        (
            "headers", "security headers", listed(HEADERS.values()),
            headers(config, reading) if found else None,
        ),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def _enabled(config: Answer) -> str:
    return "enabled" if config["Enabled"] else "disabled"


def _designed(component: GlobalDistribution, reading: Reading) -> str:
    """The API in the nearest region; all else in the first bucket or, failing that, in the second."""
    regions = reading.output("regions_name") or "the nearest region"
    names = reading.outputs("origin_bucket_names")
    buckets = (
        f"bucket {names.get(region, f'of {region}')} signed always" for region in component.bucket_regions
    )
    return f"{API} to {regions} over https-only, all else to {', or else '.join(buckets)}"
