"""The cluster of services of containers."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.container_cluster import ContainerCluster
from groma.live.verify.findings import compare
from groma.live.verify.reading import Reading


def container_cluster(
    component: ContainerCluster, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """That it stands."""
    name = reading.output("cluster_name")
    found = reading.first("ecs", "describe_clusters", "clusters", clusters=[name]) if name else None
    yield compare(
        f"{component.id}.cluster",
        component.label,
        f"{architecture.name}, active",
        f"{found['clusterName']}, {found['status'].lower()}" if found else None,
    )
