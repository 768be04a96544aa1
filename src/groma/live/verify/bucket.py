"""A private bucket: where it is, that the public is kept out, encryption, versions, and TLS."""

from __future__ import annotations

import json
from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.bucket import Bucket
from groma.live.verify.delivery import at_rest, public_access
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading


def bucket(component: Bucket, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """A line for each of them; a bucket that is gone is missing in each."""
    name = reading.output("bucket_name")
    location = reading.ask("s3", "get_bucket_location", Bucket=name) if name else None
    region = None if location is None else location.get("LocationConstraint") or "us-east-1"
    there = name if region else None
    lines = (
        ("bucket", "region", architecture.region, region),
        ("public-access", "all public access is blocked", "blocked", there and public_access(there, reading)),
        ("at-rest", "encrypted and versioned", "AES256, versions Enabled", there and at_rest(there, reading)),
        ("policy", "whom its policy lets in, and how", "nobody, TLS only", there and _policy(there, reading)),
    )
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def _policy(name: str, reading: Reading) -> str:
    """Whom the bucket's policy lets in, and whether it refuses what does not come over TLS."""
    answer = reading.ask("s3", "get_bucket_policy", Bucket=name)
    found = json.loads(answer["Policy"])["Statement"] if answer else []
    statements = found if isinstance(found, list) else [found]
    allowed = sorted(json.dumps(s.get("Principal", "*")) for s in statements if s["Effect"] == "Allow")
    return listed(
        [*(allowed or ["nobody"]), "TLS only" if any(map(refuses_http, statements)) else "HTTP too"]
    )


def refuses_http(statement: Answer) -> bool:
    """Whether a statement denies everything to everybody who does not come over TLS."""
    condition = (statement.get("Condition") or {}).get("Bool") or {}
    secure = {key.lower(): str(value).lower() for key, value in condition.items()}
    everything = statement.get("Action") in ("s3:*", "*") and statement.get("Principal") in (
        "*",
        {"AWS": "*"},
    )
    return statement["Effect"] == "Deny" and everything and secure.get("aws:securetransport") == "false"
