"""Databases that several probes begin with."""

from __future__ import annotations

from typing import Any


def master_with_backups(rds: Any, name: str) -> Any:
    """An instance of which copies can be made, in the region of the client."""
    return rds.create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t4g.medium",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="groma",
        MasterUserPassword="a-password",
        BackupRetentionPeriod=7,
    )["DBInstance"]
