"""Copies of automated backups in another region."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random
from moto.rds import models
from moto.rds.exceptions import DBInstanceNotFoundError, RDSClientError
from moto.rds.responses import RDSResponse

from groma.live.embedded.corrections.registry import correction

Instance = models.DBInstance
USUAL_DAYS = 7


@correction(seen_in="5.2.5")
def copies_of_backups() -> None:
    """Upstream: copies the backups of no database to another region, and knows of none that are copied.

    Effect: they are copied from when that is asked for until it is stopped, or the database is deleted; both
    regions tell of it.
    """

    def start(self: Any) -> Any:
        source, region = _source(self.backend, self.params["SourceDBInstanceArn"]), self.backend.region_name
        name = f"ab-{mock_random.get_random_string(length=27).lower()}"
        arn = f"arn:{self.backend.partition}:rds:{region}:{self.backend.account_id}:auto-backup:{name}"
        copy = {
            "DBInstanceAutomatedBackupsArn": arn,
            "DBInstanceArn": source.db_instance_arn,
            "DBInstanceIdentifier": source.db_instance_identifier,
            "DbiResourceId": source.dbi_resource_id,
            "Region": source.db_instance_arn.split(":")[3],
            "Engine": source.engine,
            "Status": "replicating",
            "Encrypted": bool(source.storage_encrypted),
            "KmsKeyId": self.params.get("KmsKeyId"),
            "BackupRetentionPeriod": int(self.params.get("BackupRetentionPeriod") or USUAL_DAYS),
        }
        source.copied_to = {**_copies(source), region: copy}
        return ActionResult({"DBInstanceAutomatedBackup": copy})

    def stop(self: Any) -> Any:
        source, region = _source(self.backend, self.params["SourceDBInstanceArn"]), self.backend.region_name
        kept = _copies(source)
        if region not in kept:
            message = f"{source.db_instance_arn} is not replicating to the current region."
            raise RDSClientError("InvalidDBInstanceState", message)
        copy = kept.pop(region)
        source.copied_to = kept
        return ActionResult({"DBInstanceAutomatedBackup": {**copy, "Status": "retained"}})

    def describe(self: Any) -> Any:
        arn = self.params.get("DBInstanceAutomatedBackupsArn")
        name = self.params.get("DBInstanceIdentifier")
        copies = [
            copy
            for copy in _kept_in(self.backend)
            if arn in (None, copy["DBInstanceAutomatedBackupsArn"])
            and name in (None, copy["DBInstanceIdentifier"])
        ]
        if arn is not None and not copies:
            raise RDSClientError("DBInstanceAutomatedBackupNotFound", f"DBInstance backup {arn} not found.")
        own = self.backend.describe_db_instance_automated_backups(name) if arn is None else []
        return ActionResult({"DBInstanceAutomatedBackups": [*own, *copies]})

    def told(self: Any) -> list[dict[str, str]]:
        name = "DBInstanceAutomatedBackupsArn"
        return [{name: copy[name]} for copy in _copies(self).values()]

    RDSResponse.start_db_instance_automated_backups_replication = start
    RDSResponse.stop_db_instance_automated_backups_replication = stop
    RDSResponse.describe_db_instance_automated_backups = describe
    Instance.db_instance_automated_backups_replications = property(told)


def _source(backend: Any, arn: str) -> Any:
    """The database of an ARN, in whichever region it is."""
    _, _, _, region, _, _, name = arn.split(":", 6)
    found = models.rds_backends[backend.account_id][region].databases.get(name)
    if found is None:
        raise DBInstanceNotFoundError(name)
    return found


def _copies(instance: Any) -> dict[str, dict[str, Any]]:
    """Region → the copies of an instance's backups there; kept by the instance, and so saved with it.

    A replica begins as its master with all that this has, of which these are not its own.
    """
    held: dict[str, dict[str, Any]] = getattr(instance, "copied_to", {})
    return {
        region: copy for region, copy in held.items() if copy["DBInstanceArn"] == instance.db_instance_arn
    }


def _kept_in(backend: Any) -> list[dict[str, Any]]:
    """The copies that a region keeps of other regions' backups."""
    regions, here = models.rds_backends[backend.account_id].values(), backend.region_name
    copies = [_copies(each) for region in regions for each in region.databases.values()]
    return [each[here] for each in copies if here in each]
