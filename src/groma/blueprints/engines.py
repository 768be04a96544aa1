"""The engine of a database: from what the file calls it to the catalog, the component and what is told."""

from __future__ import annotations

from groma import catalog
from groma.components.database import DatabaseServer
from groma.components.mysql import MysqlServer
from groma.sizing.values import Decision
from groma.workload import Workload

USUAL_VERSIONS = {"postgresql": "16", "mysql": "8.4"}


def engine(workload: Workload) -> catalog.Engine:
    """As RDS and the catalog call it."""
    return "mysql" if workload.database.engine == "mysql" else "postgres"


def server_type(workload: Workload) -> type[DatabaseServer]:
    """The component that one instance of it is."""
    return MysqlServer if workload.database.engine == "mysql" else DatabaseServer


def replica_ids(workload: Workload) -> tuple[str, ...]:
    """Of its read replicas, which stand in turn over the zones, from the one behind the master's."""
    first, count = "database-replica", workload.database.replicas
    return tuple(first if number == 1 else f"{first}-{number}" for number in range(1, count + 1))


def of_engine(workload: Workload) -> tuple[Decision, ...]:
    """Which engine, where the file says so."""
    stated = workload.database
    if stated.version is None and stated.engine == "postgresql":
        return ()
    name, version = server_type(workload).engine_name, stated.version or USUAL_VERSIONS[stated.engine]
    because = "as stated; RDS keeps it without a surcharge"
    if stated.engine == "mysql":
        because += ". DATABASE_URL begins with mysql://, and the database refuses connections without TLS"
    return (Decision("database engine", f"{name} {version}", because),)
