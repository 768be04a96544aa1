"""What is watched of a region's cluster of a global database."""

from __future__ import annotations

from typing import Protocol

from groma.answers import Alarm, Metric, Runbook
from groma.architecture import Architecture
from groma.components.database_alarms import (
    CONNECTIONS,
    CONNECTIONS_RUNBOOK,
    MOST_CONNECTIONS,
    NAMESPACE,
    Instances,
    connection_limit,
    pooled,
)
from groma.components.database_cluster_alarms import dimensions, memory, of_all, transactions
from groma.components.server_alarms import breaks_at, busy_percent
from groma.components.watching import ELSEWHERE, EVENTS, alarm, running

MOST_LAG_MS = 10_000


class Cluster(Instances, Protocol):
    """What is asked of a cluster."""

    @property
    def role(self) -> str:
        """`primary` or `secondary`."""

    @property
    def primary(self) -> str:
        """The region that writes."""

    @property
    def secondaries(self) -> int:
        """Regions that follow."""

    @property
    def write_connections(self) -> int:
        """What one region's servers open for writes."""

    @property
    def max_connections(self) -> int:
        """What each instance accepts."""

    @property
    def forwarded_percent(self) -> int:
        """What the writer takes of it from other regions."""


def cluster_alarms(cluster: Cluster, architecture: Architecture) -> tuple[Alarm, ...]:
    """On the busiest instance of the cluster, or the one with least: a mean would hide it."""
    found = (_cpu(cluster), memory(cluster, cluster.label), _connections(cluster, architecture))
    if cluster.role == "primary":
        return *found, transactions(cluster, cluster.label)  # the region that writes counts for all
    return *found, _lag(cluster), _forwarding(cluster)


def _cpu(cluster: Cluster) -> Alarm:
    size = cluster.size
    limit = busy_percent(size.most_busy, size.utilisation_zone_lost)
    return of_all(
        cluster,
        "cpu",
        f"{cluster.label} is so busy that requests become slow, or silent",
        f"{breaks_at(size)}; {size.utilisation_zone_lost:.0%} are busy at peak with a zone lost; the busiest "
        "instance, for 15 min",
        ("CPUUtilization", "Maximum"),
        (">", limit),
        running("page"),
        Runbook(
            "Queries of this region wait for a CPU. Without data no instance of the cluster runs.",
            "Database Insights: which statement takes the time? Without data: events of the cluster.",
            "End or mend the statement; more load than planned: `groma up` with the new load adds readers. A "
            "cluster that is gone: promote another region (docs/guides, recovery).",
        ),
    )


def _connections(cluster: Cluster, architecture: Architecture) -> Alarm:
    accepted = cluster.max_connections
    own = pooled(architecture, cluster.clients, cluster.size.pool)
    writes = cluster.write_connections * (1 + cluster.secondaries)
    wanted = max(own, writes)
    return of_all(
        cluster,
        "connections",
        f"{cluster.label} {CONNECTIONS}",
        f"{own:,} are the pools of this region's servers at their maximum and {writes:,} those of the writes "
        f"of all regions; {cluster.size.choice.name} accepts {accepted:,}; halfway, at most "
        f"{MOST_CONNECTIONS:.0%} of these",
        ("DatabaseConnections", "Maximum"),
        (">", connection_limit(wanted, accepted)),
        ELSEWHERE,
        CONNECTIONS_RUNBOOK,
    )


def _lag(cluster: Cluster) -> Alarm:
    return of_all(
        cluster,
        "lag",
        f"{cluster.label} is behind {cluster.primary}",
        f"{MOST_LAG_MS / 1000:.0f} s of writes would be lost with {cluster.primary}; usually, and while "
        "nothing is written, it is below 1 s",
        ("AuroraGlobalDBReplicationLag", "Maximum"),
        (">", MOST_LAG_MS),
        ELSEWHERE,
        Runbook(
            "Users of this region read what is old; if the region that writes is lost now, so are those "
            "writes.",
            "AuroraGlobalDBReplicatedWriteIO of the primary: much more written than usual? AWS's health of "
            "both regions.",
            "End what writes so much. Promote no region while it is behind.",
        ),
    )


def _forwarding(cluster: Cluster) -> Alarm:
    return alarm(
        cluster.id,
        "forwarding",
        f"{cluster.label} sends writes on that are refused",
        f"0 may be: {cluster.primary} takes {cluster.forwarded_percent} % of its {cluster.max_connections:,} "
        "connections from other regions, as many as all their pools hold",
        Metric(NAMESPACE, "AuroraForwardingReplicaErrorSessionsLimit", "Sum", dimensions(cluster), 300),
        (">", 0, 1),
        EVENTS,
        Runbook(
            "Users of this region cannot write: what they post fails.",
            f"Connections of the writer in {cluster.primary}, and servers of this region: more than planned?",
            "Let `groma up` with the new load set the share anew; until then take servers away that hardly "
            "work.",
        ),
        "page",
    )
