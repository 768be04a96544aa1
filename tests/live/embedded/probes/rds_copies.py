from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from groma.live.embedded import Endpoints
from probes.databases import master_with_backups
from probes.network import unique

AWAY = "us-west-2"


def copies_of_backups(aws: Endpoints) -> None:
    home, away, name = aws.client("rds"), aws.client("rds", AWAY), unique("master")
    made = master_with_backups(home, name)
    source = {"SourceDBInstanceArn": made["DBInstanceArn"]}
    started = away.start_db_instance_automated_backups_replication(BackupRetentionPeriod=14, **source)
    arn = started["DBInstanceAutomatedBackup"]["DBInstanceAutomatedBackupsArn"]
    assert arn.startswith(f"arn:aws:rds:{AWAY}:")
    home.create_db_instance_read_replica(
        DBInstanceIdentifier=f"{name}-replica", SourceDBInstanceIdentifier=name
    )
    assert _told(home, f"{name}-replica") == []
    (seen,) = _copies(away, arn)
    assert (seen["Status"], seen["BackupRetentionPeriod"], seen["Region"]) == ("replicating", 14, "us-east-1")
    assert seen["DBInstanceArn"] == made["DBInstanceArn"]
    assert _told(home, name) == [arn]
    away.stop_db_instance_automated_backups_replication(**source)
    assert _told(home, name) == []
    with pytest.raises(ClientError, match="DBInstanceAutomatedBackupNotFound"):
        _copies(away, arn)
    with pytest.raises(ClientError, match="not replicating to the current region"):
        away.stop_db_instance_automated_backups_replication(**source)


def _copies(rds: Any, arn: str) -> Any:
    found = rds.describe_db_instance_automated_backups(DBInstanceAutomatedBackupsArn=arn)
    return found["DBInstanceAutomatedBackups"]


def _told(rds: Any, name: str) -> list[str]:
    (found,) = rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    copies = found.get("DBInstanceAutomatedBackupsReplications", [])
    return [copy["DBInstanceAutomatedBackupsArn"] for copy in copies]
