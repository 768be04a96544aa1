"""What is watched of a MySQL instance, where it differs from PostgreSQL: memory, connections, replication."""

from __future__ import annotations

from groma.answers import Alarm, Missing, Runbook
from groma.architecture import Architecture
from groma.components.database_alarms import (
    Database,
    burstable_alarms,
    connections,
    cpu,
    database_alarm,
    storage,
)
from groma.components.watching import ELSEWHERE

BUFFER_POOL = 0.75
"""Of the memory that is usable RDS gives to InnoDB's own cache: {DBInstanceClassMemory*3/4}
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Parameters.html, undated)."""
LEAST_FREE_MEMORY = 0.05
"""Of the class's, as AWS recommends for MySQL
(https://repost.aws/knowledge-center/low-freeable-memory-rds-mysql-mariadb, read 2026-11-29)."""
MOST_LAG_S = 60
"""Seconds behind the source, which a replica of MySQL knows: an idle source leaves it at 0."""
WHILE_IT_COPIES = Missing("missing", "published while it copies; that the replica is gone, its CPU tells")


def mysql_alarms(database: Database, architecture: Architecture) -> tuple[Alarm, ...]:
    """All of one instance."""
    found = [
        cpu(database, "Database Insights or `show full processlist`"),
        _memory(database),
        storage(
            database, "long transactions, whose undo is kept, or binary logs that a replica does not read"
        ),
        connections(
            database,
            architecture,
            Runbook(
                "Nothing yet; beyond the limit servers are refused (error 1040), and requests fail.",
                "`select user, host, command, count(*) from information_schema.processlist group by 1, 2, 3`:"
                " who has them?",
                "End what sleeps within a transaction; mend who opens connections without a pool.",
            ),
        ),
    ]
    if database.role == "replica":
        found += [_lag(database), _stopped(database)]
    return (*found, *burstable_alarms(database))


def _memory(database: Database) -> Alarm:
    gib = database.size.choice.mem_gib
    return database_alarm(
        database,
        "memory",
        "runs short of memory",
        f"a twentieth of the {gib:g} GiB of {database.instance_class}, as AWS recommends; {BUFFER_POOL:.0%} "
        "of what is usable are InnoDB's own cache, and with less than this the system begins to swap",
        "FreeableMemory",
        ("<", round(LEAST_FREE_MEMORY * gib * 2**30)),
        ELSEWHERE,
        Runbook(
            "Nothing yet; next, memory is swapped to the disk, and all queries become slow.",
            "Connections (each has buffers of its own for sorting and joining), and temporary tables.",
            "Close what is idle. If it stays so, `groma plan` with what is stored now takes a larger class.",
        ),
    )


def _lag(database: Database) -> Alarm:
    return database_alarm(
        database,
        "lag",
        "does not follow the master",
        f"MySQL counts from what it has read, so that it is 0 while nothing is written; {MOST_LAG_S} s, as "
        "AWS recommends, is a replica that does not get through",
        "ReplicaLag",
        (">", MOST_LAG_S),
        WHILE_IT_COPIES,
        Runbook(
            "Whoever reads from the replica sees what was a minute ago.",
            "`show replica status`, and its CPU and disk; is much being written at the master, or one large "
            "transaction applied?",
            "End long queries on the replica. If it does not catch up, delete it: `groma up` makes another.",
        ),
    )


def _stopped(database: Database) -> Alarm:
    """-1 is what RDS publishes of a replica that has stopped copying."""
    return database_alarm(
        database,
        "replication",
        "has stopped copying",
        "RDS publishes -1 once replication has stopped, at an error or by hand",
        "ReplicaLag",
        ("<", 0),
        WHILE_IT_COPIES,
        Runbook(
            "Whoever reads from the replica sees what was when it stopped.",
            "`show replica status`: Last_SQL_Error says at which statement. Has somebody written to it?",
            "`call mysql.rds_skip_repl_error` once it is known what is lost by it; or delete the replica: "
            "`groma up` makes a new one.",
        ),
    )
