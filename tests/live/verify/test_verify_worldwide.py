"""Changes of what stands in several regions that verify has to find."""

from __future__ import annotations

import copy
import json
from functools import cache, partial
from typing import Any

import pytest
from chirp_parts import errors_asked_again
from fake_cloud import FakeClients, missing

from groma.architecture import Architecture, Component
from groma.components.cache import Cache
from groma.components.global_database import GlobalDatabase, GlobalSecret
from groma.components.global_distribution import GlobalDistribution
from groma.components.global_table import GlobalTable
from groma.components.latency_records import LatencyRecords
from groma.components.load_balancer import LoadBalancer
from groma.components.replicated_bucket import ReplicatedBucket
from groma.design import design
from groma.live.verify.behaviours import HEADERS
from groma.live.verify.reading import Deployed, Reading
from groma.live.verify.registry import VERIFIERS
from groma.workload import parse

WORKLOAD = """\
name: chirp
blueprint: worldwide
regions: [us-east-1, us-west-2]
domain: chirp.example.com
users: {total: 200_000, concurrent: 10_000}
"""
ACCOUNT, REGION = "111122223333", "us-west-2"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
KINDS = (
    Cache, GlobalDatabase, GlobalSecret, GlobalDistribution, GlobalTable, LatencyRecords, ReplicatedBucket,
)  # fmt: skip
Row = dict[str, Any]


@cache
def parts() -> dict[str, Architecture]:
    whole = design(parse(WORKLOAD), reasons=False).architecture
    return {part.scope: part.architecture for part in whole.parts}


def answered(value: Row, **_: object) -> Row:
    return copy.deepcopy(value)


def verified(component: Component, architecture: Architecture, outputs: Row, answers: Row) -> dict[str, str]:
    """What is not as designed: finding → what was found."""
    clients = FakeClients({name: partial(answered, value) for name, value in answers.items()})
    reading = Reading(Deployed(outputs, clients), architecture.region)
    return {f.id: f.actual for f in VERIFIERS[type(component)](component, architecture, reading) if not f.ok}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_never_deployed_is_missing(kind):
    architecture = next(part for part in parts().values() if part.of_type(kind))
    component = architecture.of_type(kind)[0]
    reading = Reading(Deployed({}, FakeClients({})), architecture.region)
    found = list(VERIFIERS[kind](component, architecture, reading))
    assert found
    assert not any(finding.ok for finding in found)
    assert {finding.actual for finding in found} == {"missing"}


def groups(port: int) -> Row:
    """One security group that lets in the application servers."""
    pair = {"GroupId": "sg-app", "UserId": ACCOUNT}
    rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [pair]}
    return {
        "SecurityGroups": [
            {"GroupId": "sg-data", "GroupName": "data", "IpPermissions": [rule]},
            {"GroupId": "sg-app", "GroupName": "chirp-usw2-app-servers", "IpPermissions": []},
        ]
    }


KEYS: Row = {"KeyMetadata": {"KeyId": "1", "Arn": KEY}}


def cache_cloud(component: Cache) -> tuple[Row, Row]:
    """The outputs and answers of a cache as designed, and its replication group, to be changed."""
    size = component.size
    members = [{"CacheClusterId": f"m{n}"} for n in range(2)]
    group: Row = {
        "Status": "available",
        "Engine": "valkey",
        "MemberClusters": [f"m{n}" for n in range(size.nodes)],
        "CacheNodeType": size.node_type,
        "NodeGroups": [{"NodeGroupMembers": members} for _ in range(size.shards)],
        "AutomaticFailover": "enabled",
        "MultiAZ": "enabled",
        "TransitEncryptionEnabled": True,
        "AtRestEncryptionEnabled": True,
        "KmsKeyId": KEY,
    }
    answers = {
        "elasticache.describe_replication_groups": {"ReplicationGroups": [group]},
        "elasticache.describe_cache_clusters": {
            "CacheClusters": [{"SecurityGroups": [{"SecurityGroupId": "sg-data"}]}]
        },
        "ec2.describe_security_groups": groups(6379),
        "kms.describe_key": KEYS,
    }
    return answers, group


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"CacheNodeType": "cache.t4g.micro"}, {"cache.nodes": "cache.t4g.micro"}),
        ({"AutomaticFailover": "disabled"}, {"cache.failover": "disabled, enabled"}),
        ({"KmsKeyId": None}, {"cache.encryption": "in transit, not encrypted"}),
        ({"TransitEncryptionEnabled": False}, {"cache.encryption": "plain in transit"}),
        ({"NodeGroups": []}, {"cache.shards": "0 × none"}),
        ({"Status": "deleting"}, {"cache.cache": "deleting, valkey"}),
    ],
)
def test_a_cache(change, found):
    architecture = parts()[REGION]
    component = architecture.of_type(Cache)[0]
    answers, group = cache_cloud(component)
    group.update({k: v for k, v in change.items() if v is not None})
    for name in (k for k, v in change.items() if v is None):
        del group[name]
    wrong = verified(component, architecture, {"cache_id": "chirp-cache", "vpc_id": "vpc-1"}, answers)
    assert set(wrong) == set(found)
    assert all(text in wrong[name] for name, text in found.items())


