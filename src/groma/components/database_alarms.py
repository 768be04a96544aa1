"""What is watched of a PostgreSQL instance: whether it is there, and how far from its limits."""

from __future__ import annotations

from typing import Literal, Protocol

from groma import catalog
from groma.answers import Alarm, Comparison, Metric, Missing, Ref, Runbook
from groma.application.own import POOL_BESIDE
from groma.architecture import Architecture
from groma.components.container_worker import ContainerWorker
from groma.components.machine_group import machine_groups
from groma.components.server_alarms import breaks_at, busy_percent
from groma.components.server_group import ServerGroup
from groma.components.timed_task import TimedTask
from groma.components.watching import CREDITS_PER_VCPU_HOUR, ELSEWHERE, Burstable, alarm, running
from groma.quantity import Range
from groma.sizing.pools import LEAST_POOL
from groma.sizing.values import Size
from groma.terms import CALCULATOR_HOURS

NAMESPACE = "AWS/RDS"
SHARED_BUFFERS = 0.25
"""Of its memory RDS gives to PostgreSQL's own cache (parameter group default.postgres, shared_buffers)."""
LEAST_FREE_MEMORY = 0.1
CACHED_SHARE_OF_MEMORY = 0.75
GROWS_BELOW, LEAST_FREE_STORAGE = 0.1, 0.05
"""RDS makes a volume larger once less than a tenth of it is free (RDS user guide, storage autoscaling)."""
WEEKS_PER_YEAR = 52
MOST_CONNECTIONS = 0.9
MOST_AGE, END_OF_IDS = 1_000_000_000, 2**31
"""Transactions since the oldest row: AWS recommends to look from the one; near the other writes end."""
MOST_LAG_S = 600
"""While nothing is written, RDS tells of up to five minutes: the log is switched so often (RDS user guide,
read replicas for PostgreSQL, read 2026-11-28). Servers look for themselves, and leave one after 5 s."""


TRANSACTIONS = "does not clean up behind its transactions"
TRANSACTIONS_BECAUSE = (
    f"near {END_OF_IDS:,} transactions since its oldest row PostgreSQL refuses writes; autovacuum begins at "
    f"200,000,000, so that at {MOST_AGE:,}, as AWS recommends, it does not get through"
)
TRANSACTIONS_RUNBOOK = Runbook(
    "Nothing yet; at the end of the count nothing can be written until all is cleaned up, which takes hours.",
    "`select datname, age(datfrozenxid) from pg_database`; then what holds the oldest: a transaction open "
    "for days (pg_stat_activity), a prepared one, a replication slot that nobody reads.",
    "End what holds it, then `vacuum (freeze, verbose)` the oldest tables at a quiet time.",
)

CONNECTIONS = "has more connections than its servers need"
CONNECTIONS_RUNBOOK = Runbook(
    "Nothing yet; beyond the limit servers are refused, and requests fail.",
    "`select application_name, state, count(*) from pg_stat_activity group by 1, 2`: who has them?",
    "End what is idle in transaction; mend who opens connections without a pool.",
)


class Instances(Protocol):
    """What is asked of one instance, or of a cluster of them."""

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
    def clients(self) -> tuple[str, ...]:
        """The ids of the groups that connect."""


class Database(Instances, Protocol):
    """What is asked of an instance."""

    @property
    def role(self) -> str:
        """`master` or `replica`."""

    @property
    def engine(self) -> catalog.Engine:
        """Of which it is."""

    @property
    def instance_class(self) -> str:
        """As AWS calls it."""

    def of_module(self, what: Literal["id", "endpoint"]) -> str:
        """Where Terraform tells it."""

    @property
    def storage_gib(self) -> int:
        """What its volume begins with."""

    @property
    def max_storage_gib(self) -> int:
        """What it may grow to."""

    @property
    def stored_gib(self) -> Range:
        """What is stored after a year."""

    @property
    def surplus_vcpu_hours(self) -> Range:
        """Of a month, that the bill counts on."""


