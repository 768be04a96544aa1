"""S3 in several regions: one region's bucket, where its objects are copied to, and who is told of uploads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase

from groma.architecture import Architecture, Finding
from groma.components.media import UPLOAD_KEEP_DAYS
from groma.components.replicated_bucket import ReplicatedBucket
from groma.components.standby_bucket import StandbyBucket
from groma.live.verify.delivery import copied, copies, published_bucket, published_pages
from groma.live.verify.findings import compare, listed
from groma.live.verify.media import originals, told, uploaders
from groma.live.verify.reading import Answer, Reading


def replicated_bucket(
    component: ReplicatedBucket, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """The bucket and its pages, its copies in the other regions, who may upload, and the topic of uploads."""
    output = f"{component.id}_bucket_name"
    yield from published_bucket(component, architecture, reading, output)
    yield published_pages(component, reading, output)
    name = reading.output(output)
    there = _standing(name, reading)
    others = sorted(f"{_in(name, architecture.region, other)} in 15 minutes" for other in component.others)
    topic = reading.output(f"{component.topic}_topic_arn")
    lines = (
        (
            "copies", f"what begins with {component.published_prefix} is copied to", listed(others),
            there and copies(there, component.published_prefix, reading),
        ),
        (
            "uploads", "browsers upload from the site alone", f"POST from {component.origin}",
            there and uploaders(there, reading),
        ),
        (
            "unchecked", "uploads that nobody has checked are read by", "nobody",
            there and _read_below(there, component.upload_prefix, reading),
        ),
        (
            "originals", "what was uploaded, with all that a camera wrote into it, does not stay",
            f"1 day when deleted, {UPLOAD_KEEP_DAYS} days when not",
            there and originals(there, component.upload_prefix, reading),
        ),
        (
            "notification", "who is told of uploads", f"{topic} below {component.upload_prefix}",
            there and told(there, reading),
        ),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def standby_bucket(
    component: StandbyBucket, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """The bucket and its pages, that pictures go back home from it, and who may upload."""
    output = f"{component.id}_bucket_name"
    yield from published_bucket(component, architecture, reading, output)
    yield published_pages(component, reading, output)
    name = reading.output(output)
    there = _standing(name, reading)
    home = (name or "").removesuffix(f"-{architecture.region}")
    yield copied(component, component.uploaded, home, there, reading)
    yield compare(
        f"{component.id}.uploads",
        f"{component.label}: browsers upload from the site alone",
        f"POST from {component.origin}",
        there and uploaders(there, reading),
    )


def _standing(name: str | None, reading: Reading) -> str | None:
    """The name of a bucket that is there."""
    return name if name and reading.ask("s3", "get_bucket_location", Bucket=name) is not None else None


def _in(name: str | None, region: str, other: str) -> str:
    """The name of the bucket of another region: names end with the region."""
    return f"{(name or '').removesuffix(region)}{other}"


def _read_below(bucket: str, prefix: str, reading: Reading) -> str:
    """Which patterns of the bucket's policy let somebody read what is below a prefix."""
    answer = reading.ask("s3", "get_bucket_policy", Bucket=bucket)
    statements = json.loads(answer["Policy"])["Statement"] if answer else []
    key = f"{prefix}x"
    refused = [each["Principal"] for each in statements if _refuses(each) and _reaching(each, key)]
    patterns = (
        pattern
        for statement in statements
        if statement["Effect"] == "Allow" and statement["Principal"] not in refused and "*" not in refused
        for pattern in _reaching(statement, key)
    )
    return listed(patterns, "nobody")


def _refuses(statement: Answer) -> bool:
    """Whether a statement refuses its principal to read objects, however it asks."""
    actions = _texts(statement["Action"])
    return statement["Effect"] == "Deny" and "Condition" not in statement and "s3:GetObject" in actions


def _reaching(statement: Answer, key: str) -> list[str]:
    """The patterns of a statement that a key is below."""
    patterns = (each.partition(":::")[2].partition("/")[2] for each in _texts(statement["Resource"]))
    return [pattern for pattern in patterns if fnmatchcase(key, pattern)]


def _texts(value: str | list[str]) -> list[str]:
    """A policy's text, or list of texts, as a list."""
    return [value] if isinstance(value, str) else value