def database_cloud(component: GlobalDatabase) -> tuple[Row, Row, list[Row], Row]:
    """A secondary cluster as designed: answers, the cluster, its instances, the global database's members."""
    cluster: Row = {
        "Status": "available",
        "Engine": "aurora-postgresql",
        "StorageEncrypted": True,
        "KmsKeyId": KEY,
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-data"}],
        "BackupRetentionPeriod": 7,
    }
    zones = [f"{REGION}{letter}" for letter in "abc"]
    instances = [
        {
            "DBClusterIdentifier": "chirp-database-us-west-2",
            "DBInstanceStatus": "available",
            "DBInstanceClass": component.size.choice.name,
            "AvailabilityZone": zones[n % 3],
        }
        for n in range(component.instances)
    ]
    arn = f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:chirp-database-us-west-2"
    member: Row = {"DBClusterArn": arn, "IsWriter": False}
    answers = {
        "rds.describe_db_clusters": {"DBClusters": [cluster]},
        "rds.describe_db_instances": {"DBInstances": instances},
        "rds.describe_global_clusters": {"GlobalClusters": [{"GlobalClusterMembers": [member]}]},
        "ec2.describe_security_groups": groups(5432),
        "kms.describe_key": KEYS,
    }
    return answers, cluster, instances, member


def database_found(answers: Row) -> dict[str, str]:
    architecture = parts()[REGION]
    component = architecture.of_type(GlobalDatabase)[0]
    outputs = {"database_cluster_id": "chirp-database-us-west-2", "vpc_id": "vpc-1"}
    return verified(component, architecture, outputs, answers)


def test_a_secondary_cluster_as_designed():
    component = parts()[REGION].of_type(GlobalDatabase)[0]
    assert component.role == "secondary"
    assert database_found(database_cloud(component)[0]) == {}


def test_an_instance_that_is_gone():
    answers, _, instances, _ = database_cloud(parts()[REGION].of_type(GlobalDatabase)[0])
    instances.pop()
    assert set(database_found(answers)) == {"database.instances"}


def test_a_secondary_that_was_promoted():
    answers, _, _, member = database_cloud(parts()[REGION].of_type(GlobalDatabase)[0])
    member["IsWriter"] = True
    assert database_found(answers) == {"database.role": "primary of chirp-database"}


def test_a_cluster_that_was_taken_out_of_the_global_database():
    answers, _, _, _ = database_cloud(parts()[REGION].of_type(GlobalDatabase)[0])
    answers["rds.describe_global_clusters"] = {"GlobalClusters": [{"GlobalClusterMembers": []}]}
    assert database_found(answers) == {"database.role": "none of chirp-database"}


def test_backups_that_were_shortened():
    answers, cluster, _, _ = database_cloud(parts()[REGION].of_type(GlobalDatabase)[0])
    cluster["BackupRetentionPeriod"] = 1
    assert database_found(answers) == {"database.backups": "kept 1 days"}


def records_cloud() -> tuple[Row, Row]:
    """The latency records as designed, and one of them."""
    records = [
        {
            "Name": "regions.chirp.example.com.",
            "Type": "A",
            "Region": region,
            "AliasTarget": {"HostedZoneId": "Z1", "DNSName": "lb.", "EvaluateTargetHealth": True},
            "HealthCheckId": f"check-{region}",
        }
        for region in ("us-east-1", "us-west-2")
    ]
    config = {
        "Type": "HTTP", "Port": 80, "ResourcePath": "/healthz", "FailureThreshold": 3, "RequestInterval": 10,
    }  # fmt: skip
    answers = {
        "route53.list_resource_record_sets": {"ResourceRecordSets": records},
        "route53.get_health_check": {"HealthCheck": {"HealthCheckConfig": config}},
    }
    return answers, {"records": records, "config": config}


def records_found(answers: Row) -> dict[str, str]:
    architecture = parts()[""]
    checks = {region: f"check-{region}" for region in ("us-east-1", "us-west-2")}
    outputs = {"zone_id": "Z1", "health_check_ids": checks}
    return verified(architecture.of_type(LatencyRecords)[0], architecture, outputs, answers)


