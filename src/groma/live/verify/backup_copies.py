"""Reads back the copies of a database's backups, in the region in which they are kept."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.backup_copies import BackupCopies
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading

GOES_ON = "replicating"
OWN_KEY = "the key of the copies"


def backup_copies(component: BackupCopies, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """Of which database they are, that they go on, for how long they are kept, and under which key."""
    arn, there = reading.output("backup_copies_arn"), reading.in_region(component.region)
    copies = (
        there.first(
            "rds",
            "describe_db_instance_automated_backups",
            "DBInstanceAutomatedBackups",
            DBInstanceAutomatedBackupsArn=arn,
        )
        if arn
        else None
    )
    yield compare(
        f"{component.id}.copies",
        f"copies of the database's backups in {component.region}",
        listed(
            [f"of {architecture.name}-{component.source}", GOES_ON, f"kept {component.days} days", OWN_KEY]
        ),
        _told(copies, reading.output("backup_copies_key_arn")) if copies else None,
    )


def _told(copies: Answer, key_arn: str | None) -> str:
    """AWS tells the status now in small letters, now in large ones."""
    key = copies.get("KmsKeyId")
    return listed(
        [
            f"of {copies['DBInstanceIdentifier']}",
            str(copies["Status"]).lower(),
            f"kept {copies['BackupRetentionPeriod']} days",
            OWN_KEY if key and key == key_arn else f"key {key}" if key else "not encrypted",
        ]
    )
