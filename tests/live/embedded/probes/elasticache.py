from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from groma.live.embedded import Endpoints
from probes.network import two_subnets, unique


def _subnet_group(aws: Endpoints) -> str:
    name, (_, subnets) = unique("cache"), two_subnets(aws)
    aws.client("elasticache").create_cache_subnet_group(
        CacheSubnetGroupName=name, CacheSubnetGroupDescription=name, SubnetIds=subnets
    )
    return name


def _cache(aws: Endpoints, shards: int, replicas: int, **settings: Any) -> str:
    name = unique("cache")
    aws.client("elasticache").create_replication_group(
        ReplicationGroupId=name,
        ReplicationGroupDescription=name,
        Engine="valkey",
        EngineVersion="8.0",
        CacheNodeType="cache.m7g.large",
        CacheParameterGroupName="default.valkey8.cluster.on",
        ClusterMode="enabled",
        NumNodeGroups=shards,
        ReplicasPerNodeGroup=replicas,
        **settings,
    )
    return name


def _nodes(aws: Endpoints, group: str) -> list[Any]:
    rows = aws.client("elasticache").describe_cache_clusters()["CacheClusters"]
    return [row for row in rows if row.get("ReplicationGroupId") == group]


def _shards(aws: Endpoints, group: str) -> list[Any]:
    asked = aws.client("elasticache").describe_replication_groups(ReplicationGroupId=group)
    shards: list[Any] = asked["ReplicationGroups"][0]["NodeGroups"]
    return shards


def nodes(aws: Endpoints) -> None:
    settings = {
        "CacheSubnetGroupName": _subnet_group(aws),
        "SecurityGroupIds": ["sg-0123456789abcdef0"],
        "TransitEncryptionEnabled": True,
        "TransitEncryptionMode": "required",
        "AtRestEncryptionEnabled": True,
    }
    cache = _cache(aws, shards=2, replicas=1, **settings)
    made = _nodes(aws, cache)
    zones = {
        row["CacheClusterId"].removeprefix(f"{cache}-"): row["PreferredAvailabilityZone"] for row in made
    }
    assert zones == {
        "0001-001": "us-east-1a",
        "0001-002": "us-east-1b",
        "0002-001": "us-east-1b",
        "0002-002": "us-east-1a",
    }
    for row in made:
        assert (row["Engine"], row["EngineVersion"]) == ("valkey", "8.0")
        assert row["CacheParameterGroup"]["CacheParameterGroupName"] == "default.valkey8.cluster.on"
        assert row["CacheSubnetGroupName"] == settings["CacheSubnetGroupName"]
        assert [group["SecurityGroupId"] for group in row["SecurityGroups"]] == settings["SecurityGroupIds"]
        assert row["TransitEncryptionMode"] == "required"
        assert row["AtRestEncryptionEnabled"] is True
    assert [shard["Slots"] for shard in _shards(aws, cache)] == ["0-8191", "8192-16383"]
    far = aws.client("elasticache", "eu-west-1")
    far.create_replication_group(
        ReplicationGroupId=cache, ReplicationGroupDescription=cache, ClusterMode="enabled", NumNodeGroups=1
    )
    (node,) = far.describe_cache_clusters(CacheClusterId=f"{cache}-0001-001")["CacheClusters"]
    assert node["PreferredAvailabilityZone"] == "eu-west-1a"


def resizing(aws: Endpoints) -> None:
    elasticache, cache = aws.client("elasticache"), _cache(aws, shards=1, replicas=1)
    for shards in (3, 2):
        elasticache.modify_replication_group_shard_configuration(
            ReplicationGroupId=cache, NodeGroupCount=shards, ApplyImmediately=True
        )
        assert [len(shard["NodeGroupMembers"]) for shard in _shards(aws, cache)] == [2] * shards
        assert len(_nodes(aws, cache)) == 2 * shards
    settings = {"ReplicationGroupId": cache, "ApplyImmediately": True}
    elasticache.increase_replica_count(**settings, NewReplicaCount=3)
    assert len(_nodes(aws, cache)) == 8
    elasticache.decrease_replica_count(**settings, NewReplicaCount=1)
    assert len(_nodes(aws, cache)) == 4


def node_type(aws: Endpoints) -> None:
    cache = _cache(aws, shards=1, replicas=1)
    aws.client("elasticache").modify_replication_group(
        ReplicationGroupId=cache, CacheNodeType="cache.m7g.xlarge", ApplyImmediately=True
    )
    assert [row["CacheNodeType"] for row in _nodes(aws, cache)] == ["cache.m7g.xlarge"] * 2


def removal(aws: Endpoints) -> None:
    elasticache, subnet_group = aws.client("elasticache"), _subnet_group(aws)
    cache = _cache(aws, shards=1, replicas=1, CacheSubnetGroupName=subnet_group)
    elasticache.delete_replication_group(ReplicationGroupId=cache)
    groups = elasticache.describe_replication_groups()["ReplicationGroups"]
    assert cache not in [row["ReplicationGroupId"] for row in groups]
    assert _nodes(aws, cache) == []
    elasticache.delete_cache_subnet_group(CacheSubnetGroupName=subnet_group)
    with pytest.raises(ClientError, match="CacheSubnetGroupNotFoundFault"):
        elasticache.describe_cache_subnet_groups(CacheSubnetGroupName=subnet_group)
