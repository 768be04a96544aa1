"""RDS: master and replicas, their class, zone, storage and secrecy."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.database import DatabaseServer
from groma.components.machine_group import machine_group
from groma.components.standby_database import StandbyDatabase
from groma.live.verify.findings import compare, judge, listed
from groma.live.verify.key import OWN_KEY, encrypted
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.vpc import KINDS, let_in, named_subnets, subnet_name

SERVING = frozenset(
    {
        "available",
        "backing-up",
        "configuring-enhanced-monitoring",
        "configuring-iam-database-auth",
        "configuring-log-exports",
        "storage-optimization",
    }
)
"""States in which a database answers, by the RDS User Guide's table of instance states."""


def database_server(
    component: DatabaseServer, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """Class, zone, storage and who reaches it; the master's password and backups, the replica's source."""
    database = _found(component, reading)
    yield from _common(component, architecture, database, reading)
    if component.role == "master":
        yield _standby(component, architecture, database)
        yield _password(component, database, reading)
        yield _backups(component, database)
    else:
        yield _source(component, database, reading)


def standby_database(
    component: StandbyDatabase, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """The same of a replica in another region, which has backups from the day on which it is promoted."""
    database = _found(component, reading)
    yield from _common(component, architecture, database, reading)
    yield _backups(component, database)
    arn = (database or {}).get("ReadReplicaSourceDBInstanceIdentifier")
    source = f"{arn.rpartition(':')[2]} in {arn.split(':')[3]}" if arn else "nothing: alone"
    yield compare(
        f"{component.id}.source",
        f"what the {component.label.lower()} copies",
        f"{component.source} in {component.home}",
        source if database else None,
    )


def _found(component: DatabaseServer, reading: Reading) -> Answer | None:
    identifier = reading.output(f"database_{component.name.replace('-', '_')}_id")
    if not identifier:
        return None
    return reading.first("rds", "describe_db_instances", "DBInstances", DBInstanceIdentifier=identifier)


def _common(
    component: DatabaseServer, architecture: Architecture, database: Answer | None, reading: Reading
) -> Iterator[Finding]:
    yield _instance(component, database)
    yield _zone(component, architecture, database)
    yield _storage(component, architecture, database, reading)
    yield _private(component, architecture, database, reading)
    yield _clients(component, architecture, database, reading)


def _instance(component: DatabaseServer, database: Answer | None) -> Finding:
    wanted = ["available", component.engine, component.instance_class]
    found = [database[key] for key in ("DBInstanceStatus", "Engine", "DBInstanceClass")] if database else []
    ok = found[1:] == wanted[1:] and found[0] in SERVING
    actual = listed(found) if found else None
    return judge(f"{component.id}.instance", component.label, listed(wanted), actual, ok)


def _zone(component: DatabaseServer, architecture: Architecture, database: Answer | None) -> Finding:
    """Its own zone; with a standby any of the network's, of which RDS takes two that change places."""
    zones = list(architecture.zones_of(component))
    if component.standby:
        zones = [place.name for place in architecture.places if place.kind == "zone"]
    actual = database.get("AvailabilityZone", "not known yet") if database else None
    what = f"zone of the {component.label.lower()}"
    return judge(f"{component.id}.zone", what, " or ".join(zones), actual, actual in zones)


def _standby(component: DatabaseServer, architecture: Architecture, database: Answer | None) -> Finding:
    """Whether a standby takes over by itself; its zone is known to RDS only once it is there."""
    zone, expected = component.standby_zone(architecture), "in another zone" if component.standby else "none"
    found = database or {}
    second = found.get("SecondaryAvailabilityZone")
    beside = bool(zone) and second is not None and second == found.get("AvailabilityZone")
    actual = ("beside the master" if beside else "in another zone") if found.get("MultiAZ") else "none"
    what = f"standby of the {component.label.lower()}"
    return compare(f"{component.id}.standby", what, expected, actual if database else None)


def _storage(
    component: DatabaseServer, architecture: Architecture, database: Answer | None, reading: Reading
) -> Finding:
    """Storage grows by itself, so any amount between the first and the most is as designed."""
    least, most = component.storage_gib, component.max_storage_gib
    found = database or {}
    gib, limit = found.get("AllocatedStorage", 0), found.get("MaxAllocatedStorage") or "no growth"
    key = found.get("KmsKeyId") if found.get("StorageEncrypted") else None
    how = encrypted(key, architecture, reading)
    kind, iops = found.get("StorageType"), found.get("Iops")
    bought = f" with {component.iops} IOPS" if component.iops else ""
    has = f" with {iops} IOPS" if component.iops else ""
    as_bought = (kind, iops) == (component.storage_class, component.iops or iops)
    return judge(
        f"{component.id}.storage",
        f"storage of the {component.label.lower()}",
        f"{component.storage_class}{bought}, {least} GB growing to {most}, {OWN_KEY}",
        f"{kind}{has}, {gib} GB growing to {limit}, {how}" if database else None,
        how == OWN_KEY and as_bought and least <= gib <= most and limit == most,
    )


def _private(
    component: DatabaseServer, architecture: Architecture, database: Answer | None, reading: Reading
) -> Finding:
    """The subnet group spans all private subnets; RDS asks for two zones even where one is used."""
    subnets = sorted(
        subnet_name(place.id, architecture)
        for place in architecture.places
        if KINDS.get(place.kind) == "private"
    )
    rows = database["DBSubnetGroup"]["Subnets"] if database else ()
    open_to_all = "publicly accessible" if database and database["PubliclyAccessible"] else ""
    actual = listed([open_to_all, named_subnets(reading, (row["SubnetIdentifier"] for row in rows))])
    return compare(
        f"{component.id}.private",
        f"the {component.label.lower()} is in private subnets, without a public address",
        listed(subnets),
        actual if database else None,
    )


def _clients(
    component: DatabaseServer, architecture: Architecture, database: Answer | None, reading: Reading
) -> Finding:
    groups = [row["VpcSecurityGroupId"] for row in database["VpcSecurityGroups"]] if database else []
    clients = [machine_group(architecture, client) for client in component.clients]
    callers = (f"tcp {component.port} from {architecture.name}-{each.id}-{each.noun}s" for each in clients)
    return compare(
        f"{component.id}.security-group",
        f"whom the {component.label.lower()} lets in",
        listed(sorted(callers)),
        let_in(reading, groups) if database else None,
    )


def _password(component: DatabaseServer, database: Answer | None, reading: Reading) -> Finding:
    """RDS keeps the password in a secret of its own, or the stack has made the secret: either will do."""
    expected = "in the stack's secret"
    actual = secret_of(database, reading) if database else None
    return compare(f"{component.id}.password", "where the master password is kept", expected, actual)


def secret_of(database: Answer, reading: Reading) -> str:
    """Where the password of an instance's, or a cluster's, master user is."""
    arn, managed = reading.output("database_secret_arn"), database.get("MasterUserSecret")
    if managed and managed.get("SecretArn") != arn:
        return "in another secret"
    if managed and managed.get("SecretStatus") not in {"active", "rotating"}:
        return f"in the stack's secret, which is {managed.get('SecretStatus')}"
    secret = reading.ask("secretsmanager", "describe_secret", SecretId=arn) if arn else None
    stages = (secret or {}).get("VersionIdsToStages") or {}
    holds = any("AWSCURRENT" in names for names in stages.values())
    return "in the stack's secret" if holds else "in no secret"


def _backups(component: DatabaseServer, database: Answer | None) -> Finding:
    days = f"kept {database['BackupRetentionPeriod']} days" if database else None
    expected = f"kept {component.backup_retention_days} days"
    return compare(f"{component.id}.backups", f"backups of the {component.label.lower()}", expected, days)


def _source(component: DatabaseServer, database: Answer | None, reading: Reading) -> Finding:
    master = reading.output("database_master_id") or ""
    source = database.get("ReadReplicaSourceDBInstanceIdentifier", "nothing: alone") if database else None
    return compare(f"{component.id}.source", f"what the {component.label.lower()} copies", master, source)
