"""CloudFront in front of several regions: its name, the regions behind it, and the buckets that stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from groma.architecture import Architecture, Finding
from groma.components.global_distribution import PATHS, PRICE_CLASS, GlobalDistribution
from groma.live.verify.behaviours import REDIRECT
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading


def global_distribution(
    component: GlobalDistribution, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """State, domain, where requests go, what stands in for a bucket that cannot be read, and HTTPS."""
    distribution_id = reading.output("distribution_id")
    answer = reading.ask("cloudfront", "get_distribution", Id=distribution_id) if distribution_id else None
    found = answer["Distribution"] if answer else None
    config = found["DistributionConfig"] if found else {}
    regions = listed(sorted(component.bucket_regions))
    lines = (
        (
            "distribution", "distribution", f"enabled, Deployed, {PRICE_CLASS}",
            listed([_enabled(config), found["Status"], config["PriceClass"]]) if found else None,
        ),
        (
            "name", "answers under its domain", component.domain,
            listed(config.get("Aliases", {}).get("Items") or (), "its own name alone") if found else None,
        ),
        (
            "dynamic", "passes on to the nearest region", reading.output("regions_name") or "latency records",
            _default_origin(config) if found else None,
        ),
        (
            "static", f"{listed(PATHS)} from the buckets of", regions,
            _bucket_regions(config) if found else None,
        ),
        (
            "https", "redirects HTTP to HTTPS on every path", REDIRECT,
            listed(sorted({each["ViewerProtocolPolicy"] for each in _behaviours(config)})) if found else None,
        ),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def _enabled(config: Answer) -> str:
    return "enabled" if config["Enabled"] else "disabled"


def _domains(config: Answer) -> Mapping[str, str]:
    return {origin["Id"]: str(origin["DomainName"]) for origin in config["Origins"]["Items"]}


def _default_origin(config: Answer) -> str:
    target = config["DefaultCacheBehavior"]["TargetOriginId"]
    return _domains(config).get(target, f"origin group {target}")


def _behaviours(config: Answer) -> list[Answer]:
    return [config["DefaultCacheBehavior"], *(config.get("CacheBehaviors", {}).get("Items") or ())]


def _bucket_regions(config: Answer) -> str:
    """The regions of the buckets in the origin groups that the static paths go to."""
    paths = {each["PathPattern"]: each["TargetOriginId"] for each in _behaviours(config)[1:]}
    if set(paths) != set(PATHS):
        return f"paths {listed(sorted(paths))}"
    groups = {
        group["Id"]: [member["OriginId"] for member in group["Members"]["Items"]]
        for group in config.get("OriginGroups", {}).get("Items") or ()
    }
    domains = _domains(config)
    names = {domains.get(id_, id_) for target in paths.values() for id_ in groups.get(target, [target])}
    return listed(sorted(_region_of(name) for name in names))


def _region_of(domain: str) -> str:
    """`us-west-2` of `chirp-media-111122223333-us-west-2.s3.us-west-2.amazonaws.com`."""
    _, found, rest = domain.partition(".s3.")
    return rest.removesuffix(".amazonaws.com") if found else domain
