"""The bucket of pictures: private, uploads from the site alone, and who is told of them."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.media import MediaBucket
from groma.live.verify.delivery import published_bucket
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Reading


def media_bucket(component: MediaBucket, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The bucket, from where browsers upload, who is told, and what ends by itself."""
    yield from published_bucket(component, architecture, reading, "media_bucket_name")
    name = reading.output("media_bucket_name")
    there = name if name and reading.ask("s3", "get_bucket_location", Bucket=name) is not None else None
    topic = reading.output("uploaded_topic_arn")
    lines = (
        (
            "uploads", "browsers upload from the site alone", f"POST from https://{component.domain}",
            there and _cors(there, reading),
        ),
        (
            "notification", "who is told of uploads", f"{topic} below {component.upload_prefix}",
            there and told(there, reading),
        ),
        ("ends", "broken uploads end by themselves", "after 1 day", there and _ends(there, reading)),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def _cors(bucket: str, reading: Reading) -> str:
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


def _ends(bucket: str, reading: Reading) -> str:
    rules = reading.all("s3", "get_bucket_lifecycle_configuration", "Rules", Bucket=bucket)
    days = [
        rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]
        for rule in rules
        if rule["Status"] == "Enabled" and "AbortIncompleteMultipartUpload" in rule
    ]
    return listed((f"after {day} day" + ("s" if day != 1 else "") for day in days), "never")