def test_latency_records_as_designed():
    assert records_found(records_cloud()[0]) == {}


def test_a_region_without_its_record():
    answers, rows = records_cloud()
    del rows["records"][1]
    assert records_found(answers) == {"regions.record-us-west-2": "missing"}


def test_a_record_that_no_longer_asks_for_health():
    answers, rows = records_cloud()
    rows["records"][0]["AliasTarget"]["EvaluateTargetHealth"] = False
    assert set(records_found(answers)) == {"regions.record-us-east-1"}


def test_a_slow_health_check():
    answers, rows = records_cloud()
    rows["config"]["RequestInterval"] = 30
    assert set(records_found(answers)) == {"regions.check-us-east-1", "regions.check-us-west-2"}


def test_a_table_that_lost_its_copy():
    architecture = parts()[""]
    component = architecture.of_type(GlobalTable)[0]
    table: Row = {"TableName": "chirp", "Replicas": [{"RegionName": REGION, "ReplicaStatus": "ACTIVE"}]}
    table |= {"TableStatus": "ACTIVE", "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}
    name, hash_key, range_key = component.index

    def schema(*names: str) -> list[Row]:
        kinds = zip(names, ("HASH", "RANGE"), strict=True)
        return [{"AttributeName": each, "KeyType": kind} for each, kind in kinds]

    table["KeySchema"] = schema(component.hash_key, component.range_key)
    table["GlobalSecondaryIndexes"] = [{"IndexName": name, "KeySchema": schema(hash_key, range_key)}]
    answers = {
        "dynamodb.describe_table": {"Table": table},
        "dynamodb.describe_time_to_live": {
            "TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": component.ttl}
        },
        "dynamodb.describe_continuous_backups": {
            "ContinuousBackupsDescription": {
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"},
            }
        },
    }
    outputs = {"table_name": "chirp"}
    assert verified(component, architecture, outputs, answers) == {}
    table["Replicas"] = []
    assert verified(component, architecture, outputs, answers) == {"table.copies": "us-east-1"}


def test_a_secret_without_its_copy():
    architecture = parts()["us-east-1"]
    component = architecture.of_type(GlobalSecret)[0]
    secret: Row = {"KmsKeyId": KEY, "ReplicationStatus": [{"Region": REGION, "Status": "InSync"}]}
    answers = {"secretsmanager.describe_secret": secret, "kms.describe_key": KEYS}
    outputs = {"database_secret_arn": "arn:secret"}
    assert verified(component, architecture, outputs, answers) == {}
    secret["ReplicationStatus"] = [{"Region": REGION, "Status": "Failed"}]
    assert verified(component, architecture, outputs, answers) == {"secret.copies": "none"}


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


KEY_VALUE = "7d9f2c1e-58a4-4c0e-9a57-0c2f8d1b6e33"
BUCKETS = {region: f"chirp-media-{ACCOUNT}-{region}" for region in ("us-east-1", "us-west-2")}


def distribution_config() -> Row:
    """The configuration of the distribution as designed."""
    origins: list[Row] = [
        {
            "Id": f"media-{n}",
            "DomainName": f"{name}.s3.{region}.amazonaws.com",
            "OriginAccessControlId": "OAC1",
        }
        for n, (region, name) in enumerate(BUCKETS.items(), 1)
    ]
    ways: Row = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"}
    header = {"HeaderName": "X-Origin-Key", "HeaderValue": KEY_VALUE}
    origins.append(
        {
            "Id": "application",
            "DomainName": "regions.chirp.example.com",
            "CustomOriginConfig": ways,
            "CustomHeaders": {"Quantity": 1, "Items": [header]},
        }
    )
    members = [{"OriginId": "media-1"}, {"OriginId": "media-2"}]
    common = {"ViewerProtocolPolicy": "redirect-to-https", "ResponseHeadersPolicyId": "H1"}
    methods = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    api = {
        **common,
        "PathPattern": "/api/*",
        "TargetOriginId": "application",
        "AllowedMethods": {"Quantity": len(methods), "Items": methods},
        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "OriginRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3",
    }
    return {
        "Enabled": True,
        "PriceClass": "PriceClass_All",
        "Aliases": {"Quantity": 1, "Items": ["chirp.example.com"]},
        "DefaultRootObject": "index.html",
        "Origins": {"Quantity": 3, "Items": origins},
        "OriginGroups": {
            "Quantity": 1,
            "Items": [{"Id": "media", "Members": {"Quantity": 2, "Items": members}}],
        },
        "DefaultCacheBehavior": {**common, "TargetOriginId": "media"},
        "CacheBehaviors": {"Quantity": 1, "Items": [api]},
        "CustomErrorResponses": {"Quantity": 5, "Items": errors_asked_again()},
    }


