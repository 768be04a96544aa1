"""What is watched of a region's cluster of a global database."""

from __future__ import annotations

from typing import Protocol

from groma.answers import Alarm, Comparison, Metric, Missing, Ref, Runbook
from groma.architecture import Architecture
from groma.components.database_alarms import MOST_CONNECTIONS, NAMESPACE, connection_limit, pooled
from groma.components.server_alarms import breaks_at, busy_percent
from groma.components.watching import ELSEWHERE, EVENTS, running
from groma.sizing.values import Size

LEAST_FREE_MEMORY = 0.1
MOST_LAG_MS = 10_000


class Cluster(Protocol):
    """What is asked of a cluster."""

    @property
    def id(self) -> str:
        """Of the component."""

    @property
    def label(self) -> str:
        """For people."""

    @property
    def size(self) -> Size:
        """What it was given."""

    @property
    def role(self) -> str:
        """`primary` or `secondary`."""

    @property
    def primary(self) -> str:
        """The region that writes."""

    @property
    def clients(self) -> tuple[str, ...]:
        """The ids of the groups that connect."""

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
    found = (_cpu(cluster), _memory(cluster), _connections(cluster, architecture))
    return found if cluster.role == "primary" else (*found, _lag(cluster), _forwarding(cluster))


def _cpu(cluster: Cluster) -> Alarm:
    size = cluster.size
    limit = busy_percent(size.most_busy, size.utilisation_zone_lost)
    return _alarm(
        cluster,
        "cpu",
        "is so busy that requests become slow, or silent",
        f"{breaks_at(size)}; {size.utilisation_zone_lost:.0%} are busy at peak with a zone lost; the busiest "
        "instance, for 15 min",
        Metric(NAMESPACE, "CPUUtilization", "Maximum", _of(cluster), 300),
        (">", limit, 3),
        running("page"),
        Runbook(
            "Queries of this region wait for a CPU. Without data no instance of the cluster runs.",
            "Performance Insights: which statement takes the time? Without data: events of the cluster.",
            "End or mend the statement; more load than planned: `groma up` with the new load adds readers. A "
            "cluster that is gone: promote another region (docs/guides, recovery).",
        ),
    )


def _memory(cluster: Cluster) -> Alarm:
    choice = cluster.size.choice
    return _alarm(
        cluster,
        "memory",
        "runs short of memory",
        f"of {choice.mem_gib:g} GiB Aurora takes three quarters for its cache; with less than "
        f"{LEAST_FREE_MEMORY:.0%} free the rest is nearly used up",
        Metric(NAMESPACE, "FreeableMemory", "Minimum", _of(cluster), 300),
        ("<", round(LEAST_FREE_MEMORY * choice.mem_gib * 2**30), 3),
        ELSEWHERE,
        Runbook(
            "Nothing yet; next, an instance restarts for want of memory.",
            "Connections, and queries that sort or join much: work_mem.",
            "Close what is idle; a larger class if the load has grown.",
        ),
    )


def _connections(cluster: Cluster, architecture: Architecture) -> Alarm:
    accepted = cluster.max_connections
    own = pooled(architecture, cluster.clients, cluster.size.pool)
    writes = cluster.write_connections * (1 + cluster.secondaries)
    wanted = max(own, writes)
    return _alarm(
        cluster,
        "connections",
        "has more connections than its servers need",
        f"{own:,} are the pools of this region's servers at their maximum and {writes:,} those of the writes "
        f"of all regions; {cluster.size.choice.name} accepts {accepted:,}; halfway, at most "
        f"{MOST_CONNECTIONS:.0%} of these",
        Metric(NAMESPACE, "DatabaseConnections", "Maximum", _of(cluster), 300),
        (">", connection_limit(wanted, accepted), 3),
        ELSEWHERE,
        Runbook(
            "Nothing yet; beyond the limit servers are refused, and requests fail.",
            "`select application_name, state, count(*) from pg_stat_activity group by 1, 2`: who has them?",
            "End what is idle in transaction; mend who opens connections without a pool.",
        ),
    )


def _lag(cluster: Cluster) -> Alarm:
    return _alarm(
        cluster,
        "lag",
        f"is behind {cluster.primary}",
        f"{MOST_LAG_MS / 1000:.0f} s of writes would be lost with {cluster.primary}; usually, and while "
        "nothing is written, it is below 1 s",
        Metric(NAMESPACE, "AuroraGlobalDBReplicationLag", "Maximum", _of(cluster), 300),
        (">", MOST_LAG_MS, 3),
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
    return _alarm(
        cluster,
        "forwarding",
        "sends writes on that are refused",
        f"0 may be: {cluster.primary} takes {cluster.forwarded_percent} % of its {cluster.max_connections:,} "
        "connections from other regions, as many as all their pools hold",
        Metric(NAMESPACE, "AuroraForwardingReplicaErrorSessionsLimit", "Sum", _of(cluster), 300),
        (">", 0, 1),
        EVENTS,
        Runbook(
            "Users of this region cannot write: what they post fails.",
            f"Connections of the writer in {cluster.primary}, and servers of this region: more than planned?",
            "Let `groma up` with the new load set the share anew; until then take servers away that hardly "
            "work.",
        ),
    )


def _of(cluster: Cluster) -> dict[str, str | Ref]:
    return {"DBClusterIdentifier": Ref(f"module.{cluster.id}.cluster_id")}


def _alarm(
    cluster: Cluster,
    what: str,
    title: str,
    derived_from: str,
    watches: Metric,
    limit: tuple[Comparison, float, int],
    missing: Missing,
    runbook: Runbook,
) -> Alarm:
    comparison, threshold, periods = limit
    return Alarm(
        id=f"{cluster.id}-{what}",
        component=cluster.id,
        title=f"{cluster.label} {title}",
        severity="page" if what == "forwarding" else "ticket",
        derived_from=derived_from,
        watches=watches,
        comparison=comparison,
        threshold=threshold,
        evaluation_periods=periods,
        datapoints=periods,
        missing=missing,
        runbook=runbook,
    )
