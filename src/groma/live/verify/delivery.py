"""CloudFront and the bucket behind it: origins, HTTPS, and that nobody else reads the bucket."""

from __future__ import annotations

import json
from collections.abc import Iterator

from groma.architecture import Architecture, Component, Finding
from groma.components.delivery import Distribution, SiteBucket
from groma.live.verify.behaviours import (
    ALL_ELSE,
    API,
    AWS_HEADERS,
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
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading

FIRST_PAGE, NO_PAGE = "index.html", "nothing"


def distribution(component: Distribution, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """State, what goes where, that the application is asked every time, HTTPS and headers."""
    distribution_id = reading.output("distribution_id")
    answer = reading.ask("cloudfront", "get_distribution", Id=distribution_id) if distribution_id else None
    found = answer["Distribution"] if answer else None
    config = found["DistributionConfig"] if found else {}
    bucket = reading.output("site_bucket_name") or "of the site"
    balancer = reading.output(f"{component.origin}_load_balancer_dns_name")
    asked = f"{balancer or f'the {component.origin} load balancer'} over http-only"
    if component.origin_name:
        asked = f"{component.origin_name} over https-only"
    asking = ALL_ELSE if component.bucket_paths else API
    lines = (
        (
            "distribution", "distribution", f"enabled, Deployed, {component.price_class}",
            listed([_enabled(config), found["Status"], config["PriceClass"]]) if found else None,
        ),
        (
            "paths", "what goes where",
            _ways(component, f"to {asked}", f"to {_read(bucket, architecture)}"),
            paths(config, reading) if found else None,
        ),
        named(component.domain, config if found else None, reading),
        guarded_by(component.firewall, config if found else None, reading),
        (
            "root", "/ is", NO_PAGE if component.bucket_paths else FIRST_PAGE,
            config.get("DefaultRootObject") or NO_PAGE if found else None,
        ),
        (
            "api", f"{asking} is passed on as it comes", PASSED_ON,
            passed_on(config, asking) if found else None,
        ),
        ("https", "redirects HTTP to HTTPS on every path", REDIRECT, https(config) if found else None),
        (
            "headers", "security headers", _guards(component),
            headers(config, reading) if found else None,
        ),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def _read(bucket: str, architecture: Architecture) -> str:
    """What is read: the bucket, or else what it is copied to."""
    copied_to = [each.copied_to for each in architecture.of_type(SiteBucket) if each.copied_to]
    names = [bucket, *(f"{bucket}-{region}" for region in copied_to)]
    return ", or else ".join(f"bucket {name} signed always" for name in names)


def _ways(component: Distribution, application: str, bucket: str) -> str:
    """What goes where by design, in the words of `paths`."""
    if not component.bucket_paths:
        return f"{API} {application}, {ALL_ELSE} {bucket}"
    return listed([*(f"{path} {bucket}" for path in component.bucket_paths), f"{ALL_ELSE} {application}"])


def _guards(component: Distribution) -> str:
    """The headers of pages, and beside an application that has pages of its own AWS's own for these."""
    return listed([*HEADERS.values(), *([AWS_HEADERS] if component.bucket_paths else [])])


def _enabled(config: Answer) -> str:
    return "enabled" if config["Enabled"] else "disabled"


def site_bucket(component: SiteBucket, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The bucket of the site, that the first page is in it where the stack puts any there, and its copies."""
    yield from published_bucket(component, architecture, reading, "site_bucket_name")
    if component.has_pages:
        yield published_pages(component, reading, "site_bucket_name")
    if component.copied_to:
        name = reading.output("site_bucket_name")
        yield copied(component, component.uploaded, f"{name}-{component.copied_to}", name, reading)


def copied(component: Component, prefix: str, to: str, bucket: str | None, reading: Reading) -> Finding:
    """To which one other bucket what begins with a prefix is copied."""
    return compare(
        f"{component.id}.copies",
        f"{component.label}: what begins with {prefix} is copied to",
        f"{to} in 15 minutes",
        copies(bucket, prefix, reading) if bucket else None,
    )


def copies(bucket: str, prefix: str, reading: Reading) -> str:
    """To which other buckets what begins with a prefix is copied, and how soon."""
    answer = reading.ask("s3", "get_bucket_replication", Bucket=bucket) or {}
    rules = answer.get("ReplicationConfiguration", {}).get("Rules", ())
    found = []
    for rule in rules:
        destination = rule["Destination"]
        time = destination.get("ReplicationTime", {})
        soon = time.get("Time", {}).get("Minutes") if time.get("Status") == "Enabled" else None
        begins = rule.get("Filter", {}).get("Prefix", "")
        if rule["Status"] == "Enabled" and begins == prefix:
            when = f"in {soon} minutes" if soon else "at some time"
            found.append(f"{destination['Bucket'].rpartition(':')[2]} {when}")
    return listed(sorted(found), "nowhere")


def published_pages(component: Component, reading: Reading, output: str) -> Finding:
    """That the first page is in a bucket; `output` is the Terraform output with its name."""
    name = reading.output(output)
    page = reading.ask("s3", "head_object", Bucket=name, Key=FIRST_PAGE) if name else None
    return compare(
        f"{component.id}.pages",
        f"{component.label}: the first page is published",
        f"{FIRST_PAGE}, text/html",
        f"{FIRST_PAGE}, {page['ContentType'].partition(';')[0]}" if page else None,
    )


def published_bucket(
    component: Component, architecture: Architecture, reading: Reading, output: str
) -> Iterator[Finding]:
    """Where a bucket is, that the public is kept out, encryption, versions, and who may read.

    Args:
        component: whose bucket it is.
        architecture: the design.
        reading: what is deployed.
        output: the Terraform output with its name.
    """
    name = reading.output(output)
    location = reading.ask("s3", "get_bucket_location", Bucket=name) if name else None
    region = None if location is None else location.get("LocationConstraint") or "us-east-1"
    bucket = name if region else None
    prefix, label = component.id, component.label
    yield compare(f"{prefix}.bucket", f"{label} of the site", architecture.region, region)
    yield compare(
        f"{prefix}.public-access",
        f"{label}: all public access is blocked",
        "blocked",
        public_access(bucket, reading) if bucket else None,
    )
    yield compare(
        f"{prefix}.at-rest",
        f"{label}: encrypted and versioned",
        kept(architecture),
        at_rest(bucket, reading) if bucket else None,
    )
    yield compare(
        f"{prefix}.readers",
        f"{label}: whom its policy lets in",
        f"distribution {reading.output('distribution_id') or 'of the site'}",
        _readers(bucket, reading) if bucket else None,
    )


def public_access(bucket: str, reading: Reading) -> str:
    """Whether all public access to a bucket is blocked, or what is left open."""
    answer = reading.ask("s3", "get_public_access_block", Bucket=bucket)
    settings = answer["PublicAccessBlockConfiguration"] if answer else {}
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    off = [name for name in names if not settings.get(name)]
    return f"without {listed(off)}" if off else "blocked"


def kept(architecture: Architecture) -> str:
    """How a bucket of the stack is to be encrypted, and that it is to keep versions."""
    return f"{architecture.account.kms_key or 'AES256'}, versions Enabled"


def at_rest(bucket: str, reading: Reading) -> str:
    """How a bucket is encrypted, and whether it keeps versions."""
    return f"{_encryption(bucket, reading)}, versions {_versions(bucket, reading)}"


def _encryption(bucket: str, reading: Reading) -> str:
    answer = reading.ask("s3", "get_bucket_encryption", Bucket=bucket)
    rules = answer["ServerSideEncryptionConfiguration"]["Rules"] if answer else ()
    said = (rule["ApplyServerSideEncryptionByDefault"] for rule in rules)
    return listed((each.get("KMSMasterKeyID") or each["SSEAlgorithm"] for each in said), "not encrypted")


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
