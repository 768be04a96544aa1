"""Changes of copies of backups that verify has to find."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from worldwide_cloud import verified

from groma.architecture import Architecture
from groma.components.backup_copies import BackupCopies
from groma.design import design
from groma.workload import parse

Row = dict[str, Any]
TEXT = """\
name: chirp
blueprint: three-tier
users: {total: 50_000}
database: {backups_copied_to: us-west-2}
"""
ARN = "arn:aws:rds:us-west-2:111122223333:auto-backup:ab-1"
KEY = "arn:aws:kms:us-west-2:111122223333:key/1"


@cache
def architecture() -> Architecture:
    return design(parse(TEXT), reasons=False).architecture


def found(changed: Row, outputs: Row | None = None) -> dict[str, str]:
    (component,) = architecture().of_type(BackupCopies)
    copies = {
        "DBInstanceAutomatedBackupsArn": ARN,
        "DBInstanceIdentifier": "chirp-database-master",
        "Status": "Replicating",
        "BackupRetentionPeriod": 7,
        "KmsKeyId": KEY,
        **changed,
    }
    copies = {name: value for name, value in copies.items() if value is not None}
    told = {"backup_copies_arn": ARN, "backup_copies_key_arn": KEY} if outputs is None else outputs
    answers = {"rds.describe_db_instance_automated_backups": {"DBInstanceAutomatedBackups": [copies]}}
    return verified(component, architecture(), told, answers)


def test_copies_as_designed() -> None:
    assert found({}) == {}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"Status": "retained"}, "retained"),
        ({"BackupRetentionPeriod": 35}, "kept 35 days"),
        ({"DBInstanceIdentifier": "another"}, "of another"),
        ({"KmsKeyId": "arn:aws:kms:us-west-2:111122223333:key/2"}, "key arn:aws:kms"),
        ({"KmsKeyId": None}, "not encrypted"),
    ],
)
def test_what_is_not_as_designed_is_told(changed: Row, said: str) -> None:
    assert said in found(changed)["backup-copies.copies"]


def test_copies_that_were_never_made_are_missing() -> None:
    assert found({}, {}) == {"backup-copies.copies": "missing"}
