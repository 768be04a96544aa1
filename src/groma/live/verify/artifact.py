"""The bucket of releases: that it is private, and holds the release that this design starts servers with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from groma.application import Released
from groma.architecture import Architecture, Finding
from groma.components.artifact import ArtifactBucket
from groma.live.verify.delivery import at_rest, kept, public_access
from groma.live.verify.findings import compare
from groma.live.verify.reading import Reading

KEY = "application.zip"


def artifact_bucket(
    component: ArtifactBucket, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """A line for each of them; a bucket that is gone is missing in each."""
    name = reading.output("artifact_bucket_name")
    there = name if name and reading.ask("s3", "get_bucket_location", Bucket=name) is not None else None
    shipped = architecture.application.shipped
    release = shipped.release() if isinstance(shipped, Released) else b""
    expected = hashlib.sha256(release).hexdigest()[:12]
    lines = (
        ("public-access", "all public access is blocked", "blocked", there and public_access(there, reading)),
        ("at-rest", "encrypted and versioned", kept(architecture), there and at_rest(there, reading)),
        ("release", "the release it holds, by its SHA-256", expected, there and _held(there, reading)),
    )
    for aspect, what, wanted, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", wanted, actual)


def _held(name: str, reading: Reading) -> str:
    answer = reading.ask("s3", "get_object", Bucket=name, Key=KEY)
    return hashlib.sha256(answer["Body"].read()).hexdigest()[:12] if answer else "none"
