"""S3 in several regions: one region's bucket, where its objects are copied to, and who is told of uploads."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.replicated_bucket import ReplicatedBucket
from groma.live.verify.delivery import published_bucket
from groma.live.verify.findings import compare, listed
from groma.live.verify.media import told
from groma.live.verify.reading import Reading


def replicated_bucket(
    component: ReplicatedBucket, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """The bucket, its copies in the other regions, and the topic of uploads."""
    yield from published_bucket(component, architecture, reading, f"{component.id}_bucket_name")
    name = reading.output(f"{component.id}_bucket_name")
    there = name if name and reading.ask("s3", "get_bucket_location", Bucket=name) is not None else None
    copies = sorted(f"{_in(name, architecture.region, other)} in 15 minutes" for other in component.others)
    topic = reading.output(f"{component.topic}_topic_arn")
    lines = (
        (
            "copies", f"what begins with {component.published_prefix} is copied to", listed(copies),
            there and _copies(there, component.published_prefix, reading),
        ),
        (
            "notification", "who is told of uploads", f"{topic} below {component.upload_prefix}",
            there and told(there, reading),
        ),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def _in(name: str | None, region: str, other: str) -> str:
    """The name of the bucket of another region: names end with the region."""
    return f"{(name or '').removesuffix(region)}{other}"


def _copies(bucket: str, prefix: str, reading: Reading) -> str:
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
