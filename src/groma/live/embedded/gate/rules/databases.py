"""What RDS, Aurora, ElastiCache and DynamoDB refuse."""

from __future__ import annotations

import re

from groma.live.embedded.gate.account import Stage
from groma.live.embedded.gate.asked import Asked
from groma.live.embedded.gate.refusal import Refusal
from groma.live.embedded.gate.registry import rule, takes
from groma.live.embedded.gate.rules import regional

MOST_STORAGE_GIB, LEAST_STORAGE_GIB = 65_536, 20
STRIPED_GIB = 400
LEAST_IO2_GIB, LEAST_IO2_IOPS, MOST_IO2_IOPS = 100, 1_000, 256_000
MASTERS = frozenset(
    {"admin", "rdsadmin", "rdsrepladmin", "rds_superuser", "rds_replication", "postgres_admin"}
)
_PASSWORD = re.compile(r"[!#-.0-?A-~]{8,128}")


@rule(
    "rds",
    "CreateDBInstance",
    "CreateDBInstanceReadReplica",
    source="cfn-lint, database classes by engine, version and region",
)
def offered(asked: Asked, stage: Stage) -> Refusal | None:
    """The region offers the class of machines for the engine and its version."""
    engine = str(asked.parameters.get("Engine") or "")
    if not engine:
        return None  # a replica, which has its source's engine, and its class unless another is named
    class_, version = (
        str(asked.parameters["DBInstanceClass"]),
        str(asked.parameters.get("EngineVersion") or ""),
    )
    if version and not regional.has_engine_version(engine, version):
        return Refusal(
            "InvalidParameterCombination", f"Cannot find version {version} for {engine}", "see RDS's list"
        )
    on_class = not version or regional.runs_on(engine, version, class_)
    if on_class and regional.has_database_class(asked.region, engine, class_):
        return None
    message = "RDS does not support creating a DB instance with the following combination: "
    message += f"DBInstanceClass={class_}, Engine={engine}, EngineVersion={version}."
    return Refusal("InvalidParameterCombination", message, f"{asked.region} does not offer it")


@rule(
    "rds",
    "CreateDBInstance",
    "ModifyDBInstance",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
)
def storage(asked: Asked, stage: Stage) -> Refusal | None:
    """A gp3 volume has 20 to 65,536 GiB, and chosen operations only from 400 GiB on."""
    size, kind = asked.parameters.get("AllocatedStorage"), asked.parameters.get("StorageType")
    if size is None:
        return None
    if not LEAST_STORAGE_GIB <= int(size) <= MOST_STORAGE_GIB:
        engine = asked.parameters.get("Engine") or "postgres"
        message = f"Invalid storage size for engine name {engine} and storage type {kind}: {size}"
        return Refusal("InvalidParameterValue", message, f"{LEAST_STORAGE_GIB} to {MOST_STORAGE_GIB:,} GiB")
    chosen = asked.parameters.get("Iops") or asked.parameters.get("StorageThroughput")
    if kind == "gp3" and chosen and int(size) < STRIPED_GIB:
        engine = asked.parameters.get("Engine") or "postgres"
        message = f"You can't specify IOPS or storage throughput for engine {engine} and a storage size "
        message += "less than 400."
        return Refusal("InvalidParameterCombination", message, "below it, RDS gives 3,000 operations/s")
    most = asked.parameters.get("MaxAllocatedStorage")
    if most is not None and int(most) < int(size):
        message = f"Max storage size must be greater than storage size: {most}, {size}"
        return Refusal("InvalidParameterCombination", message, "it grows to no less than it begins with")
    return None


@rule(
    "rds",
    "CreateDBInstance",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
)
def provisioned(asked: Asked, stage: Stage) -> Refusal | None:
    """An io2 volume has 100 GiB or more and 1,000 to 256,000 operations/s, 0.5 to 1,000 for each GiB."""
    if asked.parameters.get("StorageType") != "io2":
        return None
    gib = int(asked.parameters.get("AllocatedStorage") or 0)
    iops = int(asked.parameters.get("Iops") or 0)
    if gib < LEAST_IO2_GIB or not LEAST_IO2_IOPS <= iops <= MOST_IO2_IOPS:
        message = f"Invalid storage size or IOPS for storage type io2: {gib}, {iops}"
        return Refusal("InvalidParameterCombination", message, "100 GiB and 1,000 to 256,000 operations/s")
    if 0.5 <= iops / gib <= 1_000:
        return None
    message = f"The IOPS to GiB ratio must be between 0.5 and 1000 for storage type io2: {iops / gib:g}"
    return Refusal("InvalidParameterCombination", message, "take more GiB, or fewer operations")


