"""What is watched of an Aurora cluster of one region: the busiest of its instances, or the one with least."""

from __future__ import annotations

from typing import Protocol

from groma.answers import Alarm, Comparison, Metric, Missing, Ref, Runbook
from groma.architecture import Architecture
from groma.components.database_alarms import (
    CONNECTIONS,
    CONNECTIONS_RUNBOOK,
    LEAST_FREE_MEMORY,
    MOST_AGE,
    MOST_CONNECTIONS,
    NAMESPACE,
    TRANSACTIONS,
    TRANSACTIONS_BECAUSE,
    TRANSACTIONS_RUNBOOK,
    Instances,
    connection_limit,
    pooled,
)
from groma.components.server_alarms import breaks_at, busy_percent
from groma.components.watching import ELSEWHERE, alarm, running

MOST_LAG_MS = 2_000
"""A reader is usually far below 100 ms behind, and Aurora restarts by itself one that falls far behind
(Aurora user guide, replication with Aurora PostgreSQL, undated)."""

FULL = 99.5
"""Percent of its CPU: none is left."""


class Cluster(Instances, Protocol):
    """What is asked of a cluster."""

    @property
    def readers(self) -> int:
        """Beside the writer."""

    @property
    def max_connections(self) -> int:
        """What each instance accepts."""


def cluster_alarms(cluster: Cluster, architecture: Architecture) -> tuple[Alarm, ...]:
    """By the cluster, never by an instance: which of them writes changes, and a mean would hide the one."""
    named = f"the {cluster.label}"
    found = (
        _cpu(cluster),
        memory(cluster, named),
        _connections(cluster, architecture),
        transactions(cluster, named),
    )
    if not cluster.readers:
        return found
    return (*found, _lag(cluster), *(_silent(cluster, number) for number in range(1, cluster.readers + 2)))


def _cpu(cluster: Cluster) -> Alarm:
    size = cluster.size
    when = "at the most with a zone lost" if cluster.readers > 1 else "when one carries all"
    return of_all(
        cluster,
        "cpu",
        f"the {cluster.label} is so busy that requests become slow, or silent",
        f"{breaks_at(size)}; {size.utilisation_zone_lost:.0%} are busy at peak {when}; the busiest instance",
        ("CPUUtilization", "Maximum"),
        (">", busy_percent(size.most_busy, size.utilisation_zone_lost)),
        running("page"),
        Runbook(
            "Queries wait for a CPU, and requests with them. Without data no instance of the cluster runs.",
            "Database Insights: which statement takes the time, at the writer or a reader? Without data: "
            "events of the cluster, is it failing over or being maintained?",
            "End or mend the statement. If the load has grown, `groma up` with the new load takes a larger "
            "class, and more `replicas` take reads. A writer that is gone a reader follows by itself; where "
            "there is none Aurora makes another.",
        ),
    )


def _silent(cluster: Cluster, number: int) -> Alarm:
    """One instance of several: that it runs, whichever part it has. Busy ones are told by the cluster's."""
    of: dict[str, str | Ref] = {"DBInstanceIdentifier": Ref(f'module.database.instance_ids["{number}"]')}
    return alarm(
        cluster.id,
        f"instance-{number}",
        f"instance {number} of the {cluster.label} is silent, or has no CPU left",
        f"a CPU that is used up for 15 min answers nobody in time; that one of {cluster.readers + 1} is "
        "gone, no mean and no maximum of the others shows",
        Metric(NAMESPACE, "CPUUtilization", "Average", of, 300),
        (">", FULL, 3),
        running("ticket"),
        Runbook(
            "The others answer for it: where it wrote, a reader does so now. What is gone is room for the "
            "next loss.",
            "Events of the instance: is it starting anew, or being maintained? Is it there at all?",
            "Aurora starts an instance that fails by itself; one that is gone `groma up` makes anew.",
        ),
    )


def _connections(cluster: Cluster, architecture: Architecture) -> Alarm:
    accepted = cluster.max_connections
    wanted = pooled(architecture, cluster.clients, cluster.size.pool)
    return of_all(
        cluster,
        "connections",
        f"the {cluster.label} {CONNECTIONS}",
        f"{wanted:,} are the pools of all servers at their maximum, and {cluster.size.choice.name} accepts "
        f"{accepted:,}; halfway, at most {MOST_CONNECTIONS:.0%} of these",
        ("DatabaseConnections", "Maximum"),
        (">", connection_limit(wanted, accepted)),
        ELSEWHERE,
        CONNECTIONS_RUNBOOK,
    )


def _lag(cluster: Cluster) -> Alarm:
    return of_all(
        cluster,
        "lag",
        f"the {cluster.label} has a reader that does not follow the writer",
        f"readers share the writer's volume and are usually below 100 ms behind, also while nothing is "
        f"written; {MOST_LAG_MS / 1000:.0f} s are twenty times that, and seen by who reads what he wrote",
        ("AuroraReplicaLag", "Maximum"),
        (">", MOST_LAG_MS),
        Missing("missing", "published by readers while they run; what is gone of them events and CPU tell"),
        Runbook(
            "Users read what is old; where a reader is far behind, Aurora restarts it.",
            "Which reader is it (AuroraReplicaLag by instance)? Long queries on it, its CPU; is much being "
            "written, or a table changed?",
            "End the long query; with more written than one instance replays, take a larger class.",
        ),
    )


def memory(cluster: Instances, named: str) -> Alarm:
    """That one of the instances of any cluster of Aurora has little memory left; `named` begins the title."""
    choice = cluster.size.choice
    return of_all(
        cluster,
        "memory",
        f"{named} runs short of memory",
        f"of {choice.mem_gib:g} GiB Aurora takes three quarters for its cache; with less than "
        f"{LEAST_FREE_MEMORY:.0%} free the rest is nearly used up",
        ("FreeableMemory", "Minimum"),
        ("<", round(LEAST_FREE_MEMORY * choice.mem_gib * 2**30)),
        ELSEWHERE,
        Runbook(
            "Nothing yet; next, an instance restarts for want of memory.",
            "Connections, and queries that sort or join much: work_mem.",
            "Close what is idle; a larger class if the load has grown.",
        ),
    )


def transactions(cluster: Instances, named: str) -> Alarm:
    """That its oldest transactions are not cleaned up."""
    return of_all(
        cluster,
        "transactions",
        f"{named} {TRANSACTIONS}",
        TRANSACTIONS_BECAUSE,
        ("MaximumUsedTransactionIDs", "Maximum"),
        (">", MOST_AGE),
        ELSEWHERE,
        TRANSACTIONS_RUNBOOK,
    )


def of_all(
    cluster: Instances,
    what: str,
    title: str,
    derived_from: str,
    metric: tuple[str, str],
    limit: tuple[Comparison, float],
    missing: Missing,
    runbook: Runbook,
) -> Alarm:
    """One alarm of a metric of all instances: three times five minutes beyond the limit."""
    name, statistic = metric
    watches = Metric(NAMESPACE, name, statistic, dimensions(cluster), 300)
    return alarm(cluster.id, what, title, derived_from, watches, (*limit, 3), missing, runbook)


def dimensions(cluster: Instances) -> dict[str, str | Ref]:
    """By which CloudWatch knows a cluster, whose module has its name."""
    return {"DBClusterIdentifier": Ref(f"module.{cluster.id}.cluster_id")}
