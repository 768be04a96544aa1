"""CloudFront in front of site, API and pictures: names, origins, HTTPS, headers, firewall; and the pages."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.site import SiteDistribution, SiteFiles
from groma.live.verify.behaviours import HEADERS, REDIRECT, guarded_by, headers, https, named, paths
from groma.live.verify.delivery import published_bucket, published_pages
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Reading


def site_distribution(
    component: SiteDistribution, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """State, name with certificate, what goes where, HTTPS, headers and firewall."""
    distribution_id = reading.output("distribution_id")
    answer = reading.ask("cloudfront", "get_distribution", Id=distribution_id) if distribution_id else None
    found = answer["Distribution"] if answer else None
    config = found["DistributionConfig"] if found else {}
    state = "enabled" if config.get("Enabled") else "disabled"
    lines = (
        (
            "distribution", "distribution", f"enabled, Deployed, {component.price_class}",
            listed([state, found["Status"], config["PriceClass"]]) if found else None,
        ),
        named(component.domain, config if found else None, reading),
        ("paths", "what goes where", _designed(reading), paths(config, reading) if found else None),
        ("https", "redirects HTTP to HTTPS on every path", REDIRECT, https(config) if found else None),
        (
            "headers", "security headers", listed(HEADERS.values()),
            headers(config, reading) if found else None,
        ),
        guarded_by(component.firewall, config if found else None, reading),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def _designed(reading: Reading) -> str:
    site, media = reading.output("site_bucket_name"), reading.output("media_bucket_name")
    api = reading.output("api_domain_name")
    return (
        f"/api/* to {api} over https-only, /media/* to bucket {media} signed always, "
        f"all else to bucket {site} signed always"
    )


def site_files(component: SiteFiles, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The bucket, and that the first page is in it."""
    yield from published_bucket(component, architecture, reading, "site_bucket_name")
    yield published_pages(component, reading, "site_bucket_name")
