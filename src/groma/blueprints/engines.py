"""The engine of a database: from what the file calls it to the catalog, the component and what is told."""

from __future__ import annotations

from groma import catalog
from groma.answers import Ref
from groma.components.database import DatabaseServer
from groma.components.database_cluster import ENGINE_NAME as AURORA_NAME
from groma.components.existing_database import CALL, ExistingDatabase
from groma.components.mysql import MysqlServer
from groma.sizing.values import Decision, Plan, Size
from groma.workload import KINDS, Workload
from groma.workload.demand import Demand

USUAL_VERSIONS = {"postgresql": "16", "mysql": "8.4", "aurora-postgresql": "16"}


def engine(workload: Workload) -> catalog.Engine:
    """What it speaks, as RDS and the catalog call it: Aurora's cluster is asked as PostgreSQL is."""
    return "mysql" if workload.database.engine == "mysql" else "postgres"


def server_type(workload: Workload) -> type[DatabaseServer]:
    """The component that one instance of it is."""
    return MysqlServer if workload.database.engine == "mysql" else DatabaseServer


def writer_id(workload: Workload) -> str:
    """Of what takes the writes: the master, the cluster, or the database that exists."""
    is_one = workload.database.is_cluster or workload.database.existing is not None
    return CALL if is_one else "database-master"


def writer_host(workload: Workload) -> Ref:
    """The host that is written to, of a database that the stack makes."""
    return Ref(f"module.database.{'writer' if workload.database.is_cluster else 'master'}_endpoint")


def existing(workload: Workload, demand: Demand, size: Size) -> tuple[ExistingDatabase, ...]:
    """The database that exists; nothing where one is made. Where it stands within its region nobody says."""
    stated = workload.database.existing
    if stated is None:
        return ()
    made = server_type(workload)
    return (
        ExistingDatabase(
            id=CALL,
            places=("region",),
            engine=made.engine,
            engine_name=made.engine_name,
            port=stated.port or made.port,
            secret=stated.secret,
            security_group=stated.security_group or "",
            clients=("app",),
            size=size,
            queries_per_s=demand.reads_per_s.likely + demand.writes_per_s.likely,
            writes_per_s=demand.writes_per_s.likely,
            busy=demand.database_busy.likely,
        ),
    )


def of_existing(workload: Workload, demand: Demand, plan: Plan) -> tuple[Decision, ...]:
    """What is taken of a database that exists, and what it has to bear; nothing where one is made."""
    size = plan.of("database")
    found = existing(workload, demand, size)
    if not found:
        return ()
    (database,) = found
    return (
        Decision(
            "database",
            f"one that exists, found by the secret {database.secret}",
            "nothing is made in its place, taken down or paid for, not what passes between zones either; "
            "alarms, backups and what it promises are its owner's, so that it is counted as always there",
        ),
        Decision(
            "database's load",
            f"{database.asked}; and connections for all pools, as the warning counts them",
            f"nothing of it is sized; times are those of {size.choice.name} of RDS, which would be "
            f"{size.utilisation_at_peak:.0%} busy: where it answers more slowly the p99 is longer",
        ),
        Decision("way to the database", *_way_in(workload, database)),
    )


def _way_in(workload: Workload, database: ExistingDatabase) -> tuple[str, str]:
    """Who lets the application in, and what else it takes."""
    if database.security_group:
        what = f"{database.security_group} lets the application in on port {database.port}"
        return what, "a rule of the stack's, which goes with it; all others of that group stay as they are"
    noun = "tasks" if KINDS[workload.blueprint].has_image else "servers"
    what = f"its owner lets in {workload.name}-app-{noun} on port {database.port}"
    because = "no `security_group` is stated; out of the VPC the way leads to private addresses alone"
    if not workload.network.exists:
        because += (
            ": the stack's VPC is its own, so connect it with the database's, or name that: `network.vpc`"
        )
    return what, because


def replica_ids(workload: Workload) -> tuple[str, ...]:
    """Of its read replicas, which stand in turn over the zones, from the one behind the master's."""
    first, stated = "database-replica", workload.database
    count = 0 if stated.is_cluster else stated.replicas  # readers of a cluster are parts of it
    return tuple(first if number == 1 else f"{first}-{number}" for number in range(1, count + 1))


def of_engine(workload: Workload) -> tuple[Decision, ...]:
    """Which engine, where the file says so."""
    stated = workload.database
    if stated.existing is not None:
        return ()
    if stated.version is None and stated.engine == "postgresql":
        return ()
    name = AURORA_NAME if stated.is_cluster else server_type(workload).engine_name
    version = stated.version or USUAL_VERSIONS[stated.engine]
    keeper = "Aurora" if stated.is_cluster else "RDS"
    because = f"as stated; {keeper} keeps it without a surcharge"
    if stated.engine == "mysql":
        because += ". DATABASE_URL begins with mysql://, and the database refuses connections without TLS"
    if stated.is_cluster:
        because += (
            "; Standard, paid by what is stored and asked of its volume: I/O-Optimized is cheaper where "
            "these operations are more than a quarter of what Aurora costs"
        )
    return (Decision("database engine", f"{name} {version}", because),)