def database_alarms(database: Database, architecture: Architecture) -> tuple[Alarm, ...]:
    """All of one instance."""
    found = [
        cpu(database, "Database Insights or pg_stat_activity"),
        _memory(database),
        storage(database, "old log, such as a replication slot"),
        connections(database, architecture, CONNECTIONS_RUNBOOK),
    ]
    found.append(_lag(database) if database.role == "replica" else _transactions(database))
    return (*found, *burstable_alarms(database))


def burstable_alarms(database: Database) -> tuple[Alarm, ...]:
    """Those of CPU credits; none where the class has none."""
    choice = database.size.choice
    if choice.baseline is None:
        return ()
    charged = database.surplus_vcpu_hours.high * CREDITS_PER_VCPU_HOUR / CALCULATOR_HOURS
    return Burstable(
        database.id, choice.name, NAMESPACE, _of(database), choice.vcpu, choice.baseline,
        database.size.utilisation_zone_lost, charged,
    ).alarms()  # fmt: skip


def connection_limit(wanted: int, accepted: int) -> int:
    """Halfway from what the pools hold to what is accepted, at most nine tenths of that."""
    return round(min((wanted + accepted) / 2, MOST_CONNECTIONS * accepted))


def pooled(architecture: Architecture, clients: tuple[str, ...], pool: int) -> int:
    """Connections that groups of machines keep at their maximum, and what runs beside them."""
    groups = machine_groups(architecture, clients)
    processes = sum(each.tasks for each in architecture.of_type(ContainerWorker))
    processes += len(architecture.of_type(TimedTask))
    for group in architecture.of_type(ServerGroup):
        processes += group.size.max * group.workers + len(group.due)
    return processes * POOL_BESIDE + sum(group.size.max * max(pool, LEAST_POOL) for group in groups)


def cpu(database: Database, where: str) -> Alarm:
    """That it is too busy; `where` is how one looks for the statement that takes the time."""
    size, master = database.size, database.role == "master"
    several = size.desired > 2
    when = "at the most with a zone lost" if several else "when it carries all alone"
    others = "the other replicas answer reads" if several else "the master answers reads"
    limit = busy_percent(size.most_busy, size.utilisation_zone_lost)
    return database_alarm(
        database,
        "cpu",
        "is so busy that requests become slow, or silent",
        f"{breaks_at(size)}; {size.utilisation_zone_lost:.0%} are busy at peak {when}",
        "CPUUtilization",
        (">", limit),
        running("page" if master else "ticket"),
        Runbook(
            "Queries wait for a CPU, and requests with them. Without data the instance does not run"
            + (": nothing can be written." if master else f": {others} as well."),
            f"{where}: which statement takes the time? Without data: events "
            "of the instance, is it failing over or being maintained?",
            "End or mend the statement. If the load has grown, `groma up` with the new load takes a larger "
            "class. "
            + (
                "A master that is gone fails over by itself if it is Multi-AZ; else promote the replica, "
                "or restore it where there is none."
                if master
                else "A replica that is gone is made anew by `groma up`."
            ),
        ),
    )


def _memory(database: Database) -> Alarm:
    size = database.size
    gib = size.choice.mem_gib
    hot = max(size.working_gib - 1, 0.0) * CACHED_SHARE_OF_MEMORY
    outside = max(hot - SHARED_BUFFERS * gib, 0.0)
    free = max(outside, LEAST_FREE_MEMORY * gib)
    because = (
        f"{hot:,.2g} GiB of rows are asked for in a day, and {SHARED_BUFFERS:.0%} of {gib:g} GiB are "
        f"PostgreSQL's own cache: {outside:,.2g} GiB must find room in what is free"
        if outside > LEAST_FREE_MEMORY * gib
        else f"a tenth of the {gib:g} GiB of {database.instance_class}; the rows of a day ({hot:,.2g} GiB) "
        "lie in PostgreSQL's own cache, and with less the system begins to swap"
    )
    return database_alarm(
        database,
        "memory",
        "runs short of memory",
        because,
        "FreeableMemory",
        ("<", round(free * 2**30)),
        ELSEWHERE,
        Runbook(
            "Nothing yet; next, rows are read from the disk that were in memory, and queries become slow.",
            "Connections (each takes some 10 MB), and queries that sort or join much: work_mem.",
            "Close what is idle. If the rows of a day have outgrown the memory, `groma plan` with what is "
            "stored now takes a larger class.",
        ),
    )