def distribution_found(config: Row) -> dict[str, str]:
    architecture = parts()[""]
    headers: Row = {name: {} for name in HEADERS}
    policy = {"ResponseHeadersPolicyConfig": {"Name": "chirp", "SecurityHeadersConfig": headers}}
    control = {"Name": "chirp", "SigningBehavior": "always"}
    answers = {
        "cloudfront.get_distribution": {"Distribution": {"Status": "Deployed", "DistributionConfig": config}},
        "cloudfront.get_origin_access_control": {
            "OriginAccessControl": {"OriginAccessControlConfig": control}
        },
        "cloudfront.get_response_headers_policy": {"ResponseHeadersPolicy": policy},
    }
    outputs = {
        "distribution_id": "E1",
        "regions_name": "regions.chirp.example.com",
        "origin_bucket_names": BUCKETS,
    }
    return verified(architecture.of_type(GlobalDistribution)[0], architecture, outputs, answers)


def test_a_distribution_as_designed():
    assert distribution_found(distribution_config()) == {}


def test_a_distribution_without_its_second_bucket():
    config = distribution_config()
    config["DefaultCacheBehavior"]["TargetOriginId"] = "media-1"
    bucket = f"bucket {BUCKETS['us-east-1']} signed always"
    assert distribution_found(config) == {
        "cdn.paths": f"/api/* to regions.chirp.example.com over http-only, all else to {bucket}"
    }


def test_a_distribution_that_caches_the_application():
    config = distribution_config()
    config["CacheBehaviors"]["Items"][0]["CachePolicyId"] = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    assert distribution_found(config) == {
        "cdn.api": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT; cached; every header"
    }


def test_a_distribution_that_keeps_errors_of_the_application():
    config = distribution_config()
    config["CustomErrorResponses"]["Items"][3]["ErrorCachingMinTTL"] = 10
    found = {"cdn.api": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT; errors cached; every header"}
    assert distribution_found(config) == found
    assert distribution_found(config | {"CustomErrorResponses": {"Quantity": 0}}) == found


def test_a_distribution_without_a_first_page():
    config = distribution_config() | {"DefaultRootObject": ""}
    assert distribution_found(config) == {"cdn.root": "nothing"}


def listener_cloud() -> tuple[Row, list[Row]]:
    """The public load balancer of a region as designed, and the rules of its listener, to be changed."""
    arn = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:"
    target = f"{arn}targetgroup/chirp-usw2-web/2"
    forward = [{"Type": "forward", "TargetGroupArn": target}]
    header = {"HttpHeaderName": "X-Origin-Key", "Values": [KEY_VALUE]}
    conditions = [
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/healthz"]}},
        {"Field": "http-header", "HttpHeaderConfig": header},
    ]
    rules = [
        {"Priority": str(2 - n), "IsDefault": False, "Conditions": [each], "Actions": forward}
        for n, each in enumerate(conditions)
    ]
    refusal = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}
    listener = {
        "ListenerArn": f"{arn}listener/1",
        "Protocol": "HTTP",
        "Port": 80,
        "DefaultActions": [refusal],
    }
    answers = {
        "elbv2.describe_load_balancers": {
            "LoadBalancers": [
                {
                    "LoadBalancerArn": f"{arn}loadbalancer/app/chirp-usw2-web/1",
                    "State": {"Code": "active"},
                    "Scheme": "internet-facing",
                    "AvailabilityZones": [],
                }
            ]
        },
        "elbv2.describe_listeners": {"Listeners": [listener]},
        "elbv2.describe_rules": {"Rules": rules},
        "cloudfront.get_distribution": {"Distribution": {"DistributionConfig": distribution_config()}},
        "ec2.describe_security_groups": {"SecurityGroups": []},
    }
    return answers, rules


def listener_found(answers: Row) -> dict[str, str]:
    """What is wrong with the listener; subnets and groups are another test's."""
    architecture = parts()[REGION]
    component = next(each for each in architecture.of_type(LoadBalancer) if not each.internal)
    found = verified(component, architecture, {"distribution_id": "E1", "vpc_id": "vpc-1"}, answers)
    return {
        name: actual for name, actual in found.items() if name in ("web-lb.listener", "web-lb.origin-key")
    }


def test_a_load_balancer_lets_in_its_distribution_and_health_checks():
    assert listener_found(listener_cloud()[0]) == {}


def test_a_load_balancer_that_refuses_health_checks():
    answers, rules = listener_cloud()
    del rules[0]
    found = listener_found(answers)
    assert found == {"web-lb.listener": "HTTP 80 → header X-Origin-Key → chirp-usw2-web, else 403"}


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