@rule(
    "rds",
    "CreateDBInstance",
    "CreateDBCluster",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
)
def master(asked: Asked, stage: Stage) -> Refusal | None:
    """A master user has a name that the engine does not keep, and a password without /, @, " and spaces."""
    name, password = asked.parameters.get("MasterUsername"), asked.parameters.get("MasterUserPassword")
    if name is not None and str(name).lower() in MASTERS:
        message = f"MasterUsername {name} cannot be used as it is a reserved word used by the engine"
        return Refusal("InvalidParameterValue", message, "take another name")
    if password is not None and not _PASSWORD.fullmatch(str(password)):
        message = "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters "
        return Refusal(
            "InvalidParameterValue", message + "besides '/', '@', '\"', ' ' may be used.", "8 to 128 of them"
        )
    return None


@takes("rds", "CreateDBInstance", "ModifyDBInstance")
def remember_backups(asked: Asked, stage: Stage) -> None:
    """For how many days an instance keeps backups, and whether it is encrypted: for replicas and copies."""
    name, days = str(asked.parameters["DBInstanceIdentifier"]), asked.parameters.get("BackupRetentionPeriod")
    if days is not None:
        stage.held["backups", asked.region, name] = int(days)
    if asked.parameters.get("StorageEncrypted"):
        stage.held["encrypted", asked.region, name] = 1


@rule(
    "rds",
    "CreateDBInstanceReadReplica",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html",
)
def backed_up(asked: Asked, stage: Stage) -> Refusal | None:
    """A read replica is made only of an instance that keeps backups."""
    source = str(asked.parameters.get("SourceDBInstanceIdentifier") or "").rpartition(":")[2]
    if stage.held.get(("backups", asked.region, source)) != 0:
        return None
    message = (
        "Automated backups are not enabled for this database instance. To enable automated backups, use "
    )
    message += "ModifyDBInstance to set the backup retention period to a non-zero value."
    return Refusal("InvalidDBInstanceState", message, f"{source} keeps none")


@rule(
    "rds",
    "StartDBInstanceAutomatedBackupsReplication",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html",
)
def copied(asked: Asked, stage: Stage) -> Refusal | None:
    """Backups are copied of an instance that keeps them, from another region, under a key of this one."""
    arn = str(asked.parameters["SourceDBInstanceArn"])
    _, _, region, _, _, name = (arn.split(":", 6) + [""] * 6)[1:7]
    if region == asked.region:
        message = f"The source DB instance {arn} is in the same region as the replicated automated backup."
        return Refusal("InvalidParameterValue", message, "copies are asked for in the region where they go")
    if stage.held.get(("backups", region, name)) == 0:
        message = f"DB instance {name} does not have automated backups enabled."
        return Refusal("InvalidDBInstanceState", message, "set its backup retention period first")
    key = str(asked.parameters.get("KmsKeyId") or "")
    if stage.held.get(("encrypted", region, name)) and key.split(":")[3:4] != [asked.region]:
        message = "Encrypted instances require a valid KMS key ID"
        return Refusal("InvalidParameterCombination", message, f"name a key of {asked.region} by its ARN")
    return None


@rule("elasticache", "CreateReplicationGroup", source="cfn-lint, node types by region")
def cache_node(asked: Asked, stage: Stage) -> Refusal | None:
    """The region has the type of cache node."""
    name = str(asked.parameters.get("CacheNodeType") or "")
    if not name or regional.has_cache_node(asked.region, name):
        return None
    message = f"The specified cache node type {name} is not supported in {asked.region}"
    return Refusal("InvalidParameterValue", message, "`groma plan` chooses among others")


@rule(
    "dynamodb",
    "CreateTable",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html",
)
def keys(asked: Asked, stage: Stage) -> Refusal | None:
    """A table defines those attributes, and only those, by which it or an index of it is keyed."""
    tables = [asked.parameters, *(asked.parameters.get("GlobalSecondaryIndexes") or ())]
    tables += asked.parameters.get("LocalSecondaryIndexes") or ()
    used = {key["AttributeName"] for each in tables for key in each.get("KeySchema") or ()}
    defined = {each["AttributeName"] for each in asked.parameters.get("AttributeDefinitions") or ()}
    if used == defined:
        return None
    message = (
        "One or more parameter values were invalid: Some AttributeDefinitions are not used or not defined. "
    )
    message += f"AttributeDefinitions: {sorted(defined)}, keys used: {sorted(used)}"
    return Refusal("ValidationException", message, "define what is a key, and nothing else")
