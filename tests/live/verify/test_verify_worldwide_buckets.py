"""Changes of buckets that are copied between regions that verify has to find."""

from __future__ import annotations

import json
from typing import Any

from fake_cloud import FakeClients, missing
from worldwide_cloud import ACCOUNT, BUCKETS, REGION, Row, parts, verified

from groma.components.replicated_bucket import ReplicatedBucket
from groma.live.verify.reading import Deployed, Reading
from groma.live.verify.registry import VERIFIERS


def test_a_bucket_that_is_copied_nowhere():
    architecture = parts()[REGION]
    component = architecture.of_type(ReplicatedBucket)[0]
    name = f"chirp-media-{ACCOUNT}-{REGION}"

    def gone(**_: object) -> Row:
        raise missing("ReplicationConfigurationNotFoundError")

    clients = FakeClients(
        {
            "s3.get_bucket_location": lambda **_: {"LocationConstraint": REGION},
            "s3.get_public_access_block": gone,
            "s3.get_bucket_encryption": gone,
            "s3.get_bucket_versioning": lambda **_: {},
            "s3.get_bucket_policy": gone,
            "s3.get_bucket_replication": gone,
            "s3.get_bucket_cors": gone,
            "s3.get_bucket_lifecycle_configuration": gone,
            "s3.head_object": gone,
            "s3.get_bucket_notification_configuration": lambda **_: {},
        }
    )
    reading = Reading(Deployed({"media_bucket_name": name}, clients), REGION)
    found = {f.id: f for f in VERIFIERS[ReplicatedBucket](component, architecture, reading)}
    assert found["media.copies"].actual == "nowhere"
    assert found["media.copies"].expected == f"chirp-media-{ACCOUNT}-us-east-1 in 15 minutes"
    assert found["media.notification"].actual == "nobody"


def bucket_found(**change: Any) -> dict[str, str]:
    """What is wrong with a bucket that holds the site, as designed but for some answers."""
    architecture = parts()[REGION]
    component = architecture.of_type(ReplicatedBucket)[0]
    arn = f"arn:aws:s3:::{BUCKETS[REGION]}"
    source = {"StringEquals": {"AWS:SourceArn": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"}}
    tls = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, f"{arn}/*"]}
    tls["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}
    reads = {"Principal": {"Service": "cloudfront.amazonaws.com"}, "Action": "s3:GetObject"}
    read = {"Effect": "Allow", **reads, "Resource": f"{arn}/*", "Condition": source}
    refusal = {"Effect": "Deny", **reads, "Resource": f"{arn}/uploads/*"} | change.pop("refusal", {})
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    encryption = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    rule = {
        "Status": "Enabled",
        "Filter": {"Prefix": "media/"},
        "Destination": {
            "Bucket": f"arn:aws:s3:::{BUCKETS['us-east-1']}",
            "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
        },
    }
    told = {
        "TopicArn": "arn:aws:sns:topic",
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "Prefix", "Value": "uploads/"}]}},
    }
    site = {"AllowedMethods": ["POST"], "AllowedOrigins": ["https://chirp.example.com"]}
    days = {"Expiration": {"Days": 15}, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}}
    short = {"Status": "Enabled", "Filter": {"Prefix": "uploads/"}, **days}
    answers: Row = {
        "s3.get_bucket_location": {"LocationConstraint": REGION},
        "s3.get_bucket_lifecycle_configuration": {"Rules": [short]},
        "s3.get_public_access_block": {"PublicAccessBlockConfiguration": dict.fromkeys(names, True)},
        "s3.get_bucket_encryption": {"ServerSideEncryptionConfiguration": encryption},
        "s3.get_bucket_versioning": {"Status": "Enabled"},
        "s3.get_bucket_policy": {"Policy": json.dumps({"Statement": [tls, read, refusal]})},
        "s3.head_object": {"ContentType": "text/html; charset=utf-8"},
        "s3.get_bucket_cors": {"CORSRules": [site]},
        "s3.get_bucket_replication": {"ReplicationConfiguration": {"Role": "r", "Rules": [rule]}},
        "s3.get_bucket_notification_configuration": {"TopicConfigurations": [told]},
        **{f"s3.{name}": value for name, value in change.items()},
    }
    outputs = {
        "media_bucket_name": BUCKETS[REGION],
        "distribution_id": "E1",
        "uploaded_topic_arn": "arn:aws:sns:topic",
    }
    return verified(component, architecture, outputs, answers)


def test_a_bucket_with_the_site_as_designed():
    assert bucket_found() == {}


def test_a_bucket_whose_unchecked_uploads_are_published():
    arn = f"arn:aws:s3:::{BUCKETS[REGION]}"
    for refusal in (
        {"Resource": f"{arn}/upload/*"},
        {"Principal": {"AWS": ACCOUNT}},
        {"Action": "s3:PutObject"},
        {"Condition": {"StringNotEquals": {"AWS:SourceArn": "arn:aws:cloudfront::another"}}},
    ):
        assert bucket_found(refusal=refusal) == {"media.unchecked": "*"}


def test_a_bucket_that_keeps_what_was_uploaded():
    found = bucket_found(get_bucket_lifecycle_configuration={"Rules": []})
    assert found == {"media.originals": "for ever when deleted, for ever when not"}


def test_a_bucket_that_takes_uploads_from_anywhere():
    anyone = {"CORSRules": [{"AllowedMethods": ["POST"], "AllowedOrigins": ["*"]}]}
    assert bucket_found(get_bucket_cors=anyone) == {"media.uploads": "POST from *"}
