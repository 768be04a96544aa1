"""Aurora Global Database: a region's cluster, its instances, its part in the whole, and the secret."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.database_cluster import DatabaseCluster
from groma.components.global_database import GlobalDatabase
from groma.live.verify.database import SERVING
from groma.live.verify.findings import compare, judge, listed
from groma.live.verify.key import OWN_KEY, encrypted
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.vpc import let_in

PORT = 5432


def global_database(
    component: GlobalDatabase, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """State, instances with their zones, role, encryption, clients and backups."""
    identifier = reading.output(f"{component.id}_cluster_id")
    cluster = (
        reading.first("rds", "describe_db_clusters", "DBClusters", DBClusterIdentifier=identifier)
        if identifier
        else None
    )
    instances = instances_of(identifier, reading) if cluster and identifier else ()
    label, callers = (
        component.label,
        (f"tcp {PORT} from {architecture.name}-{client}-servers" for client in component.clients),
    )
    yield state(component, cluster)
    zones = listed(sorted(architecture.zones_of(component)[: component.instances]))
    lines = (
        (
            "instances", "instances", f"{component.instances} × {component.size.choice.name} in {zones}",
            described(instances),
        ),
        (
            "role", "its part", _designed_role(component),
            _role(component, identifier, reading) if cluster else "",
        ),
        ("storage", "storage", OWN_KEY, storage(cluster, architecture, reading)),
        ("security-group", "whom it lets in", listed(sorted(callers)), lets_in(cluster, reading)),
        (
            "backups", "backups", f"kept {component.backup_retention_days} days",
            f"kept {cluster['BackupRetentionPeriod']} days" if cluster else "",
        ),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{label}: {what}", expected, actual if cluster else None)


def state(component: GlobalDatabase | DatabaseCluster, cluster: Answer | None) -> Finding:
    """Whether it answers, and is Aurora."""
    found = [cluster["Status"], cluster["Engine"]] if cluster else []
    ok = found[1:] == ["aurora-postgresql"] and found[0] in SERVING
    return judge(
        f"{component.id}.cluster",
        f"{component.label}: state and engine",
        "available, aurora-postgresql",
        listed(found) if found else None,
        ok,
    )


def instances_of(cluster_id: str, reading: Reading) -> tuple[Answer, ...]:
    """The instances that serve, of all that belong to a cluster."""
    rows = reading.all("rds", "describe_db_instances", "DBInstances")
    return tuple(
        row
        for row in rows
        if row.get("DBClusterIdentifier") == cluster_id and row["DBInstanceStatus"] in SERVING
    )


def described(instances: tuple[Answer, ...]) -> str:
    """How many, of which class, in which zones."""
    classes = listed(sorted({row["DBInstanceClass"] for row in instances}))
    zones = listed(sorted({row.get("AvailabilityZone", "no zone yet") for row in instances}))
    return f"{len(instances)} × {classes} in {zones}"


def _designed_role(component: GlobalDatabase) -> str:
    return f"{component.role} of {component.database}"


def _role(component: GlobalDatabase, cluster_id: str | None, reading: Reading) -> str:
    """Whether the global database counts the cluster among its members, and as the one that writes."""
    found = reading.first(
        "rds", "describe_global_clusters", "GlobalClusters", GlobalClusterIdentifier=component.database
    )
    for member in (found or {}).get("GlobalClusterMembers") or ():
        if member["DBClusterArn"].endswith(f":{reading.region}:{_account(member)}:cluster:{cluster_id}"):
            return f"{'primary' if member['IsWriter'] else 'secondary'} of {component.database}"
    return f"none of {component.database}"


def _account(member: Answer) -> str:
    return str(member["DBClusterArn"].split(":")[4])


def storage(cluster: Answer | None, architecture: Architecture, reading: Reading) -> str:
    """By what its volume is encrypted."""
    key = cluster.get("KmsKeyId") if cluster and cluster.get("StorageEncrypted") else None
    return encrypted(key, architecture, reading)


def lets_in(cluster: Answer | None, reading: Reading) -> str:
    """Who may reach it, by its security groups."""
    rows = cluster["VpcSecurityGroups"] if cluster else ()
    return let_in(reading, [row["VpcSecurityGroupId"] for row in rows])
