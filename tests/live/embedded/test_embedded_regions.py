"""What spans regions: the same from each of them, and after the emulators were killed and started again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from groma.live.embedded import EmbeddedCloud, Endpoints
from groma.live.embedded.record import read_record

pytestmark = pytest.mark.slow

HOME, AWAY, FAR = "us-east-1", "us-west-2", "eu-west-1"
AURORA = {"Engine": "aurora-postgresql", "EngineVersion": "16.8"}
Reader = Callable[[], Any]


def aurora(aws: Endpoints) -> Reader:
    home, far = aws.client("rds", HOME), aws.client("rds", FAR)
    home.create_global_cluster(GlobalClusterIdentifier="chirp", DatabaseName="chirp", **AURORA)
    user = {"MasterUsername": "groma", "MasterUserPassword": "a-password"}
    home.create_db_cluster(DBClusterIdentifier="home", GlobalClusterIdentifier="chirp", **AURORA, **user)
    far.create_db_cluster(DBClusterIdentifier="far", GlobalClusterIdentifier="chirp", **AURORA)
    for client, cluster in ((home, "home"), (far, "far")):
        client.create_db_instance(
            DBInstanceIdentifier=f"{cluster}-1",
            DBClusterIdentifier=cluster,
            DBInstanceClass="db.r7g.large",
            Engine=AURORA["Engine"],
        )
    return lambda: (
        [(m["DBClusterArn"], m["IsWriter"]) for m in _global(home)["GlobalClusterMembers"]],
        _global(far)["DatabaseName"],
        far.describe_db_instances(DBInstanceIdentifier="far-1")["DBInstances"][0]["DBClusterIdentifier"],
    )


def _global(rds: Any) -> Any:
    return rds.describe_global_clusters(GlobalClusterIdentifier="chirp")["GlobalClusters"][0]


def cache(aws: Endpoints) -> Reader:
    far = aws.client("elasticache", FAR)
    sign_in = {"AccessString": "on ~* +@all", "AuthenticationMode": {"Type": "iam"}}
    far.create_user(UserId="app", UserName="app", Engine="valkey", **sign_in)
    far.create_user_group(UserGroupId="apps", Engine="valkey", UserIds=["app"])
    far.create_replication_group(
        ReplicationGroupId="chirp",
        ReplicationGroupDescription="chirp",
        Engine="valkey",
        EngineVersion="8.0",
        CacheNodeType="cache.m7g.large",
        ClusterMode="enabled",
        NumNodeGroups=2,
        ReplicasPerNodeGroup=1,
        UserGroupIds=["apps"],
    )
    return lambda: (
        [
            (row["CacheClusterId"], row["PreferredAvailabilityZone"])
            for row in far.describe_cache_clusters()["CacheClusters"]
        ],
        far.describe_user_groups(UserGroupId="apps")["UserGroups"],
    )


def secret(aws: Endpoints) -> Reader:
    key = aws.client("kms", FAR).create_key()["KeyMetadata"]["Arn"]
    replicas = [{"Region": FAR, "KmsKeyId": key}]
    aws.client("secretsmanager").create_secret(Name="chirp", SecretString="text", AddReplicaRegions=replicas)
    return lambda: (
        aws.client("secretsmanager", HOME).describe_secret(SecretId="chirp")["ReplicationStatus"],
        aws.client("secretsmanager", FAR).get_secret_value(SecretId="chirp")["SecretString"],
    )


def dns(aws: Endpoints) -> Reader:
    route53 = aws.client("route53")
    zone = route53.create_hosted_zone(Name="chirp.example", CallerReference="1")["HostedZone"]["Id"]
    asked = {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": "web.chirp.example",
        "Port": 443,
        "ResourcePath": "/",
    }
    check = route53.create_health_check(CallerReference="2", HealthCheckConfig=asked)["HealthCheck"]["Id"]
    record = {
        "Name": "origin.chirp.example",
        "Type": "A",
        "SetIdentifier": FAR,
        "Region": FAR,
        "HealthCheckId": check,
        "AliasTarget": {"HostedZoneId": "Z32O12XQLNTSW2", "DNSName": "web.elb", "EvaluateTargetHealth": True},
    }
    changes = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)
    return lambda: (
        route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"],
        route53.get_health_check(HealthCheckId=check)["HealthCheck"]["HealthCheckConfig"],
    )


def table(aws: Endpoints) -> Reader:
    """A global table: what is written in one region is read in another, also after the start."""
    home, far = aws.client("dynamodb", HOME), aws.client("dynamodb", FAR)
    home.create_table(
        TableName="timelines",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    home.update_table(TableName="timelines", ReplicaUpdates=[{"Create": {"RegionName": FAR}}])

    def read() -> Any:
        home.put_item(TableName="timelines", Item={"pk": {"S": "ada"}, "n": {"N": "1"}})
        found = far.get_item(TableName="timelines", Key={"pk": {"S": "ada"}}).get("Item")
        far.delete_item(TableName="timelines", Key={"pk": {"S": "ada"}})
        return found, home.get_item(TableName="timelines", Key={"pk": {"S": "ada"}}).get("Item")

    return read


def bucket(aws: Endpoints) -> Reader:
    """Two buckets that replicate to each other."""
    regions = {"home": HOME, "away": AWAY}
    for name, region in regions.items():
        s3 = aws.client("s3", region)
        place = {} if region == HOME else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=name, **place)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for name, other in (("home", "away"), ("away", "home")):
        rule = {
            "ID": other,
            "Priority": 1,
            "Status": "Enabled",
            "Filter": {},
            "DeleteMarkerReplication": {"Status": "Enabled"},
            "Destination": {"Bucket": f"arn:aws:s3:::{other}"},
        }
        rules = {"Role": "arn:aws:iam::123456789012:role/replication", "Rules": [rule]}
        aws.client("s3", regions[name]).put_bucket_replication(Bucket=name, ReplicationConfiguration=rules)

    def read() -> Any:
        home, away = aws.client("s3", HOME), aws.client("s3", AWAY)
        home.put_object(Bucket="home", Key="a.txt", Body=b"written at home")
        away.put_object(Bucket="away", Key="b.txt", Body=b"written away")
        return _content(away, "away", "a.txt"), _content(home, "home", "b.txt")

    return read


def _content(s3: Any, bucket_name: str, key: str) -> bytes:
    deadline = time.monotonic() + 60
    while True:
        try:
            body: bytes = s3.get_object(Bucket=bucket_name, Key=key)["Body"].read()
            return body
        except s3.exceptions.NoSuchKey:
            assert time.monotonic() < deadline, f"{key} has not reached {bucket_name}"
            time.sleep(0.1)


def topic(aws: Endpoints) -> Reader:
    sns, sqs = aws.client("sns", HOME), aws.client("sqs", FAR)
    arn, url = sns.create_topic(Name="posted")["TopicArn"], sqs.create_queue(QueueName="told")["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=told, Attributes={"RawMessageDelivery": "true"})

    def read() -> Any:
        sns.publish(TopicArn=arn, Message="said at home")
        (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return message["Body"], sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]

    return read


MAKERS = {maker.__name__: maker for maker in (aurora, cache, secret, dns, table, bucket, topic)}
EXPECTED = {
    "table": ({"pk": {"S": "ada"}, "n": {"N": "1"}}, None),
    "bucket": (b"written at home", b"written away"),
}


@pytest.fixture(scope="module")
def read_back(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What each says, before its emulator was killed and after it was started again."""
    directory: Path = tmp_path_factory.mktemp("regions")
    cloud = EmbeddedCloud(directory / "cloud", key_file=directory / "key")
    try:
        aws = cloud.start()
        readers = {name: make(aws) for name, make in MAKERS.items()}
        before = {name: read() for name, read in readers.items()}
        cloud.save()
        record = read_record(cloud.directory)
        assert record is not None
        for server in record.servers.values():
            os.kill(server.pid, signal.SIGKILL)
        assert cloud.start() == aws
        yield before, {name: read() for name, read in readers.items()}
    finally:
        cloud.stop(discard=True)


@pytest.mark.parametrize("name", list(MAKERS))
def test_it_says_the_same_after_a_kill(read_back: Any, name: str) -> None:
    before, after = read_back
    assert before[name]
    assert after[name] == before[name]


def test_a_message_of_one_region_comes_to_a_queue_in_another(read_back: Any) -> None:
    message, subscriptions = read_back[0]["topic"]
    assert message == "said at home"
    assert [each["Endpoint"].split(":")[3] for each in subscriptions] == [FAR]


@pytest.mark.parametrize("name", list(EXPECTED))
def test_what_is_written_in_one_region_is_read_in_another(read_back: Any, name: str) -> None:
    before, _ = read_back
    assert before[name] == EXPECTED[name]


def test_the_first_region_of_a_global_database_writes(read_back: Any) -> None:
    members, database, cluster = read_back[0]["aurora"]
    assert [(arn.rpartition(":")[2], writes) for arn, writes in members] == [("home", True), ("far", False)]
    assert (database, cluster) == ("chirp", "far")
