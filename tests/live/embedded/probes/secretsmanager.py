from __future__ import annotations

from groma.live.embedded import Endpoints
from probes.network import unique


def replica_keys(aws: Endpoints) -> None:
    manager, name = aws.client("secretsmanager"), unique("secret")
    keys = {
        region: aws.client("kms", region).create_key()["KeyMetadata"]["Arn"]
        for region in ("us-west-2", "eu-west-1")
    }
    replicas = [{"Region": region, "KmsKeyId": key} for region, key in keys.items()]
    manager.create_secret(Name=name, SecretString="text", AddReplicaRegions=replicas)
    seen = manager.describe_secret(SecretId=name)["ReplicationStatus"]
    assert {row["Region"]: row["KmsKeyId"] for row in seen} == keys
    for region in keys:
        assert aws.client("secretsmanager", region).get_secret_value(SecretId=name)["SecretString"] == "text"
