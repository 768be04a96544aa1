"""Aurora in one region: the cluster, its instances, who writes, where they stand, and who reaches them."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.database_cluster import DatabaseCluster
from groma.components.machine_group import machine_groups
from groma.live.verify.database import secret_of
from groma.live.verify.findings import compare, listed
from groma.live.verify.global_database import described, instances_of, lets_in, state, storage
from groma.live.verify.key import OWN_KEY
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.vpc import KINDS, named_subnets, subnet_name


def database_cluster(
    component: DatabaseCluster, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """State, instances with their zones, the writer, subnets, encryption, clients, password and backups."""
    identifier = reading.output("database_cluster_id")
    cluster = (
        reading.first("rds", "describe_db_clusters", "DBClusters", DBClusterIdentifier=identifier)
        if identifier
        else None
    )
    instances = instances_of(identifier, reading) if cluster and identifier else ()
    groups = machine_groups(architecture, component.clients)
    callers = (f"tcp {component.port} from {architecture.name}-{each.id}-{each.noun}s" for each in groups)
    subnets = sorted(
        subnet_name(place.id, architecture)
        for place in architecture.places
        if KINDS.get(place.kind) == "private"
    )
    yield state(component, cluster)
    zones = listed(sorted(architecture.zones_of(component)))
    many = f"{component.instances} × {component.instance_class} in {zones}"
    lines = (
        ("instances", "instances", many, described(instances)),
        ("writer", "who writes", "one of them", _writer(cluster)),
        (
            "private", "in private subnets, without a public address", listed(subnets),
            _private(instances, reading),
        ),
        ("storage", "storage", OWN_KEY, storage(cluster, architecture, reading)),
        ("security-group", "whom it lets in", listed(sorted(callers)), lets_in(cluster, reading)),
        (
            "password", "where the master password is kept", "in the stack's secret",
            secret_of(cluster, reading) if cluster else "",
        ),
        (
            "backups", "backups", f"kept {component.backup_retention_days} days",
            f"kept {cluster['BackupRetentionPeriod']} days" if cluster else "",
        ),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        said = f"{component.label}: {what}"
        yield compare(f"{component.id}.{aspect}", said, expected, actual if cluster else None)


def _writer(cluster: Answer | None) -> str:
    """Whether just one of its members writes: which one is Aurora's to say."""
    members = (cluster or {}).get("DBClusterMembers") or ()
    writers = [row["DBInstanceIdentifier"] for row in members if row.get("IsClusterWriter")]
    return "one of them" if len(writers) == 1 else listed(writers) if writers else "nobody"


def _private(instances: tuple[Answer, ...], reading: Reading) -> str:
    """The subnets that all of them may stand in, and whether one has a public address."""
    open_to_all = "publicly accessible" if any(row.get("PubliclyAccessible") for row in instances) else ""
    found = {
        row["SubnetIdentifier"]
        for each in instances
        for row in (each.get("DBSubnetGroup") or {}).get("Subnets", ())
    }
    return listed([open_to_all, named_subnets(reading, sorted(found))])
