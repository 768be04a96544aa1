"""Aurora clusters, and global databases that span regions."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.rds import models
from moto.rds.responses import RDSResponse

from groma.live.embedded.corrections.registry import correction

Backend = models.RDSBackend
Cluster = models.DBCluster
GlobalCluster = models.GlobalCluster


@correction(seen_in="5.2.5")
def no_scaling_configuration() -> None:
    """Upstream: reports an empty scaling configuration of Aurora Serverless for every cluster.

    Effect: it is reported only where there is one.
    """
    original = Cluster.scaling_configuration_info.fget

    def info(self: Any) -> Any:
        return original(self) if self.scaling_configuration else None

    Cluster.scaling_configuration_info = property(info)


@correction(seen_in="5.2.5")
def global_database_name() -> None:
    """Upstream: forgets the database name of a global database, which Terraform then makes anew.

    Effect: it is kept and reported.
    """
    original = RDSResponse.create_global_cluster

    def create(self: Any) -> Any:
        result = original(self)
        result.result["GlobalCluster"].database_name = self.params.get("DatabaseName")
        return result

    RDSResponse.create_global_cluster = create


@correction(seen_in="5.2.5")
def global_tags() -> None:
    """Upstream: forgets the tags that a global database is made with, and finds its tags in one region only.

    Effect: they are kept, and found from every region.
    """
    original = RDSResponse.create_global_cluster
    find = Backend._get_resource_for_tagging

    def create(self: Any) -> Any:
        result = original(self)
        result.result["GlobalCluster"].tags = self.params.get("Tags", [])
        return result

    def found(self: Any, arn: str) -> Any:
        if ":global-cluster:" in arn:
            return _globals(self).get(arn.rpartition(":")[2])
        return find(self, arn)

    RDSResponse.create_global_cluster = create
    Backend._get_resource_for_tagging = found


@correction(seen_in="5.2.5")
def global_changes() -> None:
    """Upstream: cannot change a global database.

    Effect: its name, version and deletion protection can be changed.
    """

    def modify(self: Any) -> Any:
        known = _globals(self.backend)
        name = self.params["GlobalClusterIdentifier"]
        if name not in known:
            raise models.DBClusterNotFoundError(name)
        cluster = known[name]
        if (protection := self.params.get("DeletionProtection")) is not None:
            cluster.deletion_protection = protection
        cluster.engine_version = self.params.get("EngineVersion") or cluster.engine_version
        if new_name := self.params.get("NewGlobalClusterIdentifier"):
            cluster.global_cluster_identifier = new_name
            known[new_name] = known.pop(name)
            for member in cluster.members:
                member.global_cluster_identifier = new_name
        return ActionResult({"GlobalCluster": cluster})

    RDSResponse.modify_global_cluster = modify


@correction(seen_in="5.2.5")
def leave_from_any_region() -> None:
    """Upstream: takes a cluster out of its global database in one region only, and not when named by ARN.

    Effect: it leaves from wherever it is, by identifier or ARN; so that it can be destroyed.
    """

    def remove(self: Any, global_cluster_identifier: str, db_cluster_identifier: str) -> Any:
        known = _globals(self)
        if global_cluster_identifier not in known:
            raise models.DBClusterNotFoundError(global_cluster_identifier)
        cluster = known[global_cluster_identifier]
        for member in list(cluster.members):
            if db_cluster_identifier in (member.db_cluster_arn, member.db_cluster_identifier):
                cluster.members.remove(member)
                member.global_cluster_identifier = None
        return cluster

    Backend.remove_from_global_cluster = remove


@correction(seen_in="5.2.5")
def write_forwarding() -> None:
    """Upstream: reports no write forwarding, also of clusters that were asked for it.

    Effect: the cluster and its global database say whether it forwards writes.
    """
    members = GlobalCluster.global_cluster_members.fget

    def status(self: Any) -> str | None:
        if not self.global_cluster_identifier or self.is_writer:
            return None
        return "enabled" if getattr(self, "_global_write_forwarding_requested", None) else "disabled"

    def reported(self: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = members(self)
        for row, member in zip(rows, self.members, strict=True):
            if not member.is_writer:
                row["GlobalWriteForwardingStatus"] = status(member)
        return rows

    Cluster.global_write_forwarding_status = property(status)
    GlobalCluster.global_cluster_members = property(reported)


def _globals(backend: Any) -> Any:
    """All global databases by identifier: moto keeps them in one region."""
    return models.rds_backends[backend.account_id]["us-east-1"].global_clusters
