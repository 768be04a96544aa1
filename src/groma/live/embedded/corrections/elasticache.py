"""ElastiCache: replication groups and their nodes, subnet groups."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache import models
from moto.elasticache.exceptions import CacheSubnetGroupNotFound, ReplicationGroupNotFound
from moto.elasticache.responses import ElastiCacheResponse

from groma.live.embedded.corrections.registry import correction

Backend = models.ElastiCacheBackend
_SLOTS = 16_384


@correction(seen_in="5.2.5")
def nodes() -> None:
    """Upstream: makes no nodes for a replication group, and says that all of them are in us-east-1.

    Effect: in cluster mode each shard has its nodes, spread over the zones of the group's subnets.
    """
    original = Backend.create_replication_group

    def create(self: Any, **kwargs: Any) -> Any:
        group = original(self, **kwargs)
        if group.cluster_mode == "enabled":
            shards = kwargs.get("num_node_groups") or 1
            _lay_out(self, group, [1 + (kwargs.get("replicas_per_node_group") or 0)] * shards)
        return group

    Backend.create_replication_group = create


@correction(seen_in="5.2.5")
def resizing() -> None:
    """Upstream: cannot change how many shards and replicas a replication group has.

    Effect: the nodes follow the numbers asked for.
    """

    def shards(self: Any) -> Any:
        group, sizes = _group(self), _sizes(_group(self))
        wanted = int(self._get_param("NodeGroupCount"))
        _lay_out(self.elasticache_backend, group, (sizes + sizes[-1:] * wanted)[:wanted])
        return ActionResult({"ReplicationGroup": group})

    def replicas(self: Any) -> Any:
        group = _group(self)
        size = 1 + int(self._get_param("NewReplicaCount"))
        _lay_out(self.elasticache_backend, group, [size] * len(group.node_groups))
        return ActionResult({"ReplicationGroup": group})

    ElastiCacheResponse.modify_replication_group_shard_configuration = shards
    ElastiCacheResponse.increase_replica_count = replicas
    ElastiCacheResponse.decrease_replica_count = replicas


@correction(seen_in="5.2.5")
def node_type() -> None:
    """Upstream: changes the node type of a replication group, but not of its nodes.

    Effect: the nodes have the type of their group.
    """
    original = Backend.modify_replication_group

    def modify(self: Any, *args: Any, **kwargs: Any) -> Any:
        group = original(self, *args, **kwargs)
        for name in group.member_clusters:
            if name in self.cache_clusters:
                self.cache_clusters[name].cache_node_type = group.cache_node_type
        return group

    Backend.modify_replication_group = modify


@correction(seen_in="5.2.5")
def removal() -> None:
    """Upstream: keeps a deleted replication group for ever, and cannot delete a subnet group.

    Effect: both go, the group with its nodes.
    """
    original = Backend.delete_replication_group

    def delete(self: Any, replication_group_id: str, retain_primary_cluster: bool | None) -> Any:
        group = self.describe_replication_groups(replication_group_id)[0]
        for name in group.member_clusters:
            self.cache_clusters.pop(name, None)
        original(self, replication_group_id, retain_primary_cluster)
        return self.replication_groups.pop(replication_group_id)

    def delete_subnet_group(self: Any) -> Any:
        name = self._get_param("CacheSubnetGroupName")
        if self.elasticache_backend.cache_subnet_groups.pop(name, None) is None:
            raise CacheSubnetGroupNotFound(name)
        return EmptyResult()

    Backend.delete_replication_group = delete
    ElastiCacheResponse.delete_cache_subnet_group = delete_subnet_group


def _group(response: Any) -> Any:
    name = response._get_param("ReplicationGroupId")
    group = response.elasticache_backend.replication_groups.get(name)
    if group is None:
        raise ReplicationGroupNotFound(name)
    return group


def _sizes(group: Any) -> list[int]:
    """How many nodes each shard has."""
    return [len(shard["node_group_members"]) for shard in group.node_groups]


def _lay_out(backend: Any, group: Any, sizes: list[int]) -> None:
    """Give a group shards of these sizes, and make or take away nodes until each has its own."""
    zones = _zones(backend, group.cache_subnet_group_name)
    share = _SLOTS // len(sizes)
    group.node_groups = []
    for shard, size in enumerate(sizes):
        last = _SLOTS if shard == len(sizes) - 1 else share * (shard + 1)
        members = [
            {
                "cache_cluster_id": f"{group.replication_group_id}-{shard + 1:04}-{node + 1:03}",
                "cache_node_id": "0001",
                "preferred_availability_zone": zones[(shard + node) % len(zones)],
            }
            for node in range(size)
        ]
        group.node_groups.append(
            {
                "node_group_id": f"{shard + 1:04}",
                "status": "available",
                "slots": f"{share * shard}-{last - 1}",
                "node_group_members": members,
            }
        )
    placed = {m["cache_cluster_id"]: m for shard in group.node_groups for m in shard["node_group_members"]}
    for name in set(group.member_clusters) - set(placed):
        backend.cache_clusters.pop(name, None)
    group.member_clusters = list(placed)
    for name, member in placed.items():
        if name not in backend.cache_clusters:
            zone = member["preferred_availability_zone"]
            backend.cache_clusters[name] = _node(backend, group, name, zone)


def _zones(backend: Any, subnet_group: str | None) -> list[str]:
    """The zones of a group's subnets, sorted; those of an unknown group are the region's first three."""
    known = backend.cache_subnet_groups.get(subnet_group)
    if known is None:
        return [f"{backend.region_name}{letter}" for letter in "abc"]
    return sorted({subnet["subnet_availability_zone"] for subnet in known.subnets})


_NOT_OF_NODES = (
    "az_mode", "num_cache_nodes", "auth_token", "outpost_mode", "preferred_outpost_arn",
    "preferred_availability_zones", "preferred_outpost_arns", "log_delivery_configurations", "tags",
    "cache_node_ids_to_remove", "cache_node_ids_to_reboot", "snapshot_name", "snapshot_arns",
)  # fmt: skip
_OF_GROUP = (
    "cache_node_type", "engine", "engine_version", "cache_parameter_group_name", "cache_subnet_group_name",
    "transit_encryption_enabled", "network_type", "ip_discovery", "preferred_maintenance_window", "port",
    "notification_topic_arn", "auto_minor_version_upgrade", "snapshot_retention_limit", "snapshot_window",
    "cache_security_group_names", "security_group_ids", "replication_group_id",
)  # fmt: skip


def _node(backend: Any, group: Any, name: str, zone: str) -> Any:
    """A node as a cache cluster of its own, which is how AWS lists it."""
    settings = {key: getattr(group, key) for key in _OF_GROUP} | dict.fromkeys(_NOT_OF_NODES)
    node = models.CacheCluster(
        account_id=backend.account_id,
        region_name=backend.region_name,
        cache_cluster_id=name,
        preferred_availability_zone=zone,
        **settings,
    )
    node.replication_group_id = group.replication_group_id
    node.num_cache_nodes = 1
    node.snapshot_window = group.snapshot_window
    node.at_rest_encryption_enabled = group.at_rest_encryption_enabled
    node.transit_encryption_mode = group.transit_encryption_mode
    node.cache_parameter_group = {
        "cache_parameter_group_name": group.cache_parameter_group_name,
        "parameter_apply_status": "in-sync",
    }
    node.security_groups = [
        {"security_group_id": group_id, "status": "active"} for group_id in group.security_group_ids or ()
    ]
    return node