def storage(database: Database, kept: str) -> Alarm:
    """That its volume is nearly full; `kept` is what may stay in it without need."""
    size_gib, week = database.storage_gib, database.stored_gib.high / WEEKS_PER_YEAR
    floor = LEAST_FREE_STORAGE * size_gib
    because = (
        f"a week of rows is {week:,.2g} GiB at the high end"
        if week > floor
        else f"half of the {GROWS_BELOW:.0%} of {size_gib} GiB below which RDS makes the volume larger by "
        f"itself; a week of rows is {week:,.2g} GiB at the high end"
    )
    return database_alarm(
        database,
        "storage",
        "runs out of storage",
        because,
        "FreeStorageSpace",
        ("<", round(max(week, floor) * 2**30)),
        ELSEWHERE,
        Runbook(
            "Nothing yet; a full volume stops all writes.",
            f"Has the volume reached its maximum of {database.max_storage_gib:,} GiB, or was it made larger "
            f"less than six hours ago? Does something keep {kept}?",
            "Drop what is not needed (slots, old rows), or make the volume larger by hand: that takes no "
            "break.",
        ),
    )


def connections(database: Database, architecture: Architecture, runbook: Runbook) -> Alarm:
    """That more than its servers' pools is open."""
    accepted = catalog.database_class(database.instance_class, database.engine).max_connections
    wanted = pooled(architecture, database.clients, database.size.pool)
    return database_alarm(
        database,
        "connections",
        CONNECTIONS,
        f"{wanted:,} are the pools of all servers at their maximum, and {database.instance_class} accepts "
        f"{accepted:,}; halfway, at most {MOST_CONNECTIONS:.0%} of these",
        "DatabaseConnections",
        (">", connection_limit(wanted, accepted)),
        ELSEWHERE,
        runbook,
    )


def _lag(database: Database) -> Alarm:
    return database_alarm(
        database,
        "lag",
        "does not follow the master",
        "an idle master shows up to five minutes, a saw-tooth of 300 s, since its log is switched so often; "
        "twice that is a replica that does not follow",
        "ReplicaLag",
        (">", MOST_LAG_S),
        Missing("missing", "published while it copies; that the replica is gone, its CPU tells"),
        Runbook(
            "Nothing yet: servers leave a replica that is late by 5 s, and the master answers more.",
            "Long queries on the replica, and its CPU and disk; is much being written at the master?",
            "End the long query. If it does not catch up, delete it: `groma up` makes a new one.",
        ),
    )


def _transactions(database: Database) -> Alarm:
    return database_alarm(
        database,
        "transactions",
        TRANSACTIONS,
        TRANSACTIONS_BECAUSE,
        "MaximumUsedTransactionIDs",
        (">", MOST_AGE),
        ELSEWHERE,
        TRANSACTIONS_RUNBOOK,
    )


def _of(database: Database) -> dict[str, str | Ref]:
    return {"DBInstanceIdentifier": Ref(database.of_module("id"))}


def database_alarm(
    database: Database,
    what: str,
    title: str,
    derived_from: str,
    metric: str,
    limit: tuple[Comparison, float],
    missing: Missing,
    runbook: Runbook,
) -> Alarm:
    """One alarm of a metric of RDS: three averages of five minutes beyond the limit."""
    watches = Metric(NAMESPACE, metric, "Average", _of(database), 300)
    title = f"the {database.label.lower()} {title}"
    return alarm(database.id, what, title, derived_from, watches, (*limit, 3), missing, runbook)
