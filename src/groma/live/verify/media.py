"""The bucket of pictures: private, uploads from the site alone, and who is told of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from groma.architecture import Architecture, Finding
from groma.components.media import UPLOAD_KEEP_DAYS, MediaBucket
from groma.live.verify.delivery import published_bucket
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading


def media_bucket(component: MediaBucket, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The bucket, from where browsers upload, who is told, and what ends by itself."""
    yield from published_bucket(component, architecture, reading, "media_bucket_name")
    name = reading.output("media_bucket_name")
    there = name if name and reading.ask("s3", "get_bucket_location", Bucket=name) is not None else None
    topic = reading.output("uploaded_topic_arn")
    lines = (
        (
            "uploads", "browsers upload from the site alone", f"POST from https://{component.domain}",
            there and uploaders(there, reading),
        ),
        (
            "notification", "who is told of uploads", f"{topic} below {component.upload_prefix}",
            there and told(there, reading),
        ),
        ("ends", "broken uploads end by themselves", "after 1 day", there and _ends(there, reading)),
        (
            "originals", "what was uploaded, with all that a camera wrote into it, does not stay",
            f"1 day when deleted, {UPLOAD_KEEP_DAYS} days when not",
            there and originals(there, component.upload_prefix, reading),
        ),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def uploaders(bucket: str, reading: Reading) -> str:
    """From which pages browsers may send to a bucket, and by which methods."""
    rules = reading.all("s3", "get_bucket_cors", "CORSRules", Bucket=bucket)
    return listed(
        (f"{listed(rule['AllowedMethods'])} from {listed(rule['AllowedOrigins'])}" for rule in rules),
        "nobody",
    )


def told(bucket: str, reading: Reading) -> str:
    """Which topics are told of new objects, and of which."""
    rows = reading.all("s3", "get_bucket_notification_configuration", "TopicConfigurations", Bucket=bucket)
    topics = []
    for row in rows:
        filters = row.get("Filter", {}).get("Key", {}).get("FilterRules", ())
        prefix = next((rule["Value"] for rule in filters if rule["Name"].lower() == "prefix"), "/")
        topics.append(f"{row['TopicArn']} below {prefix}")
    return listed(topics, "nobody")


def originals(bucket: str, prefix: str, reading: Reading) -> str:
    """For how long what lies below a prefix is kept, once it was deleted and when it never was."""
    below = [rule for rule in _rules(bucket, reading) if _covers(rule, prefix)]
    deleted = [rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays") for rule in below]
    left = [rule.get("Expiration", {}).get("Days") for rule in below]
    return f"{_soonest(deleted)} when deleted, {_soonest(left)} when not"


def _soonest(days: Iterable[int | None]) -> str:
    """What S3 does where several rules say something: the shortest."""
    shortest = min((each for each in days if each is not None), default=None)
    return "for ever" if shortest is None else f"{shortest} day" + ("s" if shortest != 1 else "")


def _rules(bucket: str, reading: Reading) -> list[Answer]:
    rules = reading.all("s3", "get_bucket_lifecycle_configuration", "Rules", Bucket=bucket)
    return [rule for rule in rules if rule["Status"] == "Enabled"]


def _covers(rule: Answer, prefix: str) -> bool:
    """Whether a rule is about everything below a prefix; one that asks for tags or sizes too is not."""
    chosen = rule.get("Filter", {"Prefix": rule.get("Prefix", "")})
    return not chosen.keys() - {"Prefix"} and prefix.startswith(chosen.get("Prefix", ""))


def _ends(bucket: str, reading: Reading) -> str:
    days = [
        rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]
        for rule in _rules(bucket, reading)
        if "AbortIncompleteMultipartUpload" in rule
    ]
    return listed((f"after {day} day" + ("s" if day != 1 else "") for day in days), "never")
