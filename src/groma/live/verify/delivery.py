"""CloudFront and the bucket behind it: origins, HTTPS, and that nobody else reads the bucket."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from groma.architecture import Architecture, Finding
from groma.components.delivery import Distribution, SiteBucket
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading

REDIRECT = "redirect-to-https"


def distribution(component: Distribution, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """State, both origins with what goes to them, and HTTPS."""
    distribution_id = reading.output("distribution_id")
    answer = reading.ask("cloudfront", "get_distribution", Id=distribution_id) if distribution_id else None
    found = answer["Distribution"] if answer else None
    config = found["DistributionConfig"] if found else {}
    prefix, label = component.id, component.label
    yield compare(
        f"{prefix}.distribution",
        f"{label} distribution",
        f"enabled, Deployed, {component.price_class}",
        listed([_enabled(config), found["Status"], config["PriceClass"]]) if found else None,
    )
    bucket = f"bucket {reading.output('site_bucket_name') or 'of the site'}"
    yield compare(
        f"{prefix}.static",
        f"{label} serves static paths from the bucket, by origin access control",
        f"{bucket}, signed always",
        _static(config, reading) if found else None,
    )
    balancer = reading.output(f"{component.origin}_load_balancer_dns_name")
    yield compare(
        f"{prefix}.dynamic",
        f"{label} passes everything else on to the {component.origin} load balancer",
        balancer or f"the {component.origin} load balancer",
        _domain(config, config["DefaultCacheBehavior"]["TargetOriginId"]) if found else None,
    )
    yield compare(
        f"{prefix}.https",
        f"{label} redirects HTTP to HTTPS on every path",
        REDIRECT,
        listed(sorted({behaviour["ViewerProtocolPolicy"] for behaviour in _behaviours(config)}))
        if found
        else None,
    )


def _enabled(config: Answer) -> str:
    return "enabled" if config["Enabled"] else "disabled"


def _origins(config: Answer) -> Mapping[str, Answer]:
    return {origin["Id"]: origin for origin in config["Origins"]["Items"]}


def _domain(config: Answer, origin_id: str) -> str:
    origin = _origins(config).get(origin_id)
    return str(origin["DomainName"]) if origin else f"origin group {origin_id}"


def _paths(config: Answer) -> list[Answer]:
    return list(config.get("CacheBehaviors", {}).get("Items") or ())


def _behaviours(config: Answer) -> list[Answer]:
    return [config["DefaultCacheBehavior"], *_paths(config)]


def _static(config: Answer, reading: Reading) -> str:
    """Where the paths with a behaviour of their own come from, and how their requests are signed."""
    ids = {behaviour["TargetOriginId"] for behaviour in _paths(config)}
    origins = [origin for origin_id, origin in _origins(config).items() if origin_id in ids]
    return listed(sorted(_static_origin(origin, reading) for origin in origins), "no static path")


def _static_origin(origin: Answer, reading: Reading) -> str:
    bucket, _, service = origin["DomainName"].partition(".s3.")
    place = f"bucket {bucket}" if service else origin["DomainName"]
    control_id = origin.get("OriginAccessControlId")
    answer = reading.ask("cloudfront", "get_origin_access_control", Id=control_id) if control_id else None
    if answer is None:
        return f"{place}, not signed"
    return f"{place}, signed {answer['OriginAccessControl']['OriginAccessControlConfig']['SigningBehavior']}"


def site_bucket(component: SiteBucket, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """Where the bucket is, that the public is kept out, encryption, versions, and who may read."""
    name = reading.output("site_bucket_name")
    location = reading.ask("s3", "get_bucket_location", Bucket=name) if name else None
    region = None if location is None else location.get("LocationConstraint") or "us-east-1"
    bucket = name if region else None
    prefix, label = component.id, component.label
    yield compare(f"{prefix}.bucket", f"{label} of the site", architecture.region, region)
    yield compare(
        f"{prefix}.public-access",
        f"{label}: all public access is blocked",
        "blocked",
        _public_access(bucket, reading) if bucket else None,
    )
    yield compare(
        f"{prefix}.at-rest",
        f"{label}: encrypted and versioned",
        "AES256, versions Enabled",
        f"{_encryption(bucket, reading)}, versions {_versions(bucket, reading)}" if bucket else None,
    )
    yield compare(
        f"{prefix}.readers",
        f"{label}: whom its policy lets in",
        f"distribution {reading.output('distribution_id') or 'of the site'}",
        _readers(bucket, reading) if bucket else None,
    )


def _public_access(bucket: str, reading: Reading) -> str:
    answer = reading.ask("s3", "get_public_access_block", Bucket=bucket)
    settings = answer["PublicAccessBlockConfiguration"] if answer else {}
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    off = [name for name in names if not settings.get(name)]
    return f"without {listed(off)}" if off else "blocked"


def _encryption(bucket: str, reading: Reading) -> str:
    answer = reading.ask("s3", "get_bucket_encryption", Bucket=bucket)
    rules = answer["ServerSideEncryptionConfiguration"]["Rules"] if answer else ()
    return listed((r["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] for r in rules), "not encrypted")


def _versions(bucket: str, reading: Reading) -> str:
    answer = reading.ask("s3", "get_bucket_versioning", Bucket=bucket) or {}
    return str(answer.get("Status", "never enabled"))


def _readers(bucket: str, reading: Reading) -> str:
    answer = reading.ask("s3", "get_bucket_policy", Bucket=bucket)
    found = json.loads(answer["Policy"])["Statement"] if answer else []
    statements = found if isinstance(found, list) else [found]
    allowed = (_reader(statement) for statement in statements if statement["Effect"] == "Allow")
    return listed(sorted(set(allowed)), "nobody")


def _reader(statement: Answer) -> str:
    """`distribution E1`, for CloudFront on behalf of one distribution; else the principal as it stands."""
    principal = statement.get("Principal", "*")
    if principal != {"Service": "cloudfront.amazonaws.com"}:
        return "everybody" if principal in ("*", {"AWS": "*"}) else json.dumps(principal)
    equals = (statement.get("Condition") or {}).get("StringEquals") or {}
    source = next((value for key, value in equals.items() if key.lower() == "aws:sourcearn"), None)
    return f"distribution {source.rpartition('/')[2]}" if isinstance(source, str) else "any distribution"
